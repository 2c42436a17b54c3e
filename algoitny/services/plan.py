"""Plans: read for every request, so kept for a few seconds; changed by administrators."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from algoitny.domain.audit import AuditRepository
from algoitny.domain.clock import Clock
from algoitny.domain.errors import AlreadyExists, Conflict, InvalidInput, NotFound, StaleVersion
from algoitny.domain.patience import Patience
from algoitny.domain.plan import NAME_LENGTH, Plan, PlanRepository
from algoitny.domain.text import check_segment
from algoitny.services.versions import on_top

CACHE_SECONDS = 3.0
"""With the store's own lag, a change is in force everywhere within five seconds."""

_READS = 5


class PlanService:
    """Reads and changes plans. A change is in force at once in this process."""

    def __init__(
        self,
        *,
        plans: PlanRepository,
        audit: AuditRepository,
        clock: Clock,
        patience: Patience,
        default_plan: str,
    ) -> None:
        self._plans = plans
        self._audit = audit
        self._clock = clock
        self._patience = patience
        self._default_plan = default_plan
        self._lock = threading.Lock()
        self._known: dict[str, Plan] = {}
        self._fresh_until = float("-inf")

    def get_plan(self, name: str) -> Plan | None:
        """The plan, active or not; a few seconds old."""
        known = self._recent().get(name)
        if known is not None:
            return known
        # One that was made elsewhere since.
        found = self._plans.get_plan(name)
        if found is not None:
            self._keep((found,))
        return found

    def list_offered(self) -> tuple[Plan, ...]:
        """Active plans, cheapest first; a few seconds old."""
        plans = (plan for plan in self._recent().values() if plan.is_active)
        return tuple(sorted(plans, key=lambda plan: (plan.price, plan.name)))

    def list_all(self) -> tuple[Plan, ...]:
        """All plans, inactive ones too, as they are now."""
        return self._plans.list_plans(active_only=False)

    def read(self, name: str) -> Plan:
        """The plan as it is now. Raises NotFound."""
        plan = self._plans.get_plan(name)
        if plan is None:
            raise NotFound("No such plan.")
        return plan

    def check(self) -> None:
        """Returns when the plan of new users is there, without which nobody can sign in. Raises
        NotFound, StoreUnavailable."""
        self.read(self._default_plan)

    def create(self, plan: Plan, *, actor: str) -> Plan:
        """Store a new plan. Raises AlreadyExists, InvalidInput (the name)."""
        name = check_segment("/name", plan.name, max_length=NAME_LENGTH)
        if self._plans.get_plan(name) is not None:
            raise AlreadyExists
        # Before it: repeated, it would be there already.
        self._audit.append(
            actor=actor,
            action="plan.create",
            subject=f"plan {name}",
            details={"new": shown(plan)},
        )
        created = self._plans.create_plan(plan)
        self._keep((created,))
        return created

    def update(
        self, name: str, changes: Mapping[str, Any], *, actor: str, expected_version: int | None
    ) -> Plan:
        """Give fields new values. Raises NotFound, StaleVersion; Conflict for taking away the plan
        that new users begin on."""
        if not changes:
            raise InvalidInput("Nothing to change: give at least one field.")
        if name == self._default_plan and changes.get("is_active") is False:
            raise Conflict("New users start on this plan, so it cannot be made inactive.")
        before, after = self._update(name, changes, expected_version)
        self._keep((after,))
        old, new = shown(before), shown(after)
        self._audit.append(
            actor=actor,
            action="plan.update",
            subject=f"plan {name}",
            details={
                "old": {field: old[field] for field in changes},
                "new": {field: new[field] for field in changes},
            },
        )
        return after

    def _update(
        self, name: str, changes: Mapping[str, Any], expected_version: int | None
    ) -> tuple[Plan, Plan]:
        def made() -> tuple[Plan, Plan]:
            before = self._of_version(name, expected_version)
            changed = replace(before, **changes)
            return before, self._plans.update_plan(changed, expected_version=before.version)

        return on_top(made, expected_version=expected_version, patience=self._patience)

    def _of_version(self, name: str, version: int | None) -> Plan:
        for _ in range(_READS):
            plan = self.read(name)
            if version is None or plan.version == version:
                return plan
            if plan.version > version:
                break
            # The read lags.
        raise StaleVersion("The plan has changed.")

    def _recent(self) -> Mapping[str, Plan]:
        if self._clock.monotonic() < self._fresh_until:
            return self._known
        # Before reading: the answer is at least as new as this.
        fresh_until = self._clock.monotonic() + CACHE_SECONDS
        found = self._plans.list_plans(active_only=False)
        return self._keep(found, fresh_until)

    def _keep(
        self, found: tuple[Plan, ...], fresh_until: float | None = None
    ) -> Mapping[str, Plan]:
        """A read may be overtaken by a change of ours: the newer version stays."""
        with self._lock:
            known = dict(self._known)
            for plan in found:
                kept = known.get(plan.name)
                if kept is None or plan.version >= kept.version:
                    known[plan.name] = plan
            self._known = known
            if fresh_until is not None:
                self._fresh_until = fresh_until
            return known


def shown(plan: Plan) -> dict[str, object]:
    """A plan as JSON values."""
    return {
        "name": plan.name,
        "max_hints_per_day": plan.max_hints_per_day,
        "max_executions_per_day": plan.max_executions_per_day,
        "max_problems": plan.max_problems,
        "can_view_all_problems": plan.can_view_all_problems,
        "can_register_problems": plan.can_register_problems,
        "price": float(plan.price),
        "is_active": plan.is_active,
    }
