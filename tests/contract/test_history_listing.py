"""Lists of executions, a user's, the public ones, a problem's: nothing is lost or repeated."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from algoitny.domain.errors import InvalidCursor, InvalidInput
from algoitny.domain.history import History, ProblemExecution
from algoitny.domain.history_filter import HistoryFilter
from algoitny.domain.page import Page
from algoitny.domain.problem import ProblemKey
from algoitny.domain.repositories import Repositories
from algoitny.domain.verdict import State, Verdict
from tests.builders import KEY, a_problem, admitted, an_outcome, done, running
from tests.clock import START, FixedClock

PLATFORMS = ("boj", "cf", "x#y")
LANGUAGES = ("c", "python3")
LIMITS = st.sampled_from([1, 2, 3, 5, 20, 100])


def ids_of(page: Page[Any]) -> list[str]:
    return [line.id for line in page.items]


def all_ids(method: Callable[..., Page[Any]], *owner: Any, limit: int, **filters: Any) -> list[str]:
    """The ids of all pages of a list."""
    seen: list[str] = []
    cursor = None
    while True:
        page = method(*owner, HistoryFilter(**filters), limit=limit, cursor=cursor)
        assert len(page.items) <= limit
        seen += ids_of(page)
        cursor = page.next_cursor
        if cursor is None:
            return seen


def walked(
    method: Callable[..., Page[Any]], owner: Any, *, limit: int, **filters: Any
) -> list[str]:
    """The ids of a list that goes on after an execution."""
    seen: list[str] = []
    after = None
    while True:
        page = method(owner, HistoryFilter(**filters), limit=limit, after=after)
        seen += ids_of(page)
        after = page.next_cursor
        if after is None:
            return seen


def a_mixture(
    repositories: Repositories, clock: FixedClock, chance: random.Random, count: int
) -> list[History]:
    """Executions of all kinds, some of one instant."""
    made = []
    for _ in range(count):
        clock.advance(chance.choice([0, 0.0004, 0.001, 1]))
        key = ProblemKey(platform=chance.choice(PLATFORMS), number=chance.choice("12"))
        given: dict[str, Any] = {
            "user_id": chance.choice(["ann", "ann", "bob"]),
            "problem": a_problem(clock, key).summary,
            "language": chance.choice(LANGUAGES),
            "is_code_public": chance.random() < 0.6,
        }
        histories = repositories.histories
        history = running(repositories, clock, **given)
        match chance.choice(["running", "cancelled", "failed", "wrong", "right", "right"]):
            case "cancelled":
                history = histories.cancel(history)
            case "failed":
                history = histories.fail(history, reason="x")
            case "wrong":
                history = histories.complete(history, an_outcome(Verdict.WA))
            case "right":
                history = histories.complete(history, an_outcome())
        made.append(history)
    return made


def chosen(
    histories: Sequence[History],
    *,
    platform: str | None = None,
    language: str | None = None,
    verdict: Verdict | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
) -> list[str]:
    """What a list with these filters must hold, oldest first."""
    return sorted(
        history.id
        for history in histories
        if platform in {None, history.problem.platform}
        and language in {None, history.language}
        and verdict in {None, history.verdict}
        and (since is None or history.created_at >= since)
        and (until is None or history.created_at < until)
    )


def some(*values: Any) -> st.SearchStrategy[Any]:
    return st.sampled_from([None, *values])


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2])
def test_pages_agree_with_a_model_of_the_list(
    repositories: Repositories, clock: FixedClock, seed: int
) -> None:
    histories = repositories.histories
    made = a_mixture(repositories, clock, random.Random(seed), 36)
    shown = [history for history in made if history.is_code_public and history.state.ended]
    platforms, languages = some(*PLATFORMS, "nowhere"), some(*LANGUAGES)
    verdicts = some(Verdict.AC, Verdict.WA, Verdict.TLE)
    seconds = st.integers(-1, 20).map(lambda number: START + timedelta(seconds=number))

    @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
    @given(
        limit=LIMITS,
        platform=platforms,
        language=languages,
        verdict=verdicts,
        since=st.none() | seconds,
        until=st.none() | seconds,
    )
    def check(limit: int, platform: str | None, **filters: Any) -> None:
        mine = [history for history in made if history.user_id == "ann"]
        every: dict[str, Any] = {"platform": platform, **filters}
        found = all_ids(histories.list_user_history, "ann", limit=limit, **every)
        assert found == chosen(mine, **every)[::-1]
        expected = chosen(shown, **every)[::-1]
        assert all_ids(histories.list_public_history, limit=limit, **every) == expected
        if platform is not None:
            found = all_ids(histories.search_by_platform, platform, limit=limit, **filters)
            assert found == expected
        language = filters.pop("language")
        if language is not None:
            rest = {"platform": platform, **filters}
            assert all_ids(histories.search_by_language, language, limit=limit, **rest) == expected
        key = ProblemKey(platform=platform or "boj", number="1")
        ended = [history for history in made if history.problem == key and history.state.ended]
        wanted: dict[str, Any] = {**filters, "language": language}
        found = walked(histories.list_problem_executions, key, limit=limit, **wanted)
        assert found == chosen(ended, **wanted)
        mine = [history for history in ended if history.user_id == "ann"]
        listed = partial(histories.list_user_executions, problem=key)
        assert walked(listed, "ann", limit=limit, **wanted) == chosen(mine, **wanted)
        mine = [each for each in made if each.user_id == "ann" and each.state.ended]
        found = walked(histories.list_user_executions, "ann", limit=limit, **every)
        assert found == chosen(mine, **every)

    check()


def test_a_users_pages_follow_their_filters(repositories: Repositories, clock: FixedClock) -> None:
    made = a_mixture(repositories, clock, random.Random(3), 8)
    mine = [history for history in made if history.user_id == "ann"]
    for filters in ({}, {"platform": "boj"}, {"language": "c", "verdict": Verdict.AC}):
        for limit in (1, 3, 100):
            found = all_ids(repositories.histories.list_user_history, "ann", limit=limit, **filters)
            assert found == chosen(mine, **filters)[::-1]  # type: ignore[arg-type]  # a table


def test_a_users_list_has_whole_records(repositories: Repositories, clock: FixedClock) -> None:
    clock.advance(0.000321)
    history = done(repositories, clock)
    assert history.created_at.microsecond % 1000 == 321
    assert repositories.histories.list_user_history("ann").items == (history,)
    assert repositories.histories.get_history(history.id) == history


def test_a_span_of_time_includes_its_beginning_and_not_its_end(
    repositories: Repositories, clock: FixedClock
) -> None:
    first = admitted(repositories, clock)
    clock.advance(60)
    second = admitted(repositories, clock)

    def listed(**span: datetime) -> list[str]:
        return ids_of(repositories.histories.list_user_history("ann", HistoryFilter(**span)))  # type: ignore[arg-type]  # a span

    assert listed(since=second.created_at) == [second.id]
    assert listed(until=second.created_at) == [first.id]
    assert listed(since=first.created_at, until=first.created_at) == []
    assert listed(since=second.created_at, until=first.created_at) == []


def test_a_span_of_public_executions(repositories: Repositories, clock: FixedClock) -> None:
    made = []
    for _ in range(4):
        clock.advance(0.5)
        made.append(done(repositories, clock, is_code_public=True))
    histories = repositories.histories
    span: dict[str, Any] = {"since": made[1].created_at, "until": made[3].created_at}
    for listed in (
        histories.list_public_history,
        partial(histories.search_by_language, "python3"),
        partial(histories.search_by_platform, KEY.platform),
    ):
        assert all_ids(listed, limit=1, **span) == [made[2].id, made[1].id]
        cursor = listed(HistoryFilter(**span), limit=1).next_cursor
        with pytest.raises(InvalidCursor):
            listed(HistoryFilter(since=span["since"]), limit=1, cursor=cursor)
        backwards = HistoryFilter(since=span["until"], until=span["since"])
        assert listed(backwards).items == ()


def test_a_cursor_is_bound_to_its_list_owner_and_filters(
    repositories: Repositories, clock: FixedClock
) -> None:
    for _ in range(2):
        done(repositories, clock, is_code_public=True)
    histories = repositories.histories
    now = clock.now()
    first = HistoryFilter(platform="baekjoon", language="python3", verdict=Verdict.AC)
    filters = [
        HistoryFilter(),
        HistoryFilter(platform="baekjoon"),
        HistoryFilter(language="python3"),
        HistoryFilter(verdict=Verdict.AC),
        HistoryFilter(since=now - timedelta(1)),
        HistoryFilter(until=now + timedelta(1)),
        first,
        replace(first, since=now - timedelta(1)),
    ]
    lists: list[Callable[..., Page[Any]]] = [
        partial(listed, only, limit=1)
        for listed in (
            partial(histories.list_user_history, "ann"),
            partial(histories.list_user_history, "bob"),
            histories.list_public_history,
        )
        for only in filters
    ]
    issued = [listed().next_cursor for listed in lists]
    assert issued.count(None) == len(filters)  # bob has nothing
    for number, cursor in enumerate(issued):
        if cursor is None:
            continue
        for other, using in enumerate(lists):
            if other == number:
                using(cursor=cursor)
            else:
                with pytest.raises(InvalidCursor):
                    using(cursor=cursor)


def test_only_ended_public_executions_are_in_public_lists(
    repositories: Repositories, clock: FixedClock
) -> None:
    histories = repositories.histories
    done(repositories, clock)
    admitted(repositories, clock, is_code_public=True)
    clock.advance(1.000321)
    shown = done(repositories, clock, Verdict.WA, is_code_public=True)
    line = History(
        id=shown.id,
        user_id=None,
        user_identifier=shown.user_identifier,
        problem=shown.problem,
        problem_title=shown.problem_title,
        language=shown.language,
        is_code_public=True,
        state=State.DONE,
        verdict=Verdict.WA,
        passed_count=1,
        failed_count=2,
        total_count=3,
        max_time_ms=12,
        max_memory_kb=3456,
        created_at=shown.created_at.replace(microsecond=589_000),
        updated_at=shown.updated_at.replace(microsecond=589_000),
    )
    assert histories.list_public_history().items == (line,)
    assert histories.search_by_language(shown.language).items == (line,)
    assert histories.search_by_platform(shown.problem.platform).items == (line,)
    assert histories.search_by_language("ghost").items == ()
    assert histories.search_by_platform("ghost").items == ()


def test_executions_of_a_problem(repositories: Repositories, clock: FixedClock) -> None:
    histories = repositories.histories
    made = []
    for verdict in (Verdict.AC, Verdict.WA):
        clock.advance(1)
        made.append(done(repositories, clock, verdict, user_id=verdict.value))
    clock.advance(1)
    cancelled = histories.cancel(admitted(repositories, clock, language="c"))
    running(repositories, clock)
    expected = tuple(
        ProblemExecution(id=history.id, language=history.language, verdict=history.verdict)
        for history in (*made, cancelled)
    )
    assert histories.list_problem_executions(KEY).items == expected
    wrong, in_c = HistoryFilter(verdict=Verdict.WA), HistoryFilter(language="c")
    assert histories.list_problem_executions(KEY, wrong).items == expected[1:2]
    assert histories.list_problem_executions(KEY, in_c).items == expected[2:]
    other = ProblemKey(platform=KEY.platform, number="1001")
    assert histories.list_problem_executions(other).items == ()


def test_recent_public_executions_are_counted_once_a_minute(
    repositories: Repositories, clock: FixedClock
) -> None:
    counted = repositories.histories.get_recent_public_history_count
    assert counted() == 0
    done(repositories, clock, is_code_public=True)
    done(repositories, clock)
    assert counted() == 0
    clock.advance(59)
    assert counted() == 0
    clock.advance(1)
    assert counted() == counted(1) == counted(168) == 1
    clock.advance(hours=2)
    done(repositories, clock, is_code_public=True)
    assert (counted(1), counted(3), counted(24)) == (1, 2, 2)
    clock.advance(hours=24, seconds=1)
    assert (counted(1), counted(24), counted(168)) == (0, 0, 2)


@pytest.mark.parametrize("hours", [-1, 0, 169, 10**9])
def test_a_span_that_is_not_counted(repositories: Repositories, hours: int) -> None:
    with pytest.raises(InvalidInput):
        repositories.histories.get_recent_public_history_count(hours)
