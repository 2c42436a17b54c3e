"""Erasing on DynamoDB: lost answers, interruptions, and what stays."""

from __future__ import annotations

import pytest

from algoitny.domain.errors import StoreUnavailable
from algoitny.domain.repositories import Repositories
from algoitny.domain.user import User
from algoitny.models.erasure import ErasureItem
from algoitny.models.kit.operations import get, query_all
from algoitny.models.user import USER_PARTITION, user_key
from tests.builders import a_job, a_session, a_token, a_user, admitted, done
from tests.clock import FixedClock
from tests.faults import LOST, Fault, Faults, throttled


@pytest.fixture
def ada(repositories: Repositories, clock: FixedClock) -> User:
    user = repositories.users.create_user(a_user(clock))
    done(repositories, clock, user_id=user.id, is_code_public=True)
    clock.advance(0.001)
    admitted(repositories, clock, user_id=user.id)
    repositories.jobs.create_job(a_job(clock, user.id), {})
    repositories.tokens.create_token(a_token(clock, user_id=user.id))
    repositories.sessions.create_session(a_session(clock, user_id=user.id))
    repositories.users.delete_user(user.id)
    return user


@pytest.mark.parametrize("fault", LOST)
def test_the_queue_survives_lost_answers(
    repositories: Repositories, clock: FixedClock, faults: Faults, ada: User, fault: Fault
) -> None:
    faults.add("UpdateItem", fault, fault, fault)
    claimed = repositories.erasures.claim(ada.id, lease_seconds=60)
    later = repositories.erasures.postpone(claimed, until=clock.now())
    repositories.erasures.finish(later)
    assert faults.left == 0
    assert repositories.erasures.list_due() == ()


@pytest.mark.slow
@pytest.mark.parametrize("operation", ["BatchWriteItem", "TransactWriteItems"])
def test_interrupted_at_every_write_it_goes_on(
    repositories: Repositories, faults: Faults, ada: User, operation: str
) -> None:
    erasures = repositories.erasures
    claimed = erasures.claim(ada.id, lease_seconds=60)
    for passed in range(6):
        faults.add(operation, *[lambda call: call()] * (passed % 3), throttled)
    interruptions = 0
    while True:
        try:
            if not erasures.remove_some(claimed):
                break
        except StoreUnavailable:
            interruptions += 1
    assert interruptions > 1
    assert list(erasures.owned_by(ada.id)) == []


def test_of_a_user_one_row_stays_that_tells_nothing(
    repositories: Repositories, ada: User, faults: Faults
) -> None:
    erasures = repositories.erasures
    claimed = erasures.claim(ada.id, lease_seconds=60)
    while erasures.remove_some(claimed):
        pass
    erasures.finish(claimed)
    rows = query_all(ErasureItem, USER_PARTITION(user=ada.id), consistent=True)
    assert [row.key for row in rows] == [user_key(ada.id)]
    item = get(ErasureItem, user_key(ada.id), consistent=True)
    assert item is not None
    assert {name for name, value in item.serialize().items() if value} == {
        *("PK", "SK", "tp", "crt", "upd")
    }
