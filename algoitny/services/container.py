"""Everything a process works with: wired by `algoitny.app`, reached by api, cli and tasks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from flask import Flask, current_app

from algoitny.domain.clock import Clock
from algoitny.domain.hint import HintRepository
from algoitny.domain.history import HistoryRepository
from algoitny.domain.ids import Ids
from algoitny.domain.plan import PlanRepository
from algoitny.domain.ports import EventChannel, Queue
from algoitny.domain.problem import ProblemRepository
from algoitny.domain.stats import StatsRepository
from algoitny.domain.usage import UsageRepository
from algoitny.domain.user import UserRepository
from algoitny.services.execution import ExecutionService
from algoitny.services.hint import HintService
from algoitny.services.history import HistoryService
from algoitny.services.language import LanguageService
from algoitny.services.problem import ProblemService
from algoitny.services.user import UserService

EXTENSION = "algoitny"


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """The use cases that a request may call."""

    users: UserService
    problems: ProblemService
    executions: ExecutionService
    histories: HistoryService
    hints: HintService
    languages: LanguageService


@dataclass(frozen=True, slots=True, kw_only=True)
class Container:
    """Clock, ids, repositories, ports and services of one process."""

    clock: Clock
    ids: Ids
    users: UserRepository
    plans: PlanRepository
    problems: ProblemRepository
    histories: HistoryRepository
    hints: HintRepository
    usage: UsageRepository
    stats: StatsRepository
    queue: Queue
    channel: EventChannel
    services: Services


def container(app: Flask | None = None) -> Container:
    """The container of this app; of the current one when none is given."""
    return cast("Container", (app or current_app).extensions[EXTENSION])
