"""Many processes at once: what is counted, capped or switched stays exact."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from algoitny.domain.clock import SystemClock
from algoitny.domain.ids import UlidIds
from algoitny.domain.leaderboard import LeaderboardLine
from algoitny.domain.migration import Direction
from algoitny.domain.outbox import Delivery
from algoitny.domain.repositories import Repositories
from algoitny.domain.run import Run
from algoitny.domain.spend import Charge
from algoitny.domain.usage import Action
from tests.builders import a_delivery, a_run
from tests.processes import at_once

pytestmark = [pytest.mark.service, pytest.mark.usefixtures("within_a_day")]

CLOCK: Any = SystemClock()


def charge(repositories: Repositories, number: int, call_id: str | None) -> str:
    made = repositories.spend.charge(call_id or f"c{number}", micro_dollars=10, cap=55)
    return "refused" if made is None else "charged"


def test_a_cap_is_not_passed(stored: Repositories, store_endpoint: str, store_table: str) -> None:
    outcomes = at_once(store_endpoint, store_table, charge, None, processes=4, threads=4)
    assert Counter(outcomes) == {"charged": 5, "refused": 11}
    day = stored.spend.get_day()
    assert (day.micro_dollars, day.calls) == (50, 5)


def test_one_call_counts_once(stored: Repositories, store_endpoint: str, store_table: str) -> None:
    outcomes = at_once(store_endpoint, store_table, charge, "same", processes=4, threads=2)
    assert outcomes == ["charged"] * 8
    assert stored.spend.get_day().calls == 1


def settle(repositories: Repositories, number: int, charge: Charge) -> None:
    repositories.spend.settle(charge, micro_dollars=3, input_tokens=1, output_tokens=2)


def test_one_call_is_settled_once(
    stored: Repositories, store_endpoint: str, store_table: str
) -> None:
    charge = stored.spend.charge("c", micro_dollars=10, cap=55)
    at_once(store_endpoint, store_table, settle, charge, processes=4, threads=2)
    day = stored.spend.get_day()
    assert (day.micro_dollars, day.input_tokens, day.output_tokens) == (3, 1, 2)


def publish(repositories: Repositories, number: int, generations: list[str]) -> bool:
    lines = [
        LeaderboardLine(rank=rank, user_id=f"by {number}", user_identifier="x", solved=1)
        for rank in range(1, 31)
    ]
    return repositories.leaderboards.publish("all", generations[number], lines)


def test_the_latest_count_stays_and_is_whole(
    stored: Repositories, store_endpoint: str, store_table: str
) -> None:
    ids = UlidIds(CLOCK)
    generations = [ids.new() for _ in range(8)]
    outcomes = at_once(store_endpoint, store_table, publish, generations, processes=4, threads=2)
    assert True in outcomes
    current = stored.leaderboards.get_current("all")
    assert current is not None
    assert current.generation == max(generations)
    winner = generations.index(max(generations))
    lines = stored.leaderboards.list_lines("all", limit=100).items
    assert {line.user_id for line in lines} == {f"by {winner}"}
    assert len(lines) == 30


def migrate(repositories: Repositories, number: int) -> str:
    run = repositories.migrations.start(
        1, name="x", direction=Direction.UP, owner=str(number), fence=1
    )
    return run.state.value


def test_a_migration_has_one_runner(
    stored: Repositories, store_endpoint: str, store_table: str
) -> None:
    outcomes = at_once(store_endpoint, store_table, migrate, processes=4, threads=4)
    assert Counter(outcomes) == {"RUNNING": 1, "Conflict": 15}


def run(repositories: Repositories, number: int) -> str:
    repositories.runs.create_run(a_run(CLOCK), limit=5)
    return "admitted"


def test_the_quota_of_runs_holds(
    stored: Repositories, store_endpoint: str, store_table: str
) -> None:
    outcomes = at_once(store_endpoint, store_table, run, processes=4, threads=5)
    assert Counter(outcomes) == {"admitted": 5, "QuotaExceeded": 15}
    assert stored.usage.get_daily_usage_count("ann", Action.RUN) == 5
    assert len(stored.runs.list_open(created_before=CLOCK.now())) == 5


def fail(repositories: Repositories, number: int, run: Run) -> str:
    return repositories.runs.fail(run, reason="x").state.value


def test_a_unit_goes_back_once(stored: Repositories, store_endpoint: str, store_table: str) -> None:
    for _ in range(3):
        made = stored.runs.create_run(a_run(CLOCK), limit=5)
    outcomes = at_once(store_endpoint, store_table, fail, made, processes=4, threads=2)
    assert outcomes == ["FAILED"] * 8
    assert stored.usage.get_daily_usage_count("ann", Action.RUN) == 2


def deliver(repositories: Repositories, number: int, delivery: Delivery) -> int:
    return repositories.outbox.claim(delivery, lease_seconds=60).attempt


def test_a_delivery_is_tried_by_one(
    stored: Repositories, store_endpoint: str, store_table: str
) -> None:
    delivery = a_delivery(CLOCK)
    stored.outbox.put(delivery)
    outcomes = at_once(store_endpoint, store_table, deliver, delivery, processes=4, threads=4)
    assert Counter(outcomes) == {1: 1, "StaleAttempt": 15}
