"""Hints: the early exits, one at a time, charged once for each one that comes."""

from __future__ import annotations

import pytest

from algoitny.domain.access import Caller
from algoitny.domain.errors import (
    Conflict,
    InvalidInput,
    NotFinished,
    NotFound,
    NothingFailed,
    QuotaExceeded,
    Unavailable,
)
from algoitny.domain.hint import HintState
from algoitny.domain.plan import Plan
from algoitny.domain.usage import Action
from algoitny.domain.verdict import Verdict
from tests.services.world import World

ONE_HINT = Plan(
    name="One",
    max_hints_per_day=1,
    max_executions_per_day=10,
    max_problems=0,
    can_view_all_problems=False,
    can_register_problems=False,
)


def failed_run(world: World, caller: Caller, *, public: bool = False) -> str:
    if world.store.problems.resolve_id(1) is None:
        world.problem()
    history_id = world.submit(caller, is_code_public=public)
    world.judge.verdicts = [Verdict.AC, Verdict.WA]
    world.judging.execute(history_id)
    return history_id


def charged(world: World, caller: Caller) -> int:
    return world.store.usage.get_daily_usage_count(caller.user.id, Action.HINT)


def test_asked_written_read(world: World) -> None:
    caller = world.caller()
    history_id = failed_run(world, caller)
    answer = world.hints.request(caller, history_id, None)
    assert (answer.hint.state, answer.is_new) == (HintState.PENDING, True)
    assert (answer.current_count, answer.limit) == (1, 5)
    assert world.queue.hints == [(history_id, 1, 1)]
    world.hints.generate(history_id, 1, 1)
    (hint,) = world.hints.list(caller, history_id)
    assert (hint.state, hint.text, hint.level) == (HintState.READY, "hint of level 1", 1)
    assert charged(world, caller) == 1


def test_the_provider_sees_samples_and_no_other_test_data(world: World) -> None:
    caller = world.caller()
    history_id = failed_run(world, caller)
    world.hints.request(caller, history_id, None)
    world.hints.generate(history_id, 1, 1)
    (request,) = world.provider.requests
    assert [test.is_sample for test in request.samples] == [True]
    assert [result.verdict for result in request.results] == [Verdict.AC, Verdict.WA, Verdict.AC]
    assert request.code == "print(2)"


def test_a_stored_hint_is_answered_and_not_paid_again(world: World) -> None:
    caller = world.caller(ONE_HINT)
    history_id = failed_run(world, caller)
    world.hints.request(caller, history_id, 1)
    pending = world.hints.request(caller, history_id, None)
    assert (pending.hint.level, pending.is_new) == (1, False)
    world.hints.generate(history_id, 1, 1)
    stored = world.hints.request(caller, history_id, 1)
    assert (stored.hint.state, stored.is_new) == (HintState.READY, False)
    assert charged(world, caller) == 1
    with pytest.raises(QuotaExceeded):
        world.hints.request(caller, history_id, None)
    assert charged(world, caller) == 1
    assert len(world.hints.list(caller, history_id)) == 1


def test_levels_come_one_at_a_time(world: World) -> None:
    caller = world.caller()
    history_id = failed_run(world, caller)
    with pytest.raises(Conflict):
        world.hints.request(caller, history_id, 2)
    for level in (1, 2, 3, 4):
        assert world.hints.request(caller, history_id, None).hint.level == level
        world.hints.generate(history_id, level, 1)
    last = world.hints.request(caller, history_id, None)
    assert (last.hint.level, last.is_new) == (4, False)
    with pytest.raises(InvalidInput):
        world.hints.request(caller, history_id, 5)
    assert charged(world, caller) == 4


def test_nothing_failed_nothing_to_explain(world: World) -> None:
    world.problem()
    caller = world.caller()
    history_id = world.submit(caller)
    with pytest.raises(NotFinished):
        world.hints.request(caller, history_id, None)
    world.judging.execute(history_id)
    with pytest.raises(NothingFailed):
        world.hints.request(caller, history_id, None)
    assert charged(world, caller) == 0


def test_a_compile_error_can_be_explained(world: World) -> None:
    world.problem()
    caller = world.caller()
    history_id = world.submit(caller)
    world.judge.compiles = False
    world.judging.execute(history_id)
    world.hints.request(caller, history_id, None)
    world.hints.generate(history_id, 1, 1)
    assert world.provider.requests[0].compile_message == "no"


def test_hints_are_the_authors(world: World) -> None:
    author, other = world.caller(), world.caller()
    private, public = failed_run(world, author), failed_run(world, author, public=True)
    with pytest.raises(NotFound):
        world.hints.request(other, private, None)
    with pytest.raises(Exception, match="wrote the code"):
        world.hints.request(other, public, None)
    assert charged(world, other) == 0


def test_a_message_that_comes_twice_writes_once(world: World) -> None:
    caller = world.caller()
    history_id = failed_run(world, caller)
    world.hints.request(caller, history_id, None)
    world.hints.generate(history_id, 1, 1)
    world.hints.generate(history_id, 1, 1)
    assert len(world.provider.requests) == 1


def test_a_hint_that_fails_gives_its_unit_back_and_can_be_asked_again(world: World) -> None:
    caller = world.caller(ONE_HINT)
    history_id = failed_run(world, caller)
    world.hints.request(caller, history_id, None)
    world.provider.error = Unavailable("no model")
    world.hints.generate(history_id, 1, 1)
    assert charged(world, caller) == 0
    assert world.hints.list(caller, history_id) == ()
    world.provider.error = None
    assert world.hints.request(caller, history_id, None).is_new
    world.hints.generate(history_id, 1, 1)
    assert charged(world, caller) == 1
    assert world.hints.list(caller, history_id)[0].state is HintState.READY


def test_a_broker_that_is_down_leaves_it_pending(world: World) -> None:
    caller = world.caller()
    history_id = failed_run(world, caller)
    world.queue.down = True
    assert world.hints.request(caller, history_id, None).hint.state is HintState.PENDING
