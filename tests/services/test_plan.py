"""Plans: what is kept for some seconds, and what is never out of date."""

from __future__ import annotations

from dataclasses import replace

import pytest

from algoitny.domain.errors import StaleVersion
from algoitny.domain.plan import STANDARD_PLANS, Plan
from algoitny.services.account import AccountService
from algoitny.services.plan import CACHE_SECONDS, PlanService
from tests.services.world import World

FREE = STANDARD_PLANS[0]


@pytest.fixture
def plans(world: World) -> PlanService:
    return world.plans


def elsewhere(world: World, **changes: object) -> Plan:
    """Another process changes the free plan."""
    return world.store.plans.update_plan(replace(FREE, **changes))  # type: ignore[arg-type]


def hints(plans: PlanService) -> int:
    plan = plans.get_plan(FREE.name)
    assert plan is not None
    return plan.max_hints_per_day


def test_a_change_made_elsewhere_is_seen_within_five_seconds(
    world: World, plans: PlanService
) -> None:
    assert CACHE_SECONDS < 5
    assert hints(plans) == 5
    elsewhere(world, max_hints_per_day=7)
    assert hints(plans) == 5
    world.clock.advance(CACHE_SECONDS)
    assert hints(plans) == 7


def test_a_plan_made_elsewhere_is_there_at_once(world: World, plans: PlanService) -> None:
    assert plans.get_plan("New") is None
    world.store.plans.create_plan(replace(FREE, name="New"))
    assert plans.get_plan("New") is not None


def test_a_change_of_our_own_is_seen_at_once(plans: PlanService) -> None:
    assert hints(plans) == 5
    plans.update(FREE.name, {"max_hints_per_day": 9}, actor="x", expected_version=None)
    assert hints(plans) == 9


def test_a_reading_that_a_change_overtook_does_not_undo_it(
    world: World, plans: PlanService, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = world.store.plans.list_plans(active_only=False)
    plans.update(FREE.name, {"max_hints_per_day": 9}, actor="x", expected_version=None)
    monkeypatch.setattr(world.store.plans, "list_plans", lambda **_: old)
    world.clock.advance(CACHE_SECONDS)
    assert hints(plans) == 9


def test_a_change_keeps_what_others_changed(world: World, plans: PlanService) -> None:
    hints(plans)
    version = elsewhere(world, max_problems=3).version
    after = plans.update(FREE.name, {"max_hints_per_day": 9}, actor="x", expected_version=version)
    assert (after.max_problems, after.max_hints_per_day) == (3, 9)
    with pytest.raises(StaleVersion):
        plans.update(FREE.name, {"max_hints_per_day": 1}, actor="x", expected_version=version)


def test_one_query_serves_many_requests(
    world: World, plans: PlanService, monkeypatch: pytest.MonkeyPatch
) -> None:
    hints(plans)
    monkeypatch.delattr(type(world.store.plans), "list_plans")
    monkeypatch.delattr(type(world.store.plans), "get_plan")
    assert hints(plans) == 5
    assert [plan.name for plan in plans.list_offered()] == ["Free", "Pro", "Unlimited"]


def test_choosing_the_plan_one_has_undoes_nothing(world: World) -> None:
    accounts = AccountService(
        users=world.store.users, plans=world.plans, sessions=world.store.sessions
    )
    caller = world.caller(next(plan for plan in STANDARD_PLANS if plan.name == "Pro"))
    # An administrator is faster than the request, which has been let in already.
    world.store.users.update_subscription_plan(caller.user.id, "Free")
    assert accounts.change_plan(caller, "Pro", expected_version=None)
    user = world.store.users.get_user_by_id(caller.user.id)
    assert user is not None
    assert user.plan == "Free"
