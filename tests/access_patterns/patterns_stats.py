"""Statistics."""

from __future__ import annotations

from tests.access_patterns.declaration import Call, pattern
from tests.access_patterns.world import World
from tests.realistic import GRACE, KEY


@pattern("S1", "stats.get_user_stats", "Get UST#<grace> / STATS", reads=0.5)
def _(world: World) -> Call:
    world.done()
    return lambda: world.repositories.stats.get_user_stats(GRACE)


@pattern("S1e", "stats.get_user_totals", "Get UST#<grace> / STATS", reads=0.5)
def _(world: World) -> Call:
    world.done()
    return lambda: world.repositories.stats.get_user_totals(GRACE)


@pattern(
    "S1f",
    "stats.rebuild_user_stats",
    "Get UST#<grace> / STATS; consistent",
    "Get UST#<grace> / GONE; consistent",
    "Query GSI1: (GSI1PK = USR#<grace> AND begins_with(GSI1SK, HIST#)); at most 100",
    "BatchGet HIST#<ulid> / META; consistent",
    "Query: (PK = UST#<grace> AND begins_with(SK, SLV#)); consistent",
    "Transact: Update UST#<grace> / STATS if v = 1",
    "and ConditionCheck UST#<grace> / GONE if attribute_not_exists(v)",
    "Get UST#<grace> / STATS; consistent",
    reads=6,
    writes=4,
)
def _(world: World) -> Call:
    world.done()
    return lambda: world.repositories.stats.rebuild_user_stats(GRACE)


@pattern("S1b", "stats.get_problem_stats", "Query: PK = PCNT#baekjoon#11286", reads=0.5)
def _(world: World) -> Call:
    world.done()
    return lambda: world.repositories.stats.get_problem_stats(KEY)


@pattern(
    "S1c",
    "stats.list_solved",
    "Query: (PK = UST#<grace> AND begins_with(SK, SLV#)); at most 20",
    reads=0.5,
    writes=0,
)
def _(world: World) -> Call:
    world.done()
    return lambda: world.repositories.stats.list_solved(GRACE)


@pattern(
    "S1d",
    "stats.list_solved_on",
    "Query GSI3: GSI3PK = SLV#20250314; at most 100",
    reads=0.5,
    writes=0,
)
def _(world: World) -> Call:
    world.done()
    today = world.clock.now().date()
    return lambda: world.repositories.stats.list_solved_on(today)
