"""Sign-in sessions: one token is good, and one shown again ends the family."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from algoitny.domain.errors import AlreadyExists, NotAuthenticated, StaleVersion
from algoitny.domain.repositories import Repositories
from algoitny.domain.session import GRACE, SignInSession
from tests.builders import a_session, a_user
from tests.clock import FixedClock


def later(clock: FixedClock) -> datetime:
    return clock.now().replace(microsecond=0) + timedelta(days=30)


def rotate(
    repositories: Repositories, clock: FixedClock, presented: str, new: str, family: str = "F1"
) -> SignInSession:
    return repositories.sessions.rotate_session(
        "ann", family, presented=presented, new=new, expires_at=later(clock)
    )


def test_rotation_replaces_the_token(repositories: Repositories, clock: FixedClock) -> None:
    sessions = repositories.sessions
    session = sessions.create_session(a_session(clock, digest="d1"))
    assert sessions.get_session("ann", "F1") == session
    clock.advance(60)
    second = rotate(repositories, clock, "d1", "d2")
    assert second == replace(
        session,
        digest="d2",
        previous_digest="d1",
        rotated_at=clock.now(),
        expires_at=later(clock),
    )
    assert rotate(repositories, clock, "d2", "d3").digest == "d3"
    assert sessions.get_session("ann", "F1", consistent=True) is not None


def test_a_family_is_one(repositories: Repositories, clock: FixedClock) -> None:
    sessions = repositories.sessions
    session = sessions.create_session(a_session(clock, digest="d1"))
    with pytest.raises(AlreadyExists):
        sessions.create_session(a_session(clock, digest="d2"))
    assert sessions.get_session("ann", "F1") == session


def test_a_token_shown_again_ends_the_family_and_no_other(
    repositories: Repositories, clock: FixedClock
) -> None:
    sessions = repositories.sessions
    sessions.create_session(a_session(clock, digest="d1"))
    other = sessions.create_session(a_session(clock, family="F2", digest="e1"))
    rotate(repositories, clock, "d1", "d2")
    clock.advance(GRACE.total_seconds() + 1)
    with pytest.raises(NotAuthenticated):
        rotate(repositories, clock, "d1", "d3")
    assert sessions.get_session("ann", "F1") is None
    with pytest.raises(NotAuthenticated):
        rotate(repositories, clock, "d2", "d4")
    assert sessions.list_sessions("ann") == (other,)


def test_the_token_replaced_a_moment_ago_is_refused_without_ending_the_family(
    repositories: Repositories, clock: FixedClock
) -> None:
    sessions = repositories.sessions
    sessions.create_session(a_session(clock, digest="d1"))
    second = rotate(repositories, clock, "d1", "d2")
    clock.advance(GRACE.total_seconds())
    with pytest.raises(StaleVersion):
        rotate(repositories, clock, "d1", "d3")
    assert sessions.get_session("ann", "F1") == second


def test_one_older_than_that_ends_it_at_once(repositories: Repositories, clock: FixedClock) -> None:
    repositories.sessions.create_session(a_session(clock, digest="d1"))
    rotate(repositories, clock, "d1", "d2")
    rotate(repositories, clock, "d2", "d3")
    with pytest.raises(NotAuthenticated):
        rotate(repositories, clock, "d1", "d4")
    assert repositories.sessions.list_sessions("ann") == ()


def test_an_expired_session_is_nowhere(repositories: Repositories, clock: FixedClock) -> None:
    sessions = repositories.sessions
    expiry = clock.now().replace(microsecond=0) + timedelta(hours=1)
    session = sessions.create_session(a_session(clock, digest="d1", expires_at=expiry))
    clock.advance(minutes=59)
    assert sessions.list_sessions("ann") == (session,)
    clock.advance(minutes=2)
    assert sessions.get_session("ann", "F1") is None
    assert sessions.list_sessions("ann") == ()
    with pytest.raises(NotAuthenticated):
        rotate(repositories, clock, "d1", "d2")
    again = a_session(clock, digest="d5", expires_at=later(clock))
    assert sessions.create_session(again) == again


def test_nobodys_session(repositories: Repositories, clock: FixedClock) -> None:
    sessions = repositories.sessions
    for user_id, family in (("ann", "ghost"), ("", "F1"), ("ann", "")):
        assert sessions.get_session(user_id, family) is None
        sessions.revoke_session(user_id, family)
        with pytest.raises(NotAuthenticated):
            sessions.rotate_session(
                user_id, family, presented="d1", new="d2", expires_at=later(clock)
            )
    assert sessions.list_sessions("ann") == ()


def test_sessions_are_listed_by_their_last_use_and_revoked(
    repositories: Repositories, clock: FixedClock
) -> None:
    sessions = repositories.sessions
    for family in ("F1", "F2", "F3"):
        clock.advance(1)
        sessions.create_session(a_session(clock, family=family, digest=f"{family}-1"))
    sessions.create_session(a_session(clock, user_id="bob", family="F9"))
    clock.advance(1)
    rotate(repositories, clock, "F2-1", "F2-2", family="F2")
    assert [session.family for session in sessions.list_sessions("ann")] == ["F2", "F3", "F1"]
    sessions.revoke_session("ann", "F3")
    assert [session.family for session in sessions.list_sessions("ann")] == ["F2", "F1"]
    assert sessions.revoke_all("ann") == 2
    assert sessions.list_sessions("ann") == ()
    with pytest.raises(NotAuthenticated):
        rotate(repositories, clock, "F2-2", "F2-3", family="F2")
    assert sessions.revoke_all("ann") == 0
    assert len(sessions.list_sessions("bob")) == 1


def test_a_session_and_its_user_are_read_at_once(
    repositories: Repositories, clock: FixedClock
) -> None:
    sessions = repositories.sessions
    user = repositories.users.create_user(a_user(clock, id="ann"))
    assert sessions.get_session_and_user("ann", "F1") == (None, user)
    session = sessions.create_session(a_session(clock, digest="d1"))
    assert sessions.get_session_and_user("ann", "F1") == (session, user)
    deactivated = repositories.users.deactivate_user("ann")
    assert sessions.get_session_and_user("ann", "F1") == (session, deactivated)
    repositories.users.delete_user("ann")
    assert sessions.get_session_and_user("ann", "F1") == (session, None)
    clock.advance(timedelta(days=40).total_seconds())
    assert sessions.get_session_and_user("ann", "F1") == (None, None)
    assert sessions.get_session_and_user("", "") == (None, None)
