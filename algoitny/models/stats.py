"""Totals of users and problems, and the markers of first solves."""

from __future__ import annotations

from typing import Any, Self
from zlib import crc32

from pynamodb.attributes import UnicodeAttribute, UnicodeSetAttribute
from pynamodb.expressions.condition import Condition, size

from algoitny.domain.clock import utc_day
from algoitny.domain.history import History
from algoitny.domain.problem import ProblemKey
from algoitny.domain.stats import (
    MOST_PLATFORMS,
    FirstSolve,
    PlatformTotals,
    SolvedProblem,
    UserStats,
    UserTotals,
)
from algoitny.models.base import TableItem
from algoitny.models.kit.attributes import IntAttribute
from algoitny.models.kit.families import CounterFamily
from algoitny.models.kit.keys import Key, partition_key, sort_key

STATS_PARTITION = partition_key("UST#{user}")
STATS = "STATS"
DELETED = "GONE"
SOLVED_SORT = sort_key("SLV#{platform}#{number}")
SOLVED_DAY = partition_key("SLV#{day:day}")
SOLVED_DAY_SORT = sort_key("USR#{user}#{platform}#{number}")
COUNTER_PARTITION = partition_key("PCNT#{platform}#{number}")
COUNTER_SORT = sort_key("{shard:02}")

PROBLEM_SHARDS = 8
"""Counters of a problem, so that a popular one is no hot item. May only grow."""


def stats_key(user_id: str) -> Key:
    return Key(STATS_PARTITION(user=user_id), STATS)


def deleted_stats_key(user_id: str) -> Key:
    return Key(STATS_PARTITION(user=user_id), DELETED)


def solved_key(user_id: str, key: ProblemKey) -> Key:
    sort = SOLVED_SORT(platform=key.platform, number=key.number)
    return Key(STATS_PARTITION(user=user_id), sort)


def problem_counter_partition(key: ProblemKey) -> str:
    return COUNTER_PARTITION(platform=key.platform, number=key.number)


def problem_counter_key(key: ProblemKey, user_id: str | None) -> Key:
    """The counter that this user's executions of a problem move."""
    shard = crc32((user_id or "").encode()) % PROBLEM_SHARDS
    return Key(problem_counter_partition(key), COUNTER_SORT(shard=shard))


OTHERS = ""
"""The name under which platforms are counted that have no counter of their own."""


class UserStatsItem(TableItem):
    """All of a user's counters in one row, since every ending moves them: it stays under 1 KB, the
    unit that a write is charged by. `version` counts the changes of what is derived from verdicts.
    """

    TYPE = "stats"

    executions = IntAttribute(attr_name="exe", null=True)
    accepted = IntAttribute(attr_name="acc", null=True)
    solved = IntAttribute(attr_name="slv", null=True)
    running = UnicodeSetAttribute(attr_name="rng", null=True)
    platforms = UnicodeSetAttribute(attr_name="pts", null=True)
    verdict_counts = CounterFamily("v")
    language_counts = CounterFamily("l")
    platform_counts = CounterFamily("p")
    platform_solved = CounterFamily("s")

    @classmethod
    def has_room_for(cls, platform: str) -> Condition:
        """The platform has counters of its own, or may have: they are never taken away."""
        few = cls.platforms.does_not_exist() | (_size(cls.platforms) < MOST_PLATFORMS)
        condition: Condition = few | cls.platforms.contains(platform)
        return condition

    def record(self) -> UserStats:
        return UserStats(
            executions=self.executions or 0,
            accepted=self.accepted or 0,
            solved=self.solved or 0,
            running=frozenset(self.running or ()),
        )

    def totals(self) -> UserTotals:
        stats = self.record()
        counted = UserStatsItem.platform_counts.of(self)
        solved = UserStatsItem.platform_solved.of(self)
        # Those without a name come last.
        names = sorted(counted.keys() | solved.keys(), key=lambda name: (name == OTHERS, name))
        return UserTotals(
            executions=stats.executions,
            accepted=stats.accepted,
            solved=stats.solved,
            running=stats.running,
            by_verdict=UserStatsItem.verdict_counts.of(self),
            by_language=UserStatsItem.language_counts.of(self),
            by_platform=tuple(
                PlatformTotals(
                    platform=name or None,
                    executions=counted.get(name, 0),
                    solved=solved.get(name, 0),
                )
                for name in names
            ),
        )


class DeletedStatsItem(TableItem):
    """What the statistics count that is deleted by now: so they can be counted again."""

    TYPE = "deleted_stats"

    executions = IntAttribute(attr_name="exe", null=True)
    accepted = IntAttribute(attr_name="acc", null=True)
    verdict_counts = CounterFamily("v")
    language_counts = CounterFamily("l")
    platform_counts = CounterFamily("p")


class SolvedItem(TableItem):
    """A user's first accepted execution of a problem."""

    TYPE = "solved"

    history_id = UnicodeAttribute(attr_name="hid")

    @classmethod
    def of(cls, history: History, user_id: str) -> Self:
        """The problem is solved since the code was submitted: judging that again changes no day."""
        key = solved_key(user_id, history.problem)
        return cls(
            key.partition,
            key.sort,
            gsi3_pk=SOLVED_DAY(day=utc_day(history.created_at)),
            gsi3_sk=SOLVED_DAY_SORT(
                user=user_id,
                platform=history.problem.platform,
                number=history.problem.number,
            ),
            history_id=history.id,
            created=history.created_at,
        )

    def record(self) -> SolvedProblem:
        parts = SOLVED_SORT.parse(self.sk)
        return SolvedProblem(
            problem=ProblemKey(platform=str(parts["platform"]), number=str(parts["number"])),
            history_id=self.history_id,
            solved_at=self.created,
        )

    def line(self) -> FirstSolve:
        """From the list by day, which has keys only."""
        parts = SOLVED_DAY_SORT.parse(self.gsi3_sk)
        return FirstSolve(
            user_id=str(parts["user"]),
            problem=ProblemKey(platform=str(parts["platform"]), number=str(parts["number"])),
        )


class ProblemCounterItem(TableItem):
    TYPE = "problem_counter"

    executions = IntAttribute(attr_name="exe", null=True)
    accepted = IntAttribute(attr_name="acc", null=True)


def _size(attribute: UnicodeSetAttribute) -> Any:
    return size(attribute)  # type: ignore[no-untyped-call]  # PynamoDB's has no types
