"""Migrations' states: one row each, written by the runner that holds the latest lease."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from pynamodb.expressions.update import Action as Change

from algoitny.domain.clock import Clock
from algoitny.domain.errors import AlgoItnyError, Conflict, StaleAttempt
from algoitny.domain.ids import Ids
from algoitny.domain.migration import Direction, Migration, MigrationState
from algoitny.models.kit.attributes import whole_milliseconds
from algoitny.models.kit.operations import get, query_all
from algoitny.models.kit.sizes import cut
from algoitny.models.kit.versions import counted_up, unchanged_since
from algoitny.models.migration import (
    ERROR_BYTES,
    MIGRATION_SORT,
    MigrationItem,
    migration_key,
)
from algoitny.models.sequence import SYSTEM
from algoitny.repositories.outcome import put_or_find, update_or_find


class DynamoMigrationRepository:
    """Implements `MigrationRepository`."""

    def __init__(self, *, clock: Clock, ids: Ids) -> None:
        self._clock = clock
        self._ids = ids

    def start(
        self, number: int, *, name: str, direction: Direction, owner: str, fence: int
    ) -> Migration:
        """One consistent Get, 1 RCU, and one Put on condition of the version read. Raises
        Conflict."""
        now = whole_milliseconds(self._clock.now())
        fresh = Migration(
            number=number,
            name=name,
            direction=direction,
            state=MigrationState.RUNNING,
            owner=owner,
            fence=fence,
            started_at=now,
            updated_at=now,
        )
        item = get(MigrationItem, migration_key(number), consistent=True)
        started = fresh if item is None else _following(item.record(), fresh)
        claim = self._ids.new()
        version = 0 if item is None else item.version
        put_or_find(
            MigrationItem.of(started, version=version + 1, claim=claim),
            condition=MigrationItem.absent()
            if item is None
            else unchanged_since(MigrationItem.version, item.version),
            refused=_running,
            own=lambda stored: stored.claim == claim,
        )
        return started

    def checkpoint(
        self, migration: Migration, checkpoint: Mapping[str, Any], *, examined: int, changed: int
    ) -> Migration:
        """One Update; 1 WCU per KB. Raises StaleAttempt."""
        return self._change(
            migration,
            [
                MigrationItem.position.set(dict(checkpoint)),
                MigrationItem.examined.set(examined),
                MigrationItem.changed.set(changed),
            ],
            MigrationState.RUNNING,
        )

    def finish(self, migration: Migration) -> Migration:
        """One Update; 1 WCU per KB. Raises StaleAttempt."""
        return self._change(migration, [MigrationItem.error.remove()], MigrationState.DONE)

    def fail(self, migration: Migration, *, reason: str) -> Migration:
        """One Update; 1 WCU per KB. Raises StaleAttempt."""
        error = MigrationItem.error.set(cut(reason, ERROR_BYTES))
        return self._change(migration, [error], MigrationState.FAILED)

    def get(self, number: int) -> Migration | None:
        """One consistent Get; 1 RCU."""
        item = get(MigrationItem, migration_key(number), consistent=True)
        return None if item is None else item.record()

    def list_migrations(self) -> tuple[Migration, ...]:
        """One consistent Query; 1 RCU per 4 KB."""
        prefix = MigrationItem.sk.startswith(MIGRATION_SORT.prefix())
        items = query_all(MigrationItem, SYSTEM, sort=prefix, consistent=True)
        return tuple(item.record() for item in items)

    def _change(
        self, migration: Migration, changes: Sequence[Change], state: MigrationState
    ) -> Migration:
        now = whole_milliseconds(self._clock.now())
        ended = state is not MigrationState.RUNNING
        return update_or_find(
            MigrationItem,
            migration_key(migration.number),
            [
                *changes,
                MigrationItem.state.set(state.value),
                MigrationItem.updated.set(now),
                counted_up(MigrationItem.version),
            ],
            condition=(MigrationItem.fence == migration.fence)
            & (MigrationItem.created == migration.started_at)
            & (MigrationItem.state == MigrationState.RUNNING.value),
            refused=lambda: StaleAttempt("Another runner has the migration, or it has ended."),
            own=lambda item: (
                ended
                and item.state == state.value
                and item.fence == migration.fence
                and item.created == migration.started_at
            ),
        ).record()


def _following(stored: Migration, fresh: Migration) -> Migration:
    """The run that follows what is stored. Raises Conflict."""
    same = stored.direction is fresh.direction
    if stored.state is MigrationState.DONE and same:
        raise Conflict(f"Migration {stored.number} is done.")
    taken = (
        stored.fence >= fresh.fence
        if stored.state is MigrationState.RUNNING
        else (stored.fence > fresh.fence)
    )
    if taken:
        raise _running()
    if not same or stored.state is MigrationState.DONE:
        return fresh
    return replace(
        fresh,
        checkpoint=stored.checkpoint,
        examined=stored.examined,
        changed=stored.changed,
        started_at=stored.started_at,
    )


def _running() -> AlgoItnyError:
    return Conflict("Another runner has the migration.")
