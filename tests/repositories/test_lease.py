"""Leases on a store that loses answers."""

from __future__ import annotations

import pytest

from algoitny.domain.errors import StoreUnavailable
from algoitny.domain.repositories import Repositories
from tests.faults import (
    Fault,
    Faults,
    answer_lost,
    answer_lost_and_repeated,
    broken,
    throttled,
)


@pytest.mark.parametrize("fault", [answer_lost, answer_lost_and_repeated])
def test_a_lost_answer_loses_no_lease(
    repositories: Repositories, faults: Faults, fault: Fault
) -> None:
    leases = repositories.leases
    faults.add("UpdateItem", fault)
    lease = leases.acquire("x", owner="a", seconds=30)
    assert lease is not None
    assert lease.fence == 1
    assert leases.get("x") == lease


def test_the_same_owner_elsewhere_is_not_taken_for_oneself(
    repositories: Repositories, faults: Faults
) -> None:
    leases = repositories.leases
    assert leases.acquire("x", owner="a", seconds=30) is not None
    assert leases.acquire("x", owner="a", seconds=30) is None


@pytest.mark.parametrize("fault", [throttled, broken])
def test_a_store_that_fails_gives_none_away(
    repositories: Repositories, faults: Faults, fault: Fault
) -> None:
    leases = repositories.leases
    faults.add("UpdateItem", fault)
    with pytest.raises(StoreUnavailable):
        leases.acquire("x", owner="a", seconds=30)
    assert leases.get("x") is None
    assert leases.acquire("x", owner="b", seconds=30) is not None
