"""Turns between users who send much and users who send little."""

from __future__ import annotations

from algoitny.providers import turns
from algoitny.providers.turns import LAST_TURN, WINDOW_SECONDS, Turns
from tests.clock import FixedClock


def test_everybodys_first_comes_before_anybodys_second() -> None:
    clock = FixedClock()
    order = Turns(clock)
    assert [order.next("ann") for _ in range(12)] == [*range(LAST_TURN + 1), LAST_TURN, LAST_TURN]
    assert [order.next("bob"), order.next("bob")] == [0, 1]
    assert [order.next(None), order.next(None)] == [0, 0]


def test_a_burst_ends_with_a_pause() -> None:
    clock = FixedClock()
    order = Turns(clock)
    assert [order.next("ann"), order.next("ann")] == [0, 1]
    clock.advance(WINDOW_SECONDS)
    assert order.next("ann") == 2
    clock.advance(WINDOW_SECONDS + 1)
    assert order.next("ann") == 0


def test_who_sent_nothing_for_longest_is_forgotten_first(monkeypatch) -> None:
    monkeypatch.setattr(turns, "MOST_USERS", 2)
    order = Turns(FixedClock())
    assert [order.next(user) for user in ("ann", "bob", "ann", "eve")] == [0, 0, 1, 0]
    assert order.next("ann") == 2
    assert order.next("bob") == 0
