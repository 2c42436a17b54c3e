"""The audit log: lines are added, and read a month at a time."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from algoitny.domain.audit import AuditLine
from algoitny.domain.clock import Clock
from algoitny.domain.errors import Conflict
from algoitny.domain.ids import Ids
from algoitny.domain.page import Page
from algoitny.models.audit import AuditItem, audit_partition
from algoitny.models.kit.cursor import Cursors
from algoitny.models.kit.operations import query
from algoitny.repositories.outcome import put_or_find


class DynamoAuditRepository:
    """Implements `AuditRepository`."""

    def __init__(self, *, clock: Clock, ids: Ids, cursors: Cursors) -> None:
        self._clock = clock
        self._ids = ids
        self._cursors = cursors

    def append(
        self,
        *,
        actor: str,
        action: str,
        subject: str,
        details: Mapping[str, Any] | None = None,
    ) -> AuditLine:
        """One conditional Put, 1 WCU per KB; no line is ever written over. Raises TooLarge."""
        item = AuditItem.of(
            AuditLine(
                id=self._ids.new(),
                at=self._clock.now(),
                actor=actor,
                action=action,
                subject=subject,
                details=details or {},
            )
        )
        line = item.record()
        put_or_find(
            item,
            condition=AuditItem.absent(),
            refused=Conflict,
            own=lambda stored: stored.record() == line,
        )
        return line

    def list_month(
        self, month: date, *, limit: int = 20, cursor: str | None = None
    ) -> Page[AuditLine]:
        """One Query; 0.5 RCU per 4 KB."""
        partition = audit_partition(month)
        scope = ("list_month", partition)
        part = query(
            AuditItem,
            partition,
            forward=False,
            limit=limit,
            start=self._cursors.open(scope, cursor),
        )
        return Page(
            tuple(item.record() for item in part.items), self._cursors.issue(scope, part.position)
        )
