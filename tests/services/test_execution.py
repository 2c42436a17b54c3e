"""Submitting: what is admitted, what is refused, and that a refusal stores and charges nothing."""

from __future__ import annotations

import pytest

from algoitny.domain.access import Caller
from algoitny.domain.errors import (
    AlgoItnyError,
    InvalidInput,
    KeyReused,
    LanguageUnavailable,
    NoTests,
    NotFound,
    Overloaded,
    QuotaExceeded,
)
from algoitny.domain.plan import STANDARD_PLANS, UNLIMITED, Plan
from algoitny.domain.problem import ProblemKey
from algoitny.domain.usage import Action
from algoitny.domain.verdict import State
from tests.services.world import KEY, World

TWO = Plan(
    name="Two",
    max_hints_per_day=1,
    max_executions_per_day=2,
    max_problems=0,
    can_view_all_problems=False,
    can_register_problems=False,
)


def charged(world: World, caller: Caller) -> int:
    return world.store.usage.get_daily_usage_count(caller.user.id, Action.EXECUTION)


def test_admitted_is_stored_charged_and_published(world: World) -> None:
    problem = world.problem()
    caller = world.caller()
    history_id = world.submit(caller, language="python", is_code_public=True)
    history = world.store.histories.get_history(history_id, consistent=True)
    assert history is not None
    assert history.state is State.QUEUED
    assert (history.language, history.problem_title) == ("python3", problem.title)
    assert history.tests_version == problem.tests_version
    assert history.is_code_public
    assert world.store.histories.get_source(history_id) == "print(2)"
    assert charged(world, caller) == 1
    assert world.queue.executions == [(history_id, 0)]


def test_the_integer_names_the_same_problem(world: World) -> None:
    problem = world.problem()
    history_id = world.submit(world.caller(), problem=problem.id)
    history = world.store.histories.get_history(history_id, consistent=True)
    assert history is not None
    assert history.problem == KEY


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"code": "   \n"}, InvalidInput),
        ({"code": "x" * (64 * 1024 + 1)}, InvalidInput),
        ({"code": "a\0b"}, InvalidInput),
        ({"language": "cobol"}, InvalidInput),
        ({"problem": ProblemKey(platform="sample", number="2")}, NotFound),
        ({"problem": 999_999}, NotFound),
    ],
)
def test_what_cannot_be_accepted(
    world: World, changes: dict[str, object], error: type[AlgoItnyError]
) -> None:
    world.problem()
    caller = world.caller()
    with pytest.raises(error):
        world.submit(caller, **changes)
    assert charged(world, caller) == 0
    assert world.queue.executions == []
    assert world.store.histories.list_user_history(caller.user.id).items == ()


def test_a_problem_without_tests_is_a_conflict(world: World) -> None:
    world.problem(tests=0)
    caller = world.caller()
    with pytest.raises(NoTests):
        world.submit(caller)
    assert charged(world, caller) == 0


def test_a_draft_is_there_for_those_who_may_see_it(world: World) -> None:
    world.problem(completed=False)
    with pytest.raises(NotFound):
        world.submit(world.caller())
    assert world.submit(world.caller(is_admin=True))


def test_a_language_that_no_live_worker_has(world: World) -> None:
    world.problem()
    world.store.languages.announce("judge-1", {"python3": "3.11"})
    caller = world.caller()
    with pytest.raises(LanguageUnavailable):
        world.submit(caller, language="c")
    assert charged(world, caller) == 0
    assert world.submit(caller)


def test_the_limit_is_exact_and_says_when_it_resets(world: World) -> None:
    world.problem()
    caller = world.caller(TWO)
    world.submit(caller)
    world.submit(caller)
    with pytest.raises(QuotaExceeded) as refusal:
        world.submit(caller)
    assert (refusal.value.count, refusal.value.limit) == (2, 2)
    assert refusal.value.reset_time > world.clock.now()
    assert charged(world, caller) == 2
    assert len(world.queue.executions) == 2


def test_unlimited_is_counted_all_the_same(world: World) -> None:
    world.problem()
    plan = next(plan for plan in STANDARD_PLANS if plan.max_executions_per_day == UNLIMITED)
    caller = world.caller(plan)
    for _ in range(3):
        world.submit(caller)
    assert charged(world, caller) == 3


def test_a_broker_that_is_down_does_not_matter(world: World) -> None:
    world.problem()
    world.queue.down = True
    caller = world.caller()
    history_id = world.submit(caller)
    history = world.store.histories.get_history(history_id, consistent=True)
    assert history is not None
    assert history.state is State.QUEUED
    assert charged(world, caller) == 1


def test_the_same_key_and_body_is_the_same_execution(world: World) -> None:
    world.problem()
    caller = world.caller(TWO)
    first = world.submit(caller, idempotency_key="k", body_digest="d")
    world.submit(caller)
    # Over the limit by now: a repeat is answered all the same.
    assert world.submit(caller, idempotency_key="k", body_digest="d") == first
    assert charged(world, caller) == 2
    assert len(world.queue.executions) == 2


def test_the_same_key_with_another_body_is_refused(world: World) -> None:
    world.problem()
    caller = world.caller()
    world.submit(caller, idempotency_key="k", body_digest="d")
    with pytest.raises(KeyReused):
        world.submit(caller, idempotency_key="k", body_digest="e")
    assert charged(world, caller) == 1
    # Keys belong to their user.
    assert world.submit(world.caller(), idempotency_key="k", body_digest="e")


def test_waiting_ends_when_the_execution_does(world: World) -> None:
    world.problem()
    caller = world.caller()
    history_id = world.submit(caller)
    world.channel.on_wait = lambda _: world.judging.execute(history_id)
    status = world.executions.wait(caller, history_id, seconds=20)
    assert status.history.state is State.DONE
    assert status.tests_done == 3


def test_only_so_many_wait_at_once(world: World) -> None:
    world.problem()
    caller = world.caller()
    history_id = world.submit(caller)
    refused = []

    def another(_: float) -> None:
        world.channel.on_wait = lambda _: world.judging.execute(history_id)
        with pytest.raises(Overloaded):
            world.executions.wait(caller, history_id, seconds=20)
        refused.append(True)

    world.channel.on_wait = another
    assert world.executions.wait(caller, history_id, seconds=20).history.state is State.DONE
    assert refused == [True]


def test_others_do_not_see_it(world: World) -> None:
    world.problem()
    history_id = world.submit(world.caller())
    for caller in (None, world.caller()):
        with pytest.raises(NotFound):
            world.executions.status(caller, history_id)
    with pytest.raises(NotFound):
        world.executions.status(world.caller(), "not an id")
    assert world.executions.status(world.caller(is_admin=True), history_id)
