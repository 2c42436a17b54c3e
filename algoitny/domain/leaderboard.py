"""Leaderboards: counted on schedule, shown whole, one generation at a time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from algoitny.domain.page import Page

LIFETIME = timedelta(days=7)
"""How long a generation stays that no later one follows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaderboardLine:
    """Equals share a `rank`; `user_identifier` is the name shown in public."""

    rank: int
    user_id: str
    user_identifier: str
    solved: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaderboard:
    """The generation that a period shows."""

    period: str
    generation: str
    line_count: int
    published_at: datetime


class LeaderboardRepository(Protocol):
    """Access to leaderboards. A `period` is any name, e.g. `all` or `2025-03`."""

    def publish(
        self,
        period: str,
        generation: str,
        lines: Iterable[LeaderboardLine],
        *,
        lifetime: timedelta = LIFETIME,
    ) -> bool:
        """Write the lines, in their order, then show them all at once. False when a later
        generation is shown already.

        `generation` is an id made before the counting began, so that of two counts at once the
        later one stays. Publishing the same again is success. Raises InvalidInput.
        """
        ...

    def get_current(self, period: str) -> Leaderboard | None:
        """What is shown; None before the first, and once its time is over."""
        ...

    def list_lines(
        self, period: str, *, limit: int = 20, cursor: str | None = None
    ) -> Page[LeaderboardLine]:
        """Best first. All pages of one walk are of the generation that its first page was of."""
        ...
