"""Everything a process works with: wired by `algoitny.app`, reached by api, cli and tasks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from flask import Flask, current_app

from algoitny.domain.clock import Clock
from algoitny.domain.erasure import ErasureRepository
from algoitny.domain.hint import HintRepository
from algoitny.domain.history import HistoryRepository
from algoitny.domain.ids import Ids
from algoitny.domain.job import JobRepository
from algoitny.domain.outbox import OutboxRepository
from algoitny.domain.plan import PlanRepository
from algoitny.domain.ports import EventChannel, Queue
from algoitny.domain.problem import ProblemRepository
from algoitny.domain.repositories import Repositories
from algoitny.domain.run import RunRepository
from algoitny.domain.stats import StatsRepository
from algoitny.domain.usage import UsageRepository
from algoitny.domain.user import UserRepository
from algoitny.services.account import AccountService
from algoitny.services.admin import AdminService
from algoitny.services.execution import ExecutionService
from algoitny.services.export import ExportService
from algoitny.services.hint import HintService
from algoitny.services.history import HistoryService
from algoitny.services.job import JobService
from algoitny.services.language import LanguageService
from algoitny.services.leaderboard import LeaderboardService
from algoitny.services.outbox import OutboxService
from algoitny.services.plan import PlanService
from algoitny.services.problem import ProblemService
from algoitny.services.ranking import RankingService
from algoitny.services.registration import RegistrationService
from algoitny.services.rejudge import RejudgeService
from algoitny.services.run import RunService
from algoitny.services.session import SessionService
from algoitny.services.sign_in import SignInService
from algoitny.services.stats import StatsService
from algoitny.services.sweeping import SweepingService
from algoitny.services.user import UserService
from algoitny.services.webhook_secret import WebhookSecretService

EXTENSION = "algoitny"


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """The use cases that requests, commands and tasks share."""

    users: UserService
    accounts: AccountService
    exports: ExportService
    plans: PlanService
    admin: AdminService
    rejudges: RejudgeService
    sessions: SessionService
    sign_ins: SignInService
    problems: ProblemService
    registration: RegistrationService
    executions: ExecutionService
    runs: RunService
    histories: HistoryService
    hints: HintService
    stats: StatsService
    leaderboards: LeaderboardService
    ranking: RankingService
    languages: LanguageService
    jobs: JobService
    webhook_secrets: WebhookSecretService
    outbox: OutboxService
    sweeping: SweepingService


@dataclass(frozen=True, slots=True, kw_only=True)
class Container:
    """Clock, ids, repositories, ports and services of one process."""

    clock: Clock
    ids: Ids
    repositories: Repositories
    """All of them; beside it those that most need by name."""
    users: UserRepository
    erasures: ErasureRepository
    plans: PlanRepository
    problems: ProblemRepository
    histories: HistoryRepository
    runs: RunRepository
    hints: HintRepository
    usage: UsageRepository
    stats: StatsRepository
    jobs: JobRepository
    outbox: OutboxRepository
    queue: Queue
    channel: EventChannel
    services: Services


def container(app: Flask | None = None) -> Container:
    """The container of this app; of the current one when none is given."""
    return cast("Container", (app or current_app).extensions[EXTENSION])
