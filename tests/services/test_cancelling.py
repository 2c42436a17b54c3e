"""Cancelling an execution, in whatever moment of its life."""

from __future__ import annotations

from itertools import chain

import pytest

from algoitny.domain.access import Caller
from algoitny.domain.errors import Conflict, Forbidden, NotFound
from algoitny.domain.usage import Action
from algoitny.domain.verdict import State
from tests.services.world import World


@pytest.fixture
def caller(world: World) -> Caller:
    world.problem()
    return world.caller()


def charged(world: World, caller: Caller) -> int:
    return world.store.usage.get_daily_usage_count(caller.user.id, Action.EXECUTION)


def state(world: World, history_id: str) -> State:
    history = world.store.histories.get_history(history_id, consistent=True)
    assert history is not None
    return history.state


def test_one_that_waits_gives_its_unit_back(world: World, caller: Caller) -> None:
    history_id = world.submit(caller)
    assert charged(world, caller) == 1
    assert world.executions.cancel(caller, history_id).history.state is State.CANCELLED
    assert charged(world, caller) == 0
    # The message is still in the queue.
    world.judging.execute(history_id)
    assert world.judge.judged == 0
    assert state(world, history_id) is State.CANCELLED


def test_one_that_runs_is_stopped_and_charged(world: World, caller: Caller) -> None:
    history_id = world.submit(caller)
    tests: list[int] = []

    def cancel_in_the_second() -> None:
        tests.append(1)
        if len(tests) == 2:
            world.executions.cancel(caller, history_id)

    world.judge.on_test = cancel_in_the_second
    world.judging.execute(history_id)
    assert len(tests) == 2
    assert state(world, history_id) is State.CANCELLED
    assert charged(world, caller) == 1
    stats = world.store.stats.get_user_stats(caller.user.id, consistent=True)
    assert (stats.executions, stats.running) == (0, frozenset())


def test_a_worker_that_hears_nothing_changes_nothing_any_more(world: World, caller: Caller) -> None:
    history_id = world.submit(caller)

    def cancel() -> None:
        world.judge.on_test = lambda: None
        world.executions.cancel(caller, history_id)
        world.channel.cancelled.clear()

    world.judge.on_test = cancel
    world.judging.execute(history_id)
    assert state(world, history_id) is State.CANCELLED
    assert world.store.stats.get_user_stats(caller.user.id, consistent=True).executions == 0


def test_whoever_listens_is_told(world: World, caller: Caller) -> None:
    history_id = world.submit(caller)
    stream = world.executions.stream(caller, history_id, after=None)
    assert stream is not None
    world.channel.on_wait = lambda _: world.executions.cancel(caller, history_id) and None
    events = [*chain.from_iterable(stream.events())]
    assert [event.kind for event in events] == ["state", "done"]
    assert events[-1].data["state"] is State.CANCELLED


def test_once_more_is_success(world: World, caller: Caller) -> None:
    history_id = world.submit(caller)
    for _ in range(2):
        assert world.executions.cancel(caller, history_id).history.state is State.CANCELLED
    assert charged(world, caller) == 0


def test_what_has_ended_stays(world: World, caller: Caller) -> None:
    history_id = world.submit(caller)
    world.judging.execute(history_id)
    with pytest.raises(Conflict):
        world.executions.cancel(caller, history_id)
    assert state(world, history_id) is State.DONE


def test_it_is_its_owners_affair(world: World, caller: Caller) -> None:
    history_id = world.submit(caller, is_code_public=True)
    with pytest.raises(NotFound):
        world.executions.cancel(world.caller(), history_id)
    world.judging.execute(history_id)
    with pytest.raises(Forbidden):
        world.executions.cancel(world.caller(), history_id)
    waiting = world.submit(caller)
    administrator = world.caller(is_admin=True)
    assert world.executions.cancel(administrator, waiting).history.state is State.CANCELLED
