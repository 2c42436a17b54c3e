"""Counting leaderboards: what is published is what the markers of first solves say."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from unittest.mock import Mock

import pytest

from algoitny.domain.errors import StoreUnavailable
from algoitny.domain.ids import Ids
from algoitny.domain.plan import STANDARD_PLANS
from algoitny.domain.problem import ProblemKey
from algoitny.domain.repositories import Repositories
from algoitny.services.ranking import LEASE_SECONDS, RankingReport, RankingService
from tests.builders import a_problem, a_user, done
from tests.clock import FixedClock
from tests.services.ranking_world import World

AFTER_THE_LEASE = LEASE_SECONDS + 10


@pytest.fixture
def world(clock: FixedClock, ids: Ids) -> World:
    return World(clock, ids)


def test_an_empty_site(world: World) -> None:
    world.people.known.clear()
    report = world.service().run("w1")
    assert (report.busy, world.shown("all")) == (False, [])
    assert world.boards.get_current("all") is not None


@pytest.mark.parametrize("seed", [1, 2])
def test_boards_say_what_was_solved_in_their_periods(world: World, seed: int) -> None:
    world.some_months(seed)
    world.service().run("w1")
    world.check_all()
    # What comes later is added; periods that are over are not read again.
    world.clock.advance(days=1)
    world.solve(world.users[4], "99")
    world.solves.asked.clear()
    world.service().run("w1")
    world.check_all()
    assert "2025-03" not in {day.strftime("%Y-%m") for day in world.solves.asked}


def test_equals_share_a_rank_and_stand_in_a_lasting_order(world: World) -> None:
    for user, count in zip(world.users, (1, 2, 2, 0, 1), strict=True):
        for number in range(count):
            world.solve(user, str(number))
    world.service().run("w1")
    first, second, third, _, fifth = world.users
    assert world.shown("all") == [(1, second, 2), (1, third, 2), (3, first, 1), (3, fifth, 1)]


def test_who_is_gone_is_not_shown(world: World) -> None:
    for user in world.users:
        world.solve(user, "1")
    world.solve(world.users[0], "2")
    known = world.people.known
    known[world.users[0]] = replace(known[world.users[0]], is_active=False)
    del known[world.users[1]]
    world.service().run("w1")
    assert world.shown("all") == [(1, user, 1) for user in world.users[2:]]


def test_years_and_the_whole_are_counted_once_an_hour_when_they_are_long(world: World) -> None:
    names = ("2025-03", "all", "2025")
    world.service().run("w1")
    world.solve(world.users[0], "1")
    world.clock.advance(300)
    world.service().run("w1")
    assert [len(world.shown(name)) for name in names] == [1, 1, 1]
    names = ("2025-04", "all", "2025")
    world.clock.advance(days=30)
    world.service().run("w1")
    world.solve(world.users[1], "1")
    world.clock.advance(300)
    world.service().run("w1")
    assert [len(world.shown(name)) for name in names] == [1, 1, 1]
    world.clock.advance(hours=1)
    world.service().run("w1")
    assert [len(world.shown(name)) for name in names] == [1, 2, 2]


def test_what_has_not_changed_is_not_written_again(world: World) -> None:
    world.solve(world.users[0], "1")
    world.service().run("w1")
    before = world.boards.get_current("2025-03")
    world.clock.advance(300)
    assert world.service().run("w1") == RankingReport(unchanged=4)
    assert world.boards.get_current("2025-03") == before
    world.clock.advance(days=1)
    world.service().run("w1")
    after = world.boards.get_current("2025-03")
    assert after is not None
    assert after != before  # or it would be gone, tomorrow


def test_boards_are_there_week_after_week(world: World) -> None:
    world.some_months()
    for _ in range(10):
        world.clock.advance(days=1, hours=1)
        world.service().run("w1")
        world.check_all()


def test_a_marker_that_is_taken_away_is_gone_a_week_later(world: World) -> None:
    world.some_months()
    world.service().run("w1")
    del world.solves.days[next(iter(world.solves.days))]
    for _ in range(8):
        world.clock.advance(days=1)
        world.service().run("w1")
    world.check_all()


@pytest.mark.parametrize("killed_at", [1, 2, 5, 9, 20, 45])
def test_a_run_that_dies_anywhere_is_followed_by_another(world: World, killed_at: int) -> None:
    world.some_months()
    calls = 0

    def dying(real: Any) -> Any:
        def call(*arguments: Any, **named: Any) -> Any:
            nonlocal calls
            calls += 1
            if calls == killed_at:
                raise StoreUnavailable("killed")
            return real(*arguments, **named)

        return call

    boards: Any = Mock(wraps=world.boards)
    stats: Any = Mock(wraps=world.solves)
    boards.publish.side_effect = dying(world.boards.publish)
    stats.list_solved_on.side_effect = dying(world.solves.list_solved_on)
    with pytest.raises(StoreUnavailable):
        world.service(boards=boards, stats=stats).run("w1")
    assert world.service().run("w1").busy  # nobody knows yet that it died
    world.clock.advance(AFTER_THE_LEASE)
    assert not world.service().run("w1").busy
    world.check_all()


def test_only_one_counts_at_a_time_and_whoever_was_overtaken_stops(world: World) -> None:
    world.some_months()
    stats: Any = Mock(wraps=world.solves)
    overtaken = []

    def slow(*arguments: Any, **named: Any) -> Any:
        if not overtaken:
            overtaken.append(world.service().run("w1").busy)
            world.clock.advance(AFTER_THE_LEASE)
            overtaken.append(world.service().run("w1").busy)
        return world.solves.list_solved_on(*arguments, **named)

    stats.list_solved_on.side_effect = slow
    report = world.service(stats=stats).run("w1")
    assert overtaken == [True, False]
    assert report.published == 0
    world.check_all()


def test_a_long_run_keeps_its_lease(world: World) -> None:
    world.some_months()
    stats: Any = Mock(wraps=world.solves)

    def slow(*arguments: Any, **named: Any) -> Any:
        world.clock.advance(20)
        return world.solves.list_solved_on(*arguments, **named)

    stats.list_solved_on.side_effect = slow
    assert world.service(stats=stats).run("w1").published > 10
    assert world.leases.held is None
    world.check_all()


def test_sums_that_are_not_there_whole_are_counted_again(world: World) -> None:
    world.some_months()
    world.service().run("w1")
    world.clock.advance(hours=2)
    boards: Any = Mock(wraps=world.boards)

    def half(name: str, **page: Any) -> Any:
        found = world.boards.list_lines(name, **page)
        return type(found)(found.items[:1], None) if name.startswith("sum-") else found

    boards.list_lines.side_effect = half
    world.solve(world.users[4], "99")
    world.service(boards=boards).run("w1")
    world.check_all()


@pytest.mark.slow
def test_on_a_table(repositories: Repositories, clock: FixedClock, ids: Ids) -> None:
    repositories.plans.create_missing(STANDARD_PLANS)
    users = []
    for plan in ("Pro", "Free"):
        clock.advance(1)
        users.append(repositories.users.create_user(a_user(clock, plan=plan)).id)
    for days, user, number in ((0, 0, "1"), (20, 1, "1"), (0, 1, "2"), (1, 0, "1"), (0, 0, "2")):
        clock.advance(days=days)
        problem = a_problem(clock, ProblemKey(platform="baekjoon", number=number)).summary
        done(repositories, clock, user_id=users[user], problem=problem)
    service = RankingService(
        boards=repositories.leaderboards,
        stats=repositories.stats,
        users=repositories.users,
        plans=repositories.plans,
        leases=repositories.leases,
        clock=clock,
        ids=ids,
    )
    for _ in range(2):
        assert not service.run("w1").busy
        shown = {
            name: [
                (line.rank, users.index(line.user_id), line.solved)
                for line in repositories.leaderboards.list_lines(name).items
            ]
            for name in ("all", "2025", "2025-03", "2025-04", "2025-W11", "2025-W14")
        }
        both = [(1, 0, 2), (1, 1, 2)]
        assert shown == {
            "all": both,
            "2025": both,
            "2025-03": [(1, 0, 1)],
            "2025-04": [(1, 1, 2), (2, 0, 1)],
            "2025-W11": [(1, 0, 1)],
            "2025-W14": [(1, 1, 2), (2, 0, 1)],
        }
        clock.advance(hours=2)
