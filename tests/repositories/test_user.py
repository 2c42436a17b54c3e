"""Users: found by every name they have, unique by e-mail and Google subject."""

from __future__ import annotations

from dataclasses import replace

import pytest

from algoitny.domain.errors import AlreadyExists, InvalidCursor, NotFound, StoreUnavailable
from algoitny.repositories import Repositories
from tests.clock import FixedClock
from tests.faults import Faults, answer_lost, answer_lost_and_repeated, unreachable
from tests.repositories.builders import a_user


def test_a_user_is_found_by_id_email_and_google_subject(
    repositories: Repositories, clock: FixedClock
) -> None:
    users = repositories.users
    user = users.create_user(a_user(clock, email="Ada@Example.org", google_id="g-1", picture="p"))
    assert users.get_user_by_id(user.id) == user
    assert users.get_user_by_email(" ADA@example.ORG ") == user
    assert users.get_user_by_google_id("g-1") == user
    assert users.user_exists("ada@example.org")


def test_nobody_is_found_under_names_that_nobody_has(repositories: Repositories) -> None:
    users = repositories.users
    for nothing in ("", "nobody"):
        assert users.get_user_by_id(nothing) is None
        assert users.get_user_by_email(nothing) is None
        assert users.get_user_by_google_id(nothing) is None
        assert not users.user_exists(nothing)


def test_a_user_whom_the_index_does_not_have_yet_is_found(
    repositories: Repositories, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    user = repositories.users.create_user(a_user(clock, email="new@example.org"))
    # The index lags: as yet there is nothing under this e-mail.
    monkeypatch.setattr("algoitny.repositories.user.email_partition", lambda _: "EMAIL#lagging")
    assert repositories.users.get_user_by_email("new@example.org") == user


@pytest.mark.parametrize(
    "taken", [{"email": "ADA@example.org"}, {"google_id": "g-1"}], ids=["e-mail", "Google"]
)
def test_what_is_taken_is_refused_and_nothing_stored(
    repositories: Repositories, clock: FixedClock, taken: dict[str, str]
) -> None:
    repositories.users.create_user(a_user(clock, email="ada@example.org", google_id="g-1"))
    second = replace(a_user(clock, email="bob@example.org", google_id="g-2"), **taken)
    with pytest.raises(AlreadyExists):
        repositories.users.create_user(second)
    assert repositories.users.get_user_by_id(second.id) is None
    assert repositories.users.user_exists("bob@example.org") is False


def test_an_id_is_not_used_twice(repositories: Repositories, clock: FixedClock) -> None:
    user = repositories.users.create_user(a_user(clock))
    with pytest.raises(AlreadyExists):
        repositories.users.create_user(replace(user, email="other@example.org"))
    assert not repositories.users.user_exists("other@example.org")


def test_creating_survives_a_lost_answer(
    repositories: Repositories, clock: FixedClock, faults: Faults
) -> None:
    for fault in (answer_lost, answer_lost_and_repeated):
        faults.add("TransactWriteItems", fault)
        user = a_user(clock)
        assert repositories.users.create_user(user) == user
        assert repositories.users.get_user_by_id(user.id) == user
    assert faults.left == 0


def test_a_store_that_is_away_creates_nothing(
    repositories: Repositories, clock: FixedClock, faults: Faults
) -> None:
    faults.add("TransactWriteItems", unreachable)
    user = a_user(clock)
    with pytest.raises(StoreUnavailable):
        repositories.users.create_user(user)
    assert not repositories.users.user_exists(user.email)


def test_changes(repositories: Repositories, clock: FixedClock) -> None:
    users = repositories.users
    user = users.create_user(a_user(clock))
    clock.advance(60)
    changed = users.update_user(
        user.id, name="Eve", picture="pic", last_sign_in_at=clock.now(), is_admin=True
    )
    assert changed == replace(
        user,
        name="Eve",
        picture="pic",
        last_sign_in_at=clock.now(),
        is_admin=True,
        updated_at=clock.now(),
        version=2,
    )
    assert users.get_user_by_id(user.id) == changed
    assert users.deactivate_user(user.id).is_active is False
    assert users.activate_user(user.id).is_active is True
    assert users.get_user_by_email(user.email) == users.get_user_by_id(user.id)


def test_changing_nobody_is_refused_and_makes_nobody(repositories: Repositories) -> None:
    users = repositories.users
    for change in (
        lambda: users.update_user("ghost", name="x"),
        lambda: users.update_subscription_plan("ghost", "Pro"),
        lambda: users.activate_user("ghost"),
        lambda: users.deactivate_user(""),
    ):
        with pytest.raises(NotFound):
            change()
    assert users.get_user_by_id("ghost") is None


def test_the_list_of_a_plan_is_paged_and_follows_changes(
    repositories: Repositories, clock: FixedClock
) -> None:
    users = repositories.users
    created = []
    for _ in range(5):
        clock.advance(1)
        created.append(users.create_user(a_user(clock)))
    moved = users.update_subscription_plan(created[2].id, "Pro")
    first = users.list_users(plan="Free", limit=3)
    second = users.list_users(plan="Free", limit=3, cursor=first.next_cursor)
    assert first.items + second.items == (*created[:2], *created[3:])
    assert second.next_cursor is None
    assert users.list_users(plan="Pro").items == (moved,)
    with pytest.raises(InvalidCursor):
        users.list_users(plan="Pro", cursor=first.next_cursor)


def test_admins(repositories: Repositories, clock: FixedClock) -> None:
    users = repositories.users
    named = users.create_user(a_user(clock, email="Root@example.org"))
    granted = users.create_user(a_user(clock, is_admin=True))
    plain = users.create_user(a_user(clock))
    emails = {"rOOt@example.org"}
    assert users.is_admin(named.id, emails)
    assert users.is_admin(granted.id, emails)
    assert not users.is_admin(plain.id, emails)
    assert not users.is_admin("ghost", emails)
    users.deactivate_user(named.id)
    assert not users.is_admin(named.id, emails)


def test_a_batch_says_who_was_refused(repositories: Repositories, clock: FixedClock) -> None:
    first, second, third = a_user(clock), a_user(clock), a_user(clock)
    second = replace(second, email=first.email.upper())
    outcome = repositories.users.batch_create_users([first, second, third])
    assert [user for user, _ in outcome] == [first, second, third]
    assert [refusal is None for _, refusal in outcome] == [True, False, True]
    assert repositories.users.get_user_by_id(third.id) == third
