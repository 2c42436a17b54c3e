"""Jobs: created once, claimed by one worker at a time, ended by the attempt that owns them.

How they are listed is in `job_listing`, how they are removed in `job_removal`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action as Change

from algoitny.domain.clock import Clock
from algoitny.domain.errors import (
    AlreadyExists,
    Conflict,
    NotFound,
    StaleAttempt,
    StoreUnavailable,
)
from algoitny.domain.idempotency import IdempotencyKey
from algoitny.domain.ids import Ids
from algoitny.domain.job import PROGRESS_LIMIT, Job, JobBody, JobState, JobType, ProgressLine
from algoitny.domain.page import Page
from algoitny.domain.patience import Patience
from algoitny.domain.pointer import Pointer, PointerKind
from algoitny.models.base import changed_at
from algoitny.models.job import (
    ERROR_BYTES,
    JOB_PARTITION,
    PROGRESS_SORT,
    JobBodyItem,
    JobItem,
    JobProgressItem,
    job_body_key,
    job_key,
    progress_key,
)
from algoitny.models.kit.attributes import whole_milliseconds
from algoitny.models.kit.cursor import Cursors
from algoitny.models.kit.operations import get, query
from algoitny.models.kit.sizes import cut
from algoitny.models.kit.transaction import Transaction
from algoitny.models.pointer import PointerItem, pointer_key
from algoitny.repositories.idempotency import keep_request
from algoitny.repositories.job_listing import JobListing
from algoitny.repositories.job_removal import JobRemoval
from algoitny.repositories.outcome import update_or_find
from algoitny.repositories.pair import get_pair

_LAST_LINE = "Further lines are left out."


class _CountMoved(Conflict):
    """Another line of the same attempt came between, or the attempt is over."""


class DynamoJobRepository:
    """Implements `JobRepository`."""

    def __init__(self, *, clock: Clock, ids: Ids, cursors: Cursors, patience: Patience) -> None:
        self._clock = clock
        self._ids = ids
        self._patience = patience
        self._listing = JobListing(cursors=cursors, patience=patience)
        self._removal = JobRemoval(ids=ids, patience=patience, cancel=self.cancel)

    def create_job(
        self, job: Job, request: Mapping[str, Any], *, idempotency: IdempotencyKey | None = None
    ) -> Job:
        """One transaction of summary, body, pointer of the task id and key; 7 WCU with indexes,
        2 more for each of the last two. Raises DuplicateRequest, AlreadyExists, TooLarge."""
        item = JobItem.of(job)
        transaction = self._transaction()
        keep_request(
            transaction, job.user_id, idempotency, created_at=job.created_at, now=self._clock.now()
        )
        transaction.put(item, condition=JobItem.absent(), refused=_taken)
        transaction.put(JobBodyItem.of(job.id, request))
        if job.task_id is not None:
            pointer = Pointer(kind=PointerKind.TASK, old_id=job.task_id, target=job.id)
            transaction.put(
                PointerItem.of(pointer), condition=PointerItem.free_for(pointer), refused=_taken
            )
        return self._committed(
            transaction,
            item.record(),
            own=lambda there: (there.user_id, there.type) == (job.user_id, job.type),
        )

    def get_job(self, job_id: str, *, consistent: bool = False) -> Job | None:
        """One Get; 0.5 RCU."""
        item = get(JobItem, job_key(job_id), consistent=consistent)
        return None if item is None else item.record()

    def get_job_with_body(
        self, job_id: str, *, consistent: bool = False
    ) -> tuple[Job, JobBody] | None:
        """One BatchGet of summary and body; 0.5 RCU and 0.5 per 4 KB of the body."""
        found = get_pair(
            (JobItem, job_key(job_id)),
            (JobBodyItem, job_body_key(job_id)),
            consistent=consistent,
            patience=self._patience,
        )
        return None if found is None else (found[0].record(), found[1].record())

    def get_job_by_task_id(self, task_id: str) -> Job | None:
        """Get of the pointer, Get of the job; 1 RCU."""
        pointer = get(PointerItem, pointer_key(PointerKind.TASK, task_id)) if task_id else None
        target = None if pointer is None else pointer.target
        return None if target is None else self.get_job(target)

    def list_jobs(
        self, type_: JobType, state: JobState, *, limit: int = 20, cursor: str | None = None
    ) -> Page[Job]:
        """One Query of GSI1; 0.5 RCU per 4 KB."""
        return self._listing.by_state(type_, state, limit=limit, cursor=cursor)

    def list_user_jobs(
        self, user_id: str, *, limit: int = 20, cursor: str | None = None
    ) -> Page[Job]:
        """One Query of GSI2, then a BatchGet of the rows, 0.5 RCU each."""
        return self._listing.by_user(user_id, limit=limit, cursor=cursor)

    def list_due(self, *, before: datetime, limit: int = 1000) -> Sequence[Job]:
        """Queries of GSI3, then BatchGets of the rows; 1 RCU each."""
        return self._listing.due(before=before, limit=limit)

    def claim(self, job_id: str, *, lease_seconds: float) -> Job:
        """One consistent Get, 1 RCU, and one Update, 6 WCU with indexes. Raises NotFound,
        StaleAttempt."""
        job = self._stored(job_id)
        now = self._clock.now()
        claim = self._ids.new()
        lease = now + timedelta(seconds=lease_seconds)

        return update_or_find(
            JobItem,
            job_key(job_id),
            [
                *JobItem.entering(job, JobState.PROCESSING, now),
                *JobItem.due_at(job_id, lease),
                JobItem.lease.set(lease),
                JobItem.claim.set(claim),
                JobItem.attempt.add(1),
                JobItem.tries.add(1),
            ],
            condition=(JobItem.state == JobState.PENDING.value)
            | ((JobItem.state == JobState.PROCESSING.value) & (JobItem.lease < now)),
            refused=lambda: StaleAttempt("The job has ended, or another worker holds it."),
            own=lambda item: item.claim == claim,
        ).record()

    def renew(self, job: Job, *, lease_seconds: float) -> Job:
        """One Update; 4 WCU with indexes. Raises StaleAttempt."""
        return self._renew(job, lease_seconds, ())

    def save_checkpoint(
        self, job: Job, checkpoint: Mapping[str, Any], *, lease_seconds: float
    ) -> Job:
        """One Update; 4 WCU with indexes while the summary stays under 1 KB. Raises StaleAttempt,
        TooLarge."""
        return self._renew(job, lease_seconds, JobItem.reaching(checkpoint))

    def add_progress(self, job: Job, message: str) -> Job:
        """One transaction of line and count; 5 WCU with an index. Raises StaleAttempt."""
        for _ in self._patience.rounds():
            if job.progress_count >= PROGRESS_LIMIT:
                return job
            number = job.progress_count + 1
            line = ProgressLine(
                number=number,
                attempt=job.attempt,
                message=message if number < PROGRESS_LIMIT else _LAST_LINE,
                at=self._clock.now(),
            )
            try:
                self._put_line(job, line)
            except _CountMoved:
                stored = self.get_job(job.id, consistent=True)
                if stored is None or not _is_attempt(stored, job):
                    raise _overtaken() from None
                job = stored
            else:
                return replace(job, progress_count=number)
        raise StoreUnavailable("The job keeps changing.")

    def list_progress(
        self, job_id: str, *, after: int = 0, limit: int = 100
    ) -> tuple[ProgressLine, ...]:
        """One Query of the job's partition; 0.5 RCU per 4 KB."""
        if after >= PROGRESS_LIMIT:
            return ()
        now = self._clock.now()
        part = query(
            JobProgressItem,
            JOB_PARTITION(job=job_id),
            sort=JobProgressItem.sk.between(
                PROGRESS_SORT(number=after + 1), PROGRESS_SORT(number=PROGRESS_LIMIT)
            ),
            limit=limit,
        )
        return tuple(item.record() for item in part.items if not item.is_expired(now))

    def finish(self, job: Job, result: Mapping[str, Any]) -> Job:
        """One transaction of summary and body; 6 WCU with indexes and 2 per KB of the body. Raises
        StaleAttempt, TooLarge."""
        done = self._ended(job, JobState.COMPLETED)
        transaction = self._transaction()
        transaction.update(
            JobItem,
            job_key(job.id),
            [
                *JobItem.entering(job, done.state, done.updated_at),
                *JobItem.leaving(),
                JobItem.error.remove(),
            ],
            condition=_owned(job),
            refused=_overtaken,
        )
        transaction.update(JobBodyItem, job_body_key(job.id), JobBodyItem.resulting(result))
        return self._committed(transaction, done, own=lambda there: _same_end(there, done))

    def fail(self, job: Job, *, reason: str) -> Job:
        """One Update; 5 WCU with indexes. Raises StaleAttempt."""
        if not job.state.open:
            raise _overtaken()
        failed = self._ended(job, JobState.FAILED)
        return update_or_find(
            JobItem,
            job_key(job.id),
            [
                *JobItem.entering(job, failed.state, failed.updated_at),
                *JobItem.leaving(),
                JobItem.error.set(cut(reason, ERROR_BYTES)),
            ],
            condition=_is(job),
            refused=_overtaken,
            own=lambda item: _same_end(item.record(), failed),
        ).record()

    def retry(self, job: Job) -> Job:
        """One Update; 5 WCU with indexes. Raises StaleAttempt, Conflict."""
        if job.state not in {JobState.FAILED, JobState.CANCELLED}:
            raise Conflict("Only a job that failed or was cancelled can be tried again.")
        now = self._clock.now()
        claim = self._ids.new()
        return update_or_find(
            JobItem,
            job_key(job.id),
            [
                *JobItem.entering(job, JobState.PENDING, now),
                *JobItem.due_at(job.id, now),
                JobItem.claim.set(claim),
                JobItem.tries.set(0),
                JobItem.error.remove(),
            ],
            condition=_is(job),
            refused=_overtaken,
            own=lambda item: item.claim == claim,
        ).record()

    def cancel(self, job_id: str) -> Job:
        """One consistent Get, 1 RCU, and one Update, 5 WCU with indexes. Raises NotFound,
        Conflict."""
        job = self._stored(job_id)
        return update_or_find(
            JobItem,
            job_key(job_id),
            [
                *JobItem.entering(job, JobState.CANCELLED, self._clock.now()),
                *JobItem.leaving(),
            ],
            condition=JobItem.state.is_in(JobState.PENDING.value, JobState.PROCESSING.value),
            refused=lambda: Conflict("The job has ended."),
            own=lambda item: item.state == JobState.CANCELLED.value,
        ).record()

    def delete_job(self, job_id: str) -> None:
        """Get, Query of its rows, BatchWrites of 25; the summary, by which it is found again, in a
        last transaction with its pointer."""
        self._removal.delete(job_id)

    def disown_job(self, job_id: str) -> None:
        """One Update; 3 WCU with indexes."""
        self._removal.disown(job_id)

    def _committed(self, transaction: Transaction, job: Job, *, own: Callable[[Job], bool]) -> Job:
        """`job`, or the stored one when an earlier try of this very transaction made it."""
        stored: list[Job] = []

        def written() -> bool:
            there = self.get_job(job.id, consistent=True)
            if there is None or not own(there):
                return False
            stored.append(there)
            return True

        transaction.commit(written=written)
        return stored[0] if stored else job

    def _renew(self, job: Job, lease_seconds: float, changes: Sequence[Change]) -> Job:
        lease = whole_milliseconds(self._clock.now() + timedelta(seconds=lease_seconds))
        return update_or_find(
            JobItem,
            job_key(job.id),
            [JobItem.lease.set(lease), *JobItem.due_at(job.id, lease), *changes],
            condition=_owned(job),
            refused=_overtaken,
            own=lambda item: item.attempt == job.attempt and item.lease == lease,
        ).record()

    def _put_line(self, job: Job, line: ProgressLine) -> None:
        item = JobProgressItem.of(job.id, line, self._ids.new())
        transaction = self._transaction()
        transaction.update(
            JobItem,
            job_key(job.id),
            [JobItem.progress.add(1)],
            condition=_owned(job) & (JobItem.progress == job.progress_count),
            refused=_CountMoved,
        )
        transaction.put(item)

        def written() -> bool:
            there = get(JobProgressItem, progress_key(job.id, line.number), consistent=True)
            return there is not None and there.claim == item.claim

        transaction.commit(written=written)

    def _stored(self, job_id: str) -> Job:
        job = self.get_job(job_id, consistent=True)
        if job is None:
            raise NotFound("No such job.")
        return job

    def _ended(self, job: Job, state: JobState) -> Job:
        now = changed_at(self._clock.now(), job.created_at)
        return replace(job, state=state, lease_until=None, error="", updated_at=now)

    def _transaction(self) -> Transaction:
        return Transaction(token=self._ids.new(), patience=self._patience)


def _owned(job: Job) -> Condition:
    """This attempt still works on it."""
    condition: Condition = (JobItem.state == JobState.PROCESSING.value) & (
        JobItem.attempt == job.attempt
    )
    return condition


def _is(job: Job) -> Condition:
    """It is still in this state, under this attempt."""
    condition: Condition = (JobItem.state == job.state.value) & (JobItem.attempt == job.attempt)
    return condition


def _is_attempt(stored: Job, job: Job) -> bool:
    return stored.state is JobState.PROCESSING and stored.attempt == job.attempt


def _same_end(stored: Job, ended: Job) -> bool:
    return (stored.state, stored.attempt) == (ended.state, ended.attempt)


def _overtaken() -> StaleAttempt:
    return StaleAttempt("The job has ended, or another attempt owns it.")


def _taken() -> AlreadyExists:
    return AlreadyExists("There is another job of this id.")
