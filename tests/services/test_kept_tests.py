"""Executions with the problem's tests on the judge's disk."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from algoitny.domain.ids import Ids
from algoitny.domain.problem import TestCase
from algoitny.domain.repositories import Repositories
from algoitny.domain.verdict import State
from algoitny.judge import KeptFiles, TestFiles
from algoitny.models import TableItem
from algoitny.models.kit.accounting import Accountant
from algoitny.models.kit.binding import connection_of
from tests.clock import FixedClock
from tests.services.world import KEY, World

MOST_READ_UNITS = 4


@pytest.fixture
def counted() -> list[str]:
    return []


@pytest.fixture
def world(
    repositories: Repositories,
    clock: FixedClock,
    ids: Ids,
    tmp_path: Path,
    counted: list[str],
) -> World:
    files = TestFiles(
        KeptFiles(tmp_path / "tests", 1_000_000),
        repositories.problems.get_testcases,
        count=counted.append,
    )
    return World(store=repositories, clock=clock, ids=ids, tests=files.of)


def outputs(world: World, history_id: str) -> list[str]:
    """The double prints its input."""
    history = world.store.histories.get_history(history_id, consistent=True)
    assert history is not None
    assert history.state is State.DONE
    return [test.output for test in world.store.histories.get_results(history).tests]


def test_tests_that_were_replaced_are_used_at_once(world: World, counted: list[str]) -> None:
    world.problem(tests=2)
    caller = world.caller()
    for _ in range(2):
        history_id = world.submit(caller)
        world.judging.execute(history_id)
        assert outputs(world, history_id) == ["1\n", "2\n"]
    assert counted == ["miss", "hit"]
    world.store.problems.replace_testcases(
        KEY, [TestCase(number=1, input=b"new", output=b"", is_sample=True)]
    )
    for _ in range(2):
        history_id = world.submit(caller)
        world.judging.execute(history_id)
        assert outputs(world, history_id) == ["new"]
    assert counted == ["miss", "hit", "miss", "hit"]


def test_what_an_execution_reads_with_its_tests_at_hand(world: World) -> None:
    world.problem(tests=20)
    caller = world.caller()
    world.judging.execute(world.submit(caller))
    client: Any = connection_of(TableItem).connection.client
    with Accountant(client) as accountant:
        world.judging.execute(world.submit(caller))
    assert accountant.read_units <= MOST_READ_UNITS
