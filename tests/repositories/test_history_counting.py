"""Counting a verdict in the place of another: the sums are those of the verdicts as they are."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from algoitny.domain.errors import Conflict
from algoitny.domain.history import History
from algoitny.domain.ids import Ids
from algoitny.domain.patience import Patience
from algoitny.domain.problem import ProblemKey
from algoitny.domain.repositories import Repositories
from algoitny.domain.stats import PlatformTotals, ProblemStats, UserTotals
from algoitny.domain.verdict import Verdict
from algoitny.models.kit.transaction import Transaction
from algoitny.repositories.history_counting import SolvedBefore, SolvedOtherwise, count_verdict
from tests.builders import KEY, a_problem, done
from tests.clock import FixedClock

OTHER = ProblemKey(platform="other", number="1")


def recount(clock: FixedClock, ids: Ids, history: History, was: Verdict, solves: int) -> None:
    """Count the verdict of `history` instead of `was`."""
    transaction = Transaction(token=ids.new(), patience=Patience(clock=clock))
    count_verdict(transaction, history, was=was, solves=solves)
    transaction.commit()


def totals_of(histories: list[History]) -> UserTotals:
    """What the statistics of their author must say."""
    verdicts = [str(history.verdict) for history in histories]
    solved = {history.problem for history in histories if history.verdict is Verdict.AC}
    platforms = sorted({history.problem.platform for history in histories})
    return UserTotals(
        executions=len(histories),
        accepted=verdicts.count("AC"),
        solved=len(solved),
        by_verdict={name: verdicts.count(name) for name in sorted(set(verdicts))},
        by_language={"python3": len(histories)},
        by_platform=tuple(
            PlatformTotals(
                platform=platform,
                executions=sum(history.problem.platform == platform for history in histories),
                solved=sum(key.platform == platform for key in solved),
            )
            for platform in platforms
        ),
    )


@pytest.mark.parametrize("seed", [1, 2])
def test_any_change_of_verdicts_leaves_the_sums_of_what_is(
    repositories: Repositories, clock: FixedClock, ids: Ids, seed: int
) -> None:
    chance = random.Random(seed)
    verdicts = (Verdict.AC, Verdict.WA, Verdict.TLE)
    histories = []
    for number in range(4):
        clock.advance(1)
        problem = a_problem(clock, KEY if number else OTHER).summary
        histories.append(done(repositories, clock, chance.choice(verdicts), problem=problem))
    for _ in range(12):
        place, wanted = chance.randrange(4), chance.choice(verdicts)
        old = histories[place]
        new = histories[place] = replace(old, verdict=wanted)
        markers = {line.problem: line for line in repositories.stats.list_solved("ann").items}
        marker = markers.get(new.problem)
        solves = 0
        if wanted is Verdict.AC and marker is None:
            solves = 1
        elif wanted is not Verdict.AC and marker is not None and marker.history_id == new.id:
            if any(
                each.problem == new.problem and each.verdict is Verdict.AC for each in histories
            ):
                histories[place] = old  # another would have to take the marker over
                continue
            solves = -1
        assert old.verdict is not None
        recount(clock, ids, new, old.verdict, solves)
    assert repositories.stats.get_user_totals("ann") == totals_of(histories)
    for key in (KEY, OTHER):
        mine = [history for history in histories if history.problem == key]
        accepted = sum(history.verdict is Verdict.AC for history in mine)
        assert repositories.stats.get_problem_stats(key) == ProblemStats(
            executions=len(mine), accepted=accepted
        )


def test_markers_come_and_go_with_their_own_execution(
    repositories: Repositories, clock: FixedClock, ids: Ids
) -> None:
    first, second = done(repositories, clock), done(repositories, clock)
    before = repositories.stats.get_user_totals("ann")
    for verdict, was, solves, refusal in (
        (Verdict.WA, Verdict.AC, -1, SolvedOtherwise),
        (Verdict.AC, Verdict.WA, 1, SolvedBefore),
    ):
        with pytest.raises(refusal) as refused:
            recount(clock, ids, replace(second, verdict=verdict), was, solves)
        assert isinstance(refused.value, Conflict)
    assert repositories.stats.get_user_totals("ann") == before
    recount(clock, ids, replace(first, verdict=Verdict.WA), Verdict.AC, -1)
    assert repositories.stats.list_solved("ann").items == ()


def test_of_an_anonymous_record_only_the_problem_is_counted(
    repositories: Repositories, clock: FixedClock, ids: Ids
) -> None:
    history = replace(done(repositories, clock), user_id=None)
    before = repositories.stats.get_user_totals("ann")
    recount(clock, ids, replace(history, verdict=Verdict.WA), Verdict.AC, -1)
    assert repositories.stats.get_user_totals("ann") == before
    assert repositories.stats.get_problem_stats(KEY) == ProblemStats(executions=1)
