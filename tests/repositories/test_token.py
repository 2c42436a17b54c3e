"""Tokens, sessions and webhook secrets on DynamoDB: lost answers, and a store that fails."""

from __future__ import annotations

import pytest

from algoitny.domain.errors import NotAuthenticated, StoreUnavailable
from algoitny.domain.repositories import Repositories
from tests.builders import a_session, a_token
from tests.clock import FixedClock
from tests.faults import (
    LOST,
    Fault,
    Faults,
    broken,
    throttled,
    unreachable,
)


@pytest.mark.parametrize("fault", LOST)
def test_creating_survives_a_lost_answer(
    repositories: Repositories, clock: FixedClock, faults: Faults, fault: Fault
) -> None:
    faults.add("PutItem", fault, fault)
    token = repositories.tokens.create_token(a_token(clock))
    assert repositories.tokens.get_token(token.digest) == token
    session = repositories.sessions.create_session(a_session(clock))
    assert repositories.sessions.get_session("ann", "F1") == session
    assert faults.left == 0


@pytest.mark.parametrize("fault", LOST)
def test_a_rotation_whose_answer_is_lost_is_no_reuse(
    repositories: Repositories, clock: FixedClock, faults: Faults, fault: Fault
) -> None:
    session = repositories.sessions.create_session(a_session(clock, digest="d1"))
    faults.add("UpdateItem", fault)
    rotated = repositories.sessions.rotate_session(
        "ann", "F1", presented="d1", new="d2", expires_at=session.expires_at
    )
    assert rotated.digest == "d2"
    assert repositories.sessions.get_session("ann", "F1") == rotated
    assert faults.left == 0


@pytest.mark.parametrize("fault", [unreachable, throttled, broken])
def test_a_store_that_is_away_changes_and_ends_nothing(
    repositories: Repositories, clock: FixedClock, faults: Faults, fault: Fault
) -> None:
    sessions, tokens = repositories.sessions, repositories.tokens
    session = sessions.create_session(a_session(clock, digest="d1"))
    token = tokens.create_token(a_token(clock))
    faults.add("PutItem", *[fault] * 3)
    faults.add("UpdateItem", fault, fault)
    faults.add("DeleteItem", *[fault] * 4)
    for write in (
        lambda: tokens.create_token(a_token(clock, secret="s-9")),
        lambda: sessions.create_session(a_session(clock, family="F9")),
        lambda: repositories.webhook_secrets.set_webhook_secret("ann", b"x"),
        lambda: sessions.rotate_session(
            "ann", "F1", presented="d1", new="d2", expires_at=session.expires_at
        ),
        lambda: tokens.note_use(token),
        lambda: tokens.revoke_token("ann", token.id),
        lambda: sessions.revoke_session("ann", "F1"),
        lambda: sessions.revoke_all("ann"),
        lambda: repositories.webhook_secrets.delete_webhook_secret("ann"),
    ):
        with pytest.raises(StoreUnavailable):
            write()
    assert faults.left == 0
    assert sessions.list_sessions("ann") == (session,)
    assert tokens.list_tokens("ann").items == (token,)


def test_a_reuse_is_an_error_even_when_the_family_cannot_be_ended(
    repositories: Repositories, clock: FixedClock, faults: Faults
) -> None:
    sessions = repositories.sessions
    session = sessions.create_session(a_session(clock, digest="d1"))
    faults.add("DeleteItem", unreachable)
    for expected in (StoreUnavailable, NotAuthenticated):
        with pytest.raises(expected):
            sessions.rotate_session(
                "ann", "F1", presented="stolen", new="d2", expires_at=session.expires_at
            )
    assert sessions.list_sessions("ann") == ()
