"""Leaderboards on a store that loses answers; what is sent."""

from __future__ import annotations

from typing import Any

import pytest

from algoitny.domain.errors import StoreUnavailable
from algoitny.domain.ids import Ids
from algoitny.domain.leaderboard import LeaderboardLine
from algoitny.domain.repositories import Repositories
from tests.clock import FixedClock
from tests.faults import Fault, Faults, answer_lost, answer_lost_and_repeated, throttled

LINES = [
    LeaderboardLine(rank=number, user_id=f"u{number}", user_identifier="Ada", solved=5)
    for number in range(1, 31)
]


@pytest.mark.parametrize("fault", [answer_lost, answer_lost_and_repeated])
def test_a_switch_survives_a_lost_answer(
    repositories: Repositories, ids: Ids, faults: Faults, fault: Fault
) -> None:
    faults.add("UpdateItem", fault)
    assert repositories.leaderboards.publish("all", ids.new(), LINES)
    assert len(repositories.leaderboards.list_lines("all", limit=100).items) == 30


def test_a_generation_that_was_not_written_whole_is_not_shown(
    repositories: Repositories, clock: FixedClock, ids: Ids, faults: Faults
) -> None:
    boards = repositories.leaderboards
    boards.publish("all", ids.new(), LINES[:1])
    clock.advance(1)
    generation = ids.new()
    faults.add("BatchWriteItem", lambda call: call(), throttled)
    with pytest.raises(StoreUnavailable):
        boards.publish("all", generation, LINES)
    assert list(boards.list_lines("all").items) == LINES[:1]
    assert boards.publish("all", generation, LINES)
    assert list(boards.list_lines("all", limit=100).items) == LINES


def test_lines_that_the_store_left_over_are_sent_again(
    repositories: Repositories, ids: Ids, faults: Faults
) -> None:
    def leaves_all(_: Any) -> Any:
        return {"UnprocessedItems": faults.sent("BatchWriteItem")[-1]["RequestItems"]}

    faults.add("BatchWriteItem", leaves_all)
    assert repositories.leaderboards.publish("all", ids.new(), LINES)
    assert list(repositories.leaderboards.list_lines("all", limit=100).items) == LINES


def test_a_page_is_a_get_and_a_query_and_a_later_one_only_a_query(
    repositories: Repositories, ids: Ids, faults: Faults
) -> None:
    repositories.leaderboards.publish("all", ids.new(), LINES)
    faults.requests.clear()
    page = repositories.leaderboards.list_lines("all", limit=10)
    repositories.leaderboards.list_lines("all", limit=10, cursor=page.next_cursor)
    assert [name for name, _ in faults.requests] == ["GetItem", "Query", "Query"]
