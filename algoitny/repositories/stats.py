"""Totals, read only: the transactions that end executions move them."""

from __future__ import annotations

from algoitny.domain.problem import ProblemKey
from algoitny.domain.stats import ProblemStats, UserStats
from algoitny.models.kit.operations import get, query_all
from algoitny.models.stats import (
    ProblemCounterItem,
    UserStatsItem,
    problem_counter_partition,
    stats_key,
)


class DynamoStatsRepository:
    """Implements `StatsRepository`."""

    def get_user_stats(self, user_id: str, *, consistent: bool = False) -> UserStats:
        """One Get; 0.5 RCU."""
        item = get(UserStatsItem, stats_key(user_id), consistent=consistent)
        return UserStats() if item is None else item.record()

    def get_problem_stats(self, key: ProblemKey) -> ProblemStats:
        """One Query over the counter's shards; 0.5 RCU."""
        shards = query_all(ProblemCounterItem, problem_counter_partition(key))
        return ProblemStats(
            executions=sum(shard.executions or 0 for shard in shards),
            accepted=sum(shard.accepted or 0 for shard in shards),
        )
