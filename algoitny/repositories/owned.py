"""Everything stored about a user, one page after the other, as records without secrets."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict
from typing import Any

from pynamodb.expressions.condition import Condition

from algoitny.domain.erasure import OwnedRecord
from algoitny.models import MODELS
from algoitny.models.base import Gsi1, Gsi2, TableItem
from algoitny.models.history import HISTORY_PARTITION, HistoryItem, user_list
from algoitny.models.history import LISTED as HISTORY_LISTED
from algoitny.models.job import JOB_PARTITION, USER_JOBS, JobItem
from algoitny.models.kit.cursor import Position
from algoitny.models.kit.operations import query
from algoitny.models.kit.spill import Spill
from algoitny.models.session import SessionItem
from algoitny.models.stats import STATS_PARTITION
from algoitny.models.token import LISTED as TOKEN_LISTED
from algoitny.models.token import TokenItem, user_tokens
from algoitny.models.usage import USAGE_PARTITION
from algoitny.models.user import USER_PARTITION

PAGE = 50
"""Rows that are in memory at once; DynamoDB ends a page at 1 MB too."""

NOBODYS = frozenset(
    {"erasure", "public_row", "deletion", "webhook_secret", "attempt_progress", "registrations"}
)
"""Kinds that tell nothing of the person, or only repeat what another row tells."""
SECRETS = frozenset({"digest", "previous_digest"})

_BY_TYPE = {model.TYPE: model for model in MODELS}


class Owned:
    """Reads what users own."""

    def __init__(self, spill: Spill) -> None:
        self._spill = spill

    def by(self, user_id: str) -> Iterator[OwnedRecord]:
        """The user, how they sign in, usage, statistics, then executions and jobs with theirs."""
        if not user_id:
            return
        yield from self._partition(SessionItem, USER_PARTITION(user=user_id))
        yield from self._tokens(user_id)
        yield from self._partition(TableItem, USAGE_PARTITION(user=user_id))
        yield from self._partition(TableItem, STATS_PARTITION(user=user_id))
        listed = HistoryItem.gsi1_sk.startswith(HISTORY_LISTED.prefix())
        for history in _pages(HistoryItem, user_list(user_id), index=Gsi1, sort=listed):
            history_id = str(HISTORY_PARTITION.parse(history.pk)["history"])
            yield from self._partition(TableItem, history.pk, part_of=history_id)
        for job in _pages(JobItem, USER_JOBS(user=user_id), index=Gsi2):
            job_id = str(JOB_PARTITION.parse(job.pk)["job"])
            yield from self._partition(TableItem, job.pk, part_of=job_id)

    def _tokens(self, user_id: str) -> Iterator[OwnedRecord]:
        listed = TokenItem.gsi1_sk.startswith(TOKEN_LISTED.prefix())
        for item in _pages(TokenItem, user_tokens(user_id), index=Gsi1, sort=listed):
            yield self._record(item, None)

    def _partition(
        self, model: type[TableItem], partition: str, *, part_of: str | None = None
    ) -> Iterator[OwnedRecord]:
        for item in _pages(model, partition, model_of=_entity):
            if item.entity_type not in NOBODYS:
                yield self._record(item, part_of)

    def _record(self, item: TableItem, part_of: str | None) -> OwnedRecord:
        kind = item.entity_type or ""
        fields = {name: value for name, value in self._fields(item).items() if name not in SECRETS}
        return OwnedRecord(kind=kind, fields=fields, part_of=part_of)

    def _fields(self, item: TableItem) -> dict[str, object]:
        # Results may be in an object store.
        arguments = [self._spill] if item.entity_type == "results" else []
        whole = getattr(item, "totals", None)
        record: Callable[..., Any] | None = whole or getattr(item, "record", None)
        if record is None:
            plain = set(item.get_attributes()) - set(TableItem.get_attributes())
            return {name: getattr(item, name) for name in sorted(plain)}
        return asdict(record(*arguments))


def _entity(raw: Mapping[str, Any]) -> type[TableItem]:
    return _BY_TYPE.get(raw.get("tp", {}).get("S", ""), TableItem)


def _pages(
    model: type[Any],
    partition: str,
    *,
    index: type[Any] | None = None,
    sort: Condition | None = None,
    model_of: Callable[[Mapping[str, Any]], type[Any]] | None = None,
) -> Iterator[Any]:
    start: Position | None = None
    while True:
        part = query(
            model, partition, index=index, sort=sort, limit=PAGE, start=start, model_of=model_of
        )
        yield from part.items
        start = part.position
        if start is None:
            return
