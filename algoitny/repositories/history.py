"""Executions and their history: what is read, listed and published.

Admission, attempts and endings, each an access pattern with rules of its own, are in the modules
beside this one that start with its name.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from pynamodb.expressions.condition import Condition

from algoitny.domain.clock import Clock
from algoitny.domain.errors import Conflict, NotFound, StoreUnavailable
from algoitny.domain.history import History, IdempotencyKey, Outcome, Results, Submission
from algoitny.domain.ids import Ids
from algoitny.domain.page import Page
from algoitny.domain.verdict import State, Verdict
from algoitny.models.base import Gsi1, Gsi2
from algoitny.models.history import (
    LISTED,
    PUBLIC,
    HistoryItem,
    PublicRowItem,
    ResultsItem,
    SourceItem,
    history_key,
    public_row_key,
    results_key,
    source_key,
    user_list,
)
from algoitny.models.kit.cursor import Cursors, Position
from algoitny.models.kit.operations import get, query, update
from algoitny.models.kit.patience import Patience
from algoitny.models.kit.transaction import Transaction
from algoitny.models.stats import UserStatsItem, stats_key
from algoitny.repositories.history_admission import Admission
from algoitny.repositories.history_attempt import Attempts
from algoitny.repositories.history_ending import Endings

EXAMINED = 400
"""Rows that one call of a filtered list looks at, at most."""

_ROUNDS = 6


class DynamoHistoryRepository:
    """Implements `HistoryRepository`. Shard counts may only grow."""

    def __init__(
        self,
        *,
        clock: Clock,
        ids: Ids,
        cursors: Cursors,
        public_shards: int = 1,
        queue_shards: int = 4,
        patience: Patience | None = None,
    ) -> None:
        self._clock = clock
        self._ids = ids
        self._cursors = cursors
        self._public_shards = public_shards
        self._patience = patience or Patience(clock=clock)
        self._admission = Admission(
            clock=clock, ids=ids, patience=self._patience, queue_shards=queue_shards
        )
        self._attempts = Attempts(
            clock=clock, ids=ids, patience=self._patience, queue_shards=queue_shards
        )
        self._endings = Endings(
            clock=clock, ids=ids, patience=self._patience, public_shards=public_shards
        )

    def create_history(
        self, submission: Submission, *, limit: int, idempotency: IdempotencyKey | None = None
    ) -> History:
        """Get of the counter, then one transaction; 10 WCU, 12 with a key."""
        return self._admission.admit(submission, limit=limit, idempotency=idempotency)

    def find_request(self, user_id: str, key: str) -> IdempotencyKey | None:
        """One consistent Get; 1 RCU."""
        return self._admission.find_request(user_id, key)

    def get_history(self, history_id: str, *, consistent: bool = False) -> History | None:
        """One Get; 0.5 RCU."""
        item = get(HistoryItem, history_key(history_id), consistent=consistent)
        return None if item is None else item.record()

    def get_source(self, history_id: str) -> str:
        """One Get; consistent when an eventual one misses what was stored a moment ago."""
        key = source_key(history_id)
        item = get(SourceItem, key) or get(SourceItem, key, consistent=True)
        if item is None:
            raise NotFound("The source is not there.")
        return item.code

    def get_results(self, history: History) -> Results:
        """One Get; as `get_source`. Raises NotFound when a finished attempt's row is gone."""
        if history.shown_attempt == 0:
            return Results()
        key = results_key(history.id, history.shown_attempt)
        item = get(ResultsItem, key) or get(ResultsItem, key, consistent=True)
        if item is None:
            raise NotFound("The results are not there.")
        return item.record()

    def enter_running_set(self, user_id: str, history_id: str, *, capacity: int) -> bool:
        """One Update, 1 WCU; a full set costs the reading of its members too."""
        return self._attempts.enter(user_id, history_id, capacity=capacity)

    def leave_running_set(self, user_id: str, history_id: str) -> None:
        """One Update; repeating it changes nothing."""
        self._attempts.leave(user_id, history_id)

    def claim(self, history_id: str, *, lease_seconds: float) -> History:
        """One Update; 2 WCU with its index."""
        return self._attempts.claim(history_id, lease_seconds=lease_seconds)

    def renew_lease(self, history: History, *, lease_seconds: float) -> None:
        """One Update; 2 WCU with its index."""
        self._attempts.renew(history, lease_seconds=lease_seconds)

    def put_results(self, history: History, results: Results) -> None:
        """One Put under the attempt's own key; 1 WCU per KB compressed."""
        self._attempts.put_results(history, results)

    def complete(self, history: History, outcome: Outcome) -> History:
        """One transaction; 9 WCU, 3 more for a first solve, 5 more when public."""
        return self._endings.complete(history, outcome)

    def fail(self, history: History, *, reason: str) -> History:
        """One transaction."""
        return self._endings.fail(history, reason=reason)

    def note_publication(self, history: History, *, publish_after: datetime) -> bool:
        """One Update conditional on what was read."""
        return self._attempts.note_publication(history, publish_after=publish_after)

    def list_unfinished(self, *, created_before: datetime) -> Sequence[History]:
        """A Query of GSI3 per queue shard, then BatchGets of the summaries."""
        return self._attempts.list_unfinished(created_before=created_before)

    def list_user_history(
        self,
        user_id: str,
        *,
        limit: int = 20,
        cursor: str | None = None,
        platform: str | None = None,
        language: str | None = None,
        verdict: Verdict | None = None,
    ) -> Page[History]:
        """Queries of GSI1, filtered by the store: at most 400 rows in growing chunks."""
        scope = ("list_user_history", user_id, platform or "", language or "", verdict or "")
        only = _filter(platform, language, verdict)
        items: list[HistoryItem] = []
        position = self._cursors.open(scope, cursor)
        left, chunk = EXAMINED, limit
        while True:
            part = query(
                HistoryItem,
                user_list(user_id),
                index=Gsi1,
                sort=HistoryItem.gsi1_sk.startswith(LISTED.prefix()),
                only=only,
                forward=False,
                limit=min(chunk, left),
                start=position,
            )
            used = part.items[: limit - len(items)]
            items.extend(used)
            # Of a chunk that holds more than the page, the rest belongs to the next page.
            position = part.position if len(used) == len(part.items) else _position(used[-1])
            left -= part.examined
            chunk *= 2
            if position is None or len(items) == limit or left <= 0:
                break
        return Page(tuple(item.record() for item in items), self._cursors.issue(scope, position))

    def list_public_history(self, *, limit: int = 20, cursor: str | None = None) -> Page[History]:
        """A Query of GSI2 per shard, merged; at most 1 RCU a page and shard."""
        scope = ("list_public_history",)
        position = self._cursors.open(scope, cursor)
        older = None if position is None else HistoryItem.gsi2_sk < position["GSI2SK"]
        parts = [
            query(
                HistoryItem,
                PUBLIC(shard=shard),
                index=Gsi2,
                sort=older,
                forward=False,
                limit=limit,
            )
            for shard in range(self._public_shards)
        ]
        lines = sorted(
            (item for part in parts for item in part.items),
            key=lambda item: item.gsi2_sk,
            reverse=True,
        )
        page = lines[:limit]
        more = len(lines) > limit or any(part.position for part in parts)
        following = {"GSI2SK": page[-1].gsi2_sk} if page and more else None
        return Page(tuple(item.record() for item in page), self._cursors.issue(scope, following))

    def update_public_status(self, history_id: str, *, is_code_public: bool) -> History:
        """Before the end one Update; afterwards one transaction that moves the public rows.

        Raises NotFound.
        """
        for _ in range(_ROUNDS):
            history = self.get_history(history_id, consistent=True)
            if history is None:
                raise NotFound("No such execution.")
            if history.is_code_public == is_code_public:
                return history
            try:
                if history.state.ended:
                    self._move_public_rows(history, is_code_public=is_code_public)
                else:
                    self._mark_public(history_id, is_code_public=is_code_public)
            except _Moved:
                continue
        raise StoreUnavailable("The execution is changing all the time.")

    def count_user_history(self, user_id: str) -> int:
        """One Get; 0.5 RCU."""
        item = get(UserStatsItem, stats_key(user_id))
        return 0 if item is None else item.record().executions

    def _mark_public(self, history_id: str, *, is_code_public: bool) -> None:
        update(
            HistoryItem,
            history_key(history_id),
            [
                HistoryItem.is_public.set(is_code_public),
                HistoryItem.updated.set(self._clock.now()),
            ],
            condition=HistoryItem.state.is_in(State.QUEUED.value, State.RUNNING.value),
            refused=_Moved,
        )

    def _move_public_rows(self, history: History, *, is_code_public: bool) -> None:
        moving = (
            HistoryItem.publishing(history.id, public_shards=self._public_shards)
            if is_code_public
            else HistoryItem.withdrawing()
        )
        transaction = Transaction(token=self._ids.new(), patience=self._patience)
        transaction.update(
            HistoryItem,
            history_key(history.id),
            [
                HistoryItem.is_public.set(is_code_public),
                HistoryItem.updated.set(self._clock.now()),
                *moving,
            ],
            condition=(HistoryItem.is_public == history.is_code_public)
            & (HistoryItem.state == history.state.value),
            refused=_Moved,
        )
        if is_code_public:
            transaction.put(PublicRowItem.of(history))
        else:
            transaction.delete(PublicRowItem, public_row_key(history.id))
        transaction.commit()


class _Moved(Conflict):
    """The execution is not any more as it was read."""


def _filter(
    platform: str | None, language: str | None, verdict: Verdict | None
) -> Condition | None:
    only: Condition | None = None
    for attribute, wanted in (
        (HistoryItem.platform, platform),
        (HistoryItem.language, language),
        (HistoryItem.verdict, verdict and verdict.value),
    ):
        if wanted:
            condition = attribute == wanted
            only = condition if only is None else only & condition
    return only


def _position(item: HistoryItem) -> Position:
    return {"PK": item.pk, "SK": item.sk, "GSI1PK": item.gsi1_pk, "GSI1SK": item.gsi1_sk}
