"""Totals of a user and of a problem, kept exact by the transactions that end executions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from algoitny.domain.problem import ProblemKey


@dataclass(frozen=True, slots=True, kw_only=True)
class UserStats:
    """Done executions, accepted ones, distinct problems solved, ids that hold a running place."""

    executions: int = 0
    accepted: int = 0
    solved: int = 0
    running: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class ProblemStats:
    executions: int = 0
    accepted: int = 0


class StatsRepository(Protocol):
    def get_user_stats(self, user_id: str, *, consistent: bool = False) -> UserStats: ...

    def get_problem_stats(self, key: ProblemKey) -> ProblemStats: ...
