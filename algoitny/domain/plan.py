"""Subscription plans: what a user may consume in one UTC day."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

UNLIMITED = -1

DEFAULT_PLAN = "Free"

NAME_LENGTH = 64
MOST_UNITS = 1_000_000
HIGHEST_PRICE = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Limits are units a UTC day (`max_problems`: undeleted problems owned); -1 is unlimited."""

    name: str
    max_hints_per_day: int
    max_executions_per_day: int
    max_problems: int
    can_view_all_problems: bool
    can_register_problems: bool
    price: Decimal = Decimal(0)
    is_active: bool = True
    version: int = 1

    @property
    def id(self) -> str:
        """A plan is known by its name."""
        return self.name


STANDARD_PLANS: tuple[Plan, ...] = (
    Plan(
        name=DEFAULT_PLAN,
        max_hints_per_day=5,
        max_executions_per_day=50,
        max_problems=0,
        can_view_all_problems=False,
        can_register_problems=False,
    ),
    Plan(
        name="Pro",
        max_hints_per_day=30,
        max_executions_per_day=500,
        max_problems=100,
        can_view_all_problems=True,
        can_register_problems=True,
        price=Decimal("9.90"),
    ),
    Plan(
        name="Unlimited",
        max_hints_per_day=UNLIMITED,
        max_executions_per_day=UNLIMITED,
        max_problems=UNLIMITED,
        can_view_all_problems=True,
        can_register_problems=True,
        price=Decimal("49.90"),
    ),
)
"""What a new table starts with; an operator changes them from there."""


class PlanRepository(Protocol):
    """Access to plans. A plan is never deleted, only made inactive: its users keep it, and are
    found by it."""

    def get_plan(self, name: str) -> Plan | None:
        """Active or not."""
        ...

    def list_plans(self, *, active_only: bool = True) -> tuple[Plan, ...]:
        """All plans, cheapest first."""
        ...

    def create_plan(self, plan: Plan) -> Plan:
        """Raises AlreadyExists."""
        ...

    def update_plan(self, plan: Plan, *, expected_version: int | None = None) -> Plan:
        """Replace everything but the name; makes an inactive plan active when `plan` says so.

        Raises NotFound; StaleVersion when the plan is not of `expected_version` any more.
        """
        ...

    def deactivate_plan(self, name: str) -> Plan:
        """Nobody new gets it. Raises NotFound."""
        ...

    def create_missing(self, plans: tuple[Plan, ...]) -> int:
        """Create those that are not there, leave the others as they are; how many were made."""
        ...
