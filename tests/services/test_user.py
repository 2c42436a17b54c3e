"""Signing in."""

from __future__ import annotations

import pytest

from algoitny.domain.errors import NotAuthenticated
from algoitny.services.user import UserService
from tests.services.world import World


@pytest.fixture
def users(world: World) -> UserService:
    return UserService(
        users=world.store.users,
        plans=world.plans,
        clock=world.clock,
        ids=world.ids,
        admin_emails=["Root@Example.org"],
        default_plan="Free",
    )


def test_the_first_sign_in_makes_the_account_the_next_finds_it(users: UserService) -> None:
    first = users.sign_in("Ada@Example.org")
    again = users.sign_in("ada@example.ORG ")
    assert again.user.id == first.user.id
    assert (first.user.plan, first.user.email) == ("Free", "Ada@Example.org")
    assert not first.is_admin
    assert users.caller(first.user.id).user.id == first.user.id


def test_administrators_are_named_by_their_address_or_granted(
    world: World, users: UserService
) -> None:
    assert users.sign_in("root@example.org").is_admin
    learner = users.sign_in("ada@example.org")
    world.store.users.update_user(learner.user.id, is_admin=True)
    assert users.caller(learner.user.id).is_admin


def test_deactivation_bites_at_once(world: World, users: UserService) -> None:
    caller = users.sign_in("ada@example.org")
    world.store.users.deactivate_user(caller.user.id)
    with pytest.raises(NotAuthenticated):
        users.caller(caller.user.id)
    with pytest.raises(NotAuthenticated):
        users.sign_in("ada@example.org")
    world.store.users.activate_user(caller.user.id)
    assert users.caller(caller.user.id)


def test_nobody_is_not_authenticated(world: World, users: UserService) -> None:
    with pytest.raises(NotAuthenticated):
        users.caller(world.ids.new())


@pytest.mark.parametrize("meanwhile", ["moved", "deleted"])
def test_an_address_given_up_a_moment_ago_opens_nobodys_account(
    world: World, users: UserService, monkeypatch: pytest.MonkeyPatch, meanwhile: str
) -> None:
    user = users.sign_in("ada@example.org").user
    if meanwhile == "moved":
        world.store.users.update_user(user.id, email="new@example.org")
    else:
        world.store.users.delete_user(user.id)
    # The look-up lags behind.
    monkeypatch.setattr(world.store.users, "get_user_by_email", lambda _: user)
    with pytest.raises(NotAuthenticated):
        users.sign_in("ada@example.org")


def test_an_address_given_up_makes_a_new_account(world: World, users: UserService) -> None:
    user = users.sign_in("ada@example.org").user
    world.store.users.delete_user(user.id)
    assert users.sign_in("ada@example.org").user.id != user.id
