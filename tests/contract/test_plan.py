"""Plans."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from algoitny.domain.errors import AlreadyExists, NotFound, StaleVersion
from algoitny.domain.plan import STANDARD_PLANS
from algoitny.domain.repositories import Repositories
from tests.clock import FixedClock

FREE = STANDARD_PLANS[0]


def test_missing_plans_are_made_and_others_left_alone(repositories: Repositories) -> None:
    plans = repositories.plans
    changed = replace(FREE, max_executions_per_day=7)
    assert plans.create_plan(changed) == changed
    assert plans.create_missing(STANDARD_PLANS) == len(STANDARD_PLANS) - 1
    assert plans.create_missing(STANDARD_PLANS) == 0
    assert plans.get_plan(changed.name) == changed
    assert plans.list_plans() == (changed, *STANDARD_PLANS[1:])


def test_inactive_plans_are_listed_only_when_asked_for(repositories: Repositories) -> None:
    plans = repositories.plans
    old = replace(FREE, name="Old", is_active=False, price=Decimal("0.10"))
    plans.create_plan(old)
    plans.create_plan(STANDARD_PLANS[1])
    assert plans.list_plans() == (STANDARD_PLANS[1],)
    assert plans.list_plans(active_only=False) == (old, STANDARD_PLANS[1])


def test_a_plan_that_is_not_there(repositories: Repositories) -> None:
    plans = repositories.plans
    assert plans.get_plan("Ghost") is None
    assert plans.get_plan("") is None
    for change in (
        lambda: plans.update_plan(replace(FREE, name="Ghost")),
        lambda: plans.update_plan(replace(FREE, name="Ghost"), expected_version=1),
        lambda: plans.deactivate_plan("Ghost"),
        lambda: plans.deactivate_plan(""),
    ):
        with pytest.raises(NotFound):
            change()
    assert plans.list_plans(active_only=False) == ()


def test_a_name_belongs_to_one_plan(repositories: Repositories, clock: FixedClock) -> None:
    plans = repositories.plans
    plans.create_plan(FREE)
    clock.advance(microseconds=1)
    for plan in (replace(FREE, max_problems=9), FREE):
        with pytest.raises(AlreadyExists):
            plans.create_plan(plan)
    assert plans.get_plan(FREE.name) == FREE


def test_an_update_replaces_everything_and_holds_for_the_version_read(
    repositories: Repositories,
) -> None:
    plans = repositories.plans
    plans.create_plan(FREE)
    dearer = replace(
        FREE,
        max_hints_per_day=-1,
        max_executions_per_day=1,
        max_problems=2,
        can_view_all_problems=True,
        can_register_problems=True,
        price=Decimal("1.10"),
    )
    assert plans.update_plan(dearer, expected_version=1) == replace(dearer, version=2)
    assert plans.get_plan(FREE.name) == replace(dearer, version=2)
    with pytest.raises(StaleVersion):
        plans.update_plan(FREE, expected_version=1)
    assert plans.update_plan(FREE) == replace(FREE, version=3)


def test_a_deactivated_plan_stays_and_may_come_back(repositories: Repositories) -> None:
    plans = repositories.plans
    plans.create_plan(FREE)
    hidden = plans.deactivate_plan(FREE.name)
    assert hidden == replace(FREE, is_active=False, version=2)
    assert plans.list_plans() == ()
    assert plans.get_plan(FREE.name) == hidden
    assert plans.update_plan(FREE).is_active
