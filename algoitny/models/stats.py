"""Totals of users and problems, and the markers of first solves."""

from __future__ import annotations

from typing import Self
from zlib import crc32

from pynamodb.attributes import UnicodeAttribute, UnicodeSetAttribute

from algoitny.domain.clock import utc_day
from algoitny.domain.history import History
from algoitny.domain.problem import ProblemKey
from algoitny.domain.stats import UserStats
from algoitny.models.base import TableItem
from algoitny.models.kit.attributes import IntAttribute
from algoitny.models.kit.keys import Key, partition_key, sort_key

STATS_PARTITION = partition_key("UST#{user}")
STATS = "STATS"
SOLVED_SORT = sort_key("SLV#{platform}#{number}")
SOLVED_DAY = partition_key("SLV#{day:day}")
SOLVED_DAY_SORT = sort_key("USR#{user}#{platform}#{number}")
COUNTER_PARTITION = partition_key("PCNT#{platform}#{number}")
COUNTER_SORT = sort_key("{shard:02}")

PROBLEM_SHARDS = 8
"""Counters of a problem, so that a popular one is no hot item. May only grow."""


def stats_key(user_id: str) -> Key:
    return Key(STATS_PARTITION(user=user_id), STATS)


def solved_key(user_id: str, key: ProblemKey) -> Key:
    sort = SOLVED_SORT(platform=key.platform, number=key.number)
    return Key(STATS_PARTITION(user=user_id), sort)


def problem_counter_partition(key: ProblemKey) -> str:
    return COUNTER_PARTITION(platform=key.platform, number=key.number)


def problem_counter_key(key: ProblemKey, user_id: str | None) -> Key:
    """The counter that this user's executions of a problem move."""
    shard = crc32((user_id or "").encode()) % PROBLEM_SHARDS
    return Key(problem_counter_partition(key), COUNTER_SORT(shard=shard))


class UserStatsItem(TableItem):
    TYPE = "stats"

    executions = IntAttribute(attr_name="exe", null=True)
    accepted = IntAttribute(attr_name="acc", null=True)
    solved = IntAttribute(attr_name="slv", null=True)
    running = UnicodeSetAttribute(attr_name="rng", null=True)

    def record(self) -> UserStats:
        return UserStats(
            executions=self.executions or 0,
            accepted=self.accepted or 0,
            solved=self.solved or 0,
            running=frozenset(self.running or ()),
        )


class SolvedItem(TableItem):
    """A user's first accepted execution of a problem."""

    TYPE = "solved"

    history_id = UnicodeAttribute(attr_name="hid")

    @classmethod
    def of(cls, history: History, user_id: str) -> Self:
        """`history` as it is after its completion."""
        key = solved_key(user_id, history.problem)
        return cls(
            key.partition,
            key.sort,
            gsi3_pk=SOLVED_DAY(day=utc_day(history.updated_at)),
            gsi3_sk=SOLVED_DAY_SORT(
                user=user_id,
                platform=history.problem.platform,
                number=history.problem.number,
            ),
            history_id=history.id,
            created=history.updated_at,
        )


class ProblemCounterItem(TableItem):
    TYPE = "problem_counter"

    executions = IntAttribute(attr_name="exe", null=True)
    accepted = IntAttribute(attr_name="acc", null=True)
