"""Runs on own input: a quota of their own, one result, nothing in history."""

from __future__ import annotations

from dataclasses import replace

import pytest

from algoitny.domain.errors import (
    InvalidInput,
    JudgeFailure,
    KeyReused,
    LanguageUnavailable,
    NotFound,
    Overloaded,
)
from algoitny.domain.run import Run
from algoitny.domain.usage import Action
from algoitny.domain.verdict import State, Verdict
from algoitny.services.run import INPUT_LIMIT_BYTES, NewRun
from algoitny.services.running import LEASE_SECONDS
from tests.services.world import World

NEW = NewRun(code="print(input())", language="python3", input="1 2\n")


def run_of(world: World, run_id: str) -> Run:
    run = world.store.runs.get_run(run_id, consistent=True)
    assert run is not None
    return run


def used(world: World, user_id: str, action: Action = Action.RUN) -> int:
    return world.store.usage.get_daily_usage_count(user_id, action)


def running(world: World, user_id: str) -> frozenset[str]:
    return world.store.stats.get_user_stats(user_id, consistent=True).running


def test_from_submission_to_result(world: World) -> None:
    caller = world.caller()
    admitted = world.runs.submit(caller, NEW)
    assert (admitted.current_count, admitted.limit) == (1, 200)
    assert world.queue.runs == [(admitted.run_id, 0)]
    world.running.execute(admitted.run_id)
    run = world.runs.status(caller, admitted.run_id)
    assert (run.state, run.attempt) == (State.DONE, 1)
    assert run.result is not None
    assert (run.result.verdict, run.result.output, run.result.exit) == (Verdict.AC, "1 2\n", 0)
    assert (run.result.time_ms, run.result.memory_kb) == (1, 1000)
    assert world.channel.kinds(run.id) == ["done"]
    assert running(world, caller.user.id) == frozenset()
    # It is no execution, nor in any history.
    assert used(world, caller.user.id) == 1
    assert used(world, caller.user.id, Action.EXECUTION) == 0
    assert world.store.histories.list_user_history(caller.user.id).items == ()
    assert world.store.stats.get_user_stats(caller.user.id, consistent=True).executions == 0


def test_a_message_that_comes_twice_runs_once(world: World) -> None:
    run_id = world.run(world.caller())
    for _ in range(2):
        world.running.execute(run_id)
    world.running.execute(world.ids.new())
    assert world.judge.judged == 1


def test_a_message_for_what_another_worker_runs_does_nothing(world: World) -> None:
    caller = world.caller()
    run_id = world.run(caller)
    world.store.histories.enter_running_set(caller.user.id, run_id, capacity=2)
    world.store.runs.claim(run_id, lease_seconds=LEASE_SECONDS)
    world.running.execute(run_id)
    assert world.judge.judged == 0
    assert running(world, caller.user.id) == {run_id}


def test_runs_and_executions_share_a_users_places(world: World) -> None:
    world.problem()
    caller = world.caller()
    first, second = world.run(caller), world.run(caller)
    history_id = world.submit(caller)
    for run_id in (first, second):
        world.store.histories.enter_running_set(caller.user.id, run_id, capacity=2)
        world.store.runs.claim(run_id, lease_seconds=LEASE_SECONDS)
    third = world.run(caller)
    world.queue.runs.clear()
    world.running.execute(third, postponed=1)
    assert world.queue.runs == [(third, 2)]
    world.queue.executions.clear()
    world.judging.execute(history_id)
    assert world.queue.executions == [(history_id, 1)]
    assert world.judge.judged == 0
    # Others are not held back by it, nor is one whose worker died.
    world.running.execute(world.run(world.caller()))
    world.clock.advance(LEASE_SECONDS + 1)
    world.running.execute(third)
    assert world.judge.judged == 2


def test_a_compile_error_has_no_output(world: World) -> None:
    world.judge.compiles = False
    run_id = world.run(world.caller(), language="c")
    world.running.execute(run_id)
    result = run_of(world, run_id).result
    assert result is not None
    assert (result.verdict, result.compile_message, result.output) == (Verdict.CE, "no", "")


@pytest.mark.parametrize(
    "error", [JudgeFailure("the runner died"), LanguageUnavailable("no c here")]
)
def test_the_judges_own_fault_is_not_charged(world: World, error: Exception) -> None:
    caller = world.caller()
    world.judge.error = error
    run_id = world.run(caller)
    world.running.execute(run_id)
    run = run_of(world, run_id)
    assert (run.state, run.reason, run.result) == (State.FAILED, str(error), None)
    assert used(world, caller.user.id) == 0
    assert running(world, caller.user.id) == frozenset()


def test_a_system_error_is_not_charged(world: World) -> None:
    caller = world.caller()
    world.judge.verdicts = [Verdict.SE]
    run_id = world.run(caller)
    world.running.execute(run_id)
    assert run_of(world, run_id).state is State.FAILED
    assert used(world, caller.user.id) == 0


def test_an_attempt_that_was_overtaken_changes_nothing(world: World) -> None:
    caller = world.caller()
    run_id = world.run(caller)

    def overtaken() -> None:
        world.clock.advance(LEASE_SECONDS + 1)
        world.store.runs.claim(run_id, lease_seconds=LEASE_SECONDS)

    world.judge.on_test = overtaken
    world.running.execute(run_id)
    run = run_of(world, run_id)
    assert (run.state, run.attempt) == (State.RUNNING, 2)
    assert world.channel.kinds(run_id) == []


@pytest.mark.parametrize(
    ("changed", "pointer"),
    [
        ({"code": " \n"}, "/code"),
        ({"code": "x" * 65_537}, "/code"),
        ({"input": "é" * (INPUT_LIMIT_BYTES // 2) + "x"}, "/input"),
        ({"language": "cobol"}, "/language"),
    ],
)
def test_what_cannot_be_run_is_not_stored(
    world: World, changed: dict[str, str], pointer: str
) -> None:
    caller = world.caller()
    with pytest.raises(InvalidInput) as refused:
        world.runs.submit(caller, replace(NEW, **changed))  # type: ignore[arg-type]
    assert refused.value.errors[0].pointer == pointer
    assert (world.queue.runs, used(world, caller.user.id)) == ([], 0)


def test_the_longest_input_is_taken(world: World) -> None:
    run_id = world.run(world.caller(), input="123456 " * (INPUT_LIMIT_BYTES // 7))
    world.running.execute(run_id)
    assert run_of(world, run_id).state is State.DONE


def test_a_repeated_request_gets_the_first_answer(world: World) -> None:
    caller = world.caller()
    first = world.runs.submit(caller, replace(NEW, idempotency_key="k", body_digest="d"))
    again = world.runs.submit(caller, replace(NEW, idempotency_key="k", body_digest="d"))
    assert again == replace(first, replayed=True)
    assert used(world, caller.user.id) == 1
    with pytest.raises(KeyReused):
        world.runs.submit(caller, replace(NEW, idempotency_key="k", body_digest="other"))


def test_a_run_is_its_owners_alone(world: World) -> None:
    run_id = world.run(world.caller())
    with pytest.raises(NotFound):
        world.runs.status(world.caller(is_admin=True), run_id)


def test_waiting_ends_with_the_run(world: World) -> None:
    caller = world.caller()
    run_id = world.run(caller)
    waited: list[float] = []

    def meanwhile(seconds: float) -> None:
        waited.append(seconds)
        world.clock.advance(seconds)
        if len(waited) == 2:
            world.running.execute(run_id)

    world.channel.on_wait = meanwhile
    assert world.runs.wait(caller, run_id, seconds=8).state is State.DONE
    assert waited == [5, 3]
    assert world.runs.wait(caller, run_id, seconds=8).state is State.DONE
    assert len(waited) == 2
    assert world.runs.wait(caller, world.run(caller), seconds=6).state is State.QUEUED


def test_waiting_clients_of_runs_and_executions_are_counted_together(world: World) -> None:
    world.problem()
    caller = world.caller()
    history_id, run_id = world.submit(caller), world.run(caller)
    stream = world.executions.stream(caller, history_id, after=None)  # the only place
    assert stream is not None
    with pytest.raises(Overloaded):
        world.runs.wait(caller, run_id, seconds=1)
    stream.close()
    world.channel.on_wait = world.clock.advance
    world.runs.wait(caller, run_id, seconds=1)


def test_what_was_never_published_is_published_again_and_again(world: World) -> None:
    caller = world.caller()
    world.queue.down = True
    run_id = world.run(caller)
    world.queue.down = False
    assert world.sweeping.sweep().looked_at == 0  # too young: its message may be on its way
    published = []
    for _ in range(8):
        world.clock.advance(30)
        world.clock.advance(0.001)
        published.append(world.sweeping.sweep().requeued)
    assert published == [1, 1, 0, 1, 0, 0, 0, 1]
    assert set(world.queue.runs) == {(run_id, 0)}
    world.running.execute(run_id)
    assert run_of(world, run_id).state is State.DONE


def test_messages_that_wait_for_a_busy_worker_are_left_alone(world: World) -> None:
    world.problem()
    caller = world.caller()
    world.run(caller)
    world.submit(caller)
    world.clock.advance(31)
    world.queue.waiting = 1
    assert world.sweeping.sweep().requeued == 2
    world.queue.waiting = 2
    assert world.sweeping.sweep().requeued == 0


def test_a_run_that_kills_its_workers_is_given_up(world: World) -> None:
    caller = world.caller()
    run_id = world.run(caller)
    for tried in range(1, 4):
        world.store.histories.enter_running_set(caller.user.id, run_id, capacity=2)
        assert world.store.runs.claim(run_id, lease_seconds=LEASE_SECONDS).attempt == tried
        world.clock.advance(LEASE_SECONDS - 1)
        assert world.sweeping.sweep().requeued == 0
        world.clock.advance(2)
        report = world.sweeping.sweep()
        assert (report.requeued, report.failed) == ((1, 0) if tried < 3 else (0, 1))
    assert run_of(world, run_id).state is State.FAILED
    assert used(world, caller.user.id) == 0


def test_a_run_that_nobody_comes_to_is_given_up_before_it_expires(world: World) -> None:
    caller = world.caller()
    run_id = world.run(caller)
    world.clock.advance(50 * 60 + 1)
    world.queue.waiting = 1
    assert world.sweeping.sweep().failed == 1
    assert run_of(world, run_id).state is State.FAILED
    assert used(world, caller.user.id) == 0
