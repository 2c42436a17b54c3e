"""Leaderboards: lines under a generation's own partition, and a pointer to the one shown."""

from __future__ import annotations

from datetime import datetime
from typing import Self

from pynamodb.attributes import UnicodeAttribute

from algoitny.domain.leaderboard import Leaderboard, LeaderboardLine
from algoitny.models.base import TableItem
from algoitny.models.kit.attributes import IntAttribute
from algoitny.models.kit.keys import Key, partition_key, sort_key
from algoitny.models.sequence import SYSTEM

GENERATION_PARTITION = partition_key("LDB#{period}#{generation}")
LINE_SORT = sort_key("{position:06}")
POINTER_SORT = sort_key("LDB#{period}")


def leaderboard_key(period: str) -> Key:
    return Key(SYSTEM, POINTER_SORT(period=period))


def generation_partition(period: str, generation: str) -> str:
    return GENERATION_PARTITION(period=period, generation=generation)


class LeaderboardItem(TableItem):
    """The pointer."""

    TYPE = "leaderboard"

    generation = UnicodeAttribute(attr_name="gen")
    lines = IntAttribute(attr_name="cnt")

    def record(self) -> Leaderboard:
        return Leaderboard(
            period=str(POINTER_SORT.parse(self.sk)["period"]),
            generation=self.generation,
            line_count=self.lines,
            published_at=self.updated,
        )


class LeaderboardLineItem(TableItem):
    TYPE = "leaderboard_line"

    rank = IntAttribute(attr_name="rnk")
    user_id = UnicodeAttribute(attr_name="uid")
    user_identifier = UnicodeAttribute(attr_name="uidt")
    solved = IntAttribute(attr_name="slv")

    @classmethod
    def of(cls, partition: str, position: int, line: LeaderboardLine, until: datetime) -> Self:
        return cls(
            partition,
            LINE_SORT(position=position),
            rank=line.rank,
            user_id=line.user_id,
            user_identifier=line.user_identifier,
            solved=line.solved,
            expires=int(until.timestamp()),
        )

    def record(self) -> LeaderboardLine:
        return LeaderboardLine(
            rank=self.rank,
            user_id=self.user_id,
            user_identifier=self.user_identifier,
            solved=self.solved,
        )
