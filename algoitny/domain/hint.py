"""Hints: what explains a failure without giving the solution away."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from algoitny.domain.idempotency import IdempotencyKey

LEVELS = (1, 2, 3, 4)


class HintState(StrEnum):
    PENDING = "PENDING"
    READY = "READY"
    FAILED = "FAILED"


@dataclass(frozen=True, slots=True, kw_only=True)
class Hint:
    """One hint of an execution. Naturally keyed by (execution, level, prompt version)."""

    history_id: str
    user_id: str
    level: int
    prompt_version: int
    state: HintState
    text: str = ""
    attempt: int = 0
    tries: int = 0
    lease_until: datetime | None = None
    created_at: datetime
    updated_at: datetime


class HintRepository(Protocol):
    """Access to hints."""

    def list_hints(self, history_id: str, *, consistent: bool = False) -> tuple[Hint, ...]:
        """The execution's hints by level, in every state."""
        ...

    def get_hint(self, history_id: str, level: int, prompt_version: int) -> Hint | None:
        """Read consistently."""
        ...

    def claim_hint(
        self, hint: Hint, *, limit: int, idempotency: IdempotencyKey | None = None
    ) -> Hint:
        """Put it PENDING, take a unit of the day's hints and keep the request's key, in one
        transaction; a FAILED one may be claimed anew. Raises AlreadyExists (pending or ready: read
        it), DuplicateRequest (the key was used), QuotaExceeded."""
        ...

    def keep_request(self, user_id: str, request: IdempotencyKey) -> None:
        """Keep the key of a request that began nothing, with its answer. Raises DuplicateRequest
        (the key was used)."""
        ...

    def renew_hint(self, hint: Hint, *, lease_seconds: float) -> Hint:
        """Take a PENDING hint that nobody works on (no lease yet, or one that has ended) under a
        new attempt and lease; `tries` + 1. Raises StaleAttempt."""
        ...

    def finish_hint(self, hint: Hint, text: str) -> Hint:
        """READY, valid for this attempt only; raises StaleAttempt."""
        ...

    def fail_hint(self, hint: Hint) -> Hint:
        """FAILED, and the unit given back once, in one transaction; raises StaleAttempt."""
        ...

    def list_pending_hints(self, *, created_before: datetime) -> Sequence[Hint]:
        """Unfinished ones, oldest first, at most 1000, read consistently."""
        ...
