"""Counts who solved how many problems, and publishes it: the work behind the leaderboards.

What is counted are the markers of first solves, listed by day. A month that is over is counted once
a week: its sums are stored, and years and the whole are added up from those. So a run that was
killed is followed by one that goes on where it was.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice

import structlog

from algoitny.domain.clock import Clock, utc_day
from algoitny.domain.errors import StaleAttempt
from algoitny.domain.ids import Ids
from algoitny.domain.leaderboard import LIFETIME, LeaderboardLine, LeaderboardRepository
from algoitny.domain.lease import Lease, LeaseRepository
from algoitny.domain.period import ALL, Period, Span, month_of, week_of, year_of
from algoitny.domain.plan import PlanRepository
from algoitny.domain.stats import StatsRepository
from algoitny.domain.user import UserRepository, pseudonym

log = structlog.get_logger(__name__)

LEASE = "leaderboard"
LEASE_SECONDS = 120.0
"""Longer than the longest single request; a killed worker is followed after as long."""

MOST_LINES = 500
MOST_SUMS = 999_999
"""What a board holds; sums of more users than this are counted anew each time."""

SETTLED = timedelta(hours=1)
"""After the end of a period, until whatever was solved in it is in the lists by day."""
SOON_GONE = timedelta(hours=2)
"""What expires so soon is counted anew: it must not expire while it is read."""
SLOW_PAUSE = timedelta(hours=1)
"""Between two counts of a period that takes long and changes little."""
SHORT_LIFETIME = timedelta(days=2)
"""Of a board that is published all the time."""

WEEKS_BACK = 8
PAGE = 1000
USERS_A_CALL = 100


@dataclass(slots=True)
class RankingReport:
    """What one run did. `busy`: another one was at it."""

    published: int = 0
    unchanged: int = 0
    busy: bool = False


class RankingService:
    """One run every few minutes. Two at once do not hinder each other: one of them does nothing."""

    def __init__(
        self,
        *,
        boards: LeaderboardRepository,
        stats: StatsRepository,
        users: UserRepository,
        plans: PlanRepository,
        leases: LeaseRepository,
        clock: Clock,
        ids: Ids,
    ) -> None:
        self._boards = boards
        self._stats = stats
        self._users = users
        self._plans = plans
        self._leases = leases
        self._clock = clock
        self._ids = ids

    def run(self, owner: str) -> RankingReport:
        """Count and publish what is due. `owner` says in the lease who is at it."""
        report = RankingReport()
        lease = self._leases.acquire(LEASE, owner=owner, seconds=LEASE_SECONDS)
        if lease is None:
            report.busy = True
            return report
        held = _Held(lease, self._leases, self._clock)
        try:
            self._publish_all(held, report)
        except StaleAttempt:
            log.warning("leaderboards are counted by another worker")
            return report
        self._leases.release(held.lease)
        log.info("leaderboards", published=report.published, unchanged=report.unchanged)
        return report

    def _publish_all(self, held: _Held, report: RankingReport) -> None:
        """Raises StaleAttempt."""
        today = utc_day(self._clock.now())
        since = self._first_day() or today
        count = _Count(
            boards=self._boards,
            stats=self._stats,
            clock=self._clock,
            held=held,
            generation=self._ids.new(),
            since=since,
            today=today,
        )
        for period in _shown(since, today):
            self._publish(period, count, report)

    def _publish(self, period: Period, count: _Count, report: RankingReport) -> None:
        current = self._boards.get_current(period.name)
        now = self._clock.now()
        slow = count.has_closed_months
        if current is not None and not _is_due(period, current.published_at, now, slow=slow):
            report.unchanged += 1
            return
        lines = tuple(islice(self._ranked(count.of(period)), MOST_LINES))
        short = not _is_over(period, now)
        lifetime = SHORT_LIFETIME if short else LIFETIME
        lasts = current is not None and current.published_at > now - lifetime / 2
        if lasts and lines == tuple(_lines(self._boards, period.name, count.held)):
            report.unchanged += 1
            return
        count.held.keep()
        self._boards.publish(period.name, count.generation, lines, lifetime=lifetime)
        report.published += 1

    def _ranked(self, counts: Counter[str]) -> Iterator[LeaderboardLine]:
        """Most first; of equals, who came to the site first. Who is gone has no place."""
        ordered = iter(sorted(counts.items(), key=lambda count: (-count[1], count[0])))
        place = rank = last = 0
        while chunk := list(islice(ordered, USERS_A_CALL)):
            users = self._users.get_users([user_id for user_id, _ in chunk])
            for user_id, solved in chunk:
                user = users.get(user_id)
                if user is None or not user.is_active or solved <= 0:
                    continue
                place += 1
                if solved != last:
                    rank, last = place, solved
                yield LeaderboardLine(
                    rank=rank,
                    user_id=user_id,
                    user_identifier=pseudonym(user_id),
                    solved=solved,
                )

    def _first_day(self) -> date | None:
        """When the first of the users who are there came: nobody can have solved anything before.
        None while there is nobody."""
        first: datetime | None = None
        for plan in self._plans.list_plans(active_only=False):
            cursor = None
            while True:
                page = self._users.list_users(plan=plan.name, limit=1, cursor=cursor)
                cursor = page.next_cursor
                for user in page.items:
                    first = min(first or user.created_at, user.created_at)
                if page.items or cursor is None:
                    break
        return None if first is None else utc_day(first)


class _Held:
    """The lease of a run, kept while it works."""

    def __init__(self, lease: Lease, leases: LeaseRepository, clock: Clock) -> None:
        self.lease = lease
        self._leases = leases
        self._clock = clock

    def keep(self) -> None:
        """Raises StaleAttempt."""
        if self.lease.until - self._clock.now() < timedelta(seconds=LEASE_SECONDS / 2):
            self.lease = self._leases.renew(self.lease, seconds=LEASE_SECONDS)


class _Count:
    """Solved problems by user, of any period: of its parts, or from what was stored of it."""

    def __init__(
        self,
        *,
        boards: LeaderboardRepository,
        stats: StatsRepository,
        clock: Clock,
        held: _Held,
        generation: str,
        since: date,
        today: date,
    ) -> None:
        self._boards = boards
        self._stats = stats
        self._clock = clock
        self.held = held
        self.generation = generation
        self._since = since
        self._today = today
        self._known: dict[str, Counter[str]] = {}

    @property
    def has_closed_months(self) -> bool:
        return self._since < self._today.replace(day=1)

    def of(self, period: Period) -> Counter[str]:
        """Raises StaleAttempt."""
        known = self._known.get(period.name)
        if known is None:
            known = self._stored(period)
            if known is None:
                known = self._sum(period)
            self._known[period.name] = known
        return known

    def _sum(self, period: Period) -> Counter[str]:
        total: Counter[str] = Counter()
        for part in self._parts(period):
            total.update(self.of(part))
        for day in self._days(period):
            total.update(self._day(day))
        stays = period.span in (Span.MONTH, Span.YEAR) and _is_over(period, self._clock.now())
        if stays and len(total) <= MOST_SUMS:
            self.held.keep()
            lines = (
                LeaderboardLine(rank=0, user_id=user_id, user_identifier="", solved=solved)
                for user_id, solved in total.items()
            )
            self._boards.publish(_sum_name(period), self.generation, lines, lifetime=LIFETIME)
        return total

    def _stored(self, period: Period) -> Counter[str] | None:
        """None also for what was stored before the period had ended, or is not there whole."""
        current = self._boards.get_current(_sum_name(period))
        if current is None or current.published_at < self._clock.now() - (LIFETIME - SOON_GONE):
            return None
        lines = list(_lines(self._boards, current.period, self.held))
        if len(lines) != current.line_count:
            return None
        return Counter({line.user_id: line.solved for line in lines})

    def _parts(self, period: Period) -> Iterator[Period]:
        """Years of all, months of a year; none of others."""
        smaller = {Span.ALL: year_of, Span.YEAR: month_of}.get(period.span)
        if smaller is None:
            return
        day, last = max(period.first, self._since), min(period.last, self._today)
        while day <= last:
            part = smaller(day)
            yield part
            day = part.last + timedelta(days=1)

    def _days(self, period: Period) -> Iterator[date]:
        if period.span not in (Span.MONTH, Span.WEEK):
            return
        day, last = max(period.first, self._since), min(period.last, self._today)
        while day <= last:
            yield day
            day += timedelta(days=1)

    def _day(self, day: date) -> Counter[str]:
        name = day.isoformat()
        known = self._known.get(name)
        if known is not None:
            return known
        counts: Counter[str] = Counter()
        cursor = None
        while True:
            self.held.keep()
            page = self._stats.list_solved_on(day, limit=PAGE, cursor=cursor)
            counts.update(line.user_id for line in page.items)
            cursor = page.next_cursor
            if cursor is None:
                self._known[name] = counts
                return counts


def _shown(since: date, today: date) -> Iterator[Period]:
    """The periods that have a board; what people look at most comes first."""
    yield month_of(today)
    for weeks in range(WEEKS_BACK + 1):
        week = week_of(today - timedelta(weeks=weeks))
        if week.last >= since:
            yield week
    yield year_of(today)
    yield ALL
    month = month_of(today)
    while (month := month_of(month.first - timedelta(days=1))).last >= since:
        yield month
    year = year_of(today)
    while (year := year_of(year.first - timedelta(days=1))).last >= since:
        yield year


def _is_over(period: Period, now: datetime) -> bool:
    return period.span is not Span.ALL and now >= period.end + SETTLED


def _is_due(period: Period, published_at: datetime, now: datetime, *, slow: bool) -> bool:
    """Whether a board that was published then has to be counted again; `slow`: years and the whole
    take long to count."""
    if published_at < now - (LIFETIME - SOON_GONE):
        return True
    if _is_over(period, now):
        return not _is_over(period, published_at)
    if slow and period.span in (Span.ALL, Span.YEAR):
        return published_at <= now - SLOW_PAUSE
    return True


def _sum_name(period: Period) -> str:
    return f"sum-{period.name}"


def _lines(boards: LeaderboardRepository, name: str, held: _Held) -> Iterator[LeaderboardLine]:
    cursor = None
    while True:
        held.keep()
        page = boards.list_lines(name, limit=PAGE, cursor=cursor)
        yield from page.items
        cursor = page.next_cursor
        if cursor is None:
            return
