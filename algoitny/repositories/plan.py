"""Plans: a few rows of one partition, read and listed by name."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from pynamodb.expressions.update import Action

from algoitny.domain.clock import Clock
from algoitny.domain.errors import AlreadyExists, NotFound, StaleVersion, StoreUnavailable
from algoitny.domain.plan import Plan
from algoitny.models.kit.attributes import whole_milliseconds
from algoitny.models.kit.operations import get, query_all, update
from algoitny.models.kit.versions import counted_up, unchanged_since
from algoitny.models.plan import PLAN_SORT, PLANS, PlanItem, plan_key
from algoitny.repositories.outcome import put_or_find


class DynamoPlanRepository:
    """Implements `PlanRepository`."""

    def __init__(self, *, clock: Clock) -> None:
        self._clock = clock

    def get_plan(self, name: str) -> Plan | None:
        """One Get; 0.5 RCU."""
        item = get(PlanItem, plan_key(name)) if name else None
        return None if item is None else item.record()

    def list_plans(self, *, active_only: bool = True) -> tuple[Plan, ...]:
        """One Query; 0.5 RCU per 4 KB."""
        items = query_all(PlanItem, PLANS, sort=PlanItem.sk.startswith(PLAN_SORT.prefix()))
        plans = [item.record() for item in items]
        return tuple(
            sorted(
                (plan for plan in plans if plan.is_active or not active_only),
                key=lambda plan: (plan.price, plan.name),
            )
        )

    def create_plan(self, plan: Plan) -> Plan:
        """One Put; 1 WCU. Raises AlreadyExists."""
        item = PlanItem.of(plan, self._clock.now())
        created = item.record()
        put_or_find(
            item,
            condition=PlanItem.absent(),
            refused=AlreadyExists,
            # The moment tells our own from one that somebody made alike.
            own=lambda stored: (stored.record(), stored.created_at) == (created, item.created_at),
        )
        return created

    def update_plan(self, plan: Plan, *, expected_version: int | None = None) -> Plan:
        """One Update; 1 WCU. Raises NotFound, StaleVersion."""
        return self._change(
            plan.name,
            PlanItem.changing(plan),
            expected_version,
            done=lambda stored: replace(stored, version=plan.version) == plan,
        )

    def deactivate_plan(self, name: str) -> Plan:
        """One Update; 1 WCU. Raises NotFound."""
        return self._change(
            name,
            [PlanItem.is_active.set(False)],
            None,
            done=lambda stored: not stored.is_active,
        )

    def create_missing(self, plans: tuple[Plan, ...]) -> int:
        """One Query, and a conditional Put each of those that are not there, so that two processes
        do not undo an operator's change."""
        there = {plan.name for plan in self.list_plans(active_only=False)}
        made = 0
        for plan in plans:
            if plan.name in there:
                continue
            try:
                self.create_plan(plan)
            except AlreadyExists:
                continue
            made += 1
        return made

    def _change(
        self,
        name: str,
        changes: Sequence[Action],
        expected_version: int | None,
        *,
        done: Callable[[Plan], bool],
    ) -> Plan:
        if not name:
            raise NotFound("No such plan.")
        now = whole_milliseconds(self._clock.now())
        condition = PlanItem.present()
        if expected_version is not None:
            condition = unchanged_since(PlanItem.version, expected_version)
        try:
            return update(
                PlanItem,
                plan_key(name),
                [*changes, PlanItem.updated.set(now), counted_up(PlanItem.version)],
                condition=condition,
                refused=StaleVersion,
            ).record()
        except (StaleVersion, StoreUnavailable):
            # An earlier try may have happened: each version is made by one write.
            item = get(PlanItem, plan_key(name), consistent=True)
            if item is None:
                raise NotFound("No such plan.") from None
            stored = item.record()
            ours = expected_version is None or stored.version == expected_version + 1
            if ours and item.updated == now and done(stored):
                return stored
            raise
