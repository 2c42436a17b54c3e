"""Executions and their stored record, the search history: one id for both."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from algoitny.domain.page import Page
from algoitny.domain.problem import ProblemKey, ProblemSummary
from algoitny.domain.verdict import State, Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class TestResult:
    """Outcome of one test. `output` and `error` are cut; `status` says in words what happened."""

    __test__ = False

    test_case_id: str
    verdict: Verdict
    status: str
    output: str = ""
    error: str = ""
    time_ms: int = 0
    memory_kb: int = 0
    is_sample: bool = False

    @property
    def passed(self) -> bool:
        return self.verdict is Verdict.AC


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """An execution's summary; stored in at most 1 KB. Times in ms, memory in KiB.

    `user_id` is None for an anonymous record of the old site. `attempt` counts claims over the
    execution's whole life, `tries` those of the current round, `shown_attempt` names the attempt
    whose results are shown (0: none yet). `admitted_on` is the UTC day that was charged.
    """

    id: str
    user_id: str | None
    user_identifier: str
    problem: ProblemKey
    problem_title: str
    language: str
    is_code_public: bool
    state: State
    verdict: Verdict | None = None
    result_summary: str = ""
    passed_count: int = 0
    failed_count: int = 0
    total_count: int = 0
    max_time_ms: int = 0
    max_memory_kb: int = 0
    attempt: int = 0
    tries: int = 0
    shown_attempt: int = 0
    tests_version: int = 0
    lease_until: datetime | None = None
    publications: int = 0
    publish_after: datetime | None = None
    created_at: datetime
    updated_at: datetime

    @property
    def admitted_on(self) -> date:
        return self.created_at.date()


@dataclass(frozen=True, slots=True, kw_only=True)
class Results:
    """What one attempt found: all tests, or a compiler's message and no test."""

    tests: tuple[TestResult, ...] = ()
    compile_message: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What completes an execution."""

    verdict: Verdict
    result_summary: str
    passed_count: int
    failed_count: int
    total_count: int
    max_time_ms: int
    max_memory_kb: int


@dataclass(frozen=True, slots=True, kw_only=True)
class IdempotencyKey:
    """A client's key for one request: `route` and `body_digest` tell a repeat from a misuse.

    `answer` is the first answer's body, replayed to the repeats.
    """

    key: str
    route: str
    body_digest: str
    answer: Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """What admission stores."""

    id: str
    user_id: str
    user_identifier: str
    problem: ProblemSummary
    language: str
    code: str
    is_code_public: bool
    created_at: datetime


class HistoryRepository(Protocol):
    """Access to executions and history, under the original system's method names."""

    def create_history(
        self, submission: Submission, *, limit: int, idempotency: IdempotencyKey | None = None
    ) -> History:
        """Admission, in one transaction: a unit of the day's executions while fewer than `limit`
        (-1: unlimited) are used, its log row, the source, the summary (QUEUED), the key.

        Raises DuplicateRequest (which wins) and QuotaExceeded; then nothing was stored.
        """
        ...

    def find_request(self, user_id: str, key: str) -> IdempotencyKey | None:
        """The first request that used this key, read consistently; None when new or expired."""
        ...

    def get_history(self, history_id: str, *, consistent: bool = False) -> History | None: ...

    def get_source(self, history_id: str) -> str:
        """The submitted code. Raises NotFound."""
        ...

    def get_results(self, history: History) -> Results:
        """Of the attempt that is shown; empty before the end."""
        ...

    def enter_running_set(self, user_id: str, history_id: str, *, capacity: int) -> bool:
        """Take one of the user's running places; True also when the id has one already. A full
        set is first freed of ids that no longer run under a live lease."""
        ...

    def leave_running_set(self, user_id: str, history_id: str) -> None: ...

    def claim(self, history_id: str, *, lease_seconds: float) -> History:
        """Make it RUNNING under a new attempt and lease: from QUEUED, or from RUNNING whose lease
        has ended. Raises NotFound, StaleAttempt (ended, or somebody holds it)."""
        ...

    def renew_lease(self, history: History, *, lease_seconds: float) -> None:
        """Raises StaleAttempt when the attempt no longer owns the execution."""
        ...

    def put_results(self, history: History, results: Results) -> None:
        """Store the attempt's results beside those of others; nobody sees them until completion."""
        ...

    def complete(self, history: History, outcome: Outcome) -> History:
        """End it DONE, in one transaction valid for this attempt only: summary, user statistics,
        running set, problem counters, public rows, first-solve marker. Completing again what this
        attempt completed is success. Raises StaleAttempt."""
        ...

    def fail(self, history: History, *, reason: str) -> History:
        """End it FAILED (the judge's fault) and give the unit back to the day of admission, in one
        transaction valid for the state and attempt of `history`. Raises StaleAttempt."""
        ...

    def note_publication(self, history: History, *, publish_after: datetime) -> bool:
        """Record that the message was sent again; False when the row changed meanwhile."""
        ...

    def list_unfinished(self, *, created_before: datetime) -> Sequence[History]:
        """QUEUED and RUNNING ones, oldest first, at most 1000, read consistently."""
        ...

    def list_user_history(
        self,
        user_id: str,
        *,
        limit: int = 20,
        cursor: str | None = None,
        platform: str | None = None,
        language: str | None = None,
        verdict: Verdict | None = None,
    ) -> Page[History]:
        """Newest first."""
        ...

    def list_public_history(self, *, limit: int = 20, cursor: str | None = None) -> Page[History]:
        """Ended public executions, newest first."""
        ...

    def update_public_status(self, history_id: str, *, is_code_public: bool) -> History: ...

    def count_user_history(self, user_id: str) -> int:
        """How many executions of the user are done."""
        ...
