"""Plans."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from algoitny.domain.plan import STANDARD_PLANS
from algoitny.repositories import Repositories


def test_missing_plans_are_made_and_others_left_alone(repositories: Repositories) -> None:
    plans = repositories.plans
    changed = replace(STANDARD_PLANS[0], max_executions_per_day=7)
    assert plans.put_plan(changed) == changed
    assert plans.create_missing(STANDARD_PLANS) == len(STANDARD_PLANS) - 1
    assert plans.create_missing(STANDARD_PLANS) == 0
    assert plans.get_plan(changed.name) == changed
    assert plans.list_plans() == (changed, *STANDARD_PLANS[1:])


def test_inactive_plans_are_listed_only_when_asked_for(repositories: Repositories) -> None:
    plans = repositories.plans
    old = replace(STANDARD_PLANS[0], name="Old", is_active=False, price=Decimal("0.10"))
    plans.put_plan(old)
    plans.put_plan(STANDARD_PLANS[1])
    assert plans.list_plans() == (STANDARD_PLANS[1],)
    assert plans.list_plans(active_only=False) == (old, STANDARD_PLANS[1])


def test_a_plan_that_is_not_there(repositories: Repositories) -> None:
    assert repositories.plans.get_plan("Ghost") is None
    assert repositories.plans.get_plan("") is None
