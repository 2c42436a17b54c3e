"""A person's statistics: what was counted since the beginning, and the last days' use."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from algoitny.domain.access import Caller
from algoitny.domain.clock import Clock, utc_day
from algoitny.domain.stats import StatsRepository, UserTotals
from algoitny.domain.usage import KEPT_DAYS, DayUsage, UsageRepository


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountStats:
    """`days` are those with any use, oldest first. `streak_days` is how many days in a row, to
    today or yesterday, have an execution; at most as many as are kept."""

    totals: UserTotals
    days: tuple[DayUsage, ...]
    streak_days: int


class StatsService:
    """Reads statistics."""

    def __init__(self, *, stats: StatsRepository, usage: UsageRepository, clock: Clock) -> None:
        self._stats = stats
        self._usage = usage
        self._clock = clock

    def of(self, caller: Caller, *, days: int) -> AccountStats:
        """With the last `days` UTC days, today included."""
        today = utc_day(self._clock.now())
        used = self._usage.get_usage_summary(caller.user.id, KEPT_DAYS)
        return AccountStats(
            totals=self._stats.get_user_totals(caller.user.id),
            days=tuple(day for day in used if day.day > today - timedelta(days=days)),
            streak_days=streak((day.day for day in used if day.executions), today),
        )


def streak(active: Iterable[date], today: date) -> int:
    """Active days in a row up to today; up to yesterday while today may still become one."""
    known = set(active)
    day = today if today in known else today - timedelta(days=1)
    length = 0
    while day in known:
        length, day = length + 1, day - timedelta(days=1)
    return length
