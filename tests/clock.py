"""A clock that stands still until a test moves it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

START = datetime(2025, 3, 14, 9, 26, 53, 589_000, tzinfo=UTC)


class FixedClock:
    """`now()` is `START` until `advance()`; the monotonic clock moves with it."""

    def __init__(self, start: datetime = START) -> None:
        self._start = start
        self._now = start

    def now(self) -> datetime:
        return self._now

    def monotonic(self) -> float:
        return (self._now - self._start).total_seconds()

    def advance(self, seconds: float = 0, **more: float) -> None:
        """Move forward, e.g. `advance(30)` or `advance(days=1)`."""
        self._now += timedelta(seconds=seconds, **more)
