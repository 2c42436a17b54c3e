"""The entities of the table, the call that binds all of them to it, and the one that creates it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from algoitny.models.base import TableItem
from algoitny.models.hint import HintItem
from algoitny.models.history import HistoryItem, PublicRowItem, ResultsItem, SourceItem
from algoitny.models.idempotency import IdempotencyItem
from algoitny.models.kit import table as _table
from algoitny.models.kit.binding import Binding, bind
from algoitny.models.language import WorkerLanguagesItem
from algoitny.models.legacy import ProblemPointerItem
from algoitny.models.plan import PlanItem
from algoitny.models.problem import ProblemBodyItem, ProblemItem
from algoitny.models.sequence import SequenceItem
from algoitny.models.stats import ProblemCounterItem, SolvedItem, UserStatsItem
from algoitny.models.testcase import TestCaseItem
from algoitny.models.usage import UsageCounterItem, UsageLogItem
from algoitny.models.user import UniqueLockItem, UserItem

MODELS: tuple[type[TableItem], ...] = (
    TableItem,
    UserItem,
    UniqueLockItem,
    PlanItem,
    ProblemItem,
    ProblemBodyItem,
    TestCaseItem,
    ProblemPointerItem,
    SequenceItem,
    HistoryItem,
    PublicRowItem,
    SourceItem,
    ResultsItem,
    HintItem,
    UsageCounterItem,
    UsageLogItem,
    UserStatsItem,
    SolvedItem,
    ProblemCounterItem,
    IdempotencyItem,
    WorkerLanguagesItem,
)


def bind_models(
    *,
    table_name: str,
    region: str,
    endpoint: str | None = None,
    connect_timeout: float = 1.0,
    read_timeout: float = 3.0,
    attempts: int = 4,
    max_connections: int = 64,
) -> None:
    """Bind every model to the table, and make the one client that they share.

    Call it once when a process starts and again after a fork. Sends no request to the store.
    `attempts` counts the first try; time-outs in seconds.
    """
    bind(
        MODELS,
        Binding(
            table_name=table_name,
            region=region,
            endpoint=endpoint,
            connect_timeout=connect_timeout,
            read_timeout=read_timeout,
            attempts=attempts,
            max_connections=max_connections,
        ),
    )


def create_table(
    *, protected: bool, tags: dict[str, str] | None = None, timeout: float = 60
) -> bool:
    """Create the bound table if it is not there and wait until it can be used; whether it was made.

    `protected` turns point-in-time recovery and deletion protection on. Safe when two processes do
    it at once. Raises SchemaDiffers when what is there is not what the models declare.
    """
    options = _table.TableOptions(
        ttl_attribute=TableItem.expires.attr_name, protected=protected, tags=tags or {}
    )
    return _table.ensure_table(TableItem, options, timeout=timeout)


def describe_table() -> dict[str, Any] | None:
    """DescribeTable's answer for the bound table, with `TimeToLive` and `PointInTimeRecovery`
    added; None when there is no such table."""
    return _table.describe_table(TableItem)


def table_differences(description: Mapping[str, Any]) -> tuple[str, ...]:
    """What of keys, indexes and stream is not as the models declare, one sentence each."""
    return _table.schema_differences(TableItem, description)
