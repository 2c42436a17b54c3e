"""What the table remembers of its migrations."""

from __future__ import annotations

from dataclasses import replace

import pytest

from algoitny.domain.errors import Conflict, StaleAttempt
from algoitny.domain.migration import Direction, Migration, MigrationState
from algoitny.domain.repositories import Repositories
from tests.clock import FixedClock


def started(
    repositories: Repositories,
    number: int = 1,
    *,
    direction: Direction = Direction.UP,
    fence: int = 1,
    owner: str = "a",
) -> Migration:
    return repositories.migrations.start(
        number, name="create_table", direction=direction, owner=owner, fence=fence
    )


def test_up_and_down_again(repositories: Repositories, clock: FixedClock) -> None:
    migrations = repositories.migrations
    assert migrations.get(1) is None
    assert migrations.list_migrations() == ()
    up = started(repositories)
    assert (up.number, up.name, up.state) == (1, "create_table", MigrationState.RUNNING)
    assert not up.applied
    assert migrations.get(1) == up
    clock.advance(1)
    here = migrations.checkpoint(up, {"segments": [{"SK": "é#"}, None]}, examined=50, changed=7)
    assert (here.checkpoint, here.examined, here.changed) == (
        {"segments": [{"SK": "é#"}, None]},
        50,
        7,
    )
    done = migrations.finish(here)
    assert done == replace(here, state=MigrationState.DONE, updated_at=done.updated_at)
    assert done.applied
    assert migrations.finish(here) == done
    with pytest.raises(Conflict):
        started(repositories, fence=2)
    clock.advance(1)
    down = started(repositories, direction=Direction.DOWN, fence=2)
    assert (down.checkpoint, down.examined, down.fence) == ({}, 0, 2)
    reverted = migrations.finish(down)
    assert not reverted.applied
    assert started(repositories, fence=2).direction is Direction.UP


def test_a_second_runner_is_refused(repositories: Repositories) -> None:
    started(repositories, fence=3)
    for fence in (2, 3):
        with pytest.raises(Conflict):
            started(repositories, fence=fence, owner="b")
        with pytest.raises(Conflict):
            started(repositories, fence=fence, direction=Direction.DOWN)


def test_a_later_lease_goes_on_where_a_dead_runner_stopped(
    repositories: Repositories, clock: FixedClock
) -> None:
    migrations = repositories.migrations
    first = started(repositories)
    first = migrations.checkpoint(first, {"at": "x"}, examined=10, changed=5)
    clock.advance(60)
    second = started(repositories, fence=2, owner="b")
    assert (second.checkpoint, second.examined, second.changed) == ({"at": "x"}, 10, 5)
    assert (second.owner, second.started_at) == ("b", first.started_at)
    for late in (
        lambda: migrations.checkpoint(first, {}, examined=11, changed=5),
        lambda: migrations.finish(first),
        lambda: migrations.fail(first, reason="x"),
    ):
        with pytest.raises(StaleAttempt):
            late()
    assert migrations.get(1) == second


def test_a_failed_run_goes_on_too(repositories: Repositories, clock: FixedClock) -> None:
    migrations = repositories.migrations
    run = migrations.checkpoint(started(repositories), {"at": "x"}, examined=10, changed=5)
    failed = migrations.fail(run, reason="an item of the wrong shape" + "." * 2000)
    assert failed.state is MigrationState.FAILED
    assert failed.error.startswith("an item of the wrong shape")
    assert migrations.fail(run, reason="again") == failed
    with pytest.raises(StaleAttempt):
        migrations.finish(run)
    again = started(repositories)
    assert (again.state, again.error, again.checkpoint) == (
        MigrationState.RUNNING,
        "",
        {"at": "x"},
    )
    assert migrations.finish(again).applied


def test_a_failed_run_may_be_turned_back(repositories: Repositories, clock: FixedClock) -> None:
    migrations = repositories.migrations
    run = migrations.checkpoint(started(repositories, fence=5), {"at": "x"}, examined=1, changed=1)
    migrations.fail(run, reason="x")
    with pytest.raises(Conflict):
        started(repositories, fence=4)
    clock.advance(1)
    down = started(repositories, direction=Direction.DOWN, fence=6)
    assert (down.checkpoint, down.changed) == ({}, 0)


def test_they_are_listed_by_number(repositories: Repositories) -> None:
    runs = [started(repositories, number) for number in (10, 2, 1)]
    assert repositories.migrations.list_migrations() == (*reversed(runs),)
    repositories.leases.acquire("migrations", owner="a", seconds=5)
    assert len(repositories.migrations.list_migrations()) == 3


def test_what_never_ran_cannot_be_changed(repositories: Repositories) -> None:
    ghost = replace(started(repositories), number=9)
    with pytest.raises(StaleAttempt):
        repositories.migrations.finish(ghost)
    assert repositories.migrations.get(9) is None
