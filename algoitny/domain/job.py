"""Jobs: long work in the background, with progress lines, retries and a lease for its worker."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol

from algoitny.domain.idempotency import IdempotencyKey
from algoitny.domain.page import Page

PROGRESS_LIMIT = 1000
"""Progress lines of a job; what comes after is left out, and the last line says so."""


class JobType(StrEnum):
    GENERATION = "generation"
    """A script that generates test inputs."""
    EXTRACTION = "extraction"
    """A problem from a page."""
    IMPORT = "import"
    """A problem package."""
    REJUDGE = "rejudge"
    """Executions that are judged again."""
    TRANSFER = "transfer"
    """Rows from the relational database."""


class JobState(StrEnum):
    PENDING = "PENDING"
    PROCESSING = "PROCESSING"
    COMPLETED = "COMPLETED"
    FAILED = "FAILED"
    CANCELLED = "CANCELLED"

    @property
    def open(self) -> bool:
        """Somebody works on it, or should."""
        return self in {JobState.PENDING, JobState.PROCESSING}


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A job's summary; stored in at most 1 KB.

    `attempt` counts claims over the job's whole life, `tries` those since it was created or
    retried. `title` is what a list shows (200 bytes), `error` why it failed (200 bytes),
    `task_id` what the old site called it. `checkpoint` is how far it came, for a worker that goes
    on with it; JSON values.
    """

    id: str
    type: JobType
    user_id: str
    title: str = ""
    state: JobState = JobState.PENDING
    attempt: int = 0
    tries: int = 0
    progress_count: int = 0
    lease_until: datetime | None = None
    error: str = ""
    task_id: str | None = None
    checkpoint: Mapping[str, Any] | None = None
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class JobBody:
    """What a job works on, and what came of it: JSON values. `result` is None before the end."""

    request: Mapping[str, Any]
    result: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgressLine:
    """Numbered from 1 within its job; `message` of at most 500 bytes."""

    number: int
    attempt: int
    message: str
    at: datetime


class JobRepository(Protocol):
    """Access to jobs."""

    def create_job(
        self, job: Job, request: Mapping[str, Any], *, idempotency: IdempotencyKey | None = None
    ) -> Job:
        """Store it PENDING, with its request and, when it has an old task id, the pointer from it.
        The same id of the same user and type again is success. Raises DuplicateRequest when the
        key was used, AlreadyExists when the id or the task id is another's, TooLarge past 100 KB
        compressed; then nothing was stored."""
        ...

    def get_job(self, job_id: str, *, consistent: bool = False) -> Job | None: ...

    def get_job_with_body(
        self, job_id: str, *, consistent: bool = False
    ) -> tuple[Job, JobBody] | None: ...

    def get_job_by_task_id(self, task_id: str) -> Job | None:
        """The job with the id that the old site gave it."""
        ...

    def list_jobs(
        self, type_: JobType, state: JobState, *, limit: int = 20, cursor: str | None = None
    ) -> Page[Job]:
        """Newest first."""
        ...

    def list_user_jobs(
        self, user_id: str, *, limit: int = 20, cursor: str | None = None
    ) -> Page[Job]:
        """The user's jobs of every type and state, newest first."""
        ...

    def list_due(self, *, before: datetime, limit: int = 1000) -> Sequence[Job]:
        """Open jobs that nobody works on, longest waiting first, read consistently: PENDING ones
        made, retried, or PROCESSING ones whose lease ended, before that instant."""
        ...

    def claim(self, job_id: str, *, lease_seconds: float) -> Job:
        """Make it PROCESSING under a new attempt and lease: from PENDING, or from PROCESSING whose
        lease has ended. Raises NotFound, StaleAttempt (ended, or somebody holds it)."""
        ...

    def renew(self, job: Job, *, lease_seconds: float) -> Job:
        """Raises StaleAttempt: cancelled, or another attempt owns it; stop working."""
        ...

    def save_checkpoint(
        self, job: Job, checkpoint: Mapping[str, Any], *, lease_seconds: float
    ) -> Job:
        """As `renew`, and store how far it came, in place of what was stored before; it outlives
        attempts and retries. Raises StaleAttempt, TooLarge past 4 KB compressed."""
        ...

    def add_progress(self, job: Job, message: str) -> Job:
        """Append a line, valid for this attempt only; the job with the new count. Past
        PROGRESS_LIMIT nothing is appended. Raises StaleAttempt."""
        ...

    def list_progress(
        self, job_id: str, *, after: int = 0, limit: int = 100
    ) -> tuple[ProgressLine, ...]:
        """Lines with a number greater than `after`, in order; kept for 30 days."""
        ...

    def finish(self, job: Job, result: Mapping[str, Any]) -> Job:
        """COMPLETED, with its result, valid for this attempt only; finishing again is success.
        Raises StaleAttempt, TooLarge past 280 KB compressed."""
        ...

    def fail(self, job: Job, *, reason: str) -> Job:
        """FAILED, valid for the state and attempt of `job`; failing again is success. Raises
        StaleAttempt."""
        ...

    def retry(self, job: Job) -> Job:
        """PENDING again, from FAILED or CANCELLED as `job` has it, with its tries back at nothing.
        Raises StaleAttempt when it is not in that state any more, Conflict from any other."""
        ...

    def cancel(self, job_id: str) -> Job:
        """CANCELLED; cancelling again is success. Raises NotFound, Conflict when it has ended."""
        ...

    def delete_job(self, job_id: str) -> None:
        """Remove it with all its rows; an open one is cancelled first. Nothing when it is not
        there; may be called again until it returns."""
        ...

    def disown_job(self, job_id: str) -> None:
        """It goes on, or stays as it is, as nobody's: its `user_id` is ANONYMOUS and no user's list
        has it. Nothing when it is not there."""
        ...
