"""Counting verdicts: all that is derived from what executions ended with, changed in one place.

Endings count what was not counted before; judging again takes the old verdict back as well.
"""

from __future__ import annotations

from pynamodb.expressions.update import Action as Change

from algoitny.domain.errors import Conflict
from algoitny.domain.history import History
from algoitny.domain.verdict import State, Verdict
from algoitny.models.kit.attributes import IntAttribute
from algoitny.models.kit.transaction import Transaction
from algoitny.models.stats import (
    OTHERS,
    DeletedStatsItem,
    ProblemCounterItem,
    SolvedItem,
    UserStatsItem,
    deleted_stats_key,
    problem_counter_key,
    solved_key,
    stats_key,
)


class SolvedBefore(Conflict):
    """Another execution was the first to solve the problem."""


class SolvedOtherwise(Conflict):
    """The marker is not of this execution."""


class NoRoomForPlatform(Conflict):
    """As many platforms as there may be are counted by name, and this is none of them."""


def count_verdict(
    transaction: Transaction,
    done: History,
    *,
    was: Verdict | None = None,
    solves: int = 0,
    by_name: bool = True,
) -> None:
    """Adds the writes that count `done`, an execution as it is now, with its verdict.

    `was` is the verdict that was counted for it until now; None at its end. `solves` is 1 when it
    becomes the first to solve the problem, -1 when it was and nobody follows it: the marker comes
    and goes with that. Call it with `by_name` first; refused with NoRoomForPlatform, without.
    The transaction may be refused with SolvedBefore and SolvedOtherwise too.
    """
    assert done.verdict is not None  # noqa: S101 - only verdicts are counted
    ends = was is None
    accepts = (done.verdict is Verdict.AC) - (was is Verdict.AC)
    if done.user_id is not None:
        _move_marker(transaction, done, done.user_id, solves)
        counted_there = ends or solves != 0
        transaction.update(
            UserStatsItem,
            stats_key(done.user_id),
            _user_changes(done, was, accepts=accepts, solves=solves, by_name=by_name),
            condition=UserStatsItem.has_room_for(done.problem.platform)
            if by_name and counted_there
            else None,
            refused=NoRoomForPlatform,
        )
    if ends or accepts:
        transaction.update(
            ProblemCounterItem,
            problem_counter_key(done.problem, done.user_id),
            [
                *_added(ProblemCounterItem.executions, int(ends)),
                *_added(ProblemCounterItem.accepted, accepts),
                ProblemCounterItem.typed(),
            ],
        )


def count_deletion(transaction: Transaction, history: History) -> None:
    """Adds the write that remembers a deleted execution as counted: statistics keep it."""
    if history.user_id is None or history.state is not State.DONE or history.verdict is None:
        return
    item = DeletedStatsItem
    transaction.update(
        item,
        deleted_stats_key(history.user_id),
        [
            item.typed(),
            item.version.add(1),
            item.executions.add(1),
            *_added(item.accepted, int(history.verdict is Verdict.AC)),
            item.verdict_counts[history.verdict].add(1),
            item.language_counts[history.language].add(1),
            item.platform_counts[history.problem.platform].add(1),
        ],
    )


def _move_marker(transaction: Transaction, done: History, user_id: str, solves: int) -> None:
    if solves > 0:
        transaction.put(
            SolvedItem.of(done, user_id), condition=SolvedItem.absent(), refused=SolvedBefore
        )
    elif solves < 0:
        transaction.delete(
            SolvedItem,
            solved_key(user_id, done.problem),
            condition=SolvedItem.history_id == done.id,
            refused=SolvedOtherwise,
        )


def _user_changes(
    done: History, was: Verdict | None, *, accepts: int, solves: int, by_name: bool
) -> list[Change]:
    """One item may appear once in a transaction, so the running place is given up here too."""
    assert done.verdict is not None  # noqa: S101 - only verdicts are counted
    item, platform = UserStatsItem, done.problem.platform if by_name else OTHERS
    changes: list[Change] = [
        item.running.delete({done.id}),
        item.typed(),
        item.version.add(1),
        *_added(item.accepted, accepts),
        *_added(item.solved, solves),
        *_added(item.platform_solved[platform], solves),
    ]
    if was is not done.verdict:
        changes += _added(item.verdict_counts[done.verdict], 1)
    if was is None:
        changes += [
            item.executions.add(1),
            item.language_counts[done.language].add(1),
            item.platform_counts[platform].add(1),
        ]
        if by_name:
            changes.append(item.platforms.add({platform}))
    elif was is not done.verdict:
        changes += _added(item.verdict_counts[was], -1)
    return changes


def _added(attribute: IntAttribute, number: int) -> list[Change]:
    return [attribute.add(number)] if number else []
