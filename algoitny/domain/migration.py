"""Table migrations as the table itself remembers them: which ran, how far, and by whom."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol


class Direction(StrEnum):
    UP = "up"
    DOWN = "down"


class MigrationState(StrEnum):
    RUNNING = "RUNNING"
    DONE = "DONE"
    FAILED = "FAILED"


@dataclass(frozen=True, slots=True, kw_only=True)
class Migration:
    """The last run of one numbered migration.

    `fence` is that of the lease under which it runs. `checkpoint` is where an interrupted run goes
    on: any JSON value of the runner's. `examined` and `changed` count items over the whole run.
    """

    number: int
    name: str
    direction: Direction
    state: MigrationState
    owner: str
    fence: int
    checkpoint: Mapping[str, Any] = field(default_factory=dict)
    examined: int = 0
    changed: int = 0
    error: str = ""
    started_at: datetime
    updated_at: datetime

    @property
    def applied(self) -> bool:
        """The table has it, whole."""
        return self.direction is Direction.UP and self.state is MigrationState.DONE


class MigrationRepository(Protocol):
    """Access to the migrations' states. All changes are valid only for the runner of the run, as
    its lease's fence tells, and are read consistently."""

    def start(
        self, number: int, *, name: str, direction: Direction, owner: str, fence: int
    ) -> Migration:
        """Make it RUNNING. A run of the same direction that failed, or whose runner held an
        earlier lease, goes on with its checkpoint and counts; else it begins anew. Raises Conflict:
        it is done, or a runner with this or a later fence has it."""
        ...

    def checkpoint(
        self, migration: Migration, checkpoint: Mapping[str, Any], *, examined: int, changed: int
    ) -> Migration:
        """Remember where to go on, and the counts so far. Raises StaleAttempt."""
        ...

    def finish(self, migration: Migration) -> Migration:
        """DONE; finishing again is success. Raises StaleAttempt."""
        ...

    def fail(self, migration: Migration, *, reason: str) -> Migration:
        """FAILED, to be started again; failing again is success. Raises StaleAttempt."""
        ...

    def get(self, number: int) -> Migration | None: ...

    def list_migrations(self) -> tuple[Migration, ...]:
        """By number, each that was ever started."""
        ...
