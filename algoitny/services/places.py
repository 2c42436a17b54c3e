"""How many clients may wait in one process at once: streams and long polls hold a thread each."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from algoitny import metrics
from algoitny.domain.errors import Overloaded


class Places:
    """The places of waiting clients, shared by all that let clients wait."""

    def __init__(self, number: int) -> None:
        self._free = threading.BoundedSemaphore(number)

    def take(self) -> None:
        """To be given back. Raises Overloaded when all places are taken."""
        if not self._free.acquire(blocking=False):
            raise Overloaded("Too many clients are waiting; ask again without waiting.")
        metrics.WAITING_CLIENTS.inc()

    def give_back(self) -> None:
        self._free.release()
        metrics.WAITING_CLIENTS.dec()

    @contextmanager
    def taken(self) -> Iterator[None]:
        """One place, for as long as this lasts. Raises Overloaded."""
        self.take()
        try:
            yield
        finally:
            self.give_back()
