"""Totals of a user and of a problem, kept exact by the transactions that end executions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Protocol

from algoitny.domain.page import Page
from algoitny.domain.problem import ProblemKey

MOST_PLATFORMS = 12
"""Platforms of a user that are counted by name; those that come later are counted together, so
that the statistics stay a small row however many platforms there are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UserStats:
    """Done executions, accepted ones, distinct problems solved, ids that hold a running place."""

    executions: int = 0
    accepted: int = 0
    solved: int = 0
    running: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class PlatformTotals:
    """`platform` is None for all those together that are not counted by name."""

    platform: str | None
    executions: int
    solved: int


@dataclass(frozen=True, slots=True, kw_only=True)
class UserTotals(UserStats):
    """The same with their parts: done executions by verdict, by language and by platform, with the
    distinct problems solved there. Each kind of parts adds up to the whole."""

    by_verdict: Mapping[str, int] = field(default_factory=dict)
    by_language: Mapping[str, int] = field(default_factory=dict)
    by_platform: tuple[PlatformTotals, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ProblemStats:
    executions: int = 0
    accepted: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class SolvedProblem:
    """A problem that a user solved, and the execution that was the first to."""

    problem: ProblemKey
    history_id: str
    solved_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstSolve:
    """One line of a day's list: who solved what for the first time."""

    user_id: str
    problem: ProblemKey


class StatsRepository(Protocol):
    def get_user_stats(self, user_id: str, *, consistent: bool = False) -> UserStats: ...

    def get_user_totals(self, user_id: str) -> UserTotals: ...

    def rebuild_user_stats(self, user_id: str) -> tuple[UserTotals, UserTotals]:
        """Count again what is derived of the user's executions and solved problems, deleted ones
        included, safely against those that end meanwhile; before and after. Takes some seconds.
        """
        ...

    def get_problem_stats(self, key: ProblemKey) -> ProblemStats: ...

    def list_solved(
        self, user_id: str, *, limit: int = 20, cursor: str | None = None
    ) -> Page[SolvedProblem]:
        """By platform and number."""
        ...

    def list_solved_on(
        self, day: date, *, limit: int = 100, cursor: str | None = None
    ) -> Page[FirstSolve]:
        """First solves of a UTC day, by user."""
        ...
