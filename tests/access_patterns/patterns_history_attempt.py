"""Attempts at executions: places, claims, leases, results and endings."""

from __future__ import annotations

from datetime import timedelta

from algoitny.domain.history_results import TestProgress
from algoitny.domain.verdict import Verdict
from tests.access_patterns.declaration import Call, pattern
from tests.access_patterns.world import World
from tests.realistic import GRACE, an_outcome, some_results

PROGRESS = tuple(
    TestProgress(index=number, verdict=Verdict.AC, time_ms=31, memory_kb=9_411)
    for number in range(10)
)

ROOM = (
    "and Update UST#<grace> / STATS "
    "if ((attribute_not_exists(pts) OR size(pts) < 12) OR contains(pts, baekjoon))"
)
"""Platforms are counted by name while there are few."""


@pattern(
    "H1e",
    "histories.enter_running_set",
    "Update UST#<grace> / STATS if ((attribute_not_exists(rng) OR size(rng) < 2) OR contains(rng, <ulid>))",
    writes=1,
)
def _(world: World) -> Call:
    world.done()
    history = world.admitted()
    return lambda: world.repositories.histories.enter_running_set(GRACE, history.id, capacity=2)


@pattern(
    "H1f",
    "histories.enter_running_set",
    "Update UST#<grace> / STATS if ((attribute_not_exists(rng) OR size(rng) < 2) OR contains(rng, <ulid>))",
    "Get UST#<grace> / STATS; consistent",
    "BatchGet 2 × HIST#<ulid> / META; consistent",
    reads=3,
    writes=1,
    way="full",
)
def _(world: World) -> Call:
    world.running()
    world.running()
    history = world.admitted()
    return lambda: world.repositories.histories.enter_running_set(GRACE, history.id, capacity=2)


@pattern(
    "H1g",
    "histories.leave_running_set",
    "Update UST#<grace> / STATS if attribute_exists(PK)",
    writes=1,
)
def _(world: World) -> Call:
    history = world.running()
    return lambda: world.repositories.histories.leave_running_set(GRACE, history.id)


@pattern(
    "H1h",
    "histories.claim",
    "Update HIST#<ulid> / META if (sta = QUEUED OR (sta = RUNNING AND lse < <time>))",
    writes=2,
)
def _(world: World) -> Call:
    history = world.admitted()
    return lambda: world.repositories.histories.claim(history.id, lease_seconds=30)


@pattern(
    "H1i",
    "histories.renew_lease",
    "Update HIST#<ulid> / META if (sta = RUNNING AND att = 1)",
    writes=2,
)
def _(world: World) -> Call:
    history = world.running()
    world.clock.advance(20)
    return lambda: world.repositories.histories.renew_lease(history, lease_seconds=30)


@pattern("H1j", "histories.put_results", "Put HIST#<ulid> / RES#0001", writes=1)
def _(world: World) -> Call:
    history = world.running()
    return lambda: world.repositories.histories.put_results(history, some_results())


@pattern(
    "H1k",
    "histories.complete",
    "Transact: Update HIST#<ulid> / META if ((sta = RUNNING AND att = 1) AND pub = False)",
    ROOM,
    "and Update PCNT#baekjoon#11286 / 03",
    writes=9,
)
def _(world: World) -> Call:
    world.done()
    history = world.running()
    return lambda: world.repositories.histories.complete(history, an_outcome(Verdict.WA))


@pattern(
    "H1l",
    "histories.complete",
    "Get UST#<grace> / SLV#baekjoon#11286; consistent",
    "Transact: Update HIST#<ulid> / META if ((sta = RUNNING AND att = 1) AND pub = False)",
    "and Put UST#<grace> / SLV#baekjoon#11286 if attribute_not_exists(PK)",
    ROOM,
    "and Update PCNT#baekjoon#11286 / 03",
    reads=1,
    writes=12,
    way="first solve",
)
def _(world: World) -> Call:
    world.done(Verdict.WA)
    history = world.running()
    return lambda: world.repositories.histories.complete(history, an_outcome())


@pattern(
    "H1m",
    "histories.complete",
    "Transact: Update HIST#<ulid> / META if ((sta = RUNNING AND att = 1) AND pub = True)",
    "and Put HIST#<ulid> / LST",
    ROOM,
    "and Update PCNT#baekjoon#11286 / 03",
    writes=14,
    way="public",
)
def _(world: World) -> Call:
    world.done()
    history = world.running(is_code_public=True)
    return lambda: world.repositories.histories.complete(history, an_outcome(Verdict.WA))


@pattern(
    "H1s",
    "histories.complete",
    "Get UST#<grace> / SLV#baekjoon#11286; consistent",
    "Transact: Update HIST#<ulid> / META if ((sta = RUNNING AND att = 1) AND pub = False)",
    "and ConditionCheck UST#<grace> / SLV#baekjoon#11286 if hid = <ulid>",
    ROOM,
    "and Update PCNT#baekjoon#11286 / 03",
    reads=1,
    writes=11,
    way="solved before",
)
def _(world: World) -> Call:
    world.done()
    history = world.running()
    return lambda: world.repositories.histories.complete(history, an_outcome())


@pattern(
    "H1n",
    "histories.fail",
    "Transact: Update HIST#<ulid> / META if ((sta = RUNNING AND att = 1) AND pub = False)",
    "and Update UST#<grace> / STATS",
    "and Update USR#<grace>#ULOG / CNT#20250314 if (exe >= 1 AND (attribute_not_exists(gvb) OR gvb < 5))",
    writes=9,
)
def _(world: World) -> Call:
    world.done()
    history = world.running()
    return lambda: world.repositories.histories.fail(history, reason="The judge was interrupted.")


@pattern(
    "H1o",
    "histories.note_publication",
    "Update HIST#<ulid> / META if ((sta = QUEUED AND att = 0) AND pbl = 0)",
    writes=2,
)
def _(world: World) -> Call:
    history = world.admitted()
    after = world.clock.now() + timedelta(seconds=30)
    return lambda: world.repositories.histories.note_publication(history, publish_after=after)


@pattern(
    "H11",
    "histories.list_unfinished",
    "Query GSI3: (GSI3PK = QUEUE#00 AND GSI3SK < HIST#<ulid>); at most 1000",
    "Query GSI3: (GSI3PK = QUEUE#01 AND GSI3SK < HIST#<ulid>); at most 1000",
    "Query GSI3: (GSI3PK = QUEUE#02 AND GSI3SK < HIST#<ulid>); at most 1000",
    "Query GSI3: (GSI3PK = QUEUE#03 AND GSI3SK < HIST#<ulid>); at most 1000",
    "BatchGet 3 × HIST#<ulid> / META; consistent",
    reads=5,
)
def _(world: World) -> Call:
    for _ in range(3):
        world.admitted()
    world.clock.advance(60)
    return lambda: world.repositories.histories.list_unfinished(created_before=world.clock.now())


@pattern(
    "H1p",
    "histories.cancel",
    "Transact: Update HIST#<ulid> / META if ((sta = QUEUED AND att = 0) AND pub = False)",
    "and Update UST#<grace> / STATS",
    "and Update USR#<grace>#ULOG / CNT#20250314 if (exe >= 1 AND (attribute_not_exists(gvb) OR gvb < 5))",
    reads=0,
    writes=9,
)
def _(world: World) -> Call:
    world.done()
    history = world.admitted()
    return lambda: world.repositories.histories.cancel(history)


@pattern("H1q", "histories.put_progress", "Put HIST#<ulid> / PRG#0001", reads=0, writes=1)
def _(world: World) -> Call:
    history = world.running()
    return lambda: world.repositories.histories.put_progress(history, PROGRESS)


@pattern("H1r", "histories.get_progress", "Get HIST#<ulid> / PRG#0001", reads=0.5, writes=0)
def _(world: World) -> Call:
    history = world.running()
    world.repositories.histories.put_progress(history, PROGRESS)
    return lambda: world.repositories.histories.get_progress(history)
