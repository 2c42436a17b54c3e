"""A problem's tests as a set: staged under a new version, switched at once, read whole or not."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import Any

from pynamodb.expressions.condition import Condition

from algoitny.domain.clock import Clock
from algoitny.domain.errors import (
    AlgoItnyError,
    InvalidInput,
    NotFound,
    StaleVersion,
    StoreUnavailable,
    TooLarge,
)
from algoitny.domain.ids import Ids
from algoitny.domain.problem import ProblemKey, ProblemSummary, TestCase, tests_digest
from algoitny.models.kit.attributes import whole_milliseconds
from algoitny.models.kit.batch import batch_get, batch_write
from algoitny.models.kit.cursor import Position
from algoitny.models.kit.operations import get, query, query_all, update
from algoitny.models.kit.patience import Patience
from algoitny.models.kit.transaction import Transaction
from algoitny.models.problem import (
    ProblemBodyItem,
    ProblemItem,
    body_key,
    problem_partition,
    summary_key,
)
from algoitny.models.testcase import TEST_SORT, TestCaseItem, digest_of_test, key_of_test

ROW_LIMIT_BYTES = 300 * 1024
"""Compressed input and output that one row takes."""
GRACE = timedelta(hours=1)
"""How long a replaced set stays: an attempt that has begun may still be reading it."""

_READS = 5


class TestSets:
    """Reads and replaces sets; `fresh` reads a summary consistently, or raises NotFound."""

    __test__ = False

    def __init__(
        self,
        *,
        clock: Clock,
        ids: Ids,
        patience: Patience,
        fresh: Callable[[ProblemKey], ProblemSummary],
    ) -> None:
        self._clock = clock
        self._ids = ids
        self._patience = patience
        self._fresh = fresh

    def read(self, summary: ProblemSummary) -> tuple[TestCase, ...]:
        """The summary's set; when it is not there whole, the one of a fresh summary.

        Raises NotFound, StoreUnavailable (never whole, in several readings).
        """
        for reading in range(_READS):
            tests = self._read_rows(summary, consistent=reading > 0)
            if len(tests) == summary.test_case_count and (
                not tests or tests_digest(tests) == summary.tests_digest
            ):
                return tests
            summary = self._fresh(summary.key)
        raise StoreUnavailable("The problem's tests could not be read whole.")

    def read_samples(self, summary: ProblemSummary) -> tuple[TestCase, ...]:
        """The samples of the summary's set, else of a fresh one's. Raises as `read` does."""
        for reading in range(_READS):
            if summary.test_case_count == 0:
                return ()
            samples = self._read_sample_rows(summary, consistent=reading > 0)
            if samples is not None:
                return samples
            summary = self._fresh(summary.key)
        raise StoreUnavailable("The problem's samples could not be read whole.")

    def replace(self, key: ProblemKey, tests: Sequence[TestCase]) -> ProblemSummary:
        """Raises NotFound, StaleVersion, TooLarge; then the old set is the current one."""
        old = self._fresh(key)
        version = self._issue_version(key)
        items = [TestCaseItem.of(key, version, test) for test in tests]
        _check_set(tests, items)
        try:
            batch_write(TestCaseItem, patience=self._patience, puts=items)
        except AlgoItnyError:
            self._discard(items)
            raise
        try:
            new = self._switch(old, version, tests)
        except (StaleVersion, NotFound):
            # Only a refusal is certain: after a time-out the set may be the current one.
            self._discard(items)
            raise
        with suppress(StoreUnavailable):
            self._retire(key, version)
        return new

    def _read_rows(self, summary: ProblemSummary, *, consistent: bool) -> tuple[TestCase, ...]:
        if summary.tests_version == 0:
            return ()
        prefix = TEST_SORT.prefix(version=summary.tests_version)
        now = self._clock.now()
        rows = query_all(
            TestCaseItem,
            problem_partition(summary.key),
            sort=TestCaseItem.sk.startswith(prefix),
            consistent=consistent,
        )
        return tuple(row.record() for row in rows if not row.is_expired(now))

    def _read_sample_rows(
        self, summary: ProblemSummary, *, consistent: bool
    ) -> tuple[TestCase, ...] | None:
        body = get(ProblemBodyItem, body_key(summary.key), consistent=consistent)
        if body is None or body.samples_version != summary.tests_version:
            return None
        keys = [
            key_of_test(summary.key, summary.tests_version, number)
            for number in sorted(body.samples or ())
        ]
        found = batch_get(TestCaseItem, keys, patience=self._patience, consistent=consistent)
        rows = [found[key] for key in keys if key in found]
        samples = tuple(row.record() for row in rows)
        whole = len(rows) == len(keys) and all(
            row.digest == digest_of_test(sample) for row, sample in zip(rows, samples, strict=True)
        )
        return samples if whole else None

    def _issue_version(self, key: ProblemKey) -> int:
        """A version that no set has had: even one that is never switched to is not used again."""
        body = update(
            ProblemBodyItem,
            body_key(key),
            [ProblemBodyItem.tests_issued.add(1)],
            condition=ProblemBodyItem.present(),
            refused=lambda: NotFound("No such problem."),
        )
        return body.tests_issued

    def _switch(
        self, old: ProblemSummary, version: int, tests: Sequence[TestCase]
    ) -> ProblemSummary:
        now = whole_milliseconds(self._clock.now())
        digest = tests_digest(tests) if tests else ""
        samples = {test.number for test in tests if test.is_sample}
        transaction = Transaction(token=self._ids.new(), patience=self._patience)
        transaction.update(
            ProblemItem,
            summary_key(old.key),
            [
                ProblemItem.tests_version.set(version),
                ProblemItem.test_case_count.set(len(tests)),
                ProblemItem.tests_digest.set(digest)
                if digest
                else ProblemItem.tests_digest.remove(),
                ProblemItem.updated.set(now),
                ProblemItem.version.add(1),
            ],
            condition=ProblemItem.tests_version == old.tests_version,
            refused=lambda: StaleVersion("The tests were replaced by somebody else."),
        )
        transaction.update(
            ProblemBodyItem,
            body_key(old.key),
            [
                ProblemBodyItem.samples_version.set(version),
                ProblemBodyItem.samples.set(samples)
                if samples
                else ProblemBodyItem.samples.remove(),
            ],
        )
        # The version is ours alone: a summary that has it was switched by us.
        transaction.commit(written=lambda: self._fresh(old.key).tests_version == version)
        current = self._fresh(old.key)
        if current.tests_version != version:
            # Replaced again already: the answer still tells what we did.
            return replace(
                old,
                tests_version=version,
                test_case_count=len(tests),
                tests_digest=digest,
                updated_at=now,
                version=old.version + 1,
            )
        return current

    def _discard(self, items: Sequence[TestCaseItem]) -> None:
        """Remove staged rows. Nobody reads them: what stays now goes with the next change."""
        keys = [item.key for item in items]
        with suppress(StoreUnavailable):
            batch_write(TestCaseItem, patience=self._patience, deletes=keys)

    def _retire(self, key: ProblemKey, version: int) -> None:
        """Let all rows of earlier versions expire after the grace.

        A version is issued after the current one was read, so whoever still stages an earlier one
        will be refused. Rows of a version never change: writing one again loses nothing.
        """
        below: Condition = TestCaseItem.sk.between(
            TEST_SORT.prefix(version=0), TEST_SORT.prefix(version=version)
        )
        expires = int((self._clock.now() + GRACE).timestamp())
        start: Position | None = None
        while True:
            part = query(TestCaseItem, problem_partition(key), sort=below, start=start)
            batch_write(
                TestCaseItem,
                patience=self._patience,
                puts=[_expiring(row, expires) for row in part.items if row.expires is None],
            )
            start = part.position
            if start is None:
                return


def _expiring(row: TestCaseItem, expires: int) -> Any:
    row.expires = expires
    return row


def _check_set(tests: Sequence[TestCase], items: Sequence[TestCaseItem]) -> None:
    for position, (test, item) in enumerate(zip(tests, items, strict=True)):
        if test.number != position + 1:
            raise InvalidInput.field(
                f"/testcases/{position}", "Tests are numbered 1, 2, 3, … in their order."
            )
        if item.stored_bytes > ROW_LIMIT_BYTES:
            raise TooLarge.field(
                f"/testcases/{position}",
                f"Test {test.number} takes {item.stored_bytes} bytes compressed; "
                f"at most {ROW_LIMIT_BYTES} can be stored.",
            )
