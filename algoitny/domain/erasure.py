"""Erasing deleted users: what is left to do for each, and the steps it is done in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Erasure:
    """A deleted user. `due_at` is when a worker may claim the rest of the work, None when there is
    none; `claim` tells one claim from another. With `keeps_public_history` what they published
    stays, without them."""

    user_id: str
    deleted_at: datetime
    due_at: datetime | None
    claim: str | None
    keeps_public_history: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnedRecord:
    """One stored record of a user: which kind, its fields without secrets, and for what belongs to
    an execution or a job the id of that."""

    kind: str
    fields: dict[str, object]
    part_of: str | None = None


QUIET = timedelta(minutes=10)
"""A request that began before the deletion may still store something, and indexes lag: an erasure
is done when a search begun this long after the deletion finds nothing."""


class ErasureRepository(Protocol):
    """Access to deleted users and to all that a user owns."""

    def get_erasure(self, user_id: str) -> Erasure | None:
        """None for a user who was never there or was not deleted."""
        ...

    def list_due(self, *, limit: int = 20) -> tuple[str, ...]:
        """Ids of deleted users whose erasure may be claimed, the longest due first."""
        ...

    def claim(self, user_id: str, *, lease_seconds: float) -> Erasure:
        """Take the work until the lease ends. Raises StaleAttempt: done, or in other hands."""
        ...

    def remove_some(self, erasure: Erasure) -> int:
        """One bounded step: find some of what the user owned, end what is unfinished, remove it.

        How much was found; 0 when all places were looked at and nothing was there. Two workers may
        do it at once, and a repeat after an interruption goes on with what is left.
        """
        ...

    def postpone(self, erasure: Erasure, *, until: datetime) -> Erasure:
        """Keep the claim, and let nobody else have it before `until`. Raises StaleAttempt."""
        ...

    def finish(self, erasure: Erasure) -> None:
        """Nothing is left to do. Raises StaleAttempt."""
        ...

    def owned_by(self, user_id: str) -> Iterator[OwnedRecord]:
        """Everything stored about a user, read in bounded pages as the iteration goes on."""
        ...
