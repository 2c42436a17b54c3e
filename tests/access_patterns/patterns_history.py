"""Executions and their history."""

from __future__ import annotations

from algoitny.domain.hint import Hint, HintState
from algoitny.domain.history_filter import HistoryFilter
from algoitny.domain.verdict import Verdict
from tests.access_patterns.declaration import Call, pattern
from tests.access_patterns.world import World
from tests.clock import START
from tests.realistic import GRACE, KEY, NEVER_OVER, a_key, a_submission


def a_hint(history_id: str, level: int) -> Hint:
    return Hint(
        history_id=history_id,
        user_id=GRACE,
        level=level,
        prompt_version=3,
        state=HintState.READY,
        text="Which of the two bounds of the range is the one that you meant?",
        created_at=START,
        updated_at=START,
    )


@pattern(
    "H1",
    "histories.create_history",
    "Get USR#<grace>#ULOG / CNT#20250314",
    "Transact: Update USR#<grace>#ULOG / CNT#20250314 if (attribute_not_exists(exe) OR exe < 50)",
    "and Put HIST#<ulid> / META if attribute_not_exists(PK)",
    "and Put HIST#<ulid> / SRC",
    "and Put USR#<grace>#ULOG / ULOG#20250314#1741944413589000#execution#<ulid>",
    reads=0.5,
    writes=10,
)
def _(world: World) -> Call:
    world.done()
    return world.admitted


@pattern(
    "H1b",
    "histories.create_history",
    "Get USR#<grace>#ULOG / CNT#20250314",
    "Transact: Put IDK#<grace>#<sha256> / UNQ if (attribute_not_exists(PK) OR ttl < <time>)",
    "and Update USR#<grace>#ULOG / CNT#20250314 if (attribute_not_exists(exe) OR exe < 50)",
    "and Put HIST#<ulid> / META if attribute_not_exists(PK)",
    "and Put HIST#<ulid> / SRC",
    "and Put USR#<grace>#ULOG / ULOG#20250314#1741944413589000#execution#<ulid>",
    reads=0.5,
    writes=12,
    way="with a key",
)
def _(world: World) -> Call:
    world.done()
    submission = a_submission(world.clock)
    return lambda: world.repositories.histories.create_history(
        submission, limit=NEVER_OVER, idempotency=a_key()
    )


@pattern(
    "H1c",
    "histories.create_history",
    "Get USR#<grace>#ULOG / CNT#20250314",
    "Get USR#<grace>#ULOG / CNT#20250314; consistent",
    "Get HIST#<ulid> / META; consistent",
    reads=2.5,
    way="over the limit",
)
def _(world: World) -> Call:
    world.done()
    submission = a_submission(world.clock)
    return lambda: world.repositories.histories.create_history(submission, limit=1)


@pattern(
    "H1t",
    "histories.get_problem_and_usage",
    "BatchGet PROB#baekjoon#11286 / META, USR#<grace>#ULOG / CNT#20250314",
    reads=1,
)
def _(world: World) -> Call:
    world.done()
    return lambda: world.repositories.histories.get_problem_and_usage(GRACE, KEY)


@pattern("H1d", "histories.find_request", "Get IDK#<grace>#<sha256> / UNQ; consistent", reads=1)
def _(world: World) -> Call:
    key = a_key()
    world.repositories.histories.create_history(
        a_submission(world.clock), limit=NEVER_OVER, idempotency=key
    )
    return lambda: world.repositories.histories.find_request(GRACE, key.key)


@pattern("H2", "histories.get_history", "Get HIST#<ulid> / META", reads=0.5)
def _(world: World) -> Call:
    history = world.done()
    return lambda: world.repositories.histories.get_history(history.id)


@pattern(
    "H2d",
    "histories.get_history_and_source",
    "BatchGet HIST#<ulid> / META, HIST#<ulid> / SRC",
    reads=1,
)
def _(world: World) -> Call:
    history = world.admitted()
    return lambda: world.repositories.histories.get_history_and_source(history.id)


@pattern("H2b", "histories.get_source", "Get HIST#<ulid> / SRC", reads=0.5)
def _(world: World) -> Call:
    history = world.done()
    return lambda: world.repositories.histories.get_source(history.id)


@pattern("H2c", "histories.get_results", "Get HIST#<ulid> / RES#0001", reads=0.5)
def _(world: World) -> Call:
    history = world.done()
    return lambda: world.repositories.histories.get_results(history)


@pattern(
    "H3",
    "histories.list_user_history",
    "Query GSI1: (GSI1PK = USR#<grace> AND GSI1SK BETWEEN HIST# AND HIST$); backwards; at most 20",
    reads=2,
)
def _(world: World) -> Call:
    world.many_done()
    return lambda: world.repositories.histories.list_user_history(GRACE, limit=20)


@pattern(
    "H3b",
    "histories.list_user_history",
    "Query GSI1: (GSI1PK = USR#<grace> AND GSI1SK BETWEEN HIST# AND HIST$); filter (lng = java AND ver = AC); backwards; at most 20",
    "Query GSI1: (GSI1PK = USR#<grace> AND GSI1SK BETWEEN HIST# AND HIST$); filter (lng = java AND ver = AC); backwards; at most 40",
    reads=3,
    way="filtered",
)
def _(world: World) -> Call:
    world.many_done()
    return lambda: world.repositories.histories.list_user_history(
        GRACE, HistoryFilter(language="java", verdict=Verdict.AC), limit=20
    )


@pattern(
    "H4",
    "histories.list_public_history",
    "Query GSI2: GSI2PK = PUBLIC#00; backwards; at most 20",
    reads=1,
)
def _(world: World) -> Call:
    world.many_done(is_code_public=True)
    return lambda: world.repositories.histories.list_public_history(limit=20)


@pattern(
    "H6",
    "histories.update_public_status",
    "Get HIST#<ulid> / META; consistent",
    "Transact: Update HIST#<ulid> / META if (pub = False AND (sta = DONE AND ratt = 1))",
    "and Put HIST#<ulid> / LST",
    "Get HIST#<ulid> / META; consistent",
    reads=2,
    writes=8,
    way="publish",
)
def _(world: World) -> Call:
    history = world.done()
    return lambda: world.repositories.histories.update_public_status(
        history.id, is_code_public=True
    )


@pattern(
    "H6b",
    "histories.update_public_status",
    "Get HIST#<ulid> / META; consistent",
    "Transact: Update HIST#<ulid> / META if (pub = True AND (sta = DONE AND ratt = 1))",
    "and Delete HIST#<ulid> / LST",
    "Get HIST#<ulid> / META; consistent",
    reads=2,
    writes=8,
    way="withdraw",
)
def _(world: World) -> Call:
    history = world.done(is_code_public=True)
    return lambda: world.repositories.histories.update_public_status(
        history.id, is_code_public=False
    )


@pattern(
    "H6c",
    "histories.update_public_status",
    "Get HIST#<ulid> / META; consistent",
    "Update HIST#<ulid> / META if sta IN (QUEUED, RUNNING)",
    "Get HIST#<ulid> / META; consistent",
    reads=2,
    writes=2,
    way="before its end",
)
def _(world: World) -> Call:
    history = world.admitted()
    return lambda: world.repositories.histories.update_public_status(
        history.id, is_code_public=True
    )


@pattern("H7", "histories.count_user_history", "Get UST#<grace> / STATS", reads=0.5)
def _(world: World) -> Call:
    world.done()
    return lambda: world.repositories.histories.count_user_history(GRACE)


@pattern(
    "H5",
    "histories.search_by_language",
    "Query GSI1: GSI1PK = PUBLIC#L#python3; backwards; at most 20",
    reads=1,
    writes=0,
)
def _(world: World) -> Call:
    world.many_done(is_code_public=True)
    return lambda: world.repositories.histories.search_by_language("python3", limit=20)


@pattern(
    "H5b",
    "histories.search_by_platform",
    "Query GSI2: GSI2PK = PUBLIC#P#baekjoon; backwards; at most 20",
    reads=1,
    writes=0,
)
def _(world: World) -> Call:
    world.many_done(is_code_public=True)
    return lambda: world.repositories.histories.search_by_platform("baekjoon", limit=20)


@pattern(
    "H6d",
    "histories.update_hints",
    "Transact: ConditionCheck HIST#<ulid> / META if attribute_exists(PK)",
    "and Put HIST#<ulid> / HNT#1#0003",
    "and Put HIST#<ulid> / HNT#2#0003",
    reads=0,
    writes=6,
)
def _(world: World) -> Call:
    history = world.done()
    hints = [a_hint(history.id, level) for level in (1, 2)]
    return lambda: world.repositories.histories.update_hints(history.id, hints)


@pattern(
    "H6e",
    "histories.delete_history",
    "Get HIST#<ulid> / META; consistent",
    "Transact: Delete HIST#<ulid> / META if (((sta = DONE AND ratt = 1) AND att = 1) AND pub = True)",
    "and Delete HIST#<ulid> / LST",
    "and Put HIST#<ulid> / DEL",
    "and Update UST#<grace> / GONE",
    "Get HIST#<ulid> / DEL; consistent",
    "Query: PK = HIST#<ulid>; consistent",
    "BatchWrite: Delete HIST#<ulid> / RES#0001, Delete HIST#<ulid> / SRC",
    reads=3,
    writes=16,
)
def _(world: World) -> Call:
    history = world.done(is_code_public=True)
    return lambda: world.repositories.histories.delete_history(history.id)


@pattern(
    "H6f",
    "histories.list_deleted",
    "Query GSI3: (GSI3PK = QUEUE#DEL AND GSI3SK < <time>#); at most 1000",
    reads=0.5,
    writes=0,
)
def _(world: World) -> Call:
    history = world.done()
    world.repositories.histories.delete_history(history.id)
    world.clock.advance(days=1)
    return world.repositories.histories.list_deleted


@pattern(
    "H8",
    "histories.get_recent_public_history_count",
    "Query GSI2: (GSI2PK = PUBLIC#00 AND GSI2SK >= HIST#<ulid>); count only",
    reads=1.5,
    writes=0,
)
def _(world: World) -> Call:
    world.many_done(is_code_public=True)
    return lambda: world.repositories.histories.get_recent_public_history_count(24)


@pattern(
    "H9",
    "histories.get_history_with_testcases",
    "Get HIST#<ulid> / META",
    "BatchGet PROB#baekjoon#11286 / META, PROB#baekjoon#11286 / BODY",
    "Query: (PK = PROB#baekjoon#11286 AND begins_with(SK, TC#000001#))",
    "Get HIST#<ulid> / SRC",
    "Get HIST#<ulid> / RES#0001",
    reads=5,
    writes=0,
)
def _(world: World) -> Call:
    summary = world.tested_problem()
    history = world.done(problem=summary)
    return lambda: world.repositories.histories.get_history_with_testcases(history.id)


@pattern(
    "H10",
    "histories.list_problem_executions",
    "Query GSI3: (GSI3PK = PROB#baekjoon#11286 AND GSI3SK BETWEEN HIST# AND HIST$); at most 20",
    reads=0.5,
    writes=0,
)
def _(world: World) -> Call:
    world.many_done()
    return lambda: world.repositories.histories.list_problem_executions(KEY, limit=20)
