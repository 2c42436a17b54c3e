"""Runs on own input."""

from __future__ import annotations

from algoitny.domain.run import Run, RunResult
from algoitny.domain.verdict import Verdict
from tests.access_patterns.declaration import Call, pattern
from tests.access_patterns.world import World
from tests.realistic import CODE, GRACE, NEVER_OVER

RESULT = RunResult(
    verdict=Verdict.AC, status="exit 0", output="41\n3\n1 5 9\n", time_ms=31, memory_kb=9_411
)


def a_run(world: World) -> Run:
    return Run(
        id=world.ids.new(),
        user_id=GRACE,
        language="python3",
        code=CODE,
        input="3 2\n1 5 20\n5 9 21\n1 9\n",
        created_at=world.clock.now(),
        updated_at=world.clock.now(),
    )


def created(world: World) -> Run:
    return world.repositories.runs.create_run(a_run(world), limit=NEVER_OVER)


def claimed(world: World) -> Run:
    return world.repositories.runs.claim(created(world).id, lease_seconds=30)


@pattern(
    "R1",
    "runs.create_run",
    "Get USR#<grace>#ULOG / CNT#20250314",
    "Transact: Update USR#<grace>#ULOG / CNT#20250314 if (attribute_not_exists(run) OR run < 50)",
    "and Put RUN#<ulid> / META if attribute_not_exists(PK)",
    "and Put USR#<grace>#ULOG / ULOG#20250314#1741944413589000#run#<ulid>",
    reads=0.5,
    writes=9,
)
def _(world: World) -> Call:
    created(world)
    run = a_run(world)
    return lambda: world.repositories.runs.create_run(run, limit=NEVER_OVER)


@pattern("R1b", "runs.get_run", "Get RUN#<ulid> / META", reads=0.5, writes=0)
def _(world: World) -> Call:
    run = created(world)
    return lambda: world.repositories.runs.get_run(run.id)


@pattern(
    "R1c",
    "runs.claim",
    "Update RUN#<ulid> / META if (ttl >= <time> AND (sta = QUEUED OR (sta = RUNNING AND lse < <time>)))",
    reads=0,
    writes=2,
)
def _(world: World) -> Call:
    run = created(world)
    return lambda: world.repositories.runs.claim(run.id, lease_seconds=30)


@pattern(
    "R1d",
    "runs.finish",
    "Update RUN#<ulid> / META if (((sta = RUNNING AND att = 1) AND ttl >= <time>) AND sta = RUNNING)",
    reads=0,
    writes=3,
)
def _(world: World) -> Call:
    run = claimed(world)
    return lambda: world.repositories.runs.finish(run, RESULT)


@pattern(
    "R1e",
    "runs.fail",
    "Transact: Update RUN#<ulid> / META if ((sta = RUNNING AND att = 1) AND ttl >= <time>)",
    "and Update USR#<grace>#ULOG / CNT#20250314 if (run >= 1 AND (attribute_not_exists(gvb) OR gvb < 5))",
    reads=0,
    writes=7,
)
def _(world: World) -> Call:
    run = claimed(world)
    return lambda: world.repositories.runs.fail(run, reason="The judge was interrupted.")


@pattern(
    "R1f",
    "runs.list_open",
    "Query GSI3: (GSI3PK = QUEUE#RUN AND GSI3SK BETWEEN <ulid> AND <ulid>); at most 1000",
    "BatchGet RUN#<ulid> / META; consistent",
    reads=1.5,
    writes=0,
)
def _(world: World) -> Call:
    created(world)
    world.clock.advance(60)
    return lambda: world.repositories.runs.list_open(created_before=world.clock.now())
