"""Showing leaderboards: without those who have gone, and from memory for some seconds."""

from __future__ import annotations

from typing import Any
from unittest.mock import Mock

import pytest

from algoitny.domain.ids import Ids
from algoitny.domain.leaderboard import LeaderboardLine
from algoitny.domain.period import ALL, parse_period
from algoitny.domain.repositories import Repositories
from algoitny.services.leaderboard import CACHE_SECONDS, CACHED_PAGES, LeaderboardService
from tests.builders import a_user
from tests.clock import FixedClock


@pytest.fixture
def board(repositories: Repositories, clock: FixedClock, ids: Ids) -> list[str]:
    """Three users on a board of `all`, by place."""
    users = []
    for _ in range(3):
        clock.advance(1)
        users.append(repositories.users.create_user(a_user(clock)).id)
    lines = [
        LeaderboardLine(rank=rank, user_id=user, user_identifier=f"l{rank}", solved=9 - rank)
        for rank, user in enumerate(users, start=1)
    ]
    repositories.leaderboards.publish("all", ids.new(), lines)
    return users


def service(repositories: Repositories, clock: FixedClock, **replaced: Any) -> LeaderboardService:
    given: dict[str, Any] = {"boards": repositories.leaderboards, "users": repositories.users}
    return LeaderboardService(**given | replaced, clock=clock)


def test_who_has_gone_since_is_not_shown(
    repositories: Repositories, clock: FixedClock, board: list[str]
) -> None:
    repositories.users.deactivate_user(board[0])
    repositories.users.delete_user(board[1])
    shown = service(repositories, clock).show(ALL, limit=20, cursor=None)
    assert [(line.rank, line.user_id) for line in shown.page.items] == [(3, board[2])]
    assert shown.published_at == clock.now()


def test_pages_are_kept_for_some_seconds(
    repositories: Repositories, clock: FixedClock, board: list[str]
) -> None:
    boards: Any = Mock(wraps=repositories.leaderboards)
    showing = service(repositories, clock, boards=boards)
    first = showing.show(ALL, limit=2, cursor=None)
    second = showing.show(ALL, limit=2, cursor=first.page.next_cursor)
    assert [len(first.page.items), len(second.page.items)] == [2, 1]
    clock.advance(CACHE_SECONDS - 0.1)
    assert showing.show(ALL, limit=2, cursor=None) is first
    assert boards.list_lines.call_count == 2
    clock.advance(0.1)
    showing.show(ALL, limit=2, cursor=None)
    assert boards.list_lines.call_count == 3


def test_what_is_kept_is_bounded(repositories: Repositories, clock: FixedClock) -> None:
    boards: Any = Mock(wraps=repositories.leaderboards)
    boards.get_current.side_effect = boards.list_lines.side_effect = None
    boards.get_current.return_value = None
    boards.list_lines.return_value = repositories.leaderboards.list_lines("all")
    showing = service(repositories, clock, boards=boards)
    for year in range(1000, 1000 + CACHED_PAGES + 1):
        showing.show(parse_period(str(year)), limit=1, cursor=None)
    asked = boards.list_lines.call_count
    showing.show(parse_period("1001"), limit=1, cursor=None)
    assert boards.list_lines.call_count == asked
    showing.show(parse_period("1000"), limit=1, cursor=None)
    assert boards.list_lines.call_count == asked + 1


def test_a_board_that_nobody_counted(repositories: Repositories, clock: FixedClock) -> None:
    shown = service(repositories, clock).show(parse_period("1999-01"), limit=5, cursor=None)
    assert (shown.period, shown.published_at, shown.page.items) == ("1999-01", None, ())
