"""Lists of what was solved."""

from __future__ import annotations

from datetime import timedelta

import pytest

from algoitny.domain.errors import InvalidCursor
from algoitny.domain.problem import ProblemKey, ProblemSummary
from algoitny.domain.repositories import Repositories
from algoitny.domain.stats import (
    MOST_PLATFORMS,
    FirstSolve,
    PlatformTotals,
    SolvedProblem,
    UserTotals,
)
from algoitny.domain.verdict import Verdict
from tests.builders import a_problem, done, running
from tests.clock import FixedClock


def solved(repositories: Repositories, clock: FixedClock, number: str, user: str = "ann") -> str:
    problem = a_problem(clock, ProblemKey(platform="p#", number=number)).summary
    return done(repositories, clock, user_id=user, problem=problem).id


def test_first_solves_of_a_user(repositories: Repositories, clock: FixedClock) -> None:
    stats = repositories.stats
    assert stats.list_solved("ann").items == ()
    first = solved(repositories, clock, "1#")
    at = clock.now()
    clock.advance(5)
    solved(repositories, clock, "1#")
    second = solved(repositories, clock, "2")
    solved(repositories, clock, "3", user="bob")
    done(repositories, clock, Verdict.WA)
    expected = [
        SolvedProblem(
            problem=ProblemKey(platform="p#", number="1#"), history_id=first, solved_at=at
        ),
        SolvedProblem(
            problem=ProblemKey(platform="p#", number="2"), history_id=second, solved_at=clock.now()
        ),
    ]
    page = stats.list_solved("ann", limit=1)
    rest = stats.list_solved("ann", limit=5, cursor=page.next_cursor)
    assert [*page.items, *rest.items] == expected
    with pytest.raises(InvalidCursor):
        stats.list_solved("bob", cursor=page.next_cursor)


def test_first_solves_of_a_day(repositories: Repositories, clock: FixedClock) -> None:
    stats = repositories.stats
    day = clock.now().date()
    for user in ("bob", "ann"):
        for number in ("1", "2"):
            solved(repositories, clock, number, user)
    clock.advance(days=1)
    solved(repositories, clock, "1")
    solved(repositories, clock, "9#")
    page = stats.list_solved_on(day, limit=3)
    rest = stats.list_solved_on(day, limit=3, cursor=page.next_cursor)
    assert [(line.user_id, line.problem.number) for line in (*page.items, *rest.items)] == [
        ("ann", "1"),
        ("ann", "2"),
        ("bob", "1"),
        ("bob", "2"),
    ]
    assert stats.list_solved_on(clock.now().date()).items == (
        FirstSolve(user_id="ann", problem=ProblemKey(platform="p#", number="9#")),
    )
    assert stats.list_solved_on(day - timedelta(days=1)).items == ()
    with pytest.raises(InvalidCursor):
        stats.list_solved_on(clock.now().date(), cursor=page.next_cursor)


def on_platform(clock: FixedClock, platform: str, number: str = "1") -> ProblemSummary:
    return a_problem(clock, ProblemKey(platform=platform, number=number)).summary


def test_totals_by_verdict_language_and_platform(
    repositories: Repositories, clock: FixedClock
) -> None:
    assert repositories.stats.get_user_totals("ann") == UserTotals()
    for verdict, platform, number, language in (
        (Verdict.WA, "boj", "1", "c"),
        (Verdict.AC, "boj", "1", "c"),
        (Verdict.AC, "boj", "1", "python3"),
        (Verdict.AC, "boj", "2", "python3"),
        (Verdict.CE, "x#y", "1", "c"),
    ):
        problem = on_platform(clock, platform, number)
        done(repositories, clock, verdict, problem=problem, language=language)
    done(repositories, clock, user_id="bob")
    for ended in ("fail", "cancel"):
        history = running(repositories, clock)
        if ended == "fail":
            repositories.histories.fail(history, reason="x")
        else:
            repositories.histories.cancel(history)
    assert repositories.stats.get_user_totals("ann") == UserTotals(
        executions=5,
        accepted=3,
        solved=2,
        by_verdict={"AC": 3, "CE": 1, "WA": 1},
        by_language={"c": 3, "python3": 2},
        by_platform=(
            PlatformTotals(platform="boj", executions=4, solved=2),
            PlatformTotals(platform="x#y", executions=1, solved=0),
        ),
    )


def test_platforms_beyond_those_that_are_counted_by_name_are_counted_together(
    repositories: Repositories, clock: FixedClock
) -> None:
    for number in range(MOST_PLATFORMS + 2):
        done(repositories, clock, problem=on_platform(clock, f"p{number:02}"))
    # One that has its counters keeps them; one that came too late never gets any.
    for platform in ("p00", "p12"):
        done(repositories, clock, Verdict.WA, problem=on_platform(clock, platform))
        done(repositories, clock, problem=on_platform(clock, platform, "2"))
    totals = repositories.stats.get_user_totals("ann")
    assert [each.platform for each in totals.by_platform] == [
        *(f"p{number:02}" for number in range(MOST_PLATFORMS)),
        None,
    ]
    counts = {each.platform: (each.executions, each.solved) for each in totals.by_platform}
    assert (counts["p00"], counts["p01"], counts[None]) == ((3, 2), (1, 1), (4, 3))
    assert (totals.executions, totals.solved) == (MOST_PLATFORMS + 6, MOST_PLATFORMS + 4)


def test_what_is_deleted_is_still_counted(repositories: Repositories, clock: FixedClock) -> None:
    history = done(repositories, clock)
    before = repositories.stats.get_user_totals("ann")
    repositories.histories.delete_history(history.id)
    assert repositories.stats.get_user_totals("ann") == before
