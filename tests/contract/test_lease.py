"""Leases: one holder, and a number that only grows."""

from __future__ import annotations

import pytest

from algoitny.domain.errors import StaleAttempt
from algoitny.domain.lease import CLOCK_SKEW, Lease
from algoitny.domain.repositories import Repositories
from tests.clock import FixedClock


def taken(repositories: Repositories, owner: str, name: str = "sweeper") -> Lease:
    lease = repositories.leases.acquire(name, owner=owner, seconds=30)
    assert lease is not None
    return lease


def test_one_holds_it_until_it_is_released(repositories: Repositories, clock: FixedClock) -> None:
    leases = repositories.leases
    assert leases.get("sweeper") is None
    first = taken(repositories, "a")
    assert (first.name, first.owner, first.fence) == ("sweeper", "a", 1)
    assert leases.get("sweeper") == first
    assert leases.acquire("sweeper", owner="b", seconds=30) is None
    assert leases.acquire("sweeper", owner="a", seconds=30) is None
    assert taken(repositories, "b", "transfer#1").fence == 1
    leases.release(first)
    leases.release(first)
    assert leases.get("sweeper") is None
    second = taken(repositories, "b")
    assert second.fence == 2
    leases.release(first)
    assert leases.get("sweeper") == second


def test_renewing_keeps_it(repositories: Repositories, clock: FixedClock) -> None:
    leases = repositories.leases
    lease = taken(repositories, "a")
    for _ in range(3):
        clock.advance(20)
        lease = leases.renew(lease, seconds=30)
        assert leases.acquire("sweeper", owner="b", seconds=30) is None
    assert lease.fence == 1


def test_another_follows_only_when_no_clock_can_still_see_the_first(
    repositories: Repositories, clock: FixedClock
) -> None:
    leases = repositories.leases
    first = taken(repositories, "a")
    clock.advance(30 + CLOCK_SKEW.total_seconds())
    assert leases.acquire("sweeper", owner="b", seconds=30) is None
    clock.advance(0.001)
    second = taken(repositories, "b")
    assert (second.owner, second.fence) == ("b", 2)
    with pytest.raises(StaleAttempt):
        leases.renew(first, seconds=30)
    leases.release(first)
    assert leases.get("sweeper") == second


def test_who_comes_late_may_still_renew_while_nobody_followed(
    repositories: Repositories, clock: FixedClock
) -> None:
    leases = repositories.leases
    lease = taken(repositories, "a")
    clock.advance(3600)
    assert leases.get("sweeper") is None
    renewed = leases.renew(lease, seconds=30)
    assert leases.get("sweeper") == renewed
    assert leases.acquire("sweeper", owner="b", seconds=30) is None


def test_what_was_released_cannot_be_renewed(repositories: Repositories) -> None:
    lease = taken(repositories, "a")
    repositories.leases.release(lease)
    with pytest.raises(StaleAttempt):
        repositories.leases.renew(lease, seconds=30)
