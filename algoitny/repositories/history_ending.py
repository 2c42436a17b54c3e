"""Endings of executions: one transaction each, in which every count moves exactly once."""

from __future__ import annotations

from dataclasses import replace

from pynamodb.expressions.update import Action as Change

from algoitny.domain.clock import Clock
from algoitny.domain.errors import Conflict, StaleAttempt, StoreUnavailable
from algoitny.domain.history import History, Outcome
from algoitny.domain.ids import Ids
from algoitny.domain.usage import Action
from algoitny.domain.verdict import State, Verdict
from algoitny.models.history import (
    SUMMARY_TEXT_BYTES,
    HistoryItem,
    PublicRowItem,
    history_key,
)
from algoitny.models.kit.attributes import whole_milliseconds
from algoitny.models.kit.operations import get
from algoitny.models.kit.patience import Patience
from algoitny.models.kit.sizes import cut
from algoitny.models.kit.transaction import Transaction
from algoitny.models.stats import (
    ProblemCounterItem,
    SolvedItem,
    UserStatsItem,
    problem_counter_key,
    solved_key,
    stats_key,
)
from algoitny.models.usage import UsageCounterItem, counter_key

_ROUNDS = 8


class _Moved(Conflict):
    """The summary is not any more as it was read."""


class _SolvedBefore(Conflict):
    """Another execution was the first to solve the problem."""


class _NothingToReturn(Conflict):
    """The day's counter is gone, at zero, or has returned enough."""


class Endings:
    """Ends executions, DONE or FAILED."""

    def __init__(self, *, clock: Clock, ids: Ids, patience: Patience, public_shards: int) -> None:
        self._clock = clock
        self._ids = ids
        self._patience = patience
        self._public_shards = public_shards

    def complete(self, history: History, outcome: Outcome) -> History:
        """Raises StaleAttempt."""
        accepted = outcome.verdict is Verdict.AC
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
            first_solve = accepted and self._is_first_solve(history)
            self._count(transaction, done, accepted=accepted, first_solve=first_solve)
            try:
                return self._commit(transaction, done)
            except _SolvedBefore:
                continue
            except _Moved:
                history = self._as_it_is_now(history)
        raise StoreUnavailable("The execution is changing all the time.")

    def fail(self, history: History, *, reason: str) -> History:
        """Raises StaleAttempt."""
        give_back = history.user_id is not None
        for _ in range(_ROUNDS):
            failed = replace(
                self._ended(history, State.FAILED),
                result_summary=cut(reason, SUMMARY_TEXT_BYTES),
            )
            transaction = self._ending(history, failed)
            self._leave(transaction, failed)
            if give_back and history.user_id is not None:
                transaction.update(
                    UsageCounterItem,
                    counter_key(history.user_id, history.admitted_on),
                    UsageCounterItem.giving_back(Action.EXECUTION),
                    condition=UsageCounterItem.may_give_back(Action.EXECUTION),
                    refused=_NothingToReturn,
                )
            try:
                return self._commit(transaction, failed)
            except _NothingToReturn:
                give_back = False
            except _Moved:
                history = self._as_it_is_now(history)
        raise StoreUnavailable("The execution is changing all the time.")

    def _ended(self, history: History, state: State) -> History:
        now = whole_milliseconds(self._clock.now())
        return replace(history, state=state, lease_until=None, publish_after=None, updated_at=now)

    def _ending(self, history: History, ended: History) -> Transaction:
        """A transaction valid only for the summary as `history` has it."""
        transaction = Transaction(token=self._ids.new(), patience=self._patience)
        transaction.update(
            HistoryItem,
            history_key(history.id),
            HistoryItem.ending(ended, public_shards=self._public_shards),
            condition=(HistoryItem.state == history.state.value)
            & (HistoryItem.attempt == history.attempt)
            & (HistoryItem.is_public == history.is_code_public),
            refused=_Moved,
        )
        if history.is_code_public:
            transaction.put(PublicRowItem.of(ended))
        return transaction

    def _leave(self, transaction: Transaction, ended: History) -> None:
        if ended.user_id is not None:
            transaction.update(
                UserStatsItem,
                stats_key(ended.user_id),
                [UserStatsItem.running.delete({ended.id}), UserStatsItem.typed()],
            )

    def _count(
        self, transaction: Transaction, done: History, *, accepted: bool, first_solve: bool
    ) -> None:
        """Statistics of user and problem; one item may appear once in a transaction."""
        if done.user_id is not None:
            changes: list[Change] = [
                UserStatsItem.executions.add(1),
                UserStatsItem.running.delete({done.id}),
                UserStatsItem.typed(),
            ]
            if accepted:
                changes.append(UserStatsItem.accepted.add(1))
            if first_solve:
                changes.append(UserStatsItem.solved.add(1))
                transaction.put(
                    SolvedItem.of(done, done.user_id),
                    condition=SolvedItem.absent(),
                    refused=_SolvedBefore,
                )
            transaction.update(UserStatsItem, stats_key(done.user_id), changes)
        counted: list[Change] = [
            ProblemCounterItem.executions.add(1),
            ProblemCounterItem.typed(),
        ]
        if accepted:
            counted.append(ProblemCounterItem.accepted.add(1))
        transaction.update(
            ProblemCounterItem, problem_counter_key(done.problem, done.user_id), counted
        )

    def _is_first_solve(self, history: History) -> bool:
        """Whether there is no marker yet: read first, so that only a race pays for a refusal."""
        if history.user_id is None:
            return False
        return (
            get(SolvedItem, solved_key(history.user_id, history.problem), consistent=True) is None
        )

    def _commit(self, transaction: Transaction, ended: History) -> History:
        """The ended execution; as stored, when an earlier try had ended it already."""
        stored: list[History] = []

        def written() -> bool:
            item = get(HistoryItem, history_key(ended.id), consistent=True)
            if item is None:
                return False
            now = item.record()
            same = now.state is ended.state and now.attempt == ended.attempt
            if same:
                stored.append(now)
            return same

        transaction.commit(written=written)
        return stored[0] if stored else ended

    def _as_it_is_now(self, history: History) -> History:
        """The execution again, when only its visibility changed. Raises StaleAttempt."""
        item = get(HistoryItem, history_key(history.id), consistent=True)
        now = None if item is None else item.record()
        if now is None or (now.state, now.attempt) != (history.state, history.attempt):
            raise StaleAttempt("Another attempt, or an ending, came first.")
        return replace(history, is_code_public=now.is_code_public)
