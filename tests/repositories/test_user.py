"""Users on DynamoDB: lagging indexes, lost answers, a store that fails, rows left behind."""

from __future__ import annotations

from dataclasses import replace

import pytest

from algoitny.domain.errors import AlreadyExists, StaleVersion, StoreUnavailable
from algoitny.domain.repositories import Repositories
from algoitny.domain.user import User
from algoitny.models.kit.operations import get
from algoitny.models.user import UniqueLockItem, email_lock_key, google_lock_key
from tests.builders import a_plan, a_user
from tests.clock import FixedClock
from tests.faults import (
    LOST,
    NOTHING_HAPPENED,
    Call,
    Fault,
    Faults,
    answer_lost_and_repeated,
    conflict,
    unreachable,
)
from tests.store import on_store_too


def owner(lock_of: object) -> str | None:
    assert lock_of is None or isinstance(lock_of, UniqueLockItem)
    return None if lock_of is None else lock_of.user_id


def test_a_user_whom_the_index_does_not_have_yet_is_found(
    repositories: Repositories, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    user = repositories.users.create_user(a_user(clock, email="new@example.org"))
    # The index lags: as yet there is nothing under this e-mail.
    monkeypatch.setattr("algoitny.repositories.user.email_partition", lambda _: "EMAIL#lagging")
    assert repositories.users.get_user_by_email("new@example.org") == user


@pytest.mark.parametrize("fault", LOST)
def test_creating_survives_a_lost_answer(
    repositories: Repositories, clock: FixedClock, faults: Faults, fault: Fault
) -> None:
    faults.add("TransactWriteItems", fault)
    user = a_user(clock)
    assert repositories.users.create_user(user) == user
    assert repositories.users.get_user_by_id(user.id) == user
    assert faults.left == 0


@pytest.mark.parametrize("fault", NOTHING_HAPPENED)
def test_a_store_that_is_away_creates_and_changes_nothing(
    repositories: Repositories, clock: FixedClock, faults: Faults, fault: Fault
) -> None:
    users = repositories.users
    user = users.create_user(a_user(clock, email="old@example.org"))
    new = a_user(clock)
    faults.add("TransactWriteItems", fault, fault, fault)
    faults.add("UpdateItem", fault)
    for change in (
        lambda: users.create_user(new),
        lambda: users.update_user(user.id, email="new@example.org"),
        lambda: users.delete_user(user.id),
        lambda: users.update_user(user.id, name="Eve"),
    ):
        with pytest.raises(StoreUnavailable):
            change()
    assert faults.left == 0
    assert not users.user_exists(new.email)
    assert users.get_user_by_email("old@example.org") == user


@pytest.mark.parametrize("fault", LOST)
@pytest.mark.parametrize("expected_version", [None, 1])
def test_a_change_survives_a_lost_answer(
    repositories: Repositories,
    clock: FixedClock,
    faults: Faults,
    fault: Fault,
    expected_version: int | None,
) -> None:
    user = repositories.users.create_user(a_user(clock, picture="p"))
    clock.advance(1)
    faults.add("UpdateItem", fault)
    changed = repositories.users.update_user(
        user.id, name="Eve", picture="", expected_version=expected_version
    )
    # Without a version to hold it back, the repeat counts once more and changes nothing else.
    assert replace(changed, version=2) == replace(
        user, name="Eve", picture=None, updated_at=clock.now(), version=2
    )
    assert repositories.users.get_user_by_id(user.id) == changed
    assert faults.left == 0


def test_a_lost_answer_of_nothing_is_no_success(
    repositories: Repositories, clock: FixedClock, faults: Faults
) -> None:
    user = repositories.users.create_user(a_user(clock))
    repositories.users.update_user(user.id, name="Other")
    faults.add("UpdateItem", answer_lost_and_repeated)
    with pytest.raises(StaleVersion):
        repositories.users.update_user(user.id, name="Eve", expected_version=1)


@on_store_too
@pytest.mark.parametrize("fault", [*LOST, conflict("TransactionConflict", "None", "None")])
def test_moving_locks_survives_lost_answers_and_conflicts(
    repositories: Repositories, clock: FixedClock, faults: Faults, fault: Fault
) -> None:
    users = repositories.users
    user = users.create_user(a_user(clock, email="old@example.org", google_id="g-1"))
    faults.add("TransactWriteItems", fault)
    changed = users.update_user(user.id, email="new@example.org", google_id="g-2")
    assert changed.version == 2
    assert users.get_user_by_id(user.id) == changed
    for key, holder in (
        (email_lock_key("old@example.org"), None),
        (email_lock_key("new@example.org"), user.id),
        (google_lock_key("g-1"), None),
        (google_lock_key("g-2"), user.id),
    ):
        assert owner(get(UniqueLockItem, key)) == holder
    assert faults.left == 0


def test_a_sign_in_between_read_and_write_loses_no_change(
    repositories: Repositories, clock: FixedClock, faults: Faults
) -> None:
    users = repositories.users
    user = users.create_user(a_user(clock, email="old@example.org"))

    def interrupted(call: Call) -> object:
        users.update_user(user.id, last_sign_in_at=clock.now())
        return call()

    faults.add("TransactWriteItems", interrupted, interrupted)
    changed = users.update_user(user.id, email="new@example.org")
    assert (changed.version, changed.last_sign_in_at) == (4, clock.now())
    faults.add("TransactWriteItems", interrupted)
    with pytest.raises(StaleVersion):
        users.update_user(user.id, email="third@example.org", expected_version=4)
    faults.add("TransactWriteItems", *[interrupted] * 10)
    with pytest.raises(StaleVersion):
        users.delete_user(user.id)
    assert users.get_user_by_email("new@example.org") is not None


@pytest.mark.parametrize("fault", LOST)
def test_deleting_survives_a_lost_answer(
    repositories: Repositories, clock: FixedClock, faults: Faults, fault: Fault
) -> None:
    user = repositories.users.create_user(a_user(clock))
    faults.add("TransactWriteItems", fault)
    repositories.users.delete_user(user.id)
    assert repositories.users.get_user_by_id(user.id) is None
    assert not repositories.users.user_exists(user.email)


def test_what_stays_of_a_deleted_user_tells_nothing_of_the_person(
    repositories: Repositories, clock: FixedClock, faults: Faults
) -> None:
    user = a_user(clock, email="ada@example.org", google_id="g-1", name="Ada", picture="p")
    repositories.users.create_user(user)
    repositories.users.delete_user(user.id)
    put = faults.sent("TransactWriteItems")[-1]["TransactItems"][0]["Put"]
    assert set(put["Item"]) == {"PK", "SK", "GSI3PK", "GSI3SK", "tp", "crt", "upd", "lse"}
    assert put["Item"]["GSI3PK"] == {"S": "QUEUE#ERASE"}


def test_who_leaves_while_a_page_is_read_is_not_on_it(
    repositories: Repositories, clock: FixedClock, faults: Faults
) -> None:
    users = repositories.users
    repositories.plans.create_plan(a_plan("Pro"))
    gone, moved, stays = (users.create_user(a_user(clock)) for _ in range(3))

    def meanwhile(call: Call) -> object:
        users.delete_user(gone.id)
        users.update_subscription_plan(moved.id, "Pro")
        return call()

    faults.add("BatchGetItem", meanwhile)
    assert users.list_users(plan="Free").items == (stays,)


def _batch(clock: FixedClock, size: int = 3) -> list[User]:
    return [a_user(clock, google_id=f"g-{number}") for number in range(size)]


@on_store_too
@pytest.mark.parametrize("fault", [*LOST, conflict("TransactionConflict")])
def test_a_batch_survives_lost_answers(
    repositories: Repositories, clock: FixedClock, faults: Faults, fault: Fault
) -> None:
    batch = _batch(clock)
    faults.add("TransactWriteItems", fault)
    assert repositories.users.batch_create_users(batch) == tuple((user, None) for user in batch)
    for user in batch:
        assert repositories.users.get_user_by_id(user.id) == user


def test_a_batch_against_a_store_that_is_away_stops_and_says_so(
    repositories: Repositories, clock: FixedClock, faults: Faults
) -> None:
    batch = _batch(clock, 30)
    faults.add("TransactWriteItems", unreachable)
    outcomes = [error for _, error in repositories.users.batch_create_users(batch)]
    assert {type(error) for error in outcomes} == {StoreUnavailable}
    assert len(faults.sent("TransactWriteItems")) == 1
    assert not repositories.users.user_exists(batch[0].email)


def test_a_store_that_goes_away_while_a_batch_is_taken_apart(
    repositories: Repositories, clock: FixedClock, faults: Faults
) -> None:
    batch = _batch(clock)
    batch[1] = replace(batch[1], email=batch[0].email)
    faults.add("TransactWriteItems", lambda call: call(), answer_lost_and_repeated, unreachable)
    outcomes = [error for _, error in repositories.users.batch_create_users(batch)]
    assert outcomes[0] is None
    assert [type(error) for error in outcomes[1:]] == [AlreadyExists, StoreUnavailable]


@pytest.mark.parametrize("fault", LOST)
def test_plans_survive_lost_answers(
    repositories: Repositories, faults: Faults, fault: Fault
) -> None:
    plans = repositories.plans
    faults.add("PutItem", fault)
    faults.add("UpdateItem", fault, fault)
    free = plans.create_plan(a_plan("Free"))
    changed = plans.update_plan(replace(free, max_problems=7), expected_version=1)
    assert (changed.max_problems, changed.version) == (7, 2)
    assert not plans.deactivate_plan("Free").is_active
    assert faults.left == 0
    with pytest.raises(StaleVersion):
        plans.update_plan(free, expected_version=1)
