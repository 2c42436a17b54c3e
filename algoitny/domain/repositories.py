"""All repositories together, whatever table or database is behind them."""

from __future__ import annotations

from dataclasses import dataclass

from algoitny.domain.audit import AuditRepository
from algoitny.domain.erasure import ErasureRepository
from algoitny.domain.hint import HintRepository
from algoitny.domain.history import HistoryRepository
from algoitny.domain.job import JobRepository
from algoitny.domain.language import LanguageRepository
from algoitny.domain.leaderboard import LeaderboardRepository
from algoitny.domain.lease import LeaseRepository
from algoitny.domain.migration import MigrationRepository
from algoitny.domain.outbox import OutboxRepository
from algoitny.domain.plan import PlanRepository
from algoitny.domain.pointer import PointerRepository
from algoitny.domain.problem import ProblemRepository
from algoitny.domain.run import RunRepository
from algoitny.domain.session import SessionRepository
from algoitny.domain.spend import SpendRepository
from algoitny.domain.stats import StatsRepository
from algoitny.domain.token import TokenRepository
from algoitny.domain.usage import UsageRepository
from algoitny.domain.user import UserRepository
from algoitny.domain.webhook_secret import WebhookSecretRepository


@dataclass(frozen=True, slots=True, kw_only=True)
class Repositories:
    """One of each."""

    users: UserRepository
    plans: PlanRepository
    tokens: TokenRepository
    sessions: SessionRepository
    webhook_secrets: WebhookSecretRepository
    erasures: ErasureRepository
    problems: ProblemRepository
    histories: HistoryRepository
    hints: HintRepository
    usage: UsageRepository
    stats: StatsRepository
    languages: LanguageRepository
    jobs: JobRepository
    pointers: PointerRepository
    leases: LeaseRepository
    leaderboards: LeaderboardRepository
    audit: AuditRepository
    spend: SpendRepository
    migrations: MigrationRepository
    runs: RunRepository
    outbox: OutboxRepository
