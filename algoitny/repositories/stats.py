"""Totals, read only: the transactions that end executions move them."""

from __future__ import annotations

from datetime import date

from algoitny.domain.ids import Ids
from algoitny.domain.page import Page
from algoitny.domain.patience import Patience
from algoitny.domain.problem import ProblemKey
from algoitny.domain.stats import FirstSolve, ProblemStats, SolvedProblem, UserStats, UserTotals
from algoitny.models.base import Gsi3
from algoitny.models.kit.cursor import Cursors
from algoitny.models.kit.operations import get, query, query_all
from algoitny.models.stats import (
    SOLVED_DAY,
    SOLVED_SORT,
    STATS_PARTITION,
    ProblemCounterItem,
    SolvedItem,
    UserStatsItem,
    problem_counter_partition,
    stats_key,
)
from algoitny.repositories.stats_rebuild import StatsRebuilding


class DynamoStatsRepository:
    """Implements `StatsRepository`."""

    def __init__(self, *, cursors: Cursors, ids: Ids, patience: Patience) -> None:
        self._cursors = cursors
        self._rebuilding = StatsRebuilding(ids=ids, patience=patience)

    def get_user_stats(self, user_id: str, *, consistent: bool = False) -> UserStats:
        """One Get; 0.5 RCU."""
        item = get(UserStatsItem, stats_key(user_id), consistent=consistent)
        return UserStats() if item is None else item.record()

    def get_user_totals(self, user_id: str) -> UserTotals:
        """One Get; 0.5 RCU."""
        item = get(UserStatsItem, stats_key(user_id))
        return UserTotals() if item is None else item.totals()

    def rebuild_user_stats(self, user_id: str) -> tuple[UserTotals, UserTotals]:
        """Queries of GSI1 and BatchGets of the summaries, consistent, 1 RCU each; a Query of the
        markers; one transaction, 4 WCU. All again when something was counted meanwhile. Raises
        StoreUnavailable."""
        return self._rebuilding.rebuild(user_id)

    def get_problem_stats(self, key: ProblemKey) -> ProblemStats:
        """One Query over the counter's shards; 0.5 RCU."""
        shards = query_all(ProblemCounterItem, problem_counter_partition(key))
        return ProblemStats(
            executions=sum(shard.executions or 0 for shard in shards),
            accepted=sum(shard.accepted or 0 for shard in shards),
        )

    def list_solved(
        self, user_id: str, *, limit: int = 20, cursor: str | None = None
    ) -> Page[SolvedProblem]:
        """One Query of the user's markers; 0.5 RCU per 4 KB, which is about 30."""
        scope = ("list_solved", user_id)
        part = query(
            SolvedItem,
            STATS_PARTITION(user=user_id),
            sort=SolvedItem.sk.startswith(SOLVED_SORT.prefix()),
            limit=limit,
            start=self._cursors.open(scope, cursor),
        )
        return Page(
            tuple(item.record() for item in part.items), self._cursors.issue(scope, part.position)
        )

    def list_solved_on(
        self, day: date, *, limit: int = 100, cursor: str | None = None
    ) -> Page[FirstSolve]:
        """One Query of GSI3, which has the keys and needs no row; 0.5 RCU per 4 KB."""
        scope = ("list_solved_on", day.isoformat())
        part = query(
            SolvedItem,
            SOLVED_DAY(day=day),
            index=Gsi3,
            limit=limit,
            start=self._cursors.open(scope, cursor),
        )
        return Page(
            tuple(item.line() for item in part.items), self._cursors.issue(scope, part.position)
        )
