"""Problems and their test cases."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

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
    tests; `tests_digest` is `tests_digest()` of the current set.
    """

    id: int
    key: ProblemKey
    title: str
    tags: tuple[str, ...] = ()
    language: str | None = None
    is_completed: bool = False
    is_deleted: bool = False
    needs_review: bool = False
    owner_id: str | None = None
    test_case_count: int = 0
    tests_version: int = 0
    tests_digest: str = ""
    time_limit_ms: int = 1000
    memory_limit_mb: int = 256
    checker: str = "tokens"
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """A problem with its body. `solution_code` is for its owner and for admins only."""

    summary: ProblemSummary
    statement: str = ""
    constraints: str = ""
    url: str | None = None
    solution_code: str | None = None
    review_notes: str | None = None
    deleted_reason: str | None = None


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


def tests_digest(tests: Iterable[TestCase]) -> str:
    """A digest of a whole set in order: a reader compares it to know that it read all of it."""
    total = hashlib.sha256()
    for test in tests:
        flag = b"s" if test.is_sample else b"h"
        for part in (test.id.encode(), flag, test.input, test.output):
            total.update(len(part).to_bytes(8, "big"))
            total.update(part)
    return total.hexdigest()[:32]


class ProblemRepository(Protocol):
    """Access to problems and tests, under the original system's method names."""

    def create_problem(self, problem: Problem) -> Problem:
        """Store a new problem; `summary.id` is allocated here. Raises AlreadyExists."""
        ...

    def get_problem_summary(
        self, key: ProblemKey, *, consistent: bool = False
    ) -> ProblemSummary | None: ...

    def get_problem(self, key: ProblemKey, *, consistent: bool = False) -> Problem | None: ...

    def resolve_id(self, problem_id: int) -> ProblemKey | None:
        """The natural key behind an older client's integer."""
        ...

    def update_problem(self, problem: Problem, *, expected_version: int) -> Problem:
        """Replace the editable fields (not key, id, tests, owner, status).

        Raises NotFound, StaleVersion.
        """
        ...

    def update_problem_completion(
        self, key: ProblemKey, *, is_completed: bool, expected_version: int
    ) -> ProblemSummary:
        """Publish or withdraw; moves the list rows in the same write.

        Raises NotFound, StaleVersion.
        """
        ...

    def soft_delete_problem(
        self, key: ProblemKey, *, reason: str, expected_version: int
    ) -> ProblemSummary: ...

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

    def replace_testcases(self, key: ProblemKey, tests: Iterable[TestCase]) -> ProblemSummary:
        """Stage the set under a new version, then switch to it at once. Raises NotFound,
        StaleVersion (another replacement won), TooLarge."""
        ...

    def list_completed_problems(
        self, *, platform: str | None = None, limit: int = 20, cursor: str | None = None
    ) -> Page[ProblemSummary]:
        """Newest first, or one platform's in natural order of their numbers."""
        ...

    def list_draft_problems(
        self, *, limit: int = 20, cursor: str | None = None
    ) -> Page[ProblemSummary]: ...

    def list_problems_needing_review(
        self, *, limit: int = 20, cursor: str | None = None
    ) -> Page[ProblemSummary]: ...
