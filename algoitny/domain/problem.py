"""Problems and their test cases."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol

from algoitny.domain.page import Page


class ProblemStatus(StrEnum):
    """Which list a problem stands in."""

    COMPLETED = "completed"
    DRAFT = "draft"
    REVIEW = "review"
    DELETED = "deleted"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProblemKey:
    """The natural key of a problem: `baekjoon`, `1000`."""

    platform: str
    number: str

    def __str__(self) -> str:
        return f"{self.platform}#{self.number}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProblemSummary:
    """What a list line and the judge need; stored in at most 1 KB.

    `id` is the integer that older clients send. `tests_version` 0 means that there never were
    tests; `tests_digest` is `tests_digest()` of the current set. `checker_digest` is that of the
    problem's own checker, empty without one. `stop_on_first_failure`: of a submission no test is
    run after the first that fails.
    """

    id: int
    key: ProblemKey
    title: str
    tags: tuple[str, ...] = ()
    language: str | None = None
    is_completed: bool = False
    is_deleted: bool = False
    deleted_at: datetime | None = None
    needs_review: bool = False
    verified_by_admin: bool = False
    owner_id: str | None = None
    test_case_count: int = 0
    tests_version: int = 0
    tests_digest: str = ""
    time_limit_ms: int = 1000
    memory_limit_mb: int = 256
    checker: str = "tokens"
    checker_digest: str = ""
    stop_on_first_failure: bool = False
    created_at: datetime
    updated_at: datetime
    version: int = 1

    @property
    def status(self) -> ProblemStatus:
        if self.is_deleted:
            return ProblemStatus.DELETED
        if self.is_completed:
            return ProblemStatus.COMPLETED
        return ProblemStatus.REVIEW if self.needs_review else ProblemStatus.DRAFT


MOST_TAGS = 20
MOST_TITLE_WORDS = 24
LONGEST_TAG_BYTES = 256
"""Bounds of what a problem is listed by: more list rows than these could not change at once. Words
are distinct ones, as `search_words` tells them; bytes those of the folded text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProblemLine:
    """What a list shows of a problem; ask for the record before acting on it.

    `created_at` in whole milliseconds.
    """

    id: int
    key: ProblemKey
    title: str
    tags: tuple[str, ...] = ()
    language: str | None = None
    status: ProblemStatus
    test_case_count: int
    time_limit_ms: int
    memory_limit_mb: int
    created_at: datetime
    updated_at: datetime

    @property
    def is_completed(self) -> bool:
        return self.status is ProblemStatus.COMPLETED


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckerProgram:
    """A checker that the problem brings: for the judge, its owner and admins only."""

    language: str
    code: str

    @property
    def digest(self) -> str:
        """Tells one program from another."""
        return hashlib.sha256(f"{self.language}\0{self.code}".encode()).hexdigest()[:32]


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """A problem with its body. `solution_code` is for its owner and for admins only; `metadata` is
    any JSON that a client keeps with it. `checker_program` is one to store: a problem that was read
    comes without, and has the digest of it in its summary."""

    summary: ProblemSummary
    statement: str = ""
    constraints: str = ""
    url: str | None = None
    solution_code: str | None = None
    review_notes: str | None = None
    deleted_reason: str | None = None
    metadata: Mapping[str, Any] | None = None
    checker_program: CheckerProgram | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TestCase:
    """One test: `number` from 1 within its set. Data are bytes as the program sees them."""

    __test__ = False  # not a test class, whatever its name makes pytest think

    number: int
    input: bytes
    output: bytes
    is_sample: bool = False

    @property
    def id(self) -> str:
        return f"{self.number:05d}"


class TestsDigest:
    """A digest of a whole set in order: a reader compares it to know that it read all of it."""

    __test__ = False

    def __init__(self) -> None:
        self._total = hashlib.sha256()

    def add(self, test: TestCase) -> None:
        flag = b"s" if test.is_sample else b"h"
        for part in (test.id.encode(), flag, test.input, test.output):
            self._total.update(len(part).to_bytes(8, "big"))
            self._total.update(part)

    def __str__(self) -> str:
        return self._total.hexdigest()[:32]


def tests_digest(tests: Iterable[TestCase]) -> str:
    """The digest of these tests."""
    digest = TestsDigest()
    for test in tests:
        digest.add(test)
    return str(digest)


@dataclass(frozen=True, slots=True, kw_only=True)
class Registrations:
    """What an owner has registered: `version` counts all of it, `recent` are those of the last
    minute, with when, which lists may not show yet."""

    owner_id: str
    version: int
    recent: Mapping[ProblemKey, datetime]


class ProblemRepository(Protocol):
    """Access to problems and tests, under the original system's method names.

    Every method raises StoreUnavailable. A change names the version that it is based on: it raises
    NotFound, and StaleVersion when the problem has another version by now. Pages raise
    InvalidCursor. Texts that problems are listed by are compared folded (`domain.text.fold`).
    """

    def get_registrations(self, owner_id: str) -> Registrations:
        """What this user has registered just now, as of this moment."""
        ...

    def create_problem(self, problem: Problem, *, after: Registrations | None = None) -> Problem:
        """Store a new problem. `summary.id` 0 asks for a new number; a moved problem keeps its own,
        which is then never given to another. `after` are its owner's registrations so far:
        StaleVersion when there is another one by now.

        Raises AlreadyExists; Conflict when the number is another's, or while a deletion of the same
        key is unfinished; InvalidInput for what cannot be listed (see `MOST_TAGS`).
        """
        ...

    def get_problem_summary(
        self, key: ProblemKey, *, consistent: bool = False
    ) -> ProblemSummary | None: ...

    def get_problem(self, key: ProblemKey, *, consistent: bool = False) -> Problem | None: ...

    def get_checker_program(self, summary: ProblemSummary) -> CheckerProgram:
        """The problem's own checker; a newer one when it has been replaced since the summary was
        read. Raises NotFound when it has none."""
        ...

    def resolve_id(self, problem_id: int) -> ProblemKey | None:
        """The natural key behind an older client's integer."""
        ...

    def update_problem(self, problem: Problem, *, expected_version: int) -> Problem:
        """Replace the editable fields (not key, id, tests, owner, status, reason of deletion).
        Without a `checker_program` the stored one stays if the summary still has its digest.

        Raises InvalidInput as `create_problem`.
        """
        ...

    def update_problem_completion(
        self, key: ProblemKey, *, is_completed: bool, expected_version: int
    ) -> ProblemSummary:
        """Publish or withdraw; moves the list rows in the same write."""
        ...

    def update_problem_owner(
        self, key: ProblemKey, *, owner_id: str | None, expected_version: int
    ) -> ProblemSummary:
        """Give a problem to another user, or to nobody."""
        ...

    def request_review(
        self, key: ProblemKey, *, notes: str, expected_version: int
    ) -> ProblemSummary:
        """Ask admins to look at it, with notes. What is published stays published."""
        ...

    def verify_problem(self, key: ProblemKey, *, expected_version: int) -> ProblemSummary:
        """An admin finds it good: verified, and no review and no notes any more."""
        ...

    def send_back(self, key: ProblemKey, *, notes: str, expected_version: int) -> ProblemSummary:
        """An admin wants it changed: an unverified draft again, with notes."""
        ...

    def soft_delete_problem(
        self, key: ProblemKey, *, reason: str, expected_version: int
    ) -> ProblemSummary:
        """Out of every list; the record stays, with the reason and the time."""
        ...

    def delete_problem(self, key: ProblemKey) -> bool:
        """Remove a problem with all that belongs to it, for good; executions keep their history.

        Whether there was anything to remove. One that was interrupted is finished by calling again;
        until then the problem is not there, but its key cannot be registered anew.
        """
        ...

    def get_testcases(self, summary: ProblemSummary) -> tuple[TestCase, ...]:
        """The current set in order, complete: a set that does not match the summary's count and
        digest is read again from a fresh summary. Raises NotFound when the problem is gone."""
        ...

    def get_problem_with_testcases(
        self, key: ProblemKey
    ) -> tuple[Problem, tuple[TestCase, ...]] | None: ...

    def get_sample_testcases(self, summary: ProblemSummary) -> tuple[TestCase, ...]:
        """Only the samples of the current set."""
        ...

    def replace_testcases(
        self,
        key: ProblemKey,
        tests: Iterable[TestCase],
        *,
        expected_version: int | None = None,
    ) -> ProblemSummary:
        """Stage the set under a new version, then switch to it at once; what `tests` makes as it
        goes is never in memory whole. Raises NotFound,
        StaleVersion (another replacement won; with `expected_version`, any other change too),
        TooLarge, InvalidInput (not numbered in order)."""
        ...

    def create_test_cases(self, key: ProblemKey, tests: Iterable[TestCase]) -> ProblemSummary:
        """Add tests after the last one of the set, which is replaced by a longer one; their numbers
        are given here. Raises NotFound, StaleVersion (others replace it all the time), TooLarge."""
        ...

    def add_testcase(
        self,
        key: ProblemKey,
        *,
        input: bytes,  # noqa: A002 - what it is called everywhere
        output: bytes,
        is_sample: bool = False,
    ) -> ProblemSummary:
        """`create_test_cases` with one test."""
        ...

    def list_completed_problems(
        self,
        *,
        platform: str | None = None,
        language: str | None = None,
        tag: str | None = None,
        title: str | None = None,
        limit: int = 20,
        cursor: str | None = None,
    ) -> Page[ProblemLine]:
        """Those that all of the filters let pass, in the order of the first list of these that is
        named: by title, tag, language (see those methods), platform (in natural order of their
        numbers); without a filter newest first. With several, a page may be short."""
        ...

    def list_draft_problems(
        self, *, limit: int = 20, cursor: str | None = None
    ) -> Page[ProblemLine]:
        """Newest first."""
        ...

    def list_problems_needing_review(
        self, *, limit: int = 20, cursor: str | None = None
    ) -> Page[ProblemLine]:
        """Newest first, published ones too."""
        ...

    def list_problems_by_platform(
        self,
        platform: str,
        *,
        with_drafts: bool = False,
        limit: int = 20,
        cursor: str | None = None,
    ) -> Page[ProblemLine]:
        """Completed ones in natural order of their numbers; with drafts (and those under review)
        newest first."""
        ...

    def list_problems_by_owner(
        self,
        owner_id: str,
        *,
        only_drafts: bool = False,
        limit: int = 20,
        cursor: str | None = None,
    ) -> Page[ProblemLine]:
        """All that are not deleted, by title; or only those that are not completed, and then a
        page may be short."""
        ...

    def list_problems_by_language(
        self, language: str, *, limit: int = 20, cursor: str | None = None
    ) -> Page[ProblemLine]:
        """Completed ones whose reference solution is in this language, by title."""
        ...

    def list_problems_by_tag(
        self, tag: str, *, limit: int = 20, cursor: str | None = None
    ) -> Page[ProblemLine]:
        """Completed ones, by title."""
        ...

    def list_problems_by_title(
        self, prefix: str, *, limit: int = 20, cursor: str | None = None
    ) -> Page[ProblemLine]:
        """Completed ones in whose title every word of `prefix` begins some word; each once, in the
        order of the words found. One letter finds words of one letter only. A page may be short.
        """
        ...
