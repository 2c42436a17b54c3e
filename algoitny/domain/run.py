"""Runs of a learner's code on their own input: no problem, no history, gone soon after."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from algoitny.domain.idempotency import IdempotencyKey
from algoitny.domain.verdict import State, Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class RunResult:
    """What came of it; `output` is cut to 64 KB, the other texts to 16 KB each. Time in ms, memory
    in KiB; `exit` is the exit code, None when a signal or the judge ended the program."""

    verdict: Verdict
    status: str = ""
    output: str = ""
    error: str = ""
    compile_message: str = ""
    time_ms: int = 0
    memory_kb: int = 0
    exit: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """`attempt` counts claims; `reason` says why it failed. `admitted_on` is the UTC day that was
    charged."""

    id: str
    user_id: str
    language: str
    code: str
    input: str = ""
    state: State = State.QUEUED
    result: RunResult | None = None
    attempt: int = 0
    lease_until: datetime | None = None
    reason: str = ""
    created_at: datetime
    updated_at: datetime

    @property
    def admitted_on(self) -> date:
        return self.created_at.date()


class RunRepository(Protocol):
    """Access to runs; one that is open is kept for an hour, one that has ended for ten minutes."""

    def create_run(self, run: Run, *, limit: int, idempotency: IdempotencyKey | None = None) -> Run:
        """Store it QUEUED and take a unit of the day's runs while fewer than `limit` (-1:
        unlimited) are used, in one transaction with its log row and the key. Raises
        DuplicateRequest (which wins), QuotaExceeded, TooLarge (past 68 KB of code or 224 KB of
        input, compressed); then nothing was stored."""
        ...

    def get_run(self, run_id: str, *, consistent: bool = False) -> Run | None: ...

    def claim(self, run_id: str, *, lease_seconds: float) -> Run:
        """Make it RUNNING under a new attempt and lease: from QUEUED, or from RUNNING whose lease
        has ended. Raises NotFound, StaleAttempt (ended, or somebody holds it)."""
        ...

    def finish(self, run: Run, result: RunResult) -> Run:
        """DONE, valid for this attempt only; finishing again is success. Raises StaleAttempt."""
        ...

    def fail(self, run: Run, *, reason: str) -> Run:
        """FAILED (the judge's fault) and the unit given back once, in one transaction valid for the
        state and attempt of `run`. Raises StaleAttempt."""
        ...

    def list_open(self, *, created_before: datetime) -> Sequence[Run]:
        """QUEUED and RUNNING ones, oldest first, at most 1000, read consistently."""
        ...
