"""Users: found by every name they have, unique by e-mail and Google subject."""

from __future__ import annotations

from dataclasses import replace

import pytest

from algoitny.domain.errors import AlreadyExists, InvalidInput, NotFound, StaleVersion
from algoitny.domain.plan import STANDARD_PLANS
from algoitny.domain.repositories import Repositories
from tests.builders import a_plan, a_user
from tests.clock import FixedClock


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


@pytest.mark.parametrize(
    "taken",
    [{"email": "ADA@example.org"}, {"google_id": "g-1"}],
    ids=["e-mail", "Google"],
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


@pytest.mark.parametrize(
    ("stored", "typed", "same"),
    [
        ("Straße@example.org", "STRASSE@EXAMPLE.ORG", True),
        ("caf\u00e9#1@example.org", "CAFE\u0301#1@example.org", True),
        ("\u0130ada@example.org", "i\u0307ada@example.org", True),
        ("\U0001f600%23@example.org", "\U0001f600#@example.org", False),
        ("fi@example.org", "\ufb01\u200b@example.org", False),
        ("ada@example.org", "\uff41da@example.org", False),
    ],
)
def test_spellings_of_an_address_in_any_script(
    repositories: Repositories, clock: FixedClock, stored: str, typed: str, same: bool
) -> None:
    users = repositories.users
    user = users.create_user(a_user(clock, email=stored, name="Ådá \U0001f600 #%"))
    assert users.get_user_by_email(stored) == user
    assert users.get_user_by_email(typed) == (user if same else None)
    assert users.user_exists(typed) is same
    if same:
        with pytest.raises(AlreadyExists):
            users.create_user(a_user(clock, email=typed))


@pytest.mark.parametrize("email", ["", "  ", "\ud800@example.org", "a" * 2100])
def test_an_address_that_no_key_can_hold_is_refused(
    repositories: Repositories, clock: FixedClock, email: str
) -> None:
    with pytest.raises(InvalidInput):
        repositories.users.create_user(a_user(clock, email=email))


def test_an_id_is_not_used_twice(repositories: Repositories, clock: FixedClock) -> None:
    user = repositories.users.create_user(a_user(clock))
    with pytest.raises(AlreadyExists):
        repositories.users.create_user(replace(user, email="other@example.org"))
    assert not repositories.users.user_exists("other@example.org")


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
    assert users.update_user(user.id, picture="", is_admin=False).picture is None
    assert users.deactivate_user(user.id).is_active is False
    assert users.activate_user(user.id).is_active is True
    assert users.update_user(user.id, is_active=False, is_admin=True).is_active is False
    assert users.get_user_by_email(user.email) == users.get_user_by_id(user.id)


def test_a_change_holds_for_the_version_that_was_read(
    repositories: Repositories, clock: FixedClock
) -> None:
    users = repositories.users
    repositories.plans.create_missing((a_plan("Pro"),))
    user = users.create_user(a_user(clock))
    changed = users.update_user(user.id, name="Eve", expected_version=1)
    for change in (
        lambda: users.update_user(user.id, name="Ann", expected_version=1),
        lambda: users.update_user(user.id, email="ann@example.org", expected_version=1),
        lambda: users.update_subscription_plan(user.id, "Pro", expected_version=1),
        lambda: users.delete_user(user.id, expected_version=1),
    ):
        with pytest.raises(StaleVersion):
            change()
    assert users.get_user_by_id(user.id) == changed
    assert users.update_subscription_plan(user.id, "Pro", expected_version=2).version == 3


def test_changing_nobody_is_refused_and_makes_nobody(repositories: Repositories) -> None:
    users = repositories.users
    repositories.plans.create_missing((a_plan("Pro"),))
    for change in (
        lambda: users.update_user("ghost", name="x"),
        lambda: users.update_user("ghost", email="x@example.org"),
        lambda: users.update_user("ghost", name="x", expected_version=1),
        lambda: users.update_subscription_plan("ghost", "Pro"),
        lambda: users.activate_user("ghost"),
        lambda: users.deactivate_user(""),
        lambda: users.delete_user("ghost"),
    ):
        with pytest.raises(NotFound):
            change()
    assert users.get_user_by_id("ghost") is None
    assert not users.user_exists("x@example.org")


def test_a_plan_that_is_not_there_is_nobodys(repositories: Repositories, clock: FixedClock) -> None:
    user = repositories.users.create_user(a_user(clock))
    for plan in ("Ghost", ""):
        with pytest.raises(InvalidInput):
            repositories.users.update_subscription_plan(user.id, plan)
    assert repositories.users.get_user_by_id(user.id) == user


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


def test_a_plan_comes_with_other_changes(repositories: Repositories, clock: FixedClock) -> None:
    users = repositories.users
    repositories.plans.create_missing(STANDARD_PLANS)
    user = users.create_user(a_user(clock, plan="Free"))
    changed = users.update_user(user.id, plan="Pro", is_active=False, expected_version=1)
    assert (changed.plan, changed.is_active, changed.version) == ("Pro", False, 2)
    assert users.list_users(plan="Pro").items == (changed,)
    assert users.list_users(plan="Free").items == ()
    with pytest.raises(InvalidInput):
        users.update_user(user.id, plan="None", name="Eve")
    assert users.get_user_by_id(user.id) == changed


def test_several_users_at_once(repositories: Repositories, clock: FixedClock) -> None:
    users = repositories.users
    ada, bob, gone = (users.create_user(a_user(clock)) for _ in range(3))
    users.delete_user(gone.id)
    assert users.get_users([ada.id, gone.id, "ghost", "", bob.id, ada.id]) == {
        ada.id: ada,
        bob.id: bob,
    }
    assert users.get_users([]) == {}


def test_a_change_in_the_moment_of_the_creation_is_told_as_it_is_stored(
    repositories: Repositories, clock: FixedClock
) -> None:
    clock.advance(0.000321)
    user = repositories.users.create_user(a_user(clock))
    moved = repositories.users.update_user(user.id, email="moved@example.org")
    assert repositories.users.get_user_by_id(user.id, consistent=True) == moved
    assert moved.updated_at == user.created_at
