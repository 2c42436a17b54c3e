"""Boxes opened ahead of need, so that opening one is hidden from a submission's path."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from queue import SimpleQueue

from algoitny.domain.errors import JudgeFailure
from algoitny.judge.box import Box
from algoitny.judge.sandbox import BoxKind

TAKE_SECONDS = 30.0
TRIES = 2
"""A run that its box did not survive is tried so often, each time in a fresh box; and so is opening
one."""


class BoxPool:
    """Keeps so many of each kind ready. One thread opens all of them and lives as long as the
    pool: the kernel ends a box together with the thread that opened it."""

    def __init__(self, open_box: Callable[[BoxKind], Box], ready: Mapping[BoxKind, int]) -> None:
        self._open_box = open_box
        self._wanted = dict(ready)
        self._ready: dict[BoxKind, deque[Box]] = {kind: deque() for kind in ready}
        self._waiting: dict[BoxKind, int] = dict.fromkeys(ready, 0)
        self._failure: JudgeFailure | None = None
        self._closed = False
        self._changed = threading.Condition()
        self._thread = threading.Thread(target=self._keep_ready, name="judge-boxes", daemon=True)
        self._thread.start()
        self._spent: SimpleQueue[Box | None] = SimpleQueue()
        self._closer = threading.Thread(target=self._close_spent, name="judge-spent", daemon=True)
        self._closer.start()

    def take(self, kind: BoxKind) -> Box:
        """A box nobody used before; the caller closes it. Raises JudgeFailure, when opening one has
        failed twice: the kernel may have killed the first for want of memory elsewhere."""
        deadline, tried = time.monotonic() + TAKE_SECONDS, 0
        with self._changed:
            self._waiting[kind] += 1
            self._try_again()
            try:
                while True:
                    if self._closed:
                        raise JudgeFailure("The judge is closed.")
                    while self._ready[kind]:
                        box = self._ready[kind].popleft()
                        if box.is_alive():
                            return box
                        box.close()
                    if self._failure is not None:
                        tried += 1
                        if tried == TRIES:
                            raise self._failure
                        self._try_again()
                    if not self._changed.wait(deadline - time.monotonic()):
                        raise JudgeFailure("No box could be opened in time.")
            finally:
                self._waiting[kind] -= 1
                self._changed.notify_all()

    def discard(self, box: Box) -> None:
        """Close a box that was taken, without waiting until it is gone."""
        self._spent.put(box)

    def close(self) -> None:
        """Ends every box that waits or was discarded; others that were taken are their takers'."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        self._thread.join()
        self._spent.put(None)
        self._closer.join()

    def _try_again(self) -> None:
        self._failure = None
        self._changed.notify_all()

    def _close_spent(self) -> None:
        while (box := self._spent.get()) is not None:
            box.close()

    def _keep_ready(self) -> None:
        while (kind := self._next_kind()) is not None:
            try:
                box = self._open_box(kind)
            except JudgeFailure as failure:
                self._fail(failure)
            except Exception as error:  # noqa: BLE001 - without this thread there are no boxes at all
                self._fail(JudgeFailure(f"A box cannot be opened: {error!r}."))
            else:
                with self._changed:
                    self._ready[kind].append(box)
                    self._changed.notify_all()
        for boxes in self._ready.values():
            for box in boxes:
                box.close()

    def _fail(self, failure: JudgeFailure) -> None:
        with self._changed:
            self._failure = failure
            self._changed.notify_all()

    def _next_kind(self) -> BoxKind | None:
        """Waits until a box is needed; None when the pool closes. After a failure only somebody
        who asks again is a reason to try again."""
        with self._changed:
            while not self._closed:
                if self._failure is None:
                    lacking = {
                        kind: self._wanted[kind] + self._waiting[kind] - len(boxes)
                        for kind, boxes in self._ready.items()
                    }
                    # Whoever waits comes before what is only kept ready.
                    kind = max(lacking, key=lambda kind: (self._waiting[kind] > 0, lacking[kind]))
                    if lacking[kind] > 0:
                        return kind
                self._changed.wait()
            return None
