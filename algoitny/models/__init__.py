"""The entities, and the call that binds all of them to their tables."""

from __future__ import annotations

from algoitny.models.audit import AuditItem
from algoitny.models.base import TableItem
from algoitny.models.erasure import ErasureItem
from algoitny.models.hint import HintItem
from algoitny.models.history import HistoryItem, SourceItem
from algoitny.models.history_attempt import AttemptProgressItem
from algoitny.models.history_deletion import DeletionItem
from algoitny.models.history_public import PublicRowItem
from algoitny.models.history_results import ResultsItem
from algoitny.models.idempotency import IdempotencyItem
from algoitny.models.job import JobBodyItem, JobItem, JobProgressItem
from algoitny.models.kit.binding import Binding, bind, connection_of
from algoitny.models.language import WorkerLanguagesItem
from algoitny.models.layout import Layout
from algoitny.models.leaderboard import LeaderboardItem, LeaderboardLineItem
from algoitny.models.lease import LeaseItem
from algoitny.models.migration import MigrationItem
from algoitny.models.outbox import DeliveryItem
from algoitny.models.plan import PlanItem
from algoitny.models.pointer import PointerItem
from algoitny.models.problem import ProblemBodyItem, ProblemCheckerItem, ProblemItem
from algoitny.models.problem_list import ProblemListItem
from algoitny.models.registration import RegistrationsItem
from algoitny.models.run import RunItem
from algoitny.models.sequence import SequenceItem
from algoitny.models.session import SessionItem
from algoitny.models.spend import ModelCallItem, SpendItem
from algoitny.models.stats import DeletedStatsItem, ProblemCounterItem, SolvedItem, UserStatsItem
from algoitny.models.testcase import TestCaseItem
from algoitny.models.token import TokenItem
from algoitny.models.usage import UsageCounterItem, UsageLogItem
from algoitny.models.user import UniqueLockItem, UserItem
from algoitny.models.webhook_secret import WebhookSecretItem

MODELS: tuple[type[TableItem], ...] = (
    TableItem,
    UserItem,
    UniqueLockItem,
    ErasureItem,
    TokenItem,
    SessionItem,
    WebhookSecretItem,
    RegistrationsItem,
    PlanItem,
    ProblemItem,
    ProblemBodyItem,
    ProblemCheckerItem,
    ProblemListItem,
    TestCaseItem,
    PointerItem,
    SequenceItem,
    HistoryItem,
    PublicRowItem,
    SourceItem,
    ResultsItem,
    AttemptProgressItem,
    DeletionItem,
    HintItem,
    UsageCounterItem,
    UsageLogItem,
    UserStatsItem,
    DeletedStatsItem,
    SolvedItem,
    ProblemCounterItem,
    IdempotencyItem,
    JobItem,
    JobBodyItem,
    JobProgressItem,
    LeaseItem,
    LeaderboardItem,
    LeaderboardLineItem,
    AuditItem,
    SpendItem,
    ModelCallItem,
    MigrationItem,
    RunItem,
    DeliveryItem,
    WorkerLanguagesItem,
)


def bind_models(
    *,
    layout: Layout,
    region: str,
    endpoint: str | None = None,
    connect_timeout: float = 1.0,
    read_timeout: float = 3.0,
    attempts: int = 4,
    max_connections: int = 64,
) -> None:
    """Bind every model to the table of its family, and make the one client that they share.

    Call it once when a process starts and again after a fork. Sends no request to the store.
    `attempts` counts the first try; time-outs in seconds.
    """
    tables: dict[str, list[type[TableItem]]] = {}
    for model in MODELS:
        tables.setdefault(layout.table_of(model.FAMILY), []).append(model)
    bind(
        tables,
        Binding(
            region=region,
            endpoint=endpoint,
            connect_timeout=connect_timeout,
            read_timeout=read_timeout,
            attempts=attempts,
            max_connections=max_connections,
        ),
    )


def bound_tables() -> dict[str, type[TableItem]]:
    """The tables that the models are bound to, the main one first, each with a model in it."""
    tables: dict[str, type[TableItem]] = {}
    for model in MODELS:
        tables.setdefault(connection_of(model).table_name, model)
    return tables
