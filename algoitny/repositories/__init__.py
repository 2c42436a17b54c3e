"""Named access patterns on the models. They return records of the domain, never models."""

from __future__ import annotations

from dataclasses import dataclass

from algoitny.domain.clock import Clock
from algoitny.domain.hint import HintRepository
from algoitny.domain.history import HistoryRepository
from algoitny.domain.ids import Ids
from algoitny.domain.language import LanguageRepository
from algoitny.domain.plan import PlanRepository
from algoitny.domain.problem import ProblemRepository
from algoitny.domain.stats import StatsRepository
from algoitny.domain.usage import UsageRepository
from algoitny.domain.user import UserRepository
from algoitny.models.kit.cursor import Cursors
from algoitny.models.kit.patience import Patience
from algoitny.repositories.hint import DynamoHintRepository
from algoitny.repositories.history import DynamoHistoryRepository
from algoitny.repositories.language import DynamoLanguageRepository
from algoitny.repositories.plan import DynamoPlanRepository
from algoitny.repositories.problem import DynamoProblemRepository
from algoitny.repositories.stats import DynamoStatsRepository
from algoitny.repositories.usage import DynamoUsageRepository
from algoitny.repositories.user import DynamoUserRepository


@dataclass(frozen=True, slots=True, kw_only=True)
class Repositories:
    """One of each."""

    users: UserRepository
    plans: PlanRepository
    problems: ProblemRepository
    histories: HistoryRepository
    hints: HintRepository
    usage: UsageRepository
    stats: StatsRepository
    languages: LanguageRepository


def build_repositories(
    *, clock: Clock, ids: Ids, secret_key: str, patience: Patience | None = None
) -> Repositories:
    """All repositories on the bound models; `secret_key` signs their cursors, `patience` bounds
    their own retries."""
    cursors = Cursors(secret_key, clock)
    patience = patience or Patience(clock=clock)
    return Repositories(
        users=DynamoUserRepository(clock=clock, ids=ids, cursors=cursors, patience=patience),
        plans=DynamoPlanRepository(),
        problems=DynamoProblemRepository(clock=clock, ids=ids, cursors=cursors, patience=patience),
        histories=DynamoHistoryRepository(clock=clock, ids=ids, cursors=cursors, patience=patience),
        hints=DynamoHintRepository(clock=clock, ids=ids, patience=patience),
        usage=DynamoUsageRepository(clock=clock, ids=ids, patience=patience),
        stats=DynamoStatsRepository(),
        languages=DynamoLanguageRepository(clock=clock),
    )
