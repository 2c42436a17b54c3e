"""Runs on own input: charged in the transaction that stores them, ended by one attempt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from pynamodb.expressions.condition import Condition

from algoitny.domain.clock import Clock, utc_day
from algoitny.domain.errors import (
    DuplicateRequest,
    NotFound,
    StaleAttempt,
    StoreUnavailable,
)
from algoitny.domain.idempotency import IdempotencyKey
from algoitny.domain.ids import Ids
from algoitny.domain.patience import Patience
from algoitny.domain.run import Run, RunResult
from algoitny.domain.usage import Action, UsageLog
from algoitny.domain.verdict import State
from algoitny.models.base import changed_at
from algoitny.models.kit.operations import get
from algoitny.models.kit.sizes import cut
from algoitny.models.kit.transaction import Transaction
from algoitny.models.run import (
    LIFETIME,
    REASON_BYTES,
    RUN_QUEUE,
    RunItem,
    queued_between,
    run_key,
    shortened,
)
from algoitny.models.usage import UsageLogItem
from algoitny.repositories.idempotency import find_request, keep_request
from algoitny.repositories.outcome import update_or_find
from algoitny.repositories.queue import queued
from algoitny.repositories.quota import NothingToReturn, charge, count_over, give_back, refusal

OPEN_LIMIT = 1000


class DynamoRunRepository:
    """Implements `RunRepository`."""

    def __init__(self, *, clock: Clock, ids: Ids, patience: Patience) -> None:
        self._clock = clock
        self._ids = ids
        self._patience = patience

    def create_run(self, run: Run, *, limit: int, idempotency: IdempotencyKey | None = None) -> Run:
        """One Get, 0.5 RCU, then one transaction of run, counter, log and key; 9 WCU with indexes
        and 2 per further KB of code and input. Raises DuplicateRequest, QuotaExceeded, TooLarge."""
        user_id, day = run.user_id, utc_day(run.created_at)
        count = count_over(user_id, day, Action.RUN, limit)
        if count is not None and not self._is_admitted(run):
            if idempotency and find_request(user_id, idempotency.key, self._clock.now()):
                raise DuplicateRequest
            raise refusal(user_id, day, Action.RUN, limit, count=count)
        item = RunItem.admitted(run)
        transaction = Transaction(token=self._ids.new(), patience=self._patience)
        keep_request(
            transaction, user_id, idempotency, created_at=run.created_at, now=self._clock.now()
        )
        charge(transaction, user_id, day, Action.RUN, limit)
        transaction.put(item, condition=RunItem.absent(), refused=DuplicateRequest)
        log = UsageLog(user_id=user_id, action=Action.RUN, at=run.created_at)
        transaction.put(UsageLogItem.of(log, run.id))
        transaction.commit(written=lambda: self._is_admitted(run))
        return item.record()

    def get_run(self, run_id: str, *, consistent: bool = False) -> Run | None:
        """One Get; 0.5 RCU per 4 KB."""
        item = get(RunItem, run_key(run_id), consistent=consistent)
        return None if item is None or item.is_expired(self._clock.now()) else item.record()

    def claim(self, run_id: str, *, lease_seconds: float) -> Run:
        """One Update, 1 WCU per KB; a refusal reads the row. Raises NotFound, StaleAttempt."""
        now = self._clock.now()
        claim = self._ids.new()
        try:
            return update_or_find(
                RunItem,
                run_key(run_id),
                [
                    RunItem.state.set(State.RUNNING.value),
                    RunItem.lease.set(now + timedelta(seconds=lease_seconds)),
                    RunItem.claim.set(claim),
                    RunItem.updated.set(now),
                    RunItem.attempt.add(1),
                ],
                condition=(RunItem.expires >= int(now.timestamp()))
                & (
                    (RunItem.state == State.QUEUED.value)
                    | ((RunItem.state == State.RUNNING.value) & (RunItem.lease < now))
                ),
                refused=_overtaken,
                own=lambda item: item.claim == claim,
            ).record()
        except StaleAttempt:
            if self.get_run(run_id, consistent=True) is None:
                raise NotFound("No such run.") from None
            raise

    def finish(self, run: Run, result: RunResult) -> Run:
        """One Update; 1 WCU per KB and 1 for the index. Raises StaleAttempt."""
        done = replace(self._ended(run, State.DONE), result=shortened(result))
        return update_or_find(
            RunItem,
            run_key(run.id),
            RunItem.ending(done),
            condition=self._is(run) & (RunItem.state == State.RUNNING.value),
            refused=_overtaken,
            own=lambda item: _same_end(item.record(), done),
        ).record()

    def fail(self, run: Run, *, reason: str) -> Run:
        """One transaction of run and counter; 5 WCU with the index, 2 per further KB. Raises
        StaleAttempt."""
        if run.state.ended:
            raise _overtaken()
        returning = True
        for _ in self._patience.rounds():
            failed = replace(self._ended(run, State.FAILED), reason=cut(reason, REASON_BYTES))
            stored: list[Run] = []

            def written(ended: Run = failed, stored: list[Run] = stored) -> bool:
                there = self.get_run(ended.id, consistent=True)
                if there is None or not _same_end(there, ended):
                    return False
                stored.append(there)
                return True

            transaction = Transaction(token=self._ids.new(), patience=self._patience)
            transaction.update(
                RunItem,
                run_key(run.id),
                RunItem.ending(failed),
                condition=self._is(run),
                refused=_overtaken,
            )
            if returning:
                give_back(transaction, run.user_id, run.admitted_on, Action.RUN)
            try:
                transaction.commit(written=written)
            except NothingToReturn:
                returning = False
            else:
                return stored[0] if stored else failed
        raise StoreUnavailable("The run keeps changing.")

    def list_open(self, *, created_before: datetime) -> Sequence[Run]:
        """Queries of GSI3, then BatchGets of the rows; 1 RCU per 4 KB of each."""
        now = self._clock.now()
        # Older ones have expired, though the store may remove them days later.
        first, last = queued_between(now - LIFETIME, created_before)
        if first >= last:
            return []
        items = queued(
            RunItem,
            RUN_QUEUE,
            sort=RunItem.gsi3_sk.between(first, last),
            limit=OPEN_LIMIT,
            patience=self._patience,
        )
        runs = [item.record() for item in items if not item.is_expired(now)]
        return [run for run in runs if not run.state.ended and run.created_at < created_before]

    def _ended(self, run: Run, state: State) -> Run:
        now = changed_at(self._clock.now(), run.created_at)
        return replace(run, state=state, lease_until=None, updated_at=now)

    def _is(self, run: Run) -> Condition:
        """It is still in this state, under this attempt, and its time is not over."""
        condition: Condition = (
            (RunItem.state == run.state.value)
            & (RunItem.attempt == run.attempt)
            & (RunItem.expires >= int(self._clock.now().timestamp()))
        )
        return condition

    def _is_admitted(self, run: Run) -> bool:
        # The id is this run's own: its row was written by an earlier try of ours.
        stored = get(RunItem, run_key(run.id), consistent=True)
        return stored is not None and stored.user_id == run.user_id


def _same_end(stored: Run, ended: Run) -> bool:
    return (stored.state, stored.attempt) == (ended.state, ended.attempt)


def _overtaken() -> StaleAttempt:
    return StaleAttempt("The run has ended, or another attempt owns it.")
