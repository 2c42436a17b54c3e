"""Leaderboards as they are shown: what was counted last, without those who have gone since."""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime

from algoitny.domain.clock import Clock
from algoitny.domain.leaderboard import LeaderboardLine, LeaderboardRepository
from algoitny.domain.page import Page
from algoitny.domain.period import Period
from algoitny.domain.user import UserRepository

CACHE_SECONDS = 10.0
CACHED_PAGES = 256


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaderboardPage:
    """`published_at` is since when the board shows this; None while there is no such board."""

    period: str
    published_at: datetime | None
    page: Page[LeaderboardLine]


class LeaderboardService:
    """Reads boards; a few seconds old."""

    def __init__(
        self, *, boards: LeaderboardRepository, users: UserRepository, clock: Clock
    ) -> None:
        self._boards = boards
        self._users = users
        self._clock = clock
        self._lock = threading.Lock()
        self._known: OrderedDict[tuple[str, int, str | None], tuple[float, LeaderboardPage]] = (
            OrderedDict()
        )

    def show(self, period: Period, *, limit: int, cursor: str | None) -> LeaderboardPage:
        """Best first; a page may be short. Raises InvalidCursor."""
        key = (period.name, limit, cursor)
        now = self._clock.monotonic()
        with self._lock:
            read_at, known = self._known.get(key, (now - CACHE_SECONDS, None))
        if known is not None and now - read_at < CACHE_SECONDS:
            return known
        found = self._read(period, limit, cursor)
        with self._lock:
            self._known[key] = now, found
            self._known.move_to_end(key)
            while len(self._known) > CACHED_PAGES:
                self._known.popitem(last=False)
        return found

    def _read(self, period: Period, limit: int, cursor: str | None) -> LeaderboardPage:
        current = self._boards.get_current(period.name)
        page = self._boards.list_lines(period.name, limit=limit, cursor=cursor)
        users = self._users.get_users([line.user_id for line in page.items])
        active = {user.id for user in users.values() if user.is_active}
        return LeaderboardPage(
            period=period.name,
            published_at=None if current is None else current.published_at,
            page=Page(
                tuple(line for line in page.items if line.user_id in active), page.next_cursor
            ),
        )
