"""Lists of users, and batches of them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from algoitny.domain.errors import AlreadyExists, InvalidCursor
from algoitny.domain.repositories import Repositories
from algoitny.domain.user import User
from tests.builders import a_plan, a_user
from tests.clock import FixedClock


@pytest.fixture
def created(repositories: Repositories, clock: FixedClock) -> list[User]:
    """Five users on the plan Free; there are the plans Free, Pro and Zen."""
    repositories.plans.create_missing(tuple(a_plan(name) for name in ("Free", "Pro", "Zen")))
    users = []
    for _ in range(5):
        clock.advance(1)
        users.append(repositories.users.create_user(a_user(clock)))
    return users


def test_the_list_of_a_plan_is_paged_and_follows_changes(
    repositories: Repositories, created: list[User]
) -> None:
    users = repositories.users
    moved = users.update_subscription_plan(created[2].id, "Pro")
    first = users.list_users(plan="Free", limit=3)
    second = users.list_users(plan="Free", limit=3, cursor=first.next_cursor)
    assert first.items + second.items == (*created[:2], *created[3:])
    assert second.next_cursor is None
    assert users.list_users(plan="Pro").items == (moved,)
    for other in ("Pro", None):
        with pytest.raises(InvalidCursor):
            users.list_users(plan=other, cursor=first.next_cursor)


@pytest.mark.parametrize("limit", [1, 2, 3, 100])
def test_without_a_plan_the_plans_follow_one_another(
    repositories: Repositories, created: list[User], limit: int
) -> None:
    users = repositories.users
    zen = users.update_subscription_plan(created[0].id, "Zen")
    pro = users.update_subscription_plan(created[3].id, "Pro")
    expected = [created[1], created[2], created[4], pro, zen]
    seen: list[User] = []
    cursor = None
    while True:
        page = users.list_users(limit=limit, cursor=cursor)
        assert len(page.items) <= limit
        seen += page.items
        cursor = page.next_cursor
        if cursor is None:
            break
        with pytest.raises(InvalidCursor):
            users.list_users(plan="Free", cursor=cursor)
    assert seen == expected


def test_many_plans_without_users_end_too(repositories: Repositories, clock: FixedClock) -> None:
    repositories.plans.create_missing(tuple(a_plan(f"P{number:02}") for number in range(23)))
    user = repositories.users.create_user(a_user(clock, plan="P22"))
    seen: list[User] = []
    cursor = None
    for _ in range(4):
        page = repositories.users.list_users(cursor=cursor)
        seen += page.items
        cursor = page.next_cursor
        if cursor is None:
            break
    assert (seen, cursor) == ([user], None)


def test_a_batch_says_who_was_refused(repositories: Repositories, clock: FixedClock) -> None:
    users = repositories.users
    ada = users.create_user(a_user(clock))
    batch = [a_user(clock) for _ in range(4)]
    batch[1] = replace(batch[1], email=batch[0].email.upper())
    batch[2] = replace(batch[2], email=ada.email)
    outcome = users.batch_create_users(batch)
    assert [user for user, _ in outcome] == batch
    assert [type(error) for _, error in outcome] == [
        type(None),
        AlreadyExists,
        AlreadyExists,
        type(None),
    ]
    assert users.get_user_by_email(batch[0].email) == batch[0]
    assert users.get_user_by_id(batch[3].id) == batch[3]
    assert users.get_user_by_id(batch[1].id) is None
    assert users.get_user_by_email(ada.email) == ada


@pytest.mark.slow
def test_a_batch_may_be_sent_again(repositories: Repositories, clock: FixedClock) -> None:
    users = repositories.users
    batch = [a_user(clock, google_id=f"g-{number}") for number in range(30)]
    for _ in range(2):
        assert users.batch_create_users(batch) == tuple((user, None) for user in batch)
    assert users.get_user_by_google_id("g-29") == batch[29]
    assert users.batch_create_users([]) == ()


def test_one_that_no_key_can_hold_spoils_no_batch(
    repositories: Repositories, clock: FixedClock
) -> None:
    good, bad = a_user(clock), a_user(clock, email="")
    (_, error), (_, none) = repositories.users.batch_create_users([bad, good])
    assert error is not None
    assert none is None
    assert repositories.users.get_user_by_id(good.id) == good
