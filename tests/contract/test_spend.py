"""What the language model costs: each call once, and never past the cap."""

from __future__ import annotations

import pytest

from algoitny.domain.errors import NotFound
from algoitny.domain.repositories import Repositories
from algoitny.domain.spend import NO_CAP, Charge, DaySpend
from tests.clock import FixedClock


def charged(repositories: Repositories, call_id: str = "c1", cost: int = 30) -> Charge:
    charge = repositories.spend.charge(call_id, micro_dollars=cost, cap=100)
    assert charge is not None
    return charge


def test_a_call_is_charged_and_settled_once(repositories: Repositories, clock: FixedClock) -> None:
    spend = repositories.spend
    day = clock.now().date()
    assert spend.get_day() == DaySpend(day=day)
    charge = charged(repositories)
    assert charge == Charge(call_id="c1", day=day, micro_dollars=30)
    assert charged(repositories, cost=99) == charge
    assert spend.get_day() == DaySpend(day=day, micro_dollars=30, calls=1)
    for _ in range(2):
        spend.settle(charge, micro_dollars=12, input_tokens=700, output_tokens=80)
        assert spend.get_day(day) == DaySpend(
            day=day, micro_dollars=12, calls=1, input_tokens=700, output_tokens=80
        )


def test_the_cap_holds(repositories: Repositories) -> None:
    spend = repositories.spend
    first = charged(repositories, "c1", 60)
    assert spend.charge("c2", micro_dollars=41, cap=100) is None
    charged(repositories, "c3", 40)
    assert spend.get_day().micro_dollars == 100
    assert spend.charge("c4", micro_dollars=1, cap=100) is None
    assert spend.charge("c1", micro_dollars=60, cap=100) == first
    # What was not needed after all makes room.
    spend.settle(first, micro_dollars=0, input_tokens=0, output_tokens=0)
    charged(repositories, "c4", 60)
    assert spend.charge("big", micro_dollars=101, cap=100) is None
    assert spend.charge("c5", micro_dollars=10**9, cap=NO_CAP) is not None
    assert spend.charge("free", micro_dollars=0, cap=0) is None


def test_an_empty_day_has_no_room_for_more_than_the_cap(repositories: Repositories) -> None:
    assert repositories.spend.charge("c1", micro_dollars=101, cap=100) is None
    assert repositories.spend.charge("c1", micro_dollars=1, cap=0) is None
    assert repositories.spend.charge("c1", micro_dollars=0, cap=0) is not None


def test_a_call_is_settled_on_the_day_that_paid(
    repositories: Repositories, clock: FixedClock
) -> None:
    spend = repositories.spend
    charge = charged(repositories)
    clock.advance(days=1)
    assert charged(repositories) == charge
    spend.settle(charge, micro_dollars=5, input_tokens=1, output_tokens=1)
    assert spend.get_day(charge.day).micro_dollars == 5
    assert spend.get_day() == DaySpend(day=clock.now().date())


def test_what_is_past_its_time_is_absent(repositories: Repositories, clock: FixedClock) -> None:
    charge = charged(repositories)
    clock.advance(days=2, seconds=1)
    with pytest.raises(NotFound):
        repositories.spend.settle(charge, micro_dollars=0, input_tokens=0, output_tokens=0)
    assert charged(repositories).day == clock.now().date()
    clock.advance(days=400)
    assert repositories.spend.get_day(charge.day) == DaySpend(day=charge.day)


def test_a_call_that_was_never_charged(repositories: Repositories, clock: FixedClock) -> None:
    ghost = Charge(call_id="ghost", day=clock.now().date(), micro_dollars=5)
    with pytest.raises(NotFound):
        repositories.spend.settle(ghost, micro_dollars=1, input_tokens=1, output_tokens=1)
    assert repositories.spend.get_day().micro_dollars == 0
