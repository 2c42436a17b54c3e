"""Who solved what: the marker of a user's first accepted execution of a problem, moved by the
transactions that end executions and by those that replace a verdict."""

from __future__ import annotations

from pynamodb.expressions.condition import Condition

from algoitny.domain.history import History
from algoitny.domain.patience import Patience
from algoitny.domain.problem import ProblemKey
from algoitny.domain.verdict import State, Verdict
from algoitny.models.base import Gsi1
from algoitny.models.history import LISTED, HistoryItem, history_key, user_list
from algoitny.models.kit.batch import batch_get
from algoitny.models.kit.cursor import Position
from algoitny.models.kit.keys import Key
from algoitny.models.kit.operations import get
from algoitny.models.kit.transaction import Transaction
from algoitny.models.stats import SolvedItem, solved_key
from algoitny.models.usage import problem_id_text
from algoitny.repositories.history_counting import SolvedBefore, SolvedOtherwise
from algoitny.repositories.listing import filtered

CANDIDATES = 50
"""Executions that are looked at together."""


class Solving:
    """Reads the marker first, so that only a race pays for a refusal."""

    def __init__(self, *, patience: Patience) -> None:
        self._patience = patience

    def solves(self, transaction: Transaction, before: History, done: History) -> int:
        """1 when `done` becomes the first to solve its problem, -1 when it was that and no other
        execution is: for `count_verdict`, which then puts or removes the marker. Else 0, and the
        transaction gets what holds the marker as it was found, or hands it on.

        The transaction may be refused with SolvedBefore and SolvedOtherwise: then ask again.
        """
        is_accepted = done.verdict is Verdict.AC
        was_accepted = before.verdict is Verdict.AC
        if done.user_id is None or is_accepted == was_accepted:
            return 0
        key = solved_key(done.user_id, done.problem)
        marker = get(SolvedItem, key, consistent=True)
        if not is_accepted:
            return self._stops_solving(transaction, done, done.user_id, marker)
        if marker is None:
            return 1
        marks_it = SolvedItem.history_id == marker.history_id
        if before.rejudge is not None and done.id < marker.history_id:
            # It was the first, until its verdict was replaced: now it is again.
            item = SolvedItem.of(done, done.user_id)
            transaction.put(item, condition=marks_it, refused=SolvedOtherwise)
        else:
            # A rejudge may be taking the marker away.
            transaction.check(SolvedItem, key, marks_it, refused=SolvedOtherwise)
        return 0

    def _stops_solving(
        self, transaction: Transaction, done: History, user_id: str, marker: SolvedItem | None
    ) -> int:
        key = solved_key(user_id, done.problem)
        if marker is None or marker.history_id != done.id:
            # A rejudge may be handing it the marker.
            other: Condition = SolvedItem.absent() | (SolvedItem.history_id != done.id)
            transaction.check(SolvedItem, key, other, refused=SolvedOtherwise)
            return 0
        follower = self._first_accepted(user_id, done.problem, but=done.id)
        if follower is None:
            return -1
        transaction.check(
            HistoryItem,
            history_key(follower.id),
            (HistoryItem.state == State.DONE.value) & (HistoryItem.verdict == Verdict.AC.value),
            refused=SolvedBefore,
        )
        transaction.put(
            SolvedItem.of(follower, user_id),
            condition=SolvedItem.history_id == done.id,
            refused=SolvedOtherwise,
        )
        return 0

    def _first_accepted(self, user_id: str, problem: ProblemKey, *, but: str) -> History | None:
        """The user's earliest accepted execution of a problem, as the table has it this moment: the
        index, which lags, tells only which there are."""
        start: Position | None = None
        while True:
            items, start = filtered(
                HistoryItem,
                user_list(user_id),
                index=Gsi1,
                sort=HistoryItem.gsi1_sk.startswith(LISTED.prefix()),
                only=HistoryItem.problem == problem_id_text(problem),
                limit=CANDIDATES,
                start=start,
            )
            keys = [item.key for item in items if item.key != history_key(but)]
            for history in self._read(keys):
                if history.state is State.DONE and history.verdict is Verdict.AC:
                    return history
            if start is None:
                return None

    def _read(self, keys: list[Key]) -> list[History]:
        found = batch_get(HistoryItem, keys, patience=self._patience, consistent=True)
        return [found[key].record() for key in keys if key in found]
