"""Waiting for a judge that still tidies up: it ends boxes behind the back of whoever submits."""

from __future__ import annotations

import time
from collections.abc import Callable
from threading import Event

from algoitny.judge import Judge


def wait_for(condition: Callable[[], object], what: str) -> None:
    deadline = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < deadline, what
        time.sleep(0.01)


class _Mark:
    """Stands behind all boxes that were discarded, and is closed after them."""

    def __init__(self) -> None:
        self.closed = Event()

    def close(self) -> None:
        self.closed.set()


def settle(judge: Judge) -> None:
    """Until it holds the boxes that wait for submissions, and nothing of any other."""
    pool, cgroups = judge._pool, judge._sandbox._cgroups
    wait_for(
        lambda: all(len(boxes) == pool._wanted[kind] for kind, boxes in pool._ready.items()),
        "the pool did not fill",
    )
    mark = _Mark()
    pool._spent.put(mark)  # type: ignore[arg-type]
    assert mark.closed.wait(20), "boxes that were discarded are not closed"

    def no_group_is_left() -> bool:
        cgroups._remove_left()
        return not cgroups._left

    wait_for(no_group_is_left, "control groups of boxes that are closed stay")
