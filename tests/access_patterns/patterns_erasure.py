"""Erasure and export: everything a user owns."""

from __future__ import annotations

from datetime import timedelta

from algoitny.domain.erasure import Erasure
from tests.access_patterns.declaration import Call, pattern
from tests.access_patterns.world import World
from tests.realistic import GRACE


def owning(world: World) -> None:
    """Grace has solved something in public."""
    world.user()
    world.done(is_code_public=True)


def claimed(world: World) -> Erasure:
    owning(world)
    world.repositories.users.delete_user(GRACE)
    return world.repositories.erasures.claim(GRACE, lease_seconds=60)


@pattern(
    "E1",
    "erasures.owned_by",
    "Query: PK = USR#<grace>; at most 50",
    "Query GSI1: (GSI1PK = USR#<grace> AND begins_with(GSI1SK, TOK#)); at most 50",
    "Query: PK = USR#<grace>#ULOG; at most 50",
    "Query: PK = UST#<grace>; at most 50",
    "Query GSI1: (GSI1PK = USR#<grace> AND begins_with(GSI1SK, HIST#)); at most 50",
    "Query: PK = HIST#<ulid>; at most 50",
    "Query GSI2: GSI2PK = USR#<grace>#JOBS; at most 50",
    reads=3.5,
    writes=0,
)
def _(world: World) -> Call:
    owning(world)
    return lambda: list(world.repositories.erasures.owned_by(GRACE))


@pattern(
    "E2",
    "erasures.remove_some",
    "Query GSI1: (GSI1PK = USR#<grace> AND begins_with(GSI1SK, HIST#)); at most 10",
    "Get LEG#history#<old id> / PTR",
    "Get HIST#<ulid> / META; consistent",
    "Transact: Delete HIST#<ulid> / META if (((sta = DONE AND ratt = 1) AND att = 1) AND pub = True)",
    "and Delete HIST#<ulid> / LST",
    "and Put HIST#<ulid> / DEL",
    "and Update UST#<grace> / GONE",
    "Get HIST#<ulid> / DEL; consistent",
    "Query: PK = HIST#<ulid>; consistent",
    "BatchWrite: Delete HIST#<ulid> / RES#0001, Delete HIST#<ulid> / SRC",
    reads=4,
    writes=16,
)
def _(world: World) -> Call:
    erasure = claimed(world)
    return lambda: world.repositories.erasures.remove_some(erasure)


@pattern("E3", "erasures.get_erasure", "Get USR#<grace> / META; consistent", reads=1, writes=0)
def _(world: World) -> Call:
    claimed(world)
    return lambda: world.repositories.erasures.get_erasure(GRACE)


@pattern(
    "E4",
    "erasures.list_due",
    "Query GSI3: (GSI3PK = QUEUE#ERASE AND GSI3SK < <time>#); at most 20",
    reads=0.5,
    writes=0,
)
def _(world: World) -> Call:
    world.user()
    world.repositories.users.delete_user(GRACE)
    world.clock.advance(60)
    return world.repositories.erasures.list_due


@pattern(
    "E5",
    "erasures.claim",
    "Update USR#<grace> / META if (tp = erasure AND lse <= <time>)",
    reads=0,
    writes=3,
)
def _(world: World) -> Call:
    world.user()
    world.repositories.users.delete_user(GRACE)
    world.clock.advance(60)
    return lambda: world.repositories.erasures.claim(GRACE, lease_seconds=60)


@pattern(
    "E6",
    "erasures.postpone",
    "Update USR#<grace> / META if (tp = erasure AND clm = <ulid>)",
    reads=0,
    writes=3,
)
def _(world: World) -> Call:
    erasure = claimed(world)
    until = world.clock.now() + timedelta(minutes=10)
    return lambda: world.repositories.erasures.postpone(erasure, until=until)


@pattern(
    "E7",
    "erasures.finish",
    "Update USR#<grace> / META if (tp = erasure AND clm = <ulid>)",
    reads=0,
    writes=2,
)
def _(world: World) -> Call:
    world.user()
    world.repositories.users.delete_user(GRACE)
    erasure = world.repositories.erasures.claim(GRACE, lease_seconds=60)
    return lambda: world.repositories.erasures.finish(erasure)


@pattern(
    "E2b",
    "erasures.remove_some",
    "Query GSI1: (GSI1PK = USR#<grace> AND begins_with(GSI1SK, HIST#)); at most 10",
    "Get HIST#<ulid> / META; consistent",
    "Transact: Update HIST#<ulid> / META if ((sta = DONE AND att = 1) AND pub = True)",
    "and Update HIST#<ulid> / LST if attribute_exists(PK)",
    "Query: PK = HIST#<ulid>; consistent",
    reads=4,
    writes=14,
    way="keeping public history",
)
def _(world: World) -> Call:
    owning(world)
    world.repositories.users.delete_user(GRACE, keep_public_history=True)
    erasure = world.repositories.erasures.claim(GRACE, lease_seconds=60)
    return lambda: world.repositories.erasures.remove_some(erasure)


@pattern(
    "E8",
    "histories.anonymise_history",
    "Get HIST#<ulid> / META; consistent",
    "Transact: Update HIST#<ulid> / META if ((sta = DONE AND att = 1) AND pub = True)",
    "and Update HIST#<ulid> / LST if attribute_exists(PK)",
    "Query: PK = HIST#<ulid>; consistent",
    reads=3,
    writes=14,
)
def _(world: World) -> Call:
    history = world.done(is_code_public=True)
    return lambda: world.repositories.histories.anonymise_history(history.id)


@pattern(
    "E9",
    "histories.forget_author",
    "Get HIST#<ulid> / META; consistent",
    "Query: PK = HIST#<ulid>; consistent",
    "Transact: Update HIST#<ulid> / META if (attribute_not_exists(uid) AND pub = True)",
    "and Update HIST#<ulid> / LST if attribute_exists(PK)",
    reads=3,
    writes=14,
)
def _(world: World) -> Call:
    history = world.done(is_code_public=True)
    world.repositories.histories.anonymise_history(history.id)
    return lambda: world.repositories.histories.forget_author(history.id)
