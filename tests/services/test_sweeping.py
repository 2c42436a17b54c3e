"""The sweeper: it publishes again what nobody works on, and nothing else."""

from __future__ import annotations

from algoitny.domain.hint import HintState
from algoitny.domain.history_results import TestProgress
from algoitny.domain.usage import Action
from algoitny.domain.verdict import State, Verdict
from tests.services.world import LEASE_SECONDS, World


def test_what_was_never_published_is_published(world: World) -> None:
    world.problem()
    world.queue.down = True
    history_id = world.submit(world.caller())
    world.queue.down = False
    assert world.sweeping.sweep().looked_at == 0  # too young: its message may be on its way
    world.clock.advance(31)
    assert world.sweeping.sweep().requeued == 1
    assert world.queue.executions == [(history_id, 0)]


def test_pauses_grow(world: World) -> None:
    world.problem()
    world.submit(world.caller())
    published = []
    for _ in range(16):
        world.clock.advance(30.5)
        published.append(world.sweeping.sweep().requeued)
    assert published == [1, 1, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1]


def test_messages_that_wait_for_a_busy_worker_are_left_alone(world: World) -> None:
    world.problem()
    world.submit(world.caller())
    world.clock.advance(31)
    world.queue.waiting = 1
    assert world.sweeping.sweep().requeued == 0
    world.queue.waiting = None  # a broker that cannot count
    assert world.sweeping.sweep().requeued == 1


def test_a_running_one_is_left_alone_until_its_lease_ends(world: World) -> None:
    world.problem()
    caller = world.caller()
    history_id = world.submit(caller)
    world.store.histories.enter_running_set(caller.user.id, history_id, capacity=2)
    world.clock.advance(31)
    claimed = world.store.histories.claim(history_id, lease_seconds=LEASE_SECONDS)
    world.clock.advance(20)
    world.store.histories.renew_lease(claimed, lease_seconds=LEASE_SECONDS)
    world.clock.advance(20)
    world.queue.executions.clear()
    assert world.sweeping.sweep().requeued == 0
    world.clock.advance(11)
    assert world.sweeping.sweep().requeued == 1
    world.judging.execute(history_id)
    history = world.store.histories.get_history(history_id, consistent=True)
    assert history is not None
    assert (history.state, history.attempt) == (State.DONE, 2)


def test_a_broker_that_is_down_ends_the_pass_quietly(world: World) -> None:
    world.problem()
    history_id = world.submit(world.caller())
    world.clock.advance(31)
    world.queue.down = True
    assert world.sweeping.sweep().requeued == 0
    world.queue.down = False
    world.clock.advance(61)
    world.queue.executions.clear()
    world.sweeping.sweep()
    assert world.queue.executions == [(history_id, 0)]


def test_a_hint_that_nobody_writes_is_published_again_then_given_back(world: World) -> None:
    world.problem()
    caller = world.caller()
    history_id = world.submit(caller)
    world.judge.verdicts = [Verdict.WA]
    world.judging.execute(history_id)
    hint = world.hints.request(caller, history_id, None).hint
    world.queue.hints.clear()
    for _ in range(3):
        world.clock.advance(200)
        assert world.sweeping.sweep().requeued == 1
        current = world.store.hints.get_hint(history_id, 1, hint.prompt_version)
        assert current is not None
        world.store.hints.renew_hint(current, lease_seconds=60)  # … and the worker dies
    assert world.queue.hints == [(history_id, 1, 1)] * 3
    world.clock.advance(200)
    assert world.sweeping.sweep().failed == 1
    current = world.store.hints.get_hint(history_id, 1, hint.prompt_version)
    assert current is not None
    assert current.state is HintState.FAILED
    assert world.store.usage.get_daily_usage_count(caller.user.id, Action.HINT) == 0


def test_what_a_late_worker_stored_beside_a_deleted_execution_is_removed(world: World) -> None:
    world.problem()
    history_id = world.submit(world.caller())
    histories = world.store.histories
    history = histories.claim(history_id, lease_seconds=LEASE_SECONDS)
    histories.delete_history(history_id)
    test = TestProgress(index=0, verdict=Verdict.AC, time_ms=1, memory_kb=1)
    world.clock.advance(3599)
    histories.put_progress(history, (test,))
    world.sweeping.sweep()
    assert histories.get_progress(history) == (test,)
    world.clock.advance(1)
    world.sweeping.sweep()
    assert histories.get_progress(history) == ()
    assert histories.list_deleted() == []
