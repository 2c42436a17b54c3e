"""Leases: who may do what only one may do."""

from __future__ import annotations

from algoitny.domain.lease import Lease
from tests.access_patterns.declaration import Call, pattern
from tests.access_patterns.world import World


def held(world: World) -> Lease:
    lease = world.repositories.leases.acquire("sweeper", owner="web-1:4711", seconds=30)
    assert lease is not None
    return lease


@pattern(
    "X1",
    "leases.acquire",
    "Update SYS / LSE#sweeper if (attribute_not_exists(lse) OR lse < <time>)",
    writes=1,
)
def _(world: World) -> Call:
    return lambda: held(world)


@pattern(
    "X1b",
    "leases.acquire",
    "Update SYS / LSE#sweeper if (attribute_not_exists(lse) OR lse < <time>)",
    "Get SYS / LSE#sweeper; consistent",
    reads=1,
    writes=1,
    way="held by another",
)
def _(world: World) -> Call:
    held(world)
    leases = world.repositories.leases
    return lambda: leases.acquire("sweeper", owner="web-2:4712", seconds=30)


@pattern(
    "X1c",
    "leases.renew",
    "Update SYS / LSE#sweeper if (fen = 1 AND attribute_exists(lse))",
    writes=1,
)
def _(world: World) -> Call:
    lease = held(world)
    return lambda: world.repositories.leases.renew(lease, seconds=30)


@pattern("X1d", "leases.release", "Update SYS / LSE#sweeper if fen = 1", writes=1)
def _(world: World) -> Call:
    lease = held(world)
    return lambda: world.repositories.leases.release(lease)


@pattern("X1e", "leases.get", "Get SYS / LSE#sweeper; consistent", reads=1)
def _(world: World) -> Call:
    held(world)
    return lambda: world.repositories.leases.get("sweeper")
