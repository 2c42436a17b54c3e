"""Changing and giving up what is unique: nobody without their names, no name with two owners."""

from __future__ import annotations

from dataclasses import replace

import pytest

from algoitny.domain.errors import AlreadyExists, NotFound
from algoitny.domain.repositories import Repositories
from tests.builders import a_user
from tests.clock import FixedClock


def test_a_new_email_replaces_the_old_one(repositories: Repositories, clock: FixedClock) -> None:
    users = repositories.users
    user = users.create_user(a_user(clock, email="old@example.org", google_id="g-1"))
    clock.advance(1)
    changed = users.update_user(user.id, email="New@example.org", name="Eve")
    assert changed == replace(
        user, email="New@example.org", name="Eve", updated_at=clock.now(), version=2
    )
    assert users.get_user_by_id(user.id) == changed
    assert users.get_user_by_email("new@EXAMPLE.org") == changed
    assert users.get_user_by_google_id("g-1") == changed
    assert users.get_user_by_email("old@example.org") is None
    assert users.create_user(a_user(clock, email="old@example.org"))


def test_another_spelling_of_the_own_email(repositories: Repositories, clock: FixedClock) -> None:
    users = repositories.users
    user = users.create_user(a_user(clock, email="ada@example.org"))
    assert users.update_user(user.id, email="ADA@example.org").email == "ADA@example.org"
    assert users.get_user_by_email("ada@example.org") == users.get_user_by_id(user.id)
    with pytest.raises(AlreadyExists):
        users.create_user(a_user(clock, email="ada@example.org"))


def test_a_google_account_is_linked_changed_and_unlinked(
    repositories: Repositories, clock: FixedClock
) -> None:
    users = repositories.users
    user = users.create_user(a_user(clock))
    linked = users.update_user(user.id, google_id="g-1")
    assert users.get_user_by_google_id("g-1") == linked
    changed = users.update_user(user.id, google_id="g-2")
    assert users.get_user_by_google_id("g-2") == changed
    assert users.get_user_by_google_id("g-1") is None
    assert users.update_user(user.id, google_id="").google_id is None
    assert users.get_user_by_google_id("g-2") is None
    assert users.update_user(user.id, google_id="").version == 5
    other = users.create_user(a_user(clock, google_id="g-2"))
    assert users.get_user_by_google_id("g-2") == other


@pytest.mark.parametrize("name", ["email", "google_id"])
def test_what_another_has_is_refused_and_nothing_changed(
    repositories: Repositories, clock: FixedClock, name: str
) -> None:
    users = repositories.users
    ada = users.create_user(a_user(clock, email="ada@example.org", google_id="g-1"))
    bob = users.create_user(a_user(clock, email="bob@example.org", google_id="g-2"))
    wanted = {"email": "new@example.org", "google_id": "g-3", name: getattr(ada, name).upper()}
    if name == "google_id":
        wanted[name] = ada.google_id
    with pytest.raises(AlreadyExists):
        users.update_user(bob.id, name="Eve", **wanted)  # type: ignore[arg-type]
    assert users.get_user_by_id(bob.id) == bob
    assert users.get_user_by_email("ada@example.org") == ada
    assert users.get_user_by_google_id("g-2") == bob
    assert users.get_user_by_google_id("g-3") is None
    assert not users.user_exists("new@example.org")


def test_two_users_exchange_their_emails_over_a_third_address(
    repositories: Repositories, clock: FixedClock
) -> None:
    users = repositories.users
    ada = users.create_user(a_user(clock, email="ada@example.org"))
    bob = users.create_user(a_user(clock, email="bob@example.org"))
    with pytest.raises(AlreadyExists):
        users.update_user(ada.id, email=bob.email)
    users.update_user(ada.id, email="third@example.org")
    users.update_user(bob.id, email=ada.email)
    users.update_user(ada.id, email=bob.email)
    assert users.get_user_by_email(ada.email) == users.get_user_by_id(bob.id)
    assert users.get_user_by_email(bob.email) == users.get_user_by_id(ada.id)
    assert not users.user_exists("third@example.org")


def test_a_deleted_user_is_nowhere_and_frees_both_names(
    repositories: Repositories, clock: FixedClock
) -> None:
    users = repositories.users
    user = users.create_user(a_user(clock, email="ada@example.org", google_id="g-1"))
    users.delete_user(user.id, expected_version=1)
    assert users.get_user_by_id(user.id, consistent=True) is None
    assert users.get_user_by_email("ada@example.org") is None
    assert users.get_user_by_google_id("g-1") is None
    assert not users.user_exists("ada@example.org")
    assert users.list_users(plan="Free").items == ()
    assert not users.is_admin(user.id, {"ada@example.org"})
    for change in (
        lambda: users.delete_user(user.id),
        lambda: users.update_user(user.id, name="Eve"),
        lambda: users.update_user(user.id, email="eve@example.org"),
        lambda: users.activate_user(user.id),
    ):
        with pytest.raises(NotFound):
            change()
    successor = users.create_user(a_user(clock, email="Ada@example.org", google_id="g-1"))
    assert users.get_user_by_email("ada@example.org") == successor


def test_the_id_of_a_deleted_user_is_never_used_again(
    repositories: Repositories, clock: FixedClock
) -> None:
    users = repositories.users
    user = users.create_user(a_user(clock))
    users.delete_user(user.id)
    with pytest.raises(AlreadyExists):
        users.create_user(user)
    assert not users.user_exists(user.email)
