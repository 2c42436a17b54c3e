"""Spans of whole UTC days that something is counted over: ever, a year, a month, a week."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

from algoitny.domain.errors import InvalidInput

_YEAR = re.compile(r"\d{4}", re.ASCII)
_MONTH = re.compile(r"(\d{4})-(\d\d)", re.ASCII)
_WEEK = re.compile(r"(\d{4})-W(\d\d)", re.ASCII)


class Span(StrEnum):
    """What kind of period."""

    ALL = "all"
    YEAR = "year"
    MONTH = "month"
    WEEK = "week"


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """`name` is `all`, `2025`, `2025-03` or `2025-W11` (ISO 8601); both days belong to it."""

    name: str
    span: Span
    first: date
    last: date

    @property
    def end(self) -> datetime:
        """The first instant after it; for what has no end the last there is."""
        if self.last == date.max:
            return datetime.max.replace(tzinfo=UTC)
        return datetime.combine(self.last + timedelta(days=1), datetime.min.time(), tzinfo=UTC)


ALL = Period(name="all", span=Span.ALL, first=date.min, last=date.max)


def year_of(day: date) -> Period:
    year = day.year
    return Period(
        name=f"{year:04d}", span=Span.YEAR, first=date(year, 1, 1), last=date(year, 12, 31)
    )


def month_of(day: date) -> Period:
    first = day.replace(day=1)
    last = day.replace(day=monthrange(day.year, day.month)[1])
    return Period(name=f"{day.year:04d}-{day.month:02d}", span=Span.MONTH, first=first, last=last)


def week_of(day: date) -> Period:
    """Raises OverflowError for the weeks that reach beyond the calendar."""
    year, week, weekday = day.isocalendar()
    first = day - timedelta(days=weekday - 1)
    return Period(
        name=f"{year:04d}-W{week:02d}",
        span=Span.WEEK,
        first=first,
        last=first + timedelta(days=6),
    )


def parse_period(text: str) -> Period:
    """Raises InvalidInput."""
    try:
        if text == ALL.name:
            return ALL
        if _YEAR.fullmatch(text):
            return year_of(date(int(text), 1, 1))
        if found := _MONTH.fullmatch(text):
            return month_of(date(int(found[1]), int(found[2]), 1))
        if found := _WEEK.fullmatch(text):
            return week_of(date.fromisocalendar(int(found[1]), int(found[2]), 1))
    except (ValueError, OverflowError):
        pass
    raise InvalidInput.field(
        "/period", "One of all, a year (2025), a month (2025-03) or a week (2025-W11)."
    )
