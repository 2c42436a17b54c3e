"""Subscription plans: one partition, since there are few and they are listed together."""

from __future__ import annotations

from datetime import datetime
from typing import Self

from pynamodb.attributes import BooleanAttribute, UnicodeAttribute
from pynamodb.expressions.update import Action

from algoitny.domain.plan import Plan
from algoitny.models.base import TableItem, created_stamp
from algoitny.models.kit.attributes import DecimalAttribute, IntAttribute
from algoitny.models.kit.keys import Key, sort_key
from algoitny.models.layout import Family

PLANS = "PLAN"
PLAN_SORT = sort_key("PLAN#{name}")


def plan_key(name: str) -> Key:
    return Key(PLANS, PLAN_SORT(name=name))


class PlanItem(TableItem):
    TYPE = "plan"
    FAMILY = Family.PLANS

    name = UnicodeAttribute(attr_name="nm")
    max_hints = IntAttribute(attr_name="mh")
    max_executions = IntAttribute(attr_name="me")
    max_problems = IntAttribute(attr_name="mp")
    can_view_all_problems = BooleanAttribute(attr_name="cva")
    can_register_problems = BooleanAttribute(attr_name="crp")
    price = DecimalAttribute(attr_name="prc")
    is_active = BooleanAttribute(attr_name="act")

    @classmethod
    def of(cls, plan: Plan, now: datetime) -> Self:
        """A new plan, whatever version the record has."""
        key = plan_key(plan.name)
        return cls(
            key.partition,
            key.sort,
            name=plan.name,
            max_hints=plan.max_hints_per_day,
            max_executions=plan.max_executions_per_day,
            max_problems=plan.max_problems,
            can_view_all_problems=plan.can_view_all_problems,
            can_register_problems=plan.can_register_problems,
            price=plan.price,
            is_active=plan.is_active,
            updated=now,
            version=1,
            **created_stamp(now),
        )

    @classmethod
    def changing(cls, plan: Plan) -> list[Action]:
        """The update that makes everything but the name as `plan` has it."""
        return [
            cls.max_hints.set(plan.max_hints_per_day),
            cls.max_executions.set(plan.max_executions_per_day),
            cls.max_problems.set(plan.max_problems),
            cls.can_view_all_problems.set(plan.can_view_all_problems),
            cls.can_register_problems.set(plan.can_register_problems),
            cls.price.set(plan.price),
            cls.is_active.set(plan.is_active),
        ]

    def record(self) -> Plan:
        return Plan(
            name=self.name,
            max_hints_per_day=self.max_hints,
            max_executions_per_day=self.max_executions,
            max_problems=self.max_problems,
            can_view_all_problems=self.can_view_all_problems,
            can_register_problems=self.can_register_problems,
            price=self.price,
            is_active=self.is_active,
            version=self.version or 1,
        )
