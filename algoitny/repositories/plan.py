"""Plans: a few rows of one partition, read and listed by name."""

from __future__ import annotations

from algoitny.domain.errors import AlreadyExists
from algoitny.domain.plan import Plan
from algoitny.models.kit.operations import get, put, query_all
from algoitny.models.plan import PLAN_SORT, PLANS, PlanItem, plan_key


class DynamoPlanRepository:
    """Implements `PlanRepository`."""

    def get_plan(self, name: str) -> Plan | None:
        """One Get; 0.5 RCU."""
        item = get(PlanItem, plan_key(name)) if name else None
        return None if item is None else item.record()

    def list_plans(self, *, active_only: bool = True) -> tuple[Plan, ...]:
        """One Query; cheapest first."""
        items = query_all(PlanItem, PLANS, sort=PlanItem.sk.startswith(PLAN_SORT.prefix()))
        plans = [item.record() for item in items]
        return tuple(
            sorted(
                (plan for plan in plans if plan.is_active or not active_only),
                key=lambda plan: (plan.price, plan.name),
            )
        )

    def put_plan(self, plan: Plan) -> Plan:
        """One Put; repeating it changes nothing."""
        put(PlanItem.of(plan))
        return plan

    def create_missing(self, plans: tuple[Plan, ...]) -> int:
        """A conditional Put each, so that two processes do not undo an operator's change."""
        made = 0
        for plan in plans:
            try:
                put(PlanItem.of(plan), condition=PlanItem.absent(), refused=AlreadyExists)
            except AlreadyExists:
                continue
            made += 1
        return made
