"""Erasing on schedule: bounded, resumable, and done only when a late search finds nothing."""

from __future__ import annotations

from typing import Any
from unittest.mock import Mock

import pytest

from algoitny.domain.erasure import QUIET
from algoitny.domain.errors import StaleAttempt, StoreUnavailable
from algoitny.domain.repositories import Repositories
from algoitny.services.erasure import LEASE_SECONDS, ErasureService
from tests.builders import a_session, a_user, admitted
from tests.clock import FixedClock


class World:
    """A deleted user with three sessions, one removed a step, and the service."""

    def __init__(self, repositories: Repositories, clock: FixedClock) -> None:
        self.store = repositories
        self.clock = clock
        self.pauses: list[float] = []
        self.user = repositories.users.create_user(a_user(clock))
        for number in range(3):
            session = a_session(clock, user_id=self.user.id, family=f"F{number}")
            repositories.sessions.create_session(session)
        repositories.users.delete_user(self.user.id)

    def service(self, steps: int = 50) -> ErasureService:
        return ErasureService(
            erasures=self.store.erasures, clock=self.clock, steps=steps, sleep=self.pauses.append
        )

    @property
    def done(self) -> bool:
        erasure = self.store.erasures.get_erasure(self.user.id)
        assert erasure is not None
        return erasure.due_at is None

    @property
    def left(self) -> int:
        return len(list(self.store.erasures.owned_by(self.user.id)))


@pytest.fixture
def world(repositories: Repositories, clock: FixedClock, monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.setattr("algoitny.repositories.erasure.ROWS_A_STEP", 2)
    return World(repositories, clock)


def test_done_only_when_a_search_ten_minutes_later_finds_nothing(world: World) -> None:
    report = world.service().run()
    assert (report.removed, report.finished) == (3, 0)
    assert world.left == 0
    assert not world.done
    assert world.service().run().steps == 0  # nothing is due before
    world.clock.advance(QUIET.total_seconds())
    admitted(world.store, world.clock, user_id=world.user.id)  # by a request that began before
    report = world.service().run()
    assert report.removed > 0
    assert report.finished == 1
    assert world.left == 0
    assert world.done
    world.clock.advance(days=1)
    assert world.service().run().steps == 0


def test_a_run_is_bounded_and_pauses_between_steps(world: World) -> None:
    report = world.service(steps=1).run()
    assert (report.steps, report.removed, len(world.pauses)) == (1, 1, 1)
    assert world.store.erasures.list_due() == (world.user.id,)  # the next run goes on
    assert world.service(steps=1).run().removed == 1


@pytest.mark.parametrize("killed_at", range(5))
def test_a_worker_that_dies_anywhere_is_followed_by_another(world: World, killed_at: int) -> None:
    """Every write of the erasure fails once, as the death of its worker."""
    erasures = world.store.erasures
    calls = 0

    def dying(real: Any) -> Any:
        def call(*arguments: Any, **named: Any) -> Any:
            nonlocal calls
            calls += 1
            if calls - 1 == killed_at:
                raise StoreUnavailable("killed")
            return real(*arguments, **named)

        return call

    mortal: Any = Mock(wraps=erasures)
    for name in ("claim", "remove_some", "postpone"):
        getattr(mortal, name).side_effect = dying(getattr(erasures, name))
    service = ErasureService(erasures=mortal, clock=world.clock, sleep=world.pauses.append)
    with pytest.raises(StoreUnavailable):
        service.run()
    world.clock.advance(LEASE_SECONDS)
    world.service().run()
    assert world.left == 0
    world.clock.advance(QUIET.total_seconds())
    world.service().run()
    assert world.done


def test_who_lost_the_lease_stops_and_the_other_goes_on(world: World) -> None:
    erasures: Any = Mock(wraps=world.store.erasures)

    def overtaken(erasure: Any) -> int:
        found = world.store.erasures.remove_some(erasure)
        world.clock.advance(LEASE_SECONDS + 1)
        world.store.erasures.claim(erasure.user_id, lease_seconds=LEASE_SECONDS)
        return found

    erasures.remove_some.side_effect = overtaken
    service = ErasureService(erasures=erasures, clock=world.clock, sleep=world.pauses.append)
    assert service.run().steps == 1
    assert world.left == 2
    with pytest.raises(StaleAttempt):
        world.store.erasures.claim(world.user.id, lease_seconds=1)
