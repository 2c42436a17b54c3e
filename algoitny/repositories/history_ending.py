"""Endings of executions: one transaction each, in which every count moves exactly once."""

from __future__ import annotations

from dataclasses import replace

from pynamodb.expressions.condition import Condition

from algoitny.domain.clock import Clock
from algoitny.domain.errors import Conflict, StaleAttempt, StoreUnavailable
from algoitny.domain.history import History
from algoitny.domain.history_results import Outcome
from algoitny.domain.ids import Ids
from algoitny.domain.outbox import delivery_of
from algoitny.domain.patience import Patience
from algoitny.domain.usage import Action
from algoitny.domain.verdict import State
from algoitny.models.base import changed_at
from algoitny.models.history import SUMMARY_TEXT_BYTES, HistoryItem, history_key
from algoitny.models.history_public import PublicRowItem
from algoitny.models.kit.operations import get
from algoitny.models.kit.sizes import cut
from algoitny.models.kit.transaction import Transaction
from algoitny.models.outbox import DeliveryItem
from algoitny.models.stats import UserStatsItem, stats_key
from algoitny.repositories.history_counting import (
    NoRoomForPlatform,
    SolvedBefore,
    SolvedOtherwise,
    count_verdict,
)
from algoitny.repositories.history_solving import Solving
from algoitny.repositories.quota import NothingToReturn, give_back

_ROUNDS = 8


class _Moved(Conflict):
    """The summary is not any more as it was read."""


class Endings:
    """Ends executions: DONE, FAILED or CANCELLED."""

    def __init__(self, *, clock: Clock, ids: Ids, patience: Patience, public_shards: int) -> None:
        self._clock = clock
        self._ids = ids
        self._patience = patience
        self._public_shards = public_shards
        self._solving = Solving(patience=patience)

    def complete(self, history: History, outcome: Outcome) -> History:
        """Raises StaleAttempt, also for what nobody has claimed or what has ended."""
        if history.round_state is not State.RUNNING:
            raise StaleAttempt("Only an attempt that runs has a verdict.")
        by_name = True
        for _ in range(_ROUNDS):
            done = replace(
                self._ended(history, State.DONE),
                verdict=outcome.verdict,
                result_summary=cut(outcome.result_summary, SUMMARY_TEXT_BYTES),
                passed_count=outcome.passed_count,
                failed_count=outcome.failed_count,
                total_count=outcome.total_count,
                max_time_ms=outcome.max_time_ms,
                max_memory_kb=outcome.max_memory_kb,
                shown_attempt=history.attempt,
            )
            transaction = self._ending(history, done)
            if history.verdict is not done.verdict:
                solves = self._solving.solves(transaction, history, done)
                count_verdict(
                    transaction, done, was=history.verdict, solves=solves, by_name=by_name
                )
            try:
                return self._commit(transaction, done)
            except (SolvedBefore, SolvedOtherwise):
                continue
            except NoRoomForPlatform:
                by_name = False
            except _Moved:
                history = self._as_it_is_now(history)
        raise StoreUnavailable("The execution keeps changing.")

    def fail(self, history: History, *, reason: str) -> History:
        """Raises StaleAttempt."""
        return self._end_without_verdict(history, State.FAILED, reason=reason, returning=True)

    def cancel(self, history: History) -> History:
        """Raises StaleAttempt."""
        # Whoever let it run has used the judge.
        waiting = history.state is State.QUEUED
        return self._end_without_verdict(
            history, State.CANCELLED, reason="cancelled", returning=waiting
        )

    def _end_without_verdict(
        self, history: History, state: State, *, reason: str, returning: bool
    ) -> History:
        if history.state.ended:
            # Conditional on the state as it was read, it would end again and give back again.
            raise StaleAttempt("The execution has ended.")
        for _ in range(_ROUNDS):
            ended = replace(
                self._ended(history, state), result_summary=cut(reason, SUMMARY_TEXT_BYTES)
            )
            transaction = self._ending(history, ended)
            self._leave(transaction, ended)
            if returning and history.user_id is not None:
                give_back(transaction, history.user_id, history.admitted_on, Action.EXECUTION)
            try:
                return self._commit(transaction, ended)
            except NothingToReturn:
                returning = False
            except _Moved:
                history = self._as_it_is_now(history)
        raise StoreUnavailable("The execution keeps changing.")

    def _ended(self, history: History, state: State) -> History:
        return replace(
            history,
            state=state,
            lease_until=None,
            publish_after=None,
            rejudge=None,
            updated_at=changed_at(self._clock.now(), history.created_at),
        )

    def _ending(self, history: History, ended: History) -> Transaction:
        """A transaction valid only for the summary as `history` has it."""
        transaction = Transaction(token=self._ids.new(), patience=self._patience)
        transaction.update(
            HistoryItem,
            history_key(history.id),
            HistoryItem.ending(ended, public_shards=self._public_shards),
            condition=_as_read(history),
            refused=_Moved,
        )
        if history.is_code_public:
            transaction.put(PublicRowItem.of(ended))
        # Receivers were told the end; of another judging they have heard nothing.
        delivery = delivery_of(ended) if history.rejudge is None else None
        if delivery is not None:
            transaction.put(DeliveryItem.of(delivery))
        return transaction

    def _leave(self, transaction: Transaction, ended: History) -> None:
        if ended.user_id is not None:
            transaction.update(
                UserStatsItem,
                stats_key(ended.user_id),
                [UserStatsItem.running.delete({ended.id}), UserStatsItem.typed()],
            )

    def _commit(self, transaction: Transaction, ended: History) -> History:
        """The ended execution; as stored, when an earlier try had ended it already."""
        stored: list[History] = []

        def written() -> bool:
            item = get(HistoryItem, history_key(ended.id), consistent=True)
            if item is None:
                return False
            now = item.record()
            same = _shown(now) == _shown(ended)
            if same:
                stored.append(now)
            return same

        transaction.commit(written=written)
        return stored[0] if stored else ended

    def _as_it_is_now(self, history: History) -> History:
        """The execution again, when only its visibility changed, or its author was erased. Raises
        StaleAttempt."""
        item = get(HistoryItem, history_key(history.id), consistent=True)
        now = None if item is None else item.record()
        if now is None or _round(now) != _round(history):
            raise StaleAttempt("Another attempt, or an ending, came first.")
        return replace(
            history,
            is_code_public=now.is_code_public,
            user_id=now.user_id,
            user_identifier=now.user_identifier,
        )


def _as_read(history: History) -> Condition:
    condition: Condition = HistoryItem.as_read(history)
    condition &= HistoryItem.is_public == history.is_code_public
    if history.rejudge is not None:
        # What has ended may lose its author at any time.
        author = HistoryItem.user_id
        condition &= (
            author.does_not_exist() if history.user_id is None else author == history.user_id
        )
    return condition


def _shown(history: History) -> tuple[object, ...]:
    return history.state, history.attempt, history.shown_attempt


def _round(history: History) -> tuple[object, ...]:
    return history.state, history.rejudge, history.attempt
