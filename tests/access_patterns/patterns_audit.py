"""The audit log."""

from __future__ import annotations

from tests.access_patterns.declaration import Call, pattern
from tests.access_patterns.world import World
from tests.realistic import GRACE


def append(world: World) -> None:
    world.repositories.audit.append(
        actor=GRACE,
        action="user.update",
        subject="user 01JPA0ADA000000000000000H0",
        details={"plan": ["Free", "Pro"], "reason": "paid by invoice 2025-0314"},
    )


@pattern(
    "X4", "audit.append", "Put AUD#202503 / <ulid> if attribute_not_exists(PK)", reads=0, writes=1
)
def _(world: World) -> Call:
    return lambda: append(world)


@pattern(
    "X4b", "audit.list_month", "Query: PK = AUD#202503; backwards; at most 20", reads=1, writes=0
)
def _(world: World) -> Call:
    for _ in range(40):
        append(world)
        world.clock.advance(1)
    month = world.clock.now().date()
    return lambda: world.repositories.audit.list_month(month, limit=20)
