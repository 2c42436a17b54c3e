"""Problems: catalogue rows, lists by status and platform, and the integer that old clients know."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from algoitny.domain.clock import Clock
from algoitny.domain.errors import AlreadyExists, Conflict, NotFound, StaleVersion, StoreUnavailable
from algoitny.domain.ids import Ids
from algoitny.domain.page import Page
from algoitny.domain.problem import Problem, ProblemKey, ProblemStatus, ProblemSummary, TestCase
from algoitny.models.base import Gsi1, Gsi2, TableItem
from algoitny.models.kit.attributes import whole_milliseconds
from algoitny.models.kit.batch import batch_get
from algoitny.models.kit.cursor import Cursors
from algoitny.models.kit.keys import Key
from algoitny.models.kit.operations import get, query, update
from algoitny.models.kit.patience import Patience
from algoitny.models.kit.transaction import Transaction
from algoitny.models.legacy import ProblemPointerItem, problem_pointer_key
from algoitny.models.problem import (
    PLATFORM_LIST,
    STATUS_LIST,
    ProblemBodyItem,
    ProblemItem,
    body_key,
    summary_key,
)
from algoitny.models.sequence import SequenceItem, sequence_key
from algoitny.repositories.testcase import TestSets

_HIGHEST_ID = 2**53
"""What an older client's JSON can hold exactly; anything else was never given out."""


class DynamoProblemRepository:
    """Implements `ProblemRepository`."""

    def __init__(
        self, *, clock: Clock, ids: Ids, cursors: Cursors, patience: Patience | None = None
    ) -> None:
        self._clock = clock
        self._ids = ids
        self._cursors = cursors
        self._patience = patience or Patience(clock=clock)
        self._tests = TestSets(
            clock=clock, ids=ids, patience=self._patience, fresh=self._fresh_summary
        )

    def create_problem(self, problem: Problem) -> Problem:
        """Get, Update of the sequence, then one transaction: summary, body, pointer."""
        key = problem.summary.key
        if self.get_problem_summary(key, consistent=True) is not None:
            raise _taken(key)
        draft = replace(
            problem,
            summary=replace(
                problem.summary,
                id=self._next_id(),
                test_case_count=0,
                tests_version=0,
                tests_digest="",
                version=1,
            ),
        )
        summary = ProblemItem.of(draft.summary)
        created = replace(draft, summary=summary.record())
        pointer = problem_pointer_key(created.summary.id)
        transaction = self._transaction()
        transaction.put(summary, condition=ProblemItem.absent(), refused=lambda: _taken(key))
        transaction.put(ProblemBodyItem.of(created))
        transaction.put(
            ProblemPointerItem(
                pointer.partition, pointer.sort, platform=key.platform, number=key.number
            ),
            condition=ProblemPointerItem.absent(),
            refused=lambda: Conflict("The problem's number is in use."),
        )
        # Its id is nobody else's: a stored problem that has it is this one.
        transaction.commit(written=lambda: self._has_id(key, created.summary.id))
        return created

    def get_problem_summary(
        self, key: ProblemKey, *, consistent: bool = False
    ) -> ProblemSummary | None:
        """One Get; 0.5 RCU."""
        if not _named(key):
            return None
        item = get(ProblemItem, summary_key(key), consistent=consistent)
        return None if item is None else item.record()

    def get_problem(self, key: ProblemKey, *, consistent: bool = False) -> Problem | None:
        """One BatchGet of summary and body; 1 RCU for a statement of up to 4 KB."""
        if not _named(key):
            return None
        summary_row, body_row = summary_key(key), body_key(key)

        def model_of(row: Key) -> type[TableItem]:
            return ProblemItem if row == summary_row else ProblemBodyItem

        found = batch_get(
            model_of, (summary_row, body_row), patience=self._patience, consistent=consistent
        )
        summary, body = found.get(summary_row), found.get(body_row)
        if not isinstance(summary, ProblemItem):
            return None
        if not isinstance(body, ProblemBodyItem):
            # Both are written at once, but an eventual read may see one of them first.
            return None if consistent else self.get_problem(key, consistent=True)
        return body.record(summary.record())

    def resolve_id(self, problem_id: int) -> ProblemKey | None:
        """One Get of the pointer; 0.5 RCU."""
        if not 0 < problem_id < _HIGHEST_ID:
            return None
        item = get(ProblemPointerItem, problem_pointer_key(problem_id))
        return None if item is None else item.record()

    def update_problem(self, problem: Problem, *, expected_version: int) -> Problem:
        """BatchGet, then one transaction over summary and body."""
        given = problem.summary
        current = self.get_problem(given.key, consistent=True)
        _check_version(current.summary if current else None, expected_version)
        assert current is not None  # noqa: S101 - checked just above
        changed = replace(
            problem,
            summary=replace(
                self._next(current.summary),
                title=given.title,
                tags=given.tags,
                language=given.language,
                time_limit_ms=given.time_limit_ms,
                memory_limit_mb=given.memory_limit_mb,
                checker=given.checker,
            ),
            deleted_reason=current.deleted_reason,
        )
        transaction = self._transaction()
        transaction.update(
            ProblemItem,
            summary_key(given.key),
            ProblemItem.editing(changed.summary, changed.summary.updated_at),
            condition=ProblemItem.version == expected_version,
            refused=StaleVersion,
        )
        transaction.update(ProblemBodyItem, body_key(given.key), ProblemBodyItem.editing(changed))
        transaction.commit(written=lambda: self.get_problem(given.key, consistent=True) == changed)
        return changed

    def update_problem_completion(
        self, key: ProblemKey, *, is_completed: bool, expected_version: int
    ) -> ProblemSummary:
        """Get, then one Update that moves the list keys too."""
        changed = replace(
            self._next(self._current(key, expected_version)), is_completed=is_completed
        )
        try:
            update(
                ProblemItem,
                summary_key(key),
                ProblemItem.moving(changed, changed.updated_at),
                condition=ProblemItem.version == expected_version,
                refused=StaleVersion,
            )
        except (StaleVersion, StoreUnavailable):
            # A request that timed out may have done it: then its repeat is refused by itself.
            if self.get_problem_summary(key, consistent=True) != changed:
                raise
        return changed

    def soft_delete_problem(
        self, key: ProblemKey, *, reason: str, expected_version: int
    ) -> ProblemSummary:
        """Get, then one transaction: out of every list but the deleted ones', reason kept."""
        changed = replace(self._next(self._current(key, expected_version)), is_deleted=True)
        now = changed.updated_at
        transaction = self._transaction()
        transaction.update(
            ProblemItem,
            summary_key(key),
            [*ProblemItem.moving(changed, now), ProblemItem.deleted_at.set(now)],
            condition=ProblemItem.version == expected_version,
            refused=StaleVersion,
        )
        transaction.update(
            ProblemBodyItem,
            body_key(key),
            [ProblemBodyItem.typed(), ProblemBodyItem.deleted_reason.set(reason)],
        )
        transaction.commit(
            written=lambda: self.get_problem_summary(key, consistent=True) == changed
        )
        return changed

    def get_testcases(self, summary: ProblemSummary) -> tuple[TestCase, ...]:
        """One Query of the current version's rows, over as many MB as they are."""
        return self._tests.read(summary)

    def get_problem_with_testcases(
        self, key: ProblemKey
    ) -> tuple[Problem, tuple[TestCase, ...]] | None:
        """`get_problem`, then `get_testcases`."""
        problem = self.get_problem(key)
        if problem is None:
            return None
        return problem, self.get_testcases(problem.summary)

    def get_sample_testcases(self, summary: ProblemSummary) -> tuple[TestCase, ...]:
        """Get of the body, which knows their numbers; BatchGet of the samples."""
        return self._tests.read_samples(summary)

    def replace_testcases(self, key: ProblemKey, tests: Iterable[TestCase]) -> ProblemSummary:
        """An Update for the version, BatchWrites of the set, one transaction for the switch."""
        return self._tests.replace(key, tuple(tests))

    def list_completed_problems(
        self, *, platform: str | None = None, limit: int = 20, cursor: str | None = None
    ) -> Page[ProblemSummary]:
        """One Query: of GSI1, or for one platform of GSI2, whose lines carry what a list shows."""
        if platform is None:
            return self._by_status(ProblemStatus.COMPLETED, limit, cursor)
        scope = ("list_problems_by_platform", platform)
        part = query(
            ProblemItem,
            PLATFORM_LIST(platform=platform),
            index=Gsi2,
            limit=limit,
            start=self._cursors.open(scope, cursor),
        )
        return Page(
            tuple(item.line() for item in part.items), self._cursors.issue(scope, part.position)
        )

    def list_draft_problems(
        self, *, limit: int = 20, cursor: str | None = None
    ) -> Page[ProblemSummary]:
        """One Query of GSI1; newest first."""
        return self._by_status(ProblemStatus.DRAFT, limit, cursor)

    def list_problems_needing_review(
        self, *, limit: int = 20, cursor: str | None = None
    ) -> Page[ProblemSummary]:
        """One Query of GSI1; newest first."""
        return self._by_status(ProblemStatus.REVIEW, limit, cursor)

    def _by_status(
        self, status: ProblemStatus, limit: int, cursor: str | None
    ) -> Page[ProblemSummary]:
        scope = ("list_problems_by_status", status.value)
        part = query(
            ProblemItem,
            STATUS_LIST(status=status.value),
            index=Gsi1,
            forward=False,
            limit=limit,
            start=self._cursors.open(scope, cursor),
        )
        return Page(
            tuple(item.record() for item in part.items), self._cursors.issue(scope, part.position)
        )

    def _current(self, key: ProblemKey, expected_version: int) -> ProblemSummary:
        current = self.get_problem_summary(key, consistent=True)
        _check_version(current, expected_version)
        assert current is not None  # noqa: S101 - checked just above
        return current

    def _fresh_summary(self, key: ProblemKey) -> ProblemSummary:
        summary = self.get_problem_summary(key, consistent=True)
        if summary is None:
            raise NotFound("No such problem.")
        return summary

    def _next(self, summary: ProblemSummary) -> ProblemSummary:
        now = whole_milliseconds(self._clock.now())
        return replace(summary, version=summary.version + 1, updated_at=now)

    def _next_id(self) -> int:
        # A repeat after a time-out skips a number, which harms nobody.
        item = update(
            SequenceItem,
            sequence_key("problem"),
            [SequenceItem.last.add(1), SequenceItem.typed()],
        )
        return item.last

    def _has_id(self, key: ProblemKey, problem_id: int) -> bool:
        stored = self.get_problem_summary(key, consistent=True)
        return stored is not None and stored.id == problem_id

    def _transaction(self) -> Transaction:
        return Transaction(token=self._ids.new(), patience=self._patience)


def _named(key: ProblemKey) -> bool:
    return bool(key.platform and key.number)


def _taken(key: ProblemKey) -> AlreadyExists:
    return AlreadyExists(f"{key.platform} {key.number} is registered already.")


def _check_version(summary: ProblemSummary | None, expected_version: int) -> None:
    if summary is None:
        raise NotFound("No such problem.")
    if summary.version != expected_version:
        raise StaleVersion(
            f"The problem is at version {summary.version}, the change is based on "
            f"{expected_version}."
        )
