"""Usage: counters and logs."""

from __future__ import annotations

from datetime import timedelta

from algoitny.domain.clock import utc_day
from algoitny.domain.usage import Action
from tests.access_patterns.declaration import Call, pattern
from tests.access_patterns.world import World
from tests.realistic import GRACE, KEY, NEVER_OVER


def used(world: World) -> None:
    """Grace has executed three times on each of three days."""
    for _ in range(3):
        for number in range(3):
            world.repositories.usage.consume(
                GRACE, Action.EXECUTION, limit=NEVER_OVER, key=str(number), problem=KEY
            )
        world.clock.advance(days=1)
    world.clock.advance(days=-1)


@pattern("L1", "usage.check_rate_limit", "Get USR#<grace>#ULOG / CNT#20250316", reads=0.5)
def _(world: World) -> Call:
    used(world)
    return lambda: world.repositories.usage.check_rate_limit(GRACE, Action.EXECUTION, 50)


@pattern(
    "L2",
    "usage.consume",
    "Get USR#<grace>#ULOG / CNT#20250316",
    "Transact: Put USR#<grace>#ULOG / ULOG#20250316#0000000000000000#run#01JPA0RUN0000000000000000R if (attribute_not_exists(PK) OR ttl < <time>)",
    "and Update USR#<grace>#ULOG / CNT#20250316 if (attribute_not_exists(run) OR run < 50)",
    "Get USR#<grace>#ULOG / CNT#20250316; consistent",
    reads=1.5,
    writes=4,
)
def _(world: World) -> Call:
    used(world)
    return lambda: world.repositories.usage.consume(
        GRACE, Action.RUN, limit=NEVER_OVER, key="01JPA0RUN0000000000000000R", problem=KEY
    )


@pattern(
    "L2b",
    "usage.consume",
    "Get USR#<grace>#ULOG / CNT#20250316",
    "Get USR#<grace>#ULOG / CNT#20250316; consistent",
    "Get USR#<grace>#ULOG / ULOG#20250316#0000000000000000#execution#01JPA0RUN0000000000000000R; consistent",
    reads=2.5,
    way="over the limit",
)
def _(world: World) -> Call:
    used(world)
    return lambda: world.repositories.usage.consume(
        GRACE, Action.EXECUTION, limit=3, key="01JPA0RUN0000000000000000R"
    )


@pattern(
    "L3",
    "usage.log_usage",
    "Get USR#<grace>#ULOG / CNT#20250316",
    "Put USR#<grace>#ULOG / ULOG#20250316#1742117213589000#execution#<ulid>",
    reads=0.5,
    writes=1,
)
def _(world: World) -> Call:
    used(world)
    return lambda: world.repositories.usage.log_usage(
        GRACE, Action.EXECUTION, problem=KEY, metadata={"language": "python3"}
    )


@pattern("L3b", "usage.get_daily_usage_count", "Get USR#<grace>#ULOG / CNT#20250316", reads=0.5)
def _(world: World) -> Call:
    used(world)
    return lambda: world.repositories.usage.get_daily_usage_count(GRACE, Action.EXECUTION)


@pattern("L3c", "usage.get_day", "Get USR#<grace>#ULOG / CNT#20250316", reads=0.5)
def _(world: World) -> Call:
    used(world)
    return lambda: world.repositories.usage.get_day(GRACE)


@pattern(
    "L3d",
    "usage.get_usage_logs",
    "Query: (PK = USR#<grace>#ULOG AND SK BETWEEN ULOG#20250315# AND ULOG#20250316$); at most 100",
    reads=0.5,
)
def _(world: World) -> Call:
    used(world)
    today = utc_day(world.clock.now())
    return lambda: world.repositories.usage.get_usage_logs(
        GRACE, start=today - timedelta(days=1), end=today
    )


@pattern(
    "L3e",
    "usage.get_usage_logs",
    "Query: (PK = USR#<grace>#ULOG AND SK BETWEEN ULOG#20250316# AND ULOG#20250316$); filter act = hint; at most 100",
    reads=0.5,
    way="of an action",
)
def _(world: World) -> Call:
    used(world)
    today = utc_day(world.clock.now())
    return lambda: world.repositories.usage.get_usage_logs(GRACE, start=today, action=Action.HINT)


@pattern(
    "L3f",
    "usage.get_usage_summary",
    "Query: (PK = USR#<grace>#ULOG AND SK BETWEEN CNT#20241217 AND CNT#20250316)",
    reads=1.5,
)
def _(world: World) -> Call:
    used(world)
    return lambda: world.repositories.usage.get_usage_summary(GRACE, 90)


@pattern(
    "L3g",
    "usage.list_daily_usage",
    "Query GSI3: GSI3PK = ULOG#20250316; at most 100",
    "BatchGet USR#<grace>#ULOG / CNT#20250316",
    reads=1,
)
def _(world: World) -> Call:
    used(world)
    today = utc_day(world.clock.now())
    return lambda: world.repositories.usage.list_daily_usage(today)


@pattern(
    "L4",
    "usage.delete_logs_before_date",
    "Query: (PK = USR#<grace>#ULOG AND SK BETWEEN ULOG#00010101# AND ULOG#20250316#); at most 250",
    "BatchWrite: Delete USR#<grace>#ULOG / ULOG#20250314#0000000000000000#execution#0, Delete USR#<grace>#ULOG / ULOG#20250314#0000000000000000#execution#1, Delete USR#<grace>#ULOG / ULOG#20250314#0000000000000000#execution#2, Delete USR#<grace>#ULOG / ULOG#20250315#0000000000000000#execution#0, Delete USR#<grace>#ULOG / ULOG#20250315#0000000000000000#execution#1, Delete USR#<grace>#ULOG / ULOG#20250315#0000000000000000#execution#2",
    "Query: (PK = USR#<grace>#ULOG AND SK BETWEEN CNT#00010101 AND CNT#20250315); at most 250",
    "BatchWrite: Delete USR#<grace>#ULOG / CNT#20250314, Delete USR#<grace>#ULOG / CNT#20250315",
    reads=1,
    writes=12,
    way="of a user",
)
def _(world: World) -> Call:
    used(world)
    today = utc_day(world.clock.now())
    return lambda: world.repositories.usage.delete_logs_before_date(GRACE, today)


@pattern(
    "L4b",
    "usage.delete_logs_before_date",
    "Query GSI3: GSI3PK = ULOG#20250313",
    "Query GSI3: GSI3PK = ULOG#20250314",
    "Query: (PK = USR#<grace>#ULOG AND SK BETWEEN ULOG#20250314# AND ULOG#20250315#); at most 250",
    "BatchWrite: Delete USR#<grace>#ULOG / ULOG#20250314#0000000000000000#execution#0, Delete USR#<grace>#ULOG / ULOG#20250314#0000000000000000#execution#1, Delete USR#<grace>#ULOG / ULOG#20250314#0000000000000000#execution#2",
    "Query: (PK = USR#<grace>#ULOG AND SK BETWEEN CNT#20250314 AND CNT#20250314); at most 250",
    "BatchWrite: Delete USR#<grace>#ULOG / CNT#20250314",
    reads=2,
    writes=5,
    way="of all",
)
def _(world: World) -> Call:
    first = utc_day(world.clock.now())
    used(world)
    world.clock.advance(days=94)
    return lambda: world.repositories.usage.delete_logs_before_date(None, first + timedelta(days=1))
