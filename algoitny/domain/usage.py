"""Daily usage: exact counters, and a log of what was consumed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol

from algoitny.domain.problem import ProblemKey


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

    def of(self, action: Action) -> int:
        return {
            Action.EXECUTION: self.executions,
            Action.HINT: self.hints,
            Action.RUN: self.runs,
        }[action]


class UsageRepository(Protocol):
    """Access to usage, under the original system's method names. Days are UTC."""

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

    def get_daily_usage_count(
        self, user_id: str, action: Action, day: date | None = None
    ) -> int: ...

    def get_day(self, user_id: str, day: date | None = None) -> DayUsage: ...

    def get_usage_logs(
        self, user_id: str, *, start: date, end: date | None = None, action: Action | None = None
    ) -> tuple[UsageLog, ...]:
        """Logs of the days `start` to `end`, both included, oldest first; without `end`, of one."""
        ...

    def get_usage_summary(self, user_id: str, days: int = 30) -> tuple[DayUsage, ...]:
        """The last `days` days that have any use, oldest first; `days` from 1 to 90."""
        ...
