"""Counting statistics again: right where they were wrong, and never wrong where they were right."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import Any

import pytest

from algoitny.domain.problem import ProblemKey
from algoitny.domain.repositories import Repositories
from algoitny.domain.stats import MOST_PLATFORMS, UserTotals
from algoitny.domain.verdict import Verdict
from tests.builders import a_problem, admitted, done, running
from tests.clock import FixedClock

pytestmark = pytest.mark.slow


def some_executions(repositories: Repositories, clock: FixedClock, seed: int) -> None:
    """Of all kinds, some of which are deleted."""
    chance = random.Random(seed)
    for _ in range(16):
        clock.advance(1)
        key = ProblemKey(platform=chance.choice(("boj", "cf", "x#y")), number=chance.choice("12"))
        verdict = chance.choice([Verdict.AC, Verdict.WA, Verdict.CE])
        history = done(
            repositories,
            clock,
            verdict,
            problem=a_problem(clock, key).summary,
            language=chance.choice(("c", "python3")),
        )
        if chance.random() < 0.3:
            repositories.histories.delete_history(history.id)
    repositories.histories.delete_history(admitted(repositories, clock).id)
    repositories.histories.fail(running(repositories, clock), reason="x")


@pytest.mark.parametrize("seed", [1, 2])
def test_what_is_right_stays_as_it_is(
    repositories: Repositories, clock: FixedClock, seed: int
) -> None:
    some_executions(repositories, clock, seed)
    waiting = running(repositories, clock)
    before = repositories.stats.get_user_totals("ann")
    assert repositories.stats.rebuild_user_stats("ann") == (before, before)
    assert repositories.stats.get_user_totals("ann") == before
    assert before.running == {waiting.id}
    assert repositories.stats.rebuild_user_stats("ghost")[1] == UserTotals()


def test_platforms_that_are_counted_together_stay_so(
    repositories: Repositories, clock: FixedClock
) -> None:
    for number in range(MOST_PLATFORMS + 2):
        problem = a_problem(clock, ProblemKey(platform=f"p{number:02}", number="1")).summary
        history = done(repositories, clock, problem=problem)
    repositories.histories.delete_history(history.id)
    before = repositories.stats.get_user_totals("ann")
    assert repositories.stats.rebuild_user_stats("ann") == (before, before)
    done(repositories, clock, problem=problem)
    assert repositories.stats.get_user_totals("ann").by_platform[-1].executions == 3


def test_what_is_counted_meanwhile_is_not_lost(
    repositories: Repositories, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = done(repositories, clock)
    acts: list[Any] = [
        lambda: done(repositories, clock, Verdict.WA),
        lambda: repositories.histories.delete_history(first.id),
    ]
    waits = []

    def meanwhile(seconds: float) -> None:
        waits.append(seconds)
        if acts:
            acts.pop(0)()

    rebuilding: Any = repositories.stats
    patience = replace(rebuilding._rebuilding._patience, sleep=meanwhile)
    monkeypatch.setattr(rebuilding._rebuilding, "_patience", patience)
    _, after = repositories.stats.rebuild_user_stats("ann")
    assert len(waits) == 3
    assert after == repositories.stats.get_user_totals("ann")
    assert (after.executions, after.accepted, after.solved) == (2, 1, 1)
    assert after.by_verdict == {"AC": 1, "WA": 1}
