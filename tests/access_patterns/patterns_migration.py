"""Table migrations."""

from __future__ import annotations

from algoitny.domain.migration import Direction, Migration
from tests.access_patterns.declaration import Call, pattern
from tests.access_patterns.world import World


def started(world: World) -> Migration:
    return world.repositories.migrations.start(
        7, name="natural_numbers", direction=Direction.UP, owner="web-1:4711", fence=3
    )


@pattern(
    "X6",
    "migrations.start",
    "Get SYS / MIG#0007; consistent",
    "Put SYS / MIG#0007 if attribute_not_exists(PK)",
    reads=1,
    writes=1,
)
def _(world: World) -> Call:
    return lambda: started(world)


@pattern(
    "X6b",
    "migrations.checkpoint",
    "Update SYS / MIG#0007 if ((fen = 3 AND crt = <time>) AND sta = RUNNING)",
    reads=0,
    writes=1,
)
def _(world: World) -> Call:
    migration = started(world)
    return lambda: world.repositories.migrations.checkpoint(
        migration, {"segment": 3, "key": ["PROB#baekjoon#1000", "META"]}, examined=2000, changed=17
    )


@pattern(
    "X6c",
    "migrations.finish",
    "Update SYS / MIG#0007 if ((fen = 3 AND crt = <time>) AND sta = RUNNING)",
    reads=0,
    writes=1,
)
def _(world: World) -> Call:
    migration = started(world)
    return lambda: world.repositories.migrations.finish(migration)


@pattern(
    "X6d",
    "migrations.fail",
    "Update SYS / MIG#0007 if ((fen = 3 AND crt = <time>) AND sta = RUNNING)",
    reads=0,
    writes=1,
)
def _(world: World) -> Call:
    migration = started(world)
    return lambda: world.repositories.migrations.fail(migration, reason="The store did not answer.")


@pattern("X6e", "migrations.get", "Get SYS / MIG#0007; consistent", reads=1, writes=0)
def _(world: World) -> Call:
    started(world)
    return lambda: world.repositories.migrations.get(7)


@pattern(
    "X6f",
    "migrations.list_migrations",
    "Query: (PK = SYS AND begins_with(SK, MIG#)); consistent",
    reads=1,
    writes=0,
)
def _(world: World) -> Call:
    started(world)
    return world.repositories.migrations.list_migrations
