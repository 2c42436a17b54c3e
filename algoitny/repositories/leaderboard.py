"""Leaderboards: a whole generation is written, then one update shows it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from algoitny.domain.clock import Clock
from algoitny.domain.errors import Conflict, InvalidInput
from algoitny.domain.ids import is_ulid
from algoitny.domain.leaderboard import LIFETIME, Leaderboard, LeaderboardLine
from algoitny.domain.page import Page
from algoitny.domain.patience import Patience
from algoitny.models.kit.batch import batch_write
from algoitny.models.kit.cursor import Cursors
from algoitny.models.kit.operations import get, query
from algoitny.models.leaderboard import (
    LeaderboardItem,
    LeaderboardLineItem,
    generation_partition,
    leaderboard_key,
)
from algoitny.repositories.outcome import update_or_find


class _Older(Conflict):
    """A later generation is shown."""


class DynamoLeaderboardRepository:
    """Implements `LeaderboardRepository`."""

    def __init__(self, *, clock: Clock, cursors: Cursors, patience: Patience) -> None:
        self._clock = clock
        self._cursors = cursors
        self._patience = patience

    def publish(
        self,
        period: str,
        generation: str,
        lines: Iterable[LeaderboardLine],
        *,
        lifetime: timedelta = LIFETIME,
    ) -> bool:
        """BatchWrites of 25, 1 WCU a line, then one Update of the pointer. Raises InvalidInput."""
        if not is_ulid(generation):
            raise InvalidInput.field("/generation", "A generation is an id made when it began.")
        now = self._clock.now()
        until = now + lifetime
        partition = generation_partition(period, generation)
        count = batch_write(
            LeaderboardLineItem,
            puts=(
                LeaderboardLineItem.of(partition, position, line, until)
                for position, line in enumerate(lines, start=1)
            ),
            patience=self._patience,
        )
        try:
            update_or_find(
                LeaderboardItem,
                leaderboard_key(period),
                [
                    LeaderboardItem.generation.set(generation),
                    LeaderboardItem.lines.set(count),
                    LeaderboardItem.updated.set(now),
                    LeaderboardItem.expires.set(int(until.timestamp())),
                    LeaderboardItem.typed(),
                ],
                condition=LeaderboardItem.absent_or_expired(now)
                | (LeaderboardItem.generation < generation),
                refused=_Older,
                own=lambda item: item.generation == generation,
            )
        except _Older:
            return False
        return True

    def get_current(self, period: str) -> Leaderboard | None:
        """One Get; 0.5 RCU."""
        item = get(LeaderboardItem, leaderboard_key(period))
        return None if item is None or item.is_expired(self._clock.now()) else item.record()

    def list_lines(
        self, period: str, *, limit: int = 20, cursor: str | None = None
    ) -> Page[LeaderboardLine]:
        """Get of the pointer, 0.5 RCU, then one Query, 0.5 RCU per 4 KB; later pages only the
        Query, since the cursor knows the generation."""
        scope = ("list_lines", period)
        position = self._cursors.open(scope, cursor)
        if position is None:
            current = self.get_current(period)
            if current is None:
                return Page((), None)
            partition = generation_partition(period, current.generation)
        else:
            partition = position[LeaderboardLineItem.pk.attr_name]
        part = query(LeaderboardLineItem, partition, limit=limit, start=position)
        now = self._clock.now()
        return Page(
            tuple(item.record() for item in part.items if not item.is_expired(now)),
            self._cursors.issue(scope, part.position),
        )
