"""Backoff: bounded in tries and in time, jittered, growing."""

from __future__ import annotations

from algoitny.domain.patience import Patience
from tests.clock import FixedClock


def test_it_tries_so_often_and_pauses_in_between() -> None:
    pauses: list[float] = []
    patience = Patience(
        clock=FixedClock(), tries=5, first_step=1, longest_step=4, sleep=pauses.append
    )
    assert list(patience.rounds()) == [0, 1, 2, 3, 4]
    assert len(pauses) == 4
    assert all(0 <= pause <= bound for pause, bound in zip(pauses, (1, 2, 4, 4), strict=True))


def test_pauses_differ() -> None:
    pauses: list[float] = []
    patience = Patience(clock=FixedClock(), tries=50, deadline=1e9, sleep=pauses.append)
    list(patience.rounds())
    assert len(set(pauses)) > 40


def test_it_gives_up_at_the_deadline() -> None:
    clock = FixedClock()
    patience = Patience(clock=clock, tries=1000, deadline=10, sleep=lambda _: clock.advance(3))
    assert len(list(patience.rounds())) <= 5
