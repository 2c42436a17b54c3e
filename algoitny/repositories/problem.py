"""Problems: the record, its tests, its lists, and the integer that old clients know.

How a problem is created, changes with its list rows, is listed, removed, and given tests, is in the
modules beside this one that start with its name, and in `testcase`.
"""

from __future__ import annotations

from collections.abc import Iterable

from algoitny.domain.clock import Clock
from algoitny.domain.errors import NotFound
from algoitny.domain.ids import Ids
from algoitny.domain.page import Page
from algoitny.domain.patience import Patience
from algoitny.domain.pointer import PointerKind
from algoitny.domain.problem import (
    CheckerProgram,
    Problem,
    ProblemKey,
    ProblemLine,
    ProblemStatus,
    ProblemSummary,
    Registrations,
    TestCase,
)
from algoitny.domain.text import fold
from algoitny.models.kit.cursor import Cursors
from algoitny.models.kit.operations import get
from algoitny.models.kit.spill import Spill
from algoitny.models.pointer import PointerItem, pointer_key
from algoitny.models.problem import (
    ProblemBodyItem,
    ProblemCheckerItem,
    ProblemItem,
    body_key,
    checker_key,
    summary_key,
)
from algoitny.models.problem_list import Kind
from algoitny.repositories.pair import get_pair
from algoitny.repositories.problem_change import ProblemChanges, check_version
from algoitny.repositories.problem_create import ID_BOUND, ProblemCreation
from algoitny.repositories.problem_deletion import ProblemDeletion
from algoitny.repositories.problem_listing import ProblemListing, Wanted
from algoitny.repositories.testcase import TestSets


class DynamoProblemRepository:
    """Implements `ProblemRepository`."""

    def __init__(
        self,
        *,
        clock: Clock,
        ids: Ids,
        cursors: Cursors,
        patience: Patience,
        spill: Spill | None = None,
    ) -> None:
        self._patience = patience
        spill = spill or Spill(None)
        self._listing = ProblemListing(cursors=cursors)
        self._creation = ProblemCreation(
            clock=clock, ids=ids, patience=patience, current=self._summary, whole=self._problem
        )
        self._changes = ProblemChanges(
            clock=clock, ids=ids, patience=patience, current=self._summary
        )
        self._deletion = ProblemDeletion(
            clock=clock, ids=ids, patience=patience, spill=spill, current=self._summary
        )
        self._tests = TestSets(
            clock=clock, ids=ids, patience=patience, fresh=self._fresh_summary, spill=spill
        )

    def get_registrations(self, owner_id: str) -> Registrations:
        """One consistent Get; 1 RCU."""
        return self._creation.registrations(owner_id)

    def create_problem(self, problem: Problem, *, after: Registrations | None = None) -> Problem:
        """Get, Update of the sequence, then one transaction: summary, body, pointer, list rows,
        the checker if it has one, and with `after` the owner's registrations, 2 WCU.

        A number that is given costs the same: the sequence is moved past it first.
        """
        return self._creation.create(problem, after)

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
        found = get_pair(
            (ProblemItem, summary_key(key)),
            (ProblemBodyItem, body_key(key)),
            consistent=consistent,
            patience=self._patience,
        )
        return None if found is None else found[1].record(found[0].record())

    def get_checker_program(self, summary: ProblemSummary) -> CheckerProgram:
        """One Get; when that finds another than the summary names, a consistent one. Raises
        NotFound."""
        for consistent in (False, True):
            item = get(ProblemCheckerItem, checker_key(summary.key), consistent=consistent)
            program = None if item is None else item.record()
            if program is not None and (consistent or program.digest == summary.checker_digest):
                return program
        raise NotFound("The problem has no checker of its own.")

    def resolve_id(self, problem_id: int) -> ProblemKey | None:
        """One Get of the pointer; 0.5 RCU."""
        if not 0 < problem_id < ID_BOUND:
            return None
        item = get(PointerItem, pointer_key(PointerKind.PROBLEM, problem_id))
        target = None if item is None else item.points_to()
        return target if isinstance(target, ProblemKey) else None

    def update_problem(self, problem: Problem, *, expected_version: int) -> Problem:
        """BatchGet, then one transaction over summary, body, checker and the list rows that change.

        Raises NotFound, StaleVersion, InvalidInput.
        """
        before = self._problem(problem.summary.key)
        check_version(before.summary if before else None, expected_version)
        assert before is not None  # noqa: S101 - checked just above
        return self._changes.edit(before, problem)

    def update_problem_completion(
        self, key: ProblemKey, *, is_completed: bool, expected_version: int
    ) -> ProblemSummary:
        """Get, then one transaction over summary and list rows. Raises NotFound, StaleVersion."""
        return self._changes.apply(key, expected_version, is_completed=is_completed)

    def update_problem_owner(
        self, key: ProblemKey, *, owner_id: str | None, expected_version: int
    ) -> ProblemSummary:
        """As `update_problem_completion`."""
        return self._changes.apply(key, expected_version, owner_id=owner_id)

    def request_review(
        self, key: ProblemKey, *, notes: str, expected_version: int
    ) -> ProblemSummary:
        """As `update_problem_completion`, and the body's notes."""
        return self._changes.apply(
            key,
            expected_version,
            needs_review=True,
            body=[ProblemBodyItem.typed(), ProblemBodyItem.review_notes.set(notes)],
        )

    def verify_problem(self, key: ProblemKey, *, expected_version: int) -> ProblemSummary:
        """As `request_review`."""
        return self._changes.apply(
            key,
            expected_version,
            needs_review=False,
            verified_by_admin=True,
            body=[ProblemBodyItem.typed(), ProblemBodyItem.review_notes.remove()],
        )

    def send_back(self, key: ProblemKey, *, notes: str, expected_version: int) -> ProblemSummary:
        """As `request_review`."""
        return self._changes.apply(
            key,
            expected_version,
            needs_review=False,
            verified_by_admin=False,
            is_completed=False,
            body=[ProblemBodyItem.typed(), ProblemBodyItem.review_notes.set(notes)],
        )

    def soft_delete_problem(
        self, key: ProblemKey, *, reason: str, expected_version: int
    ) -> ProblemSummary:
        """Get, then one transaction: out of every list but the deleted ones', reason kept.

        Raises NotFound, StaleVersion.
        """
        return self._changes.apply(
            key,
            expected_version,
            is_deleted=True,
            deleted_at=self._changes.now(),
            body=[ProblemBodyItem.typed(), ProblemBodyItem.deleted_reason.set(reason)],
        )

    def delete_problem(self, key: ProblemKey) -> bool:
        """One transaction over summary, pointer and list rows; then a Query and a transaction for
        each 99 rows, the counters, the objects, and last the body. Raises StoreUnavailable."""
        return _named(key) and self._deletion.delete(key)

    def get_testcases(self, summary: ProblemSummary) -> tuple[TestCase, ...]:
        """One Query of the current version's rows, over as many MB as they are; a request to the
        object store for each test that no row holds. Raises NotFound, StoreUnavailable."""
        return self._tests.read(summary)

    def get_problem_with_testcases(
        self, key: ProblemKey
    ) -> tuple[Problem, tuple[TestCase, ...]] | None:
        """`get_problem`, then `get_testcases`: one Query would read replaced sets too."""
        problem = self.get_problem(key)
        if problem is None:
            return None
        return problem, self.get_testcases(problem.summary)

    def get_sample_testcases(self, summary: ProblemSummary) -> tuple[TestCase, ...]:
        """Get of the body, which knows their numbers; BatchGet of the samples."""
        return self._tests.read_samples(summary)

    def replace_testcases(
        self,
        key: ProblemKey,
        tests: Iterable[TestCase],
        *,
        expected_version: int | None = None,
    ) -> ProblemSummary:
        """Get, an Update for the version, BatchWrites of the set, one transaction for the switch
        with the list rows; then the rows of older sets get a time to expire.

        Raises NotFound, StaleVersion, TooLarge, InvalidInput.
        """
        return self._tests.replace(key, tests, expected_version=expected_version)

    def create_test_cases(self, key: ProblemKey, tests: Iterable[TestCase]) -> ProblemSummary:
        """`get_testcases`, then `replace_testcases`: a set is never changed in place."""
        return self._tests.append(key, tuple(tests))

    def add_testcase(
        self,
        key: ProblemKey,
        *,
        input: bytes,  # noqa: A002 - what it is called everywhere
        output: bytes,
        is_sample: bool = False,
    ) -> ProblemSummary:
        """`create_test_cases` of one: to add many, add them at once."""
        test = TestCase(number=1, input=input, output=output, is_sample=is_sample)
        return self._tests.append(key, (test,))

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
        """One Query: of GSI1, or for a platform alone of GSI2; 0.5 RCU per 4 KB. With several
        filters, Queries of GSI1 in growing chunks over at most 400 rows."""
        return self._listing.completed(
            platform=platform, language=language, tag=tag, title=title, limit=limit, cursor=cursor
        )

    def list_draft_problems(
        self, *, limit: int = 20, cursor: str | None = None
    ) -> Page[ProblemLine]:
        """One Query of GSI1; 0.5 RCU per 4 KB."""
        return self._listing.by_status(ProblemStatus.DRAFT, limit, cursor)

    def list_problems_needing_review(
        self, *, limit: int = 20, cursor: str | None = None
    ) -> Page[ProblemLine]:
        """One Query of GSI1; 0.5 RCU per 4 KB."""
        return self._listing.by_status(ProblemStatus.REVIEW, limit, cursor)

    def list_problems_by_platform(
        self,
        platform: str,
        *,
        with_drafts: bool = False,
        limit: int = 20,
        cursor: str | None = None,
    ) -> Page[ProblemLine]:
        """One Query of GSI2, or with drafts of GSI1; 0.5 RCU per 4 KB."""
        if with_drafts:
            return self._listing.by_kind(Kind.PLATFORM, platform, limit, cursor, newest=True)
        return self._listing.by_number(platform, limit, cursor)

    def list_problems_by_owner(
        self,
        owner_id: str,
        *,
        only_drafts: bool = False,
        limit: int = 20,
        cursor: str | None = None,
    ) -> Page[ProblemLine]:
        """One Query of GSI1; 0.5 RCU per 4 KB. Of drafts only, Queries in growing chunks over at
        most 400 rows."""
        wanted = Wanted(is_draft=True) if only_drafts else Wanted()
        return self._listing.by_kind(Kind.OWNER, owner_id, limit, cursor, wanted=wanted)

    def list_problems_by_language(
        self, language: str, *, limit: int = 20, cursor: str | None = None
    ) -> Page[ProblemLine]:
        """One Query of GSI1; 0.5 RCU per 4 KB."""
        return self._listing.by_kind(Kind.LANGUAGE, fold(language), limit, cursor)

    def list_problems_by_tag(
        self, tag: str, *, limit: int = 20, cursor: str | None = None
    ) -> Page[ProblemLine]:
        """One Query of GSI1; 0.5 RCU per 4 KB."""
        return self._listing.by_kind(Kind.TAG, fold(tag), limit, cursor)

    def list_problems_by_title(
        self, prefix: str, *, limit: int = 20, cursor: str | None = None
    ) -> Page[ProblemLine]:
        """One Query of GSI1 for one word; for several at most 400 rows in growing chunks."""
        return self._listing.by_title(prefix, limit, cursor)

    def _summary(self, key: ProblemKey) -> ProblemSummary | None:
        return self.get_problem_summary(key, consistent=True)

    def _problem(self, key: ProblemKey) -> Problem | None:
        return self.get_problem(key, consistent=True)

    def _fresh_summary(self, key: ProblemKey) -> ProblemSummary:
        summary = self._summary(key)
        if summary is None:
            raise NotFound("No such problem.")
        return summary


def _named(key: ProblemKey) -> bool:
    return bool(key.platform and key.number)
