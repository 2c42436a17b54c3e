"""Leaderboards: whole generations, shown one after another."""

from __future__ import annotations

from datetime import timedelta

import pytest

from algoitny.domain.errors import InvalidCursor, InvalidInput
from algoitny.domain.ids import Ids
from algoitny.domain.leaderboard import LeaderboardLine
from algoitny.domain.repositories import Repositories
from tests.clock import FixedClock


def some_lines(count: int, mark: str = "u") -> list[LeaderboardLine]:
    return [
        LeaderboardLine(
            rank=number, user_id=f"{mark}{number}", user_identifier=f"Ada #{number}", solved=99
        )
        for number in range(1, count + 1)
    ]


def next_id(ids: Ids, clock: FixedClock) -> str:
    clock.advance(1)
    return ids.new()


def test_before_the_first_there_is_nothing(repositories: Repositories) -> None:
    boards = repositories.leaderboards
    assert boards.get_current("all") is None
    page = boards.list_lines("all")
    assert (page.items, page.next_cursor) == ((), None)


def test_a_published_board_is_shown_whole(
    repositories: Repositories, clock: FixedClock, ids: Ids
) -> None:
    boards = repositories.leaderboards
    lines = some_lines(30)
    generation = next_id(ids, clock)
    for _ in range(2):
        assert boards.publish("all", generation, lines)
    current = boards.get_current("all")
    assert current is not None
    assert (current.period, current.generation, current.line_count) == ("all", generation, 30)
    assert current.published_at == clock.now()
    first = boards.list_lines("all", limit=20)
    rest = boards.list_lines("all", limit=20, cursor=first.next_cursor)
    assert [*first.items, *rest.items] == lines
    assert rest.next_cursor is None
    assert boards.list_lines("2025-03").items == ()
    with pytest.raises(InvalidCursor):
        boards.list_lines("2025-03", cursor=first.next_cursor)


def test_who_reads_on_reads_the_board_that_they_began(
    repositories: Repositories, clock: FixedClock, ids: Ids
) -> None:
    boards = repositories.leaderboards
    old, new = some_lines(4, "old"), some_lines(2, "new")
    boards.publish("all", next_id(ids, clock), old)
    first = boards.list_lines("all", limit=2)
    boards.publish("all", next_id(ids, clock), new)
    assert list(boards.list_lines("all").items) == new
    assert list(boards.list_lines("all", limit=2, cursor=first.next_cursor).items) == old[2:]


def test_an_older_count_that_ends_later_is_not_shown(
    repositories: Repositories, clock: FixedClock, ids: Ids
) -> None:
    boards = repositories.leaderboards
    slow = next_id(ids, clock)
    quick = next_id(ids, clock)
    assert boards.publish("all", quick, some_lines(1, "quick"))
    assert not boards.publish("all", slow, some_lines(1, "slow"))
    assert list(boards.list_lines("all").items) == some_lines(1, "quick")
    assert boards.publish("all", next_id(ids, clock), [])
    assert boards.list_lines("all").items == ()


def test_what_nobody_publishes_again_ends(
    repositories: Repositories, clock: FixedClock, ids: Ids
) -> None:
    boards = repositories.leaderboards
    boards.publish("all", next_id(ids, clock), some_lines(3))
    boards.publish("2025-03", next_id(ids, clock), some_lines(3), lifetime=timedelta(days=400))
    first = boards.list_lines("all", limit=1)
    clock.advance(days=8)
    assert boards.get_current("all") is None
    assert boards.list_lines("all").items == ()
    assert boards.get_current("2025-03") is not None
    assert len(boards.list_lines("2025-03").items) == 3
    with pytest.raises(InvalidCursor):
        boards.list_lines("all", cursor=first.next_cursor)
    assert boards.publish("all", next_id(ids, clock), some_lines(1))
    assert len(boards.list_lines("all").items) == 1


def test_what_has_ended_is_shown_when_it_is_published_again(
    repositories: Repositories, clock: FixedClock, ids: Ids
) -> None:
    boards = repositories.leaderboards
    generation = next_id(ids, clock)
    boards.publish("all", generation, some_lines(1), lifetime=timedelta(seconds=10))
    clock.advance(20)
    assert boards.get_current("all") is None
    assert boards.publish("all", generation, some_lines(2))
    current = boards.get_current("all")
    assert current is not None
    assert current.line_count == 2


@pytest.mark.parametrize("generation", ["", "1", "x" * 26, "01J#"])
def test_a_generation_is_an_id(repositories: Repositories, generation: str) -> None:
    with pytest.raises(InvalidInput):
        repositories.leaderboards.publish("all", generation, some_lines(1))
