"""What counting leaderboards reads and writes, in memory, and users who solve things."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

from algoitny.domain.errors import StaleAttempt
from algoitny.domain.ids import Ids
from algoitny.domain.leaderboard import Leaderboard, LeaderboardLine
from algoitny.domain.lease import Lease
from algoitny.domain.page import Page
from algoitny.domain.period import Period, parse_period, week_of
from algoitny.domain.plan import STANDARD_PLANS, Plan
from algoitny.domain.problem import ProblemKey
from algoitny.domain.stats import FirstSolve
from algoitny.domain.user import User, pseudonym
from algoitny.services.ranking import RankingService
from tests.builders import a_user
from tests.clock import START, FixedClock


class Boards:
    """Generations in memory."""

    def __init__(self, clock: FixedClock) -> None:
        self.clock = clock
        self.shown: dict[str, tuple[Leaderboard, datetime, list[LeaderboardLine]]] = {}

    def publish(
        self, period: str, generation: str, lines: Iterable[LeaderboardLine], *, lifetime: timedelta
    ) -> bool:
        written, now = list(lines), self.clock.now()
        current = self.get_current(period)
        if current is not None and current.generation > generation:
            return False
        board = Leaderboard(
            period=period, generation=generation, line_count=len(written), published_at=now
        )
        self.shown[period] = board, now + lifetime, written
        return True

    def get_current(self, period: str) -> Leaderboard | None:
        board, until, _ = self.shown.get(period, (None, START, []))
        return board if self.clock.now() < until else None

    def list_lines(
        self, period: str, *, limit: int = 20, cursor: str | None = None
    ) -> Page[LeaderboardLine]:
        lines = self.shown[period][2] if self.get_current(period) else []
        first = int(cursor or 0)
        more = str(first + limit) if len(lines) > first + limit else None
        return Page(tuple(lines[first : first + limit]), more)


@dataclass
class Solves:
    """Who solved what first on which day."""

    days: dict[tuple[str, str], date] = field(default_factory=dict)
    asked: list[date] = field(default_factory=list)

    def list_solved_on(
        self, day: date, *, limit: int = 100, cursor: str | None = None
    ) -> Page[FirstSolve]:
        self.asked.append(day)
        found = [
            FirstSolve(user_id=user, problem=ProblemKey(platform="baekjoon", number=number))
            for (user, number), on in sorted(self.days.items())
            if on == day
        ]
        first = int(cursor or 0)
        # Two a page, whatever was asked for: a page may be short.
        return Page(tuple(found[first : first + 2]), str(first + 2) if found[first + 2 :] else None)


@dataclass
class People:
    """Users in memory, with their plans."""

    known: dict[str, User] = field(default_factory=dict)

    def get_users(self, user_ids: Collection[str]) -> dict[str, User]:
        return {name: user for name, user in self.known.items() if name in user_ids}

    def list_users(self, *, plan: str, limit: int, cursor: str | None) -> Page[User]:
        if cursor is None:
            return Page((), "the list lags")
        return Page(tuple(user for user in self.known.values() if user.plan == plan)[:limit], None)

    def list_plans(self, *, active_only: bool) -> tuple[Plan, ...]:
        return STANDARD_PLANS


class Leases:
    """One lease in memory."""

    def __init__(self, clock: FixedClock) -> None:
        self.clock = clock
        self.held: Lease | None = None
        self.fence = 0

    def acquire(self, name: str, *, owner: str, seconds: float) -> Lease | None:
        if self.held is not None and self.held.until >= self.clock.now():
            return None
        self.fence += 1
        until = self.clock.now() + timedelta(seconds=seconds)
        self.held = Lease(name=name, owner=owner, fence=self.fence, until=until)
        return self.held

    def renew(self, lease: Lease, *, seconds: float) -> Lease:
        if self.held is None or self.held.fence != lease.fence:
            raise StaleAttempt
        self.held = replace(lease, until=self.clock.now() + timedelta(seconds=seconds))
        return self.held

    def release(self, lease: Lease) -> None:
        if self.held is not None and self.held.fence == lease.fence:
            self.held = None


class World:
    """Users who solve things, and what is shown of it."""

    def __init__(self, clock: FixedClock, ids: Ids) -> None:
        self.clock, self.ids = clock, ids
        self.boards, self.solves = Boards(clock), Solves()
        self.people, self.leases = People(), Leases(clock)
        self.users: list[str] = []
        for number in range(5):
            clock.advance(1)
            plan = STANDARD_PLANS[number % len(STANDARD_PLANS)].name
            user = a_user(clock, plan=plan)
            self.people.known[user.id] = user
            self.users.append(user.id)

    def solve(self, user: str, number: str) -> None:
        self.solves.days.setdefault((user, number), self.clock.now().date())

    def service(self, **replaced: Any) -> RankingService:
        given: dict[str, Any] = {
            "boards": self.boards,
            "stats": self.solves,
            "users": self.people,
            "plans": self.people,
            "leases": self.leases,
        }
        return RankingService(**given | replaced, clock=self.clock, ids=self.ids)

    def expected(self, period: Period) -> list[tuple[int, str, int]]:
        counts = Counter(
            user
            for (user, _), day in self.solves.days.items()
            if period.first <= day <= period.last
        )
        ordered = sorted(counts.items(), key=lambda count: (-count[1], count[0]))
        return [
            (1 + sum(other > solved for other in counts.values()), user, solved)
            for user, solved in ordered
        ]

    def shown(self, period: str) -> list[tuple[int, str, int]]:
        lines = self.boards.list_lines(period, limit=100).items
        assert all(line.user_identifier == pseudonym(line.user_id) for line in lines)
        return [(line.rank, line.user_id, line.solved) for line in lines]

    def some_months(self, seed: int = 1) -> None:
        """From March to June, a solve every other day."""
        chance = random.Random(seed)
        for _ in range(40):
            self.clock.advance(days=chance.choice([0, 1, 2, 4]))
            self.solve(chance.choice(self.users[:4]), str(chance.randrange(12)))

    def check_all(self) -> None:
        today = self.clock.now().date()
        weeks = [week_of(today - timedelta(weeks=back)).name for back in range(9)]
        for name in ("all", "2025", "2025-03", "2025-04", "2025-05", *weeks):
            assert self.shown(name) == self.expected(parse_period(name)), name
