"""Hints."""

from __future__ import annotations

from algoitny.domain.hint import Hint, HintState
from algoitny.domain.verdict import Verdict
from tests.access_patterns.declaration import Call, pattern
from tests.access_patterns.world import World
from tests.realistic import GRACE, NEVER_OVER, a_key

TEXT = """Your loop reads one number more than the first line promises, so the last test, which has
no more lines, ends in an error. Which of the two bounds of the range is the one that you meant?"""


def a_hint(world: World) -> Hint:
    return Hint(
        history_id=world.done(Verdict.WA).id,
        user_id=GRACE,
        level=1,
        prompt_version=3,
        state=HintState.PENDING,
        created_at=world.clock.now(),
        updated_at=world.clock.now(),
    )


def claimed(world: World) -> Hint:
    return world.repositories.hints.claim_hint(a_hint(world), limit=NEVER_OVER)


@pattern(
    "H12",
    "hints.claim_hint",
    "Get HIST#<ulid> / HNT#1#0003; consistent",
    "Get USR#<grace>#ULOG / CNT#20250314",
    "Transact: Put HIST#<ulid> / HNT#1#0003 if attribute_not_exists(PK)",
    "and Update USR#<grace>#ULOG / CNT#20250314 if (attribute_not_exists(hnt) OR hnt < 50)",
    "and Put USR#<grace>#ULOG / ULOG#20250314#1741944413589000#hint#<ulid>",
    reads=1.5,
    writes=7,
)
def _(world: World) -> Call:
    hint = a_hint(world)
    return lambda: world.repositories.hints.claim_hint(hint, limit=NEVER_OVER)


@pattern(
    "H12h",
    "hints.keep_request",
    "Put IDK#<grace>#<sha256> / UNQ if (attribute_not_exists(PK) OR ttl < <time>)",
    writes=1,
)
def _(world: World) -> Call:
    return lambda: world.repositories.hints.keep_request(GRACE, a_key())


@pattern(
    "H12b",
    "hints.renew_hint",
    "Update HIST#<ulid> / HNT#1#0003 if ((sta = PENDING AND att = 0) AND (attribute_not_exists(lse) OR lse < <time>))",
    writes=2,
)
def _(world: World) -> Call:
    hint = claimed(world)
    world.clock.advance(20)
    return lambda: world.repositories.hints.renew_hint(hint, lease_seconds=30)


@pattern(
    "H12c",
    "hints.finish_hint",
    "Update HIST#<ulid> / HNT#1#0003 if (sta = PENDING AND att = 0)",
    writes=2,
)
def _(world: World) -> Call:
    hint = claimed(world)
    return lambda: world.repositories.hints.finish_hint(hint, TEXT)


@pattern(
    "H12d",
    "hints.fail_hint",
    "Transact: Update HIST#<ulid> / HNT#1#0003 if (sta = PENDING AND att = 0)",
    "and Update USR#<grace>#ULOG / CNT#20250314 if (hnt >= 1 AND (attribute_not_exists(gvb) OR gvb < 5))",
    writes=5,
)
def _(world: World) -> Call:
    hint = claimed(world)
    return lambda: world.repositories.hints.fail_hint(hint)


@pattern("H12e", "hints.get_hint", "Get HIST#<ulid> / HNT#1#0003; consistent", reads=1)
def _(world: World) -> Call:
    hint = claimed(world)
    return lambda: world.repositories.hints.get_hint(hint.history_id, 1, 3)


@pattern(
    "H12f", "hints.list_hints", "Query: (PK = HIST#<ulid> AND begins_with(SK, HNT#))", reads=0.5
)
def _(world: World) -> Call:
    hint = claimed(world)
    return lambda: world.repositories.hints.list_hints(hint.history_id)


@pattern(
    "H12g",
    "hints.list_pending_hints",
    "Query GSI3: GSI3PK = QUEUE#HNT; at most 1000",
    "BatchGet HIST#<ulid> / HNT#1#0003; consistent",
    reads=1.5,
)
def _(world: World) -> Call:
    claimed(world)
    world.clock.advance(60)
    return lambda: world.repositories.hints.list_pending_hints(created_before=world.clock.now())
