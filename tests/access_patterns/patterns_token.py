"""API tokens."""

from __future__ import annotations

from datetime import timedelta

from algoitny.domain.token import ApiToken, Scope, digest_of
from tests.access_patterns.declaration import Call, pattern
from tests.access_patterns.world import World
from tests.realistic import GRACE


def a_token(world: World) -> ApiToken:
    name = world.ids.new()
    return ApiToken(
        id=name,
        user_id=GRACE,
        name="Editor plug-in on my laptop",
        digest=digest_of(name),
        scopes=frozenset({Scope.READ, Scope.EXECUTE}),
        created_at=world.clock.now(),
        expires_at=world.clock.now().replace(microsecond=0) + timedelta(days=365),
    )


def created(world: World) -> ApiToken:
    return world.repositories.tokens.create_token(a_token(world))


@pattern(
    "U14",
    "tokens.create_token",
    "Put TOK#<sha256> / META if (attribute_not_exists(PK) OR ttl < <time>)",
    reads=0,
    writes=2,
)
def _(world: World) -> Call:
    token = a_token(world)
    return lambda: world.repositories.tokens.create_token(token)


@pattern("U14b", "tokens.get_token", "Get TOK#<sha256> / META; consistent", reads=1, writes=0)
def _(world: World) -> Call:
    token = created(world)
    return lambda: world.repositories.tokens.get_token(token.digest)


@pattern(
    "U14c",
    "tokens.list_tokens",
    "Query GSI1: (GSI1PK = USR#<grace> AND begins_with(GSI1SK, TOK#)); backwards; at most 20",
    reads=0.5,
    writes=0,
)
def _(world: World) -> Call:
    for _ in range(3):
        created(world)
    return lambda: world.repositories.tokens.list_tokens(GRACE)


@pattern(
    "U14d",
    "tokens.note_use",
    "Update TOK#<sha256> / META if (attribute_exists(PK) AND (attribute_not_exists(lus) OR lus <= <time>))",
    reads=0,
    writes=2,
)
def _(world: World) -> Call:
    token = created(world)
    world.clock.advance(days=1)
    return lambda: world.repositories.tokens.note_use(token)


@pattern(
    "U14e",
    "tokens.revoke_token",
    "Query GSI1: (GSI1PK = USR#<grace> AND GSI1SK = TOK#<ulid>)",
    "Delete TOK#<sha256> / META",
    reads=0.5,
    writes=2,
)
def _(world: World) -> Call:
    token = created(world)
    return lambda: world.repositories.tokens.revoke_token(GRACE, token.id)
