"""Time, from one injectable place, and the UTC day that quotas are counted in."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """What the product knows of time."""

    def now(self) -> datetime:
        """The current instant: aware, UTC, microseconds."""
        ...

    def monotonic(self) -> float:
        """Seconds from an arbitrary point that never goes back; for time-outs and intervals."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic(self) -> float:
        return time.monotonic()


def utc_day(instant: datetime) -> date:
    """The UTC day that an instant is charged to."""
    return instant.astimezone(UTC).date()


def next_reset(instant: datetime) -> datetime:
    """The next UTC midnight after `instant`: when daily quotas start again."""
    return datetime.combine(utc_day(instant) + timedelta(days=1), datetime.min.time(), tzinfo=UTC)


def epoch_ms(instant: datetime) -> int:
    """Whole milliseconds since the epoch, exact (no float in between)."""
    return epoch_us(instant) // 1000


def epoch_us(instant: datetime) -> int:
    """Whole microseconds since the epoch, exact."""
    delta = instant - datetime(1970, 1, 1, tzinfo=UTC)
    return (delta.days * 86_400 + delta.seconds) * 1_000_000 + delta.microseconds


def from_epoch_us(microseconds: int) -> datetime:
    """The inverse of `epoch_us`."""
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=microseconds)


def format_date(day: date) -> str:
    """A day as keys and the original system write it: `20250314`."""
    return f"{day.year:04d}{day.month:02d}{day.day:02d}"


def parse_date(text: str) -> date:
    """The inverse of `format_date`. Raises ValueError."""
    if len(text) != 8 or not (text.isascii() and text.isdigit()):
        raise ValueError(f"not a date of eight digits: {text!r}")
    return date(int(text[:4]), int(text[4:6]), int(text[6:]))


def rfc3339(instant: datetime) -> str:
    """RFC 3339 in UTC with microseconds: `2026-01-02T03:04:05.000006Z`."""
    return instant.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
