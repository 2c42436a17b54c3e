"""Executions and their stored record, the search history: one id for both.

Filters of lists and results of tests are in the modules that start with its name.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from algoitny.domain.hint import Hint
from algoitny.domain.history_filter import NO_FILTER, HistoryFilter
from algoitny.domain.history_results import Outcome, Results, TestProgress
from algoitny.domain.idempotency import IdempotencyKey
from algoitny.domain.page import Page
from algoitny.domain.problem import ProblemKey, ProblemSummary, TestCase
from algoitny.domain.verdict import State, Verdict

RECENT_HOURS = 168
"""The longest span that recent public executions are counted over."""

ANONYMOUS = "anonymous"
"""What is shown instead of a name where there is no author."""

METADATA_LIMIT_BYTES = 4096
ADDRESS_LIMIT_BYTES = 500

_ADDRESS = re.compile(r"([^\s@<])[^\s@]*@[^\s@]+")


def public_name(identifier: str) -> str:
    """How `identifier` is shown in public: of an e-mail address, which records of the old site
    may hold, the first character and no more."""
    address = _ADDRESS.search(identifier) if "@" in identifier else None
    return identifier if address is None else f"{address[1]}***"


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """An execution's summary; stored in at most 1 KB. Times in ms, memory in KiB.

    `user_id` is None for an anonymous record: of the old site, or of somebody who is erased.
    `attempt` counts claims over the execution's whole life, `tries` those of the current round,
    `shown_attempt` names the attempt whose results are shown (0: none yet). `admitted_on` is the
    UTC day that was charged. `total_count` is of all tests: those that were not run are neither
    passed nor failed.

    While it is judged again, `rejudge` says whether that waits (QUEUED) or RUNNING, and all the
    rest is what the last completed attempt found. `rejudge_job` is the last job that asked for it,
    `rejudge_error` why that came to nothing.
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
    metadata: Mapping[str, object] | None = None
    webhook_url: str | None = None
    rejudge: State | None = None
    rejudge_job: str | None = None
    rejudge_error: str = ""
    created_at: datetime
    updated_at: datetime

    @property
    def admitted_on(self) -> date:
        return self.created_at.date()

    @property
    def round_state(self) -> State:
        """Where the work on it is: of the rejudge while there is one."""
        return self.rejudge or self.state

    @property
    def last_attempt(self) -> int:
        """The attempt at whose end readers are: the one that is shown, else the last there was."""
        return self.shown_attempt or self.attempt

    def ending(self) -> Mapping[str, object]:
        """How it ended, as all are told who may see it; nothing of any test's data."""
        return {
            "state": self.state,
            "verdict": self.verdict,
            "result_summary": self.result_summary,
            "passed_count": self.passed_count,
            "failed_count": self.failed_count,
            "total_count": self.total_count,
            "max_time_ms": self.max_time_ms,
            "max_memory_kb": self.max_memory_kb,
        }


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
    metadata: Mapping[str, object] | None = None
    webhook_url: str | None = None
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ProblemExecution:
    """An ended execution of a problem; no verdict when it failed or was cancelled."""

    id: str
    language: str
    verdict: Verdict | None


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryWithTestCases:
    """An execution with its bodies and the problem's current tests."""

    history: History
    code: str
    results: Results
    testcases: tuple[TestCase, ...]


class HistoryRepository(Protocol):
    """Access to executions and history, under the original system's method names.

    Lines of public lists have no author (`user_id` None), no attempts, no result summary and no
    microseconds: ask for the record before acting on one. Every method may raise
    StoreUnavailable; what it was to write has then happened wholly or not at all, and the same
    call again does no harm.
    """

    def create_history(
        self,
        submission: Submission,
        *,
        limit: int,
        idempotency: IdempotencyKey | None = None,
        used: int | None = None,
    ) -> History:
        """Admission, in one transaction: a unit of the day's executions while fewer than `limit`
        (-1: unlimited) are used, its log row, the source, the summary (QUEUED), the key. `used` is
        what the caller read a moment ago: then it is not read again.

        Raises DuplicateRequest (which wins), QuotaExceeded, TooLarge (metadata of more than 4 KB
        as JSON, a webhook's address of more than 500 bytes); then nothing was stored.
        """
        ...

    def get_problem_and_usage(
        self, user_id: str, key: ProblemKey
    ) -> tuple[ProblemSummary | None, int]:
        """What admission asks before it lets a submission in: the problem, and how many
        executions the user has used today. Both as of a moment ago."""
        ...

    def find_request(self, user_id: str, key: str) -> IdempotencyKey | None:
        """The first request that used this key, read consistently; None when new or expired."""
        ...

    def get_history(self, history_id: str, *, consistent: bool = False) -> History | None: ...

    def get_history_with_testcases(self, history_id: str) -> HistoryWithTestCases | None:
        """With source, results and the problem's tests as they are now, which may be others than
        those it was judged by; none for a problem that is gone. Raises NotFound for a source or
        results that are not there."""
        ...

    def get_history_and_source(self, history_id: str) -> tuple[History | None, str | None]:
        """Both as of a moment ago: one that was stored just before may be missing."""
        ...

    def get_source(self, history_id: str) -> str:
        """The submitted code. Raises NotFound."""
        ...

    def get_results(self, history: History) -> Results:
        """The results of the attempt that is shown; empty before the end."""
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

    def begin_rejudge(self, history_id: str, *, job_id: str, publish_after: datetime) -> History:
        """Let an ended execution wait to be judged again; what is shown of it stays. Until
        `publish_after` the sweeper leaves it alone. Once in each job: the same again is success,
        also when it has been judged meanwhile. Raises NotFound, and Conflict that says why not
        (unfinished, cancelled, being rejudged, rejudged by a later job)."""
        ...

    def claim_rejudge(self, history_id: str, *, lease_seconds: float) -> History:
        """As `claim`, of one that waits to be judged again, or whose lease has ended. The attempt
        ends with `complete`, which replaces what is shown and counts the difference of the
        verdicts, or with `fail`, which keeps it; nothing is charged or given back."""
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

    def cancel(self, history: History) -> History:
        """End it CANCELLED, in one transaction valid for the state and attempt of `history`; one
        that was QUEUED gives its unit back, one that was RUNNING does not. Cancelling again what
        this cancelled is success. Raises StaleAttempt."""
        ...

    def put_progress(self, history: History, tests: Sequence[TestProgress]) -> None:
        """Store how far the attempt is, in place of what was stored before; kept ten minutes."""
        ...

    def get_progress(self, history: History) -> tuple[TestProgress, ...]:
        """What the attempt of `history` stored last; nothing once that is ten minutes old."""
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
        only: HistoryFilter = NO_FILTER,
        *,
        limit: int = 20,
        cursor: str | None = None,
    ) -> Page[History]:
        """Newest first."""
        ...

    def list_public_history(
        self, only: HistoryFilter = NO_FILTER, *, limit: int = 20, cursor: str | None = None
    ) -> Page[History]:
        """Lines of ended public executions, newest first."""
        ...

    def search_by_language(
        self,
        language: str,
        only: HistoryFilter = NO_FILTER,
        *,
        limit: int = 20,
        cursor: str | None = None,
    ) -> Page[History]:
        """As `list_public_history` with this language."""
        ...

    def search_by_platform(
        self,
        platform: str,
        only: HistoryFilter = NO_FILTER,
        *,
        limit: int = 20,
        cursor: str | None = None,
    ) -> Page[History]:
        """As `list_public_history` with this platform."""
        ...

    def list_problem_executions(
        self,
        problem: ProblemKey,
        only: HistoryFilter = NO_FILTER,
        *,
        limit: int = 100,
        after: str | None = None,
    ) -> Page[ProblemExecution]:
        """Everybody's ended executions of a problem that are not being judged again, oldest first;
        a problem is of one platform, which is not compared. The page's cursor is what `after`
        takes: an execution's id, which never expires; not for clients."""
        ...

    def list_user_executions(
        self,
        user_id: str,
        only: HistoryFilter = NO_FILTER,
        *,
        problem: ProblemKey | None = None,
        limit: int = 100,
        after: str | None = None,
    ) -> Page[ProblemExecution]:
        """A user's ended executions, of one problem or of all, in the same way."""
        ...

    def get_recent_public_history_count(self, hours: int = 24) -> int:
        """How many executions submitted in the last `hours` (1 to 168, else InvalidInput) are
        public now, as counted within the last minute."""
        ...

    def count_user_history(self, user_id: str) -> int:
        """How many executions of the user are done, deleted ones included."""
        ...

    def update_public_status(self, history_id: str, *, is_code_public: bool) -> History:
        """Publish or withdraw; the public lists follow at once, before the end at the end.
        Raises NotFound."""
        ...

    def update_hints(self, history_id: str, hints: Sequence[Hint]) -> None:
        """Attach hints that are finished already, such as moved ones, in place of those of the
        same level and prompt version. Nothing is charged: a hint that a user asks for goes
        through HintRepository, which claims, charges and finishes it.

        Raises NotFound, InvalidInput (a pending hint, or one of another execution).
        """
        ...

    def delete_history(self, history_id: str) -> bool:
        """Remove an execution with all its rows and objects; whether there was anything. One that
        is not finished is cancelled first. It is gone from all lists at once; called again, this
        removes what an interruption left. Statistics and solved markers stay: they tell what was
        done, and nobody shall improve theirs by deleting failures.
        """
        ...

    def anonymise_history(self, history_id: str) -> bool:
        """Take author, hints, webhook and metadata away from a public execution that has a result;
        it stays where it is shown. False, and nothing is changed, for any other. Again is success.

        It is remembered whose it was, for `forget_author`, until nothing late can be stored.
        """
        ...

    def forget_author(self, history_id: str) -> None:
        """Anonymise once more, and forget whose it was; nothing for what was not made anonymous."""
        ...

    def list_deleted(self) -> Sequence[str]:
        """Deleted executions, at most 1000, beside which a late worker may have stored something:
        to be deleted once more, now."""
        ...
