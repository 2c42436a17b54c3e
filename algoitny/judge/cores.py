"""Processors, shared between the judges of a machine: one token each, held while a test runs.

A token is a lock on a file, so that it is given back by whatever ends its holder. Who has to run a
test waits for one; who would only run one sooner takes what is left while nobody waits.
"""

from __future__ import annotations

import fcntl
import os
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from algoitny.judge.records import Cancelled

ALONE_SECONDS = 2.0
"""So long a test that wants to run alone waits for the others to end."""
POLL_SECONDS = 0.002
LOAD = Path("/proc/loadavg")

Stopped = Callable[[], bool]


class Cores:
    """The tokens as one process sees them; its threads share it, and it is not taken over a fork.

    Judges that name the same folder share their tokens.
    """

    def __init__(self, folder: Path, count: int) -> None:
        """`count` 0: as many as this process may use."""
        folder.mkdir(mode=0o700, exist_ok=True)
        self.count = count or len(os.sched_getaffinity(0))
        self._tokens = [_open(folder / str(number)) for number in range(self.count)]
        self._line = _open(folder / "line")
        self._held: set[int] = set()
        self._waiting = 0
        self._changed = threading.Condition()

    def close(self) -> None:
        for descriptor in (*self._tokens, self._line):
            os.close(descriptor)

    @contextmanager
    def one(self, stopped: Stopped) -> Iterator[None]:
        """Hold a processor, as soon as there is one. Raises Cancelled once `stopped()`."""
        with self._changed:
            core = None if self._somebody_waits() else self._take(range(self.count))
            if core is None:
                with self._in_line():
                    self._pause(stopped)
                    while (core := self._take(range(self.count))) is None:
                        self._pause(stopped)
        try:
            yield
        finally:
            self._give([core])

    @contextmanager
    def one_to_spare(self) -> Iterator[bool]:
        """Hold a processor that nobody else wants; False when there is none."""
        with self._changed:
            core = None if self._somebody_waits() else self._take(range(self.count))
        try:
            yield core is not None
        finally:
            if core is not None:
                self._give([core])

    @contextmanager
    def all(self, stopped: Stopped) -> Iterator[None]:
        """Hold all processors, or those that became free in ALONE_SECONDS, at least one. Raises
        Cancelled once `stopped()`. Who holds one would wait for itself."""
        cores: list[int] = []
        deadline = time.monotonic() + ALONE_SECONDS
        try:
            with self._changed, self._in_line():
                while len(cores) < self.count:
                    is_late = time.monotonic() > deadline
                    # In their order, so that two who want all do not wait for each other.
                    wanted = range(self.count) if is_late else [len(cores)]
                    core = self._take(wanted)
                    if core is not None:
                        cores.append(core)
                    elif is_late and cores:
                        break
                    else:
                        self._pause(stopped)
            yield
        finally:
            self._give(cores)

    def is_wanted(self) -> bool:
        """Whether somebody waits for a processor."""
        with self._changed:
            return self._somebody_waits()

    def are_idle(self) -> bool:
        """Whether the machine has a processor with nothing to do at this moment, whoever uses the
        others. The caller itself does not count."""
        running = int(LOAD.read_text().split()[3].partition("/")[0]) - 1
        return running < (os.cpu_count() or 1)

    def _take(self, wanted: Iterable[int]) -> int | None:
        for core in wanted:
            if core not in self._held and _locks(self._tokens[core], fcntl.LOCK_EX):
                self._held.add(core)
                return core
        return None

    def _give(self, cores: Iterable[int]) -> None:
        with self._changed:
            for core in cores:
                _unlock(self._tokens[core])
                self._held.discard(core)
            self._changed.notify_all()

    @contextmanager
    def _in_line(self) -> Iterator[None]:
        """While somebody stands in line, here or in another process, nobody takes one to spare."""
        if not self._waiting:
            fcntl.flock(self._line, fcntl.LOCK_SH)
        self._waiting += 1
        try:
            yield
        finally:
            self._waiting -= 1
            if not self._waiting:
                _unlock(self._line)

    def _somebody_waits(self) -> bool:
        if self._waiting or not _locks(self._line, fcntl.LOCK_EX):
            return True
        _unlock(self._line)
        return False

    def _pause(self, stopped: Stopped) -> None:
        if stopped():
            raise Cancelled
        self._changed.wait(POLL_SECONDS)


def _open(path: Path) -> int:
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)


def _locks(descriptor: int, kind: int) -> bool:
    """Whether the lock could be had at once. Of one that was asked for again only the kind
    changes: nobody asks for what this process holds."""
    try:
        fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _unlock(descriptor: int) -> None:
    fcntl.flock(descriptor, fcntl.LOCK_UN)
