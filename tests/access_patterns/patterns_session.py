"""Sign-in sessions."""

from __future__ import annotations

from datetime import timedelta
from hashlib import sha256

from algoitny.domain.session import SignInSession
from tests.access_patterns.declaration import Call, pattern
from tests.access_patterns.world import World
from tests.realistic import GRACE


def a_session(world: World, family: str = "01JPA0FAMILY000000000000F1") -> SignInSession:
    now = world.clock.now()
    return SignInSession(
        user_id=GRACE,
        family=family,
        digest=sha256(family.encode()).hexdigest(),
        created_at=now,
        rotated_at=now,
        expires_at=now.replace(microsecond=0) + timedelta(days=30),
    )


def created(world: World, family: str = "01JPA0FAMILY000000000000F1") -> SignInSession:
    return world.repositories.sessions.create_session(a_session(world, family))


@pattern(
    "U15",
    "sessions.create_session",
    "Put USR#<grace> / SES#01JPA0FAMILY000000000000F1 if (attribute_not_exists(PK) OR ttl < <time>)",
    reads=0,
    writes=1,
)
def _(world: World) -> Call:
    session = a_session(world)
    return lambda: world.repositories.sessions.create_session(session)


@pattern(
    "U15b",
    "sessions.get_session",
    "Get USR#<grace> / SES#01JPA0FAMILY000000000000F1",
    reads=0.5,
    writes=0,
)
def _(world: World) -> Call:
    created(world)
    return lambda: world.repositories.sessions.get_session(GRACE, "01JPA0FAMILY000000000000F1")


@pattern(
    "U15h",
    "sessions.get_session_and_user",
    "BatchGet USR#<grace> / SES#01JPA0FAMILY000000000000F1, USR#<grace> / META; consistent",
    reads=2,
    writes=0,
)
def _(world: World) -> Call:
    created(world)
    return lambda: world.repositories.sessions.get_session_and_user(
        GRACE, "01JPA0FAMILY000000000000F1"
    )


@pattern(
    "U15c",
    "sessions.rotate_session",
    "Update USR#<grace> / SES#01JPA0FAMILY000000000000F1 if (dig = <sha256> AND ttl >= <time>)",
    reads=0,
    writes=1,
)
def _(world: World) -> Call:
    session = created(world)
    world.clock.advance(60)
    return lambda: world.repositories.sessions.rotate_session(
        GRACE,
        session.family,
        presented=session.digest,
        new=sha256(b"second").hexdigest(),
        expires_at=session.expires_at,
    )


@pattern(
    "U15d",
    "sessions.rotate_session",
    "Update USR#<grace> / SES#01JPA0FAMILY000000000000F1 if (dig = <sha256> AND ttl >= <time>)",
    "Get USR#<grace> / SES#01JPA0FAMILY000000000000F1; consistent",
    "Delete USR#<grace> / SES#01JPA0FAMILY000000000000F1",
    reads=1,
    writes=2,
    way="shown again",
)
def _(world: World) -> Call:
    session = created(world)
    world.repositories.sessions.rotate_session(
        GRACE,
        session.family,
        presented=session.digest,
        new=sha256(b"second").hexdigest(),
        expires_at=session.expires_at,
    )
    world.clock.advance(3600)
    return lambda: world.repositories.sessions.rotate_session(
        GRACE,
        session.family,
        presented=session.digest,
        new=sha256(b"third").hexdigest(),
        expires_at=session.expires_at,
    )


@pattern(
    "U15e",
    "sessions.list_sessions",
    "Query: (PK = USR#<grace> AND begins_with(SK, SES#)); consistent",
    reads=1,
    writes=0,
)
def _(world: World) -> Call:
    created(world)
    return lambda: world.repositories.sessions.list_sessions(GRACE)


@pattern(
    "U15f",
    "sessions.revoke_session",
    "Delete USR#<grace> / SES#01JPA0FAMILY000000000000F1",
    reads=0,
    writes=1,
)
def _(world: World) -> Call:
    session = created(world)
    return lambda: world.repositories.sessions.revoke_session(GRACE, session.family)


@pattern(
    "U15g",
    "sessions.revoke_all",
    "Query: (PK = USR#<grace> AND begins_with(SK, SES#)); consistent",
    "Delete USR#<grace> / SES#01JPA0FAMILY000000000000F1",
    "Delete USR#<grace> / SES#01JPA0FAMILY000000000000F2",
    reads=1,
    writes=2,
)
def _(world: World) -> Call:
    created(world)
    created(world, "01JPA0FAMILY000000000000F2")
    return lambda: world.repositories.sessions.revoke_all(GRACE)
