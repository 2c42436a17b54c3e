"""Leaderboards."""

from __future__ import annotations

from algoitny.domain.leaderboard import LeaderboardLine
from algoitny.domain.user import pseudonym
from tests.access_patterns.declaration import Call, pattern
from tests.access_patterns.world import World

LINES = [
    LeaderboardLine(
        rank=rank,
        user_id=f"01JPA0ADA00000000000000{rank:03}",
        user_identifier=pseudonym(str(rank)),
        solved=200 - rank,
    )
    for rank in range(1, 101)
]


def published(world: World) -> None:
    world.repositories.leaderboards.publish("2025-03", world.ids.new(), LINES)


@pattern(
    "S2",
    "leaderboards.publish",
    "BatchWrite: Put LDB#2025-03#<ulid> / 000001, … 23 more …, Put LDB#2025-03#<ulid> / 000025",
    "BatchWrite: Put LDB#2025-03#<ulid> / 000026, … 23 more …, Put LDB#2025-03#<ulid> / 000050",
    "BatchWrite: Put LDB#2025-03#<ulid> / 000051, … 23 more …, Put LDB#2025-03#<ulid> / 000075",
    "BatchWrite: Put LDB#2025-03#<ulid> / 000076, … 23 more …, Put LDB#2025-03#<ulid> / 000100",
    "Update SYS / LDB#2025-03 if ((attribute_not_exists(PK) OR ttl < <time>) OR gen < <ulid>)",
    reads=0,
    writes=101,
)
def _(world: World) -> Call:
    generation = world.ids.new()
    return lambda: world.repositories.leaderboards.publish("2025-03", generation, LINES)


@pattern("S2b", "leaderboards.get_current", "Get SYS / LDB#2025-03", reads=0.5, writes=0)
def _(world: World) -> Call:
    published(world)
    return lambda: world.repositories.leaderboards.get_current("2025-03")


@pattern(
    "S2c",
    "leaderboards.list_lines",
    "Get SYS / LDB#2025-03",
    "Query: PK = LDB#2025-03#<ulid>; at most 20",
    reads=1,
    writes=0,
)
def _(world: World) -> Call:
    published(world)
    return lambda: world.repositories.leaderboards.list_lines("2025-03", limit=20)
