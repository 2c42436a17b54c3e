"""API tokens."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from algoitny.domain.errors import AlreadyExists, InvalidCursor, NotFound
from algoitny.domain.repositories import Repositories
from algoitny.domain.token import Scope, digest_of
from tests.builders import a_token, admitted
from tests.clock import FixedClock


def test_a_token_is_found_by_its_secret_and_by_nothing_else(
    repositories: Repositories, clock: FixedClock
) -> None:
    tokens = repositories.tokens
    token = a_token(clock, secret="s-1", scopes=frozenset({Scope.READ, Scope.EXECUTE}))
    assert tokens.create_token(token) == token
    assert tokens.get_token(digest_of("s-1")) == token
    for nothing in ("s-1", digest_of("s-2"), ""):
        assert tokens.get_token(nothing) is None
    with pytest.raises(AlreadyExists):
        tokens.create_token(replace(token, user_id="eve"))


def test_a_token_may_have_no_scope_and_any_name(
    repositories: Repositories, clock: FixedClock
) -> None:
    token = a_token(clock, scopes=frozenset(), name="Ünïcode # \U0001f600")
    repositories.tokens.create_token(token)
    assert repositories.tokens.get_token(token.digest) == token


def test_an_expired_token_is_nowhere(repositories: Repositories, clock: FixedClock) -> None:
    tokens = repositories.tokens
    expiry = clock.now().replace(microsecond=0) + timedelta(hours=1)
    token = tokens.create_token(a_token(clock, expires_at=expiry))
    clock.advance(hours=1, seconds=-1)
    assert tokens.get_token(token.digest) == token
    assert tokens.list_tokens("ann").items == (token,)
    clock.advance(2)
    assert tokens.get_token(token.digest) is None
    assert tokens.list_tokens("ann").items == ()
    with pytest.raises(NotFound):
        tokens.revoke_token("ann", token.id)


def test_the_list_has_the_users_tokens_and_no_executions(
    repositories: Repositories, clock: FixedClock
) -> None:
    tokens = repositories.tokens
    made = []
    for number in range(5):
        clock.advance(1)
        made.append(tokens.create_token(a_token(clock, name=f"T{number}")))
    tokens.create_token(a_token(clock, user_id="bob"))
    history = admitted(repositories, clock, user_id="ann")
    first = tokens.list_tokens("ann", limit=3)
    second = tokens.list_tokens("ann", limit=3, cursor=first.next_cursor)
    assert [*first.items, *second.items] == made[::-1]
    assert second.next_cursor is None
    with pytest.raises(InvalidCursor):
        tokens.list_tokens("bob", cursor=first.next_cursor)
    assert repositories.histories.list_user_history("ann").items == (history,)


def test_a_revoked_token_is_refused_at_once_and_only_its_owner_revokes_it(
    repositories: Repositories, clock: FixedClock
) -> None:
    tokens = repositories.tokens
    token, other = tokens.create_token(a_token(clock)), tokens.create_token(a_token(clock))
    for user_id, token_id in (("bob", token.id), ("ann", "ghost"), ("", token.id), ("ann", "")):
        with pytest.raises(NotFound):
            tokens.revoke_token(user_id, token_id)
    tokens.revoke_token("ann", token.id)
    assert tokens.get_token(token.digest) is None
    assert tokens.get_token(other.digest) == other
    with pytest.raises(NotFound):
        tokens.revoke_token("ann", token.id)


def test_a_use_is_noted_once_a_minute(repositories: Repositories, clock: FixedClock) -> None:
    tokens = repositories.tokens
    unused = tokens.create_token(a_token(clock))
    first = tokens.note_use(unused)
    assert first == replace(unused, last_used_at=clock.now())
    clock.advance(59)
    assert tokens.note_use(first) == first
    assert tokens.note_use(unused).last_used_at == clock.now()
    assert tokens.get_token(unused.digest) == first
    clock.advance(1)
    assert tokens.note_use(first) == replace(first, last_used_at=clock.now())
    assert tokens.get_token(unused.digest) == replace(first, last_used_at=clock.now())


def test_using_a_revoked_token_brings_nothing_back(
    repositories: Repositories, clock: FixedClock
) -> None:
    token = repositories.tokens.create_token(a_token(clock))
    repositories.tokens.revoke_token("ann", token.id)
    repositories.tokens.note_use(token)
    assert repositories.tokens.get_token(token.digest) is None
    assert repositories.tokens.list_tokens("ann").items == ()
