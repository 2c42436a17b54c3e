"""The event channel where no Redis is: the worker leaves its progress in the table, at most once a
second, and who waits looks there a few times a second.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import cast

import structlog

from algoitny.domain.clock import Clock
from algoitny.domain.errors import AlgoItnyError
from algoitny.domain.history import History, HistoryRepository
from algoitny.domain.history_results import TestProgress
from algoitny.domain.ports import Event
from algoitny.domain.verdict import State, Verdict

log = structlog.get_logger(__name__)

POLL_SECONDS = 0.25
WRITE_SECONDS = 1.0
"""An attempt that takes less writes nothing: its results are there before."""


@dataclass(slots=True)
class _Attempt:
    """What this process's current attempt has told so far."""

    history_id: str
    number: int
    written_at: float
    history: History | None = None
    tests: list[TestProgress] = field(default_factory=list)


class TableChannel:
    """Carries the tests of running attempts; all else the reader sees in the table itself."""

    def __init__(self, histories: HistoryRepository, clock: Clock) -> None:
        self._histories = histories
        self._clock = clock
        self._mine = threading.local()

    def publish(
        self, history_id: str, *, attempt: int, sequence: int, kind: str, data: Mapping[str, object]
    ) -> None:
        """What is not written within the second is written with the next test, or never: then the
        results are there."""
        if kind != "test":
            if sequence == 0:
                self._mine.attempt = _Attempt(history_id, attempt, self._clock.monotonic())
            return
        current: _Attempt | None = getattr(self._mine, "attempt", None)
        if current is None or (current.history_id, current.number) != (history_id, attempt):
            return
        current.tests.append(_progress(sequence - 1, data))
        if self._clock.monotonic() - current.written_at < WRITE_SECONDS:
            return
        try:
            self._write(current)
        except AlgoItnyError as error:
            log.warning("progress lost", execution_id=history_id, reason=error.detail)

    def wait(
        self, history_id: str, *, after: str | None, timeout_seconds: float
    ) -> tuple[Event, ...]:
        """Waits a moment, then one look at the execution and one at its progress."""
        threading.Event().wait(min(timeout_seconds, POLL_SECONDS))
        try:
            history = self._histories.get_history(history_id)
            if history is None or history.state is not State.RUNNING:
                return ()
            tests = self._histories.get_progress(history)
        except AlgoItnyError as error:
            log.warning("no news", execution_id=history_id, reason=error.detail)
            return ()
        seen = _position(after) if after else (0, 0)
        return tuple(
            Event(f"{history.attempt}-{test.index + 1}", history.attempt, "test", _data(test))
            for test in tests
            if (history.attempt, test.index + 1) > seen
        )

    def announce_cancellation(self, history_id: str) -> None:
        """A worker learns it when it renews its lease."""

    def is_cancelled(self, history_id: str) -> bool:  # noqa: ARG002 - the interface's
        return False

    def _write(self, current: _Attempt) -> None:
        if current.history is None:
            current.history = self._histories.get_history(current.history_id, consistent=True)
        if current.history is not None and current.history.attempt == current.number:
            self._histories.put_progress(current.history, current.tests)
        current.written_at = self._clock.monotonic()


def _progress(index: int, data: Mapping[str, object]) -> TestProgress:
    return TestProgress(
        index=index,
        verdict=Verdict(str(data["verdict"])),
        time_ms=cast("int", data["time_ms"]),
        memory_kb=cast("int", data["memory_kb"]),
    )


def _data(test: TestProgress) -> Mapping[str, object]:
    """As the worker told it."""
    return {
        "index": test.index,
        "verdict": test.verdict.value,
        "time_ms": test.time_ms,
        "memory_kb": test.memory_kb,
    }


def _position(event_id: str) -> tuple[int, int]:
    attempt, _, sequence = event_id.partition("-")
    return int(attempt), int(sequence)
