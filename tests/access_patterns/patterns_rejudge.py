"""Executions that are judged again."""

from __future__ import annotations

from datetime import timedelta

from algoitny.domain.history import History
from algoitny.domain.verdict import Verdict
from tests.access_patterns.declaration import Call, pattern
from tests.access_patterns.patterns_history_attempt import ROOM
from tests.access_patterns.world import World
from tests.realistic import GRACE, an_outcome

JOB = "J1"


def waiting(world: World, verdict: Verdict = Verdict.AC, **given: object) -> History:
    history = world.done(verdict, **given)
    after = world.clock.now() + timedelta(seconds=30)
    return world.repositories.histories.begin_rejudge(history.id, job_id=JOB, publish_after=after)


def claimed(world: World, verdict: Verdict = Verdict.AC, **given: object) -> History:
    history = waiting(world, verdict, **given)
    return world.repositories.histories.claim_rejudge(history.id, lease_seconds=30)


@pattern(
    "H10b",
    "histories.list_user_executions",
    "Query GSI1: (GSI1PK = USR#<grace> AND GSI1SK BETWEEN HIST# AND HIST$); filter sta IN (DONE, FAILED, CANCELLED); at most 20",
    reads=2,
)
def _(world: World) -> Call:
    world.many_done()
    return lambda: world.repositories.histories.list_user_executions(GRACE, limit=20)


@pattern(
    "H16",
    "histories.begin_rejudge",
    "Update HIST#<ulid> / META if ((sta IN (DONE, FAILED) AND attribute_not_exists(rjg)) AND (attribute_not_exists(rjj) OR rjj < J1))",
    writes=4,
)
def _(world: World) -> Call:
    history = world.done()
    after = world.clock.now() + timedelta(seconds=30)
    return lambda: world.repositories.histories.begin_rejudge(
        history.id, job_id=JOB, publish_after=after
    )


@pattern(
    "H16b",
    "histories.claim_rejudge",
    "Update HIST#<ulid> / META if (rjg = QUEUED OR (rjg = RUNNING AND lse < <time>))",
    writes=2,
)
def _(world: World) -> Call:
    history = waiting(world)
    return lambda: world.repositories.histories.claim_rejudge(history.id, lease_seconds=30)


@pattern(
    "H16c",
    "histories.complete",
    "Transact: Update HIST#<ulid> / META if ((((sta = DONE AND att = 2) AND rjg = RUNNING) AND pub = False) AND uid = <grace>)",
    writes=5,
    way="rejudge, the same verdict",
)
def _(world: World) -> Call:
    history = claimed(world)
    return lambda: world.repositories.histories.complete(history, an_outcome())


@pattern(
    "H16d",
    "histories.complete",
    "Get UST#<grace> / SLV#baekjoon#11286; consistent",
    "Transact: Update HIST#<ulid> / META if ((((sta = DONE AND att = 2) AND rjg = RUNNING) AND pub = False) AND uid = <grace>)",
    "and Put UST#<grace> / SLV#baekjoon#11286 if attribute_not_exists(PK)",
    ROOM,
    "and Update PCNT#baekjoon#11286 / 03",
    reads=1,
    writes=12,
    way="rejudge, solved now",
)
def _(world: World) -> Call:
    history = claimed(world, Verdict.WA)
    return lambda: world.repositories.histories.complete(history, an_outcome())


@pattern(
    "H16e",
    "histories.complete",
    "Get UST#<grace> / SLV#baekjoon#11286; consistent",
    "Query GSI1: (GSI1PK = USR#<grace> AND begins_with(GSI1SK, HIST#)); filter pid = baekjoon#11286; at most 50",
    "BatchGet HIST#<ulid> / META; consistent",
    "Transact: Update HIST#<ulid> / META if ((((sta = DONE AND att = 2) AND rjg = RUNNING) AND pub = False) AND uid = <grace>)",
    "and ConditionCheck HIST#<ulid> / META if (sta = DONE AND ver = AC)",
    "and Put UST#<grace> / SLV#baekjoon#11286 if hid = <ulid>",
    "and Update UST#<grace> / STATS",
    "and Update PCNT#baekjoon#11286 / 03",
    reads=3,
    writes=14,
    way="rejudge, solved by another now",
)
def _(world: World) -> Call:
    history = claimed(world)
    world.done()
    return lambda: world.repositories.histories.complete(history, an_outcome(Verdict.WA))


@pattern(
    "H16f",
    "histories.fail",
    "Update HIST#<ulid> / META if ((sta = DONE AND att = 2) AND rjg = RUNNING)",
    writes=4,
    way="rejudge",
)
def _(world: World) -> Call:
    history = claimed(world)
    return lambda: world.repositories.histories.fail(history, reason="The judge was interrupted.")
