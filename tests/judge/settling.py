"""Waiting for a judge that still tidies up: it ends boxes behind the back of whoever submits."""

from __future__ import annotations

import gc
import threading
from collections.abc import Sequence
from threading import Event

import psutil

from algoitny.judge import Judge
from tests.waiting import PATIENCE_SECONDS, wait_until


class _Mark:
    """Stands behind all boxes that were discarded, and is closed after them."""

    def __init__(self) -> None:
        self.closed = Event()

    def close(self) -> None:
        self.closed.set()


def settle(judge: Judge) -> None:
    """Until it holds the boxes that wait for submissions, and nothing of any other."""
    pool, cgroups = judge._pool, judge._sandbox._cgroups
    wait_until(
        lambda: all(len(boxes) == pool._wanted[kind] for kind, boxes in pool._ready.items()),
        "the pool is full",
    )
    mark = _Mark()
    pool._spent.put(mark)  # type: ignore[arg-type]
    assert mark.closed.wait(PATIENCE_SECONDS), "boxes that were discarded are not closed"

    def no_group_is_left() -> bool:
        cgroups._remove_left()
        return not cgroups._left

    wait_until(no_group_is_left, "control groups of boxes that are closed are gone")


class Own:
    """What this process has beyond what it had when this was made: other tests leave servers to
    this process, which start children of their own, and threads and descriptors that end when
    they like."""

    def __init__(self) -> None:
        gc.collect()
        self._process = psutil.Process()
        self._children = set(self._process.children())
        self._threads = set(threading.enumerate())

    def processes(self) -> int:
        """Its children, and all below them."""
        new = set(self._process.children()) - self._children
        return sum(1 + len(child.children(recursive=True)) for child in new)

    def descriptors(self) -> int:
        """All of them: nothing tells whose they are."""
        gc.collect()
        return self._process.num_fds()

    def threads(self) -> int:
        return len(set(threading.enumerate()) - self._threads)


def has_grown(before: Sequence[int], after: Sequence[int]) -> bool:
    """Whether any figure has. They may fall: what other tests left ends at any time."""
    return any(now > then for then, now in zip(before, after, strict=True))
