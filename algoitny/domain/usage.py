"""Daily usage: exact counters, and a log of what was consumed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol

from algoitny.domain.page import Page
from algoitny.domain.problem import ProblemKey

KEPT_DAYS = 90
"""How long counters and logs are kept."""


class Action(StrEnum):
    """What is counted."""

    EXECUTION = "execution"
    HINT = "hint"
    RUN = "run"


@dataclass(frozen=True, slots=True, kw_only=True)
class UsageLog:
    """One consumption."""

    user_id: str
    action: Action
    at: datetime
    problem: ProblemKey | None = None
    metadata: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DayUsage:
    """Units consumed on one UTC day."""

    day: date
    executions: int = 0
    hints: int = 0
    runs: int = 0

    @property
    def units(self) -> int:
        """Units of all actions; a day may have logs without a unit."""
        return self.executions + self.hints + self.runs

    def of(self, action: Action) -> int:
        return {
            Action.EXECUTION: self.executions,
            Action.HINT: self.hints,
            Action.RUN: self.runs,
        }[action]


@dataclass(frozen=True, slots=True, kw_only=True)
class UserDay:
    """What one user consumed on one UTC day."""

    user_id: str
    usage: DayUsage


class UsageRepository(Protocol):
    """Access to usage, under the original system's method names. Days are UTC.

    Counters and logs are kept for `KEPT_DAYS` days and are absent from then on.
    """

    def check_rate_limit(
        self, user_id: str, action: Action, limit: int
    ) -> tuple[bool, int, datetime]:
        """(another unit may be consumed, units used today, when the count starts again)."""
        ...

    def consume(
        self,
        user_id: str,
        action: Action,
        *,
        limit: int,
        key: str,
        problem: ProblemKey | None = None,
        metadata: Mapping[str, str] | None = None,
    ) -> int:
        """Take one unit and log it under the natural `key`, in one transaction; the count after.
        The same key again takes nothing. Raises QuotaExceeded."""
        ...

    def log_usage(
        self,
        user_id: str,
        action: Action,
        *,
        problem: ProblemKey | None = None,
        metadata: Mapping[str, str] | None = None,
    ) -> UsageLog:
        """Write a log row without counting; rows of one instant never overwrite each other."""
        ...

    def get_daily_usage_count(self, user_id: str, action: Action, day: date | None = None) -> int:
        """Units used on a day; today when no day is given."""
        ...

    def get_day(self, user_id: str, day: date | None = None) -> DayUsage:
        """All counts of a day, today when none is given; zeroes for a day without use."""
        ...

    def get_usage_logs(
        self,
        user_id: str,
        *,
        start: date,
        end: date | None = None,
        action: Action | None = None,
        limit: int = 100,
        cursor: str | None = None,
    ) -> Page[UsageLog]:
        """Logs of the days `start` to `end`, both included (without `end`, of one day), day by day;
        within a day what `consume` took comes first, the others by their time.

        Raises InvalidInput for an end before the start, InvalidCursor.
        """
        ...

    def get_usage_summary(self, user_id: str, days: int = 30) -> tuple[DayUsage, ...]:
        """The last `days` days that have any use, oldest first; `days` from 1 to 90, else
        InvalidInput."""
        ...

    def list_daily_usage(
        self, day: date, *, limit: int = 100, cursor: str | None = None
    ) -> Page[UserDay]:
        """What every user consumed on a day, by user id; for administrators."""
        ...

    def delete_logs_before_date(self, user_id: str | None, before: date) -> int:
        """Remove the logs and counters of one user, or of all (None), of the days before `before`;
        how many logs. Called again it finishes what was interrupted.

        Raises InvalidInput for a `before` that is to come: the running day's counter is its quota.
        """
        ...
