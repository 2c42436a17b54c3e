"""Migrations' states on a store that loses answers."""

from __future__ import annotations

from typing import Any

import pytest

from algoitny.domain.errors import Conflict, StoreUnavailable
from algoitny.domain.migration import Direction, Migration, MigrationState
from algoitny.domain.repositories import Repositories
from tests.faults import LOST, Fault, Faults, answer_lost, broken


def started(repositories: Repositories, fence: int = 1) -> Migration:
    return repositories.migrations.start(
        1, name="x", direction=Direction.UP, owner="a", fence=fence
    )


@pytest.mark.parametrize("fault", LOST)
def test_a_lost_answer_changes_nothing(
    repositories: Repositories, faults: Faults, fault: Fault
) -> None:
    migrations = repositories.migrations
    faults.add("PutItem", fault)
    run = started(repositories)
    assert migrations.get(1) == run
    faults.add("UpdateItem", fault)
    assert migrations.finish(run).state is MigrationState.DONE


def test_a_checkpoint_may_be_sent_again(repositories: Repositories, faults: Faults) -> None:
    migrations = repositories.migrations
    run = started(repositories)
    faults.add("UpdateItem", answer_lost, broken)
    for _ in range(2):
        with pytest.raises(StoreUnavailable):
            migrations.checkpoint(run, {"n": 1}, examined=5, changed=5)
    stored = migrations.checkpoint(run, {"n": 1}, examined=5, changed=5)
    assert (stored.examined, stored.changed) == (5, 5)


def test_a_runner_that_came_between_wins(repositories: Repositories, faults: Faults) -> None:
    def other_first(call: Any) -> Any:
        started(repositories, fence=2)
        return call()

    faults.add("PutItem", other_first)
    with pytest.raises(Conflict):
        started(repositories, fence=1)
    stored = repositories.migrations.get(1)
    assert stored is not None
    assert stored.fence == 2
