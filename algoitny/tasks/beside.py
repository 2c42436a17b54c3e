"""Work beside a process's tasks, for what waits more than it works."""

from __future__ import annotations

import threading
from collections.abc import Callable


class Beside:
    """One kind of work, in a thread of its own, once at a time."""

    def __init__(self, name: str, work: Callable[[], None]) -> None:
        self._name = name
        self._work = work
        self._thread: threading.Thread | None = None

    def begin(self) -> None:
        """Start the work, unless the last start still goes on. To be called by one thread only."""
        if self._thread is not None and self._thread.is_alive():
            return
        self._thread = threading.Thread(target=self._work, name=self._name, daemon=True)
        self._thread.start()

    def wait(self, seconds: float) -> None:
        """Wait for work that was started, at most so long."""
        if self._thread is not None:
            self._thread.join(seconds)
