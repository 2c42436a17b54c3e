"""Plans."""

from __future__ import annotations

from algoitny.domain.plan import DEFAULT_PLAN, STANDARD_PLANS
from tests.access_patterns.declaration import Call, pattern
from tests.access_patterns.world import World


@pattern("U10", "plans.get_plan", "Get PLAN / PLAN#Free", reads=0.5)
def _(world: World) -> Call:
    world.repositories.plans.create_missing(STANDARD_PLANS)
    return lambda: world.repositories.plans.get_plan(DEFAULT_PLAN)


@pattern("U11", "plans.list_plans", "Query: (PK = PLAN AND begins_with(SK, PLAN#))", reads=0.5)
def _(world: World) -> Call:
    world.repositories.plans.create_missing(STANDARD_PLANS)
    return world.repositories.plans.list_plans


@pattern(
    "U13",
    "plans.create_missing",
    "Query: (PK = PLAN AND begins_with(SK, PLAN#))",
    "Put PLAN / PLAN#Free if attribute_not_exists(PK)",
    "Put PLAN / PLAN#Pro if attribute_not_exists(PK)",
    "Put PLAN / PLAN#Unlimited if attribute_not_exists(PK)",
    reads=0.5,
    writes=3,
)
def _(world: World) -> Call:
    return lambda: world.repositories.plans.create_missing(STANDARD_PLANS)


@pattern(
    "U12",
    "plans.create_plan",
    "Put PLAN / PLAN#Free if attribute_not_exists(PK)",
    reads=0,
    writes=1,
)
def _(world: World) -> Call:
    return lambda: world.repositories.plans.create_plan(STANDARD_PLANS[0])


@pattern(
    "U12b",
    "plans.update_plan",
    "Update PLAN / PLAN#Free if attribute_exists(PK)",
    reads=0,
    writes=1,
)
def _(world: World) -> Call:
    plan = world.repositories.plans.create_plan(STANDARD_PLANS[0])
    return lambda: world.repositories.plans.update_plan(plan)


@pattern(
    "U12c",
    "plans.deactivate_plan",
    "Update PLAN / PLAN#Pro if attribute_exists(PK)",
    reads=0,
    writes=1,
)
def _(world: World) -> Call:
    world.repositories.plans.create_plan(STANDARD_PLANS[1])
    return lambda: world.repositories.plans.deactivate_plan("Pro")
