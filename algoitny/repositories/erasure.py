"""Erasing deleted users: a queue of them, and the places where what they owned is looked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial

from ulid import ULID

from algoitny.domain.clock import Clock
from algoitny.domain.erasure import QUIET, Erasure, OwnedRecord
from algoitny.domain.errors import NotFound, StaleAttempt, StaleVersion
from algoitny.domain.history import HistoryRepository
from algoitny.domain.ids import Ids, is_ulid
from algoitny.domain.job import JobRepository, JobType
from algoitny.domain.patience import Patience
from algoitny.domain.pointer import PointerKind, PointerRepository
from algoitny.domain.problem import ProblemRepository
from algoitny.models.base import Gsi1, Gsi2, Gsi3, TableItem
from algoitny.models.erasure import QUEUE, ErasureItem, due_before
from algoitny.models.history import LISTED as HISTORY_LISTED
from algoitny.models.history import HistoryItem, kept_list, user_list
from algoitny.models.job import USER_JOBS, JobItem
from algoitny.models.kit.attributes import whole_milliseconds
from algoitny.models.kit.batch import batch_write
from algoitny.models.kit.operations import get, query
from algoitny.models.kit.spill import Spill
from algoitny.models.session import SessionItem
from algoitny.models.stats import STATS_PARTITION
from algoitny.models.token import LISTED as TOKEN_LISTED
from algoitny.models.token import TokenItem, user_tokens
from algoitny.models.usage import USAGE_PARTITION
from algoitny.models.user import USER_PARTITION, user_key
from algoitny.repositories.outcome import update_or_find
from algoitny.repositories.owned import Owned

ROWS_A_STEP = 100
EXECUTIONS_A_STEP = 10
"""Executions and jobs have rows and objects of their own: about 30 requests each."""

_OLD_ID_BITS = 38
_DIGEST_BITS = 32


class DynamoErasureRepository:
    """Implements `ErasureRepository`."""

    def __init__(
        self,
        *,
        clock: Clock,
        ids: Ids,
        patience: Patience,
        histories: HistoryRepository,
        jobs: JobRepository,
        pointers: PointerRepository,
        problems: ProblemRepository,
        spill: Spill,
    ) -> None:
        self._owned = Owned(spill)
        self._clock = clock
        self._ids = ids
        self._patience = patience
        self._histories = histories
        self._jobs = jobs
        self._pointers = pointers
        self._problems = problems

    def get_erasure(self, user_id: str) -> Erasure | None:
        """One consistent Get; 1 RCU."""
        item = get(ErasureItem, user_key(user_id), consistent=True) if user_id else None
        return None if item is None or item.entity_type != ErasureItem.TYPE else item.record()

    def list_due(self, *, limit: int = 20) -> tuple[str, ...]:
        """One Query of GSI3; 0.5 RCU per 4 KB."""
        part = query(
            ErasureItem,
            QUEUE,
            index=Gsi3,
            sort=ErasureItem.gsi3_sk < due_before(self._clock.now() + timedelta(milliseconds=1)),
            limit=limit,
        )
        return tuple(item.user_id for item in part.items)

    def claim(self, user_id: str, *, lease_seconds: float) -> Erasure:
        """One Update; 3 WCU with its index. Raises StaleAttempt."""
        now = self._clock.now()
        mark = self._ids.new()
        return update_or_find(
            ErasureItem,
            user_key(user_id),
            [
                *ErasureItem.due_at(user_id, now + timedelta(seconds=lease_seconds)),
                ErasureItem.claim.set(mark),
            ],
            condition=ErasureItem.may_be_claimed(now),
            refused=lambda: StaleAttempt("It is done, or in other hands."),
            own=lambda item: item.claim == mark,
        ).record()

    def postpone(self, erasure: Erasure, *, until: datetime) -> Erasure:
        """One Update; 3 WCU with its index. Raises StaleAttempt."""
        return update_or_find(
            ErasureItem,
            user_key(erasure.user_id),
            ErasureItem.due_at(erasure.user_id, until),
            condition=ErasureItem.held_by(erasure.claim or ""),
            refused=lambda: StaleAttempt("It is in other hands."),
            own=lambda item: item.claim == erasure.claim and item.due == whole_milliseconds(until),
        ).record()

    def finish(self, erasure: Erasure) -> None:
        """One Update; 2 WCU with its index. Raises StaleAttempt."""
        update_or_find(
            ErasureItem,
            user_key(erasure.user_id),
            ErasureItem.finishing(),
            condition=ErasureItem.held_by(erasure.claim or ""),
            refused=lambda: StaleAttempt("It is in other hands."),
            own=lambda item: item.entity_type == ErasureItem.TYPE and item.due is None,
        )

    def remove_some(self, erasure: Erasure) -> int:
        """At most nine Queries and two Gets until something is found; then up to ten deletions of
        executions or of jobs, or as many made anonymous, or BatchWrites of up to a hundred rows."""
        places: tuple[Callable[[str], int], ...] = (
            partial(self._remove_executions, keep_public=erasure.keeps_public_history),
            self._remove_jobs,
            self._remove_tokens,
            self._remove_rows_beside_the_user,
            self._remove_usage,
            self._remove_statistics,
            self._release_problems,
            self._remove_pointer,
        )
        for remove in places:
            found = remove(erasure.user_id)
            if found:
                return found
        return self._forget_kept(erasure) if self._is_late_enough(erasure) else 0

    def owned_by(self, user_id: str) -> Iterator[OwnedRecord]:
        """Queries of all these places, one page at a time; 0.5 RCU per 4 KB."""
        return self._owned.by(user_id)

    def _is_late_enough(self, erasure: Erasure) -> bool:
        return erasure.keeps_public_history and self._clock.now() >= erasure.deleted_at + QUIET

    def _forget_kept(self, erasure: Erasure) -> int:
        """Nothing late comes to those any more: forget whose they were."""
        kept = query(HistoryItem, kept_list(erasure.user_id), index=Gsi1, limit=EXECUTIONS_A_STEP)
        for item in kept.items:
            self._histories.forget_author(item.record().id)
        return len(kept.items)

    def _remove_executions(self, user_id: str, *, keep_public: bool) -> int:
        listed = query(
            HistoryItem,
            user_list(user_id),
            index=Gsi1,
            sort=HistoryItem.gsi1_sk.startswith(HISTORY_LISTED.prefix()),
            limit=EXECUTIONS_A_STEP,
        )
        for item in listed.items:
            history_id = item.record().id
            if keep_public and self._histories.anonymise_history(history_id):
                continue
            self._remove_pointer_to(PointerKind.HISTORY, history_id)
            self._histories.delete_history(history_id)
        return len(listed.items)

    def _remove_jobs(self, user_id: str) -> int:
        listed = query(JobItem, USER_JOBS(user=user_id), index=Gsi2, limit=EXECUTIONS_A_STEP)
        for item in listed.items:
            self._remove_pointer_to(PointerKind.JOB, item.job_id)
            job = self._jobs.get_job(item.job_id, consistent=True)
            if job is not None and job.type is JobType.REJUDGE:
                # It is about others' executions: some would keep a wrong verdict without it.
                self._jobs.disown_job(item.job_id)
            else:
                self._jobs.delete_job(item.job_id)
        return len(listed.items)

    def _remove_tokens(self, user_id: str) -> int:
        listed = query(
            TokenItem,
            user_tokens(user_id),
            index=Gsi1,
            sort=TokenItem.gsi1_sk.startswith(TOKEN_LISTED.prefix()),
            limit=ROWS_A_STEP,
        )
        keys = [item.key for item in listed.items]
        return batch_write(TokenItem, deletes=keys, patience=self._patience)

    def _remove_rows_beside_the_user(self, user_id: str) -> int:
        """Sessions and the webhook secret: all but the tombstone itself."""
        return self._remove_rows(SessionItem, USER_PARTITION(user=user_id))

    def _remove_usage(self, user_id: str) -> int:
        return self._remove_rows(TableItem, USAGE_PARTITION(user=user_id))

    def _remove_statistics(self, user_id: str) -> int:
        return self._remove_rows(TableItem, STATS_PARTITION(user=user_id))

    def _release_problems(self, user_id: str) -> int:
        """Problems are everybody's: they stay, without an owner."""
        released = 0
        for line in self._problems.list_problems_by_owner(user_id, limit=EXECUTIONS_A_STEP).items:
            summary = self._problems.get_problem_summary(line.key, consistent=True)
            if summary is None or summary.owner_id != user_id:
                continue  # the list lags
            with suppress(NotFound, StaleVersion):
                self._problems.update_problem_owner(
                    line.key, owner_id=None, expected_version=summary.version
                )
            released += 1
        return released

    def _remove_rows(self, model: type[TableItem], partition: str) -> int:
        part = query(model, partition, limit=ROWS_A_STEP, consistent=True)
        keys = [item.key for item in part.items if item.entity_type != ErasureItem.TYPE]
        return batch_write(model, deletes=keys, patience=self._patience)

    def _remove_pointer(self, user_id: str) -> int:
        return self._remove_pointer_to(PointerKind.USER, user_id)

    def _remove_pointer_to(self, kind: PointerKind, new_id: str) -> int:
        """An id that was made of an old one holds it, so the pointer can be asked for."""
        if not is_ulid(new_id):
            return 0
        old_id = (int(ULID.from_str(new_id)) >> _DIGEST_BITS) % 2**_OLD_ID_BITS
        if self._pointers.resolve(kind, old_id) != new_id:
            return 0
        self._pointers.delete(kind, old_id)
        return 1
