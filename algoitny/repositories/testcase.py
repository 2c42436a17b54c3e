"""A problem's tests as a set: staged under a new version, switched at once, read whole or not."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from pynamodb.expressions.condition import Condition

from algoitny.domain.clock import Clock, epoch_ms
from algoitny.domain.errors import (
    Conflict,
    NotFound,
    StaleVersion,
    StoreUnavailable,
)
from algoitny.domain.ids import Ids
from algoitny.domain.patience import Patience
from algoitny.domain.problem import ProblemKey, ProblemSummary, TestCase, tests_digest
from algoitny.models.base import changed_at
from algoitny.models.kit.batch import WRITE_BYTES, WRITE_LIMIT, batch_get, batch_write
from algoitny.models.kit.cursor import Position
from algoitny.models.kit.operations import get, query, query_all, update
from algoitny.models.kit.spill import ROW_VALUE_LIMIT_BYTES, Spill
from algoitny.models.kit.transaction import Transaction
from algoitny.models.problem import ProblemBodyItem, body_key, problem_partition
from algoitny.models.sequence import SequenceItem
from algoitny.models.testcase import (
    TEST_SORT,
    TestCaseItem,
    digest_of_test,
    key_of_test,
    object_folder,
    version_sequence_key,
)
from algoitny.repositories.problem_change import add_change, check_version
from algoitny.repositories.testcase_staging import StagedSet

GRACE = timedelta(hours=1)
"""How long a replaced set stays: an attempt that has begun may still be reading it."""
STAGING = timedelta(days=1)
"""Longer than anybody takes from an object to the row that names it."""

_READS = 5


class _Changed(Conflict):
    """The summary is not any more as it was read."""


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
        spill: Spill,
    ) -> None:
        self._spill = spill
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

    def replace(
        self, key: ProblemKey, tests: Iterable[TestCase], *, expected_version: int | None = None
    ) -> ProblemSummary:
        """Raises NotFound, StaleVersion, TooLarge, and what `tests` raises; then the old set is
        the current one."""
        old = self._fresh(key)
        if expected_version is not None:
            check_version(old, expected_version)
        return self._replace(old, tests, only_that_version=expected_version is not None)

    def append(self, key: ProblemKey, more: Sequence[TestCase]) -> ProblemSummary:
        """The current set and these after it. Raises as `replace`."""
        for _ in range(_READS):
            old = self._fresh(key)
            tests = self.read(old)
            added = (
                replace(test, number=number) for number, test in enumerate(more, len(tests) + 1)
            )
            with suppress(StaleVersion):
                # Unless `read` went on to a newer set, whose version would then be another.
                return self._replace(old, (*tests, *added))
        raise StaleVersion("The tests are being replaced all the time.")

    def _replace(
        self, old: ProblemSummary, tests: Iterable[TestCase], *, only_that_version: bool = False
    ) -> ProblemSummary:
        key = old.key
        version = self._issue_version(old)
        staged = StagedSet(
            key,
            version,
            patience=self._patience,
            spill=self._spill,
            object_name=lambda: self._object_name(key),
        )
        staged.write(tests)
        try:
            new = self._switch(old, version, staged, only_that_version=only_that_version)
        except (StaleVersion, NotFound):
            # Only a refusal is certain: after a time-out the set may be the current one.
            staged.discard()
            raise
        with suppress(StoreUnavailable):
            self._retire(key, version)
            self._remove_unnamed_objects(key)
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
        return tuple(row.record(self._spill) for row in rows if not row.is_expired(now))

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
        samples = tuple(row.record(self._spill) for row in rows)
        whole = len(rows) == len(keys) and all(
            row.digest == digest_of_test(sample) for row, sample in zip(rows, samples, strict=True)
        )
        return samples if whole else None

    def _issue_version(self, old: ProblemSummary) -> int:
        """A version that no set has had: even one that is never switched to is not used again."""
        while True:
            sequence = update(
                SequenceItem,
                version_sequence_key(old.key),
                [SequenceItem.last.add(1), SequenceItem.typed()],
            )
            # A problem that was moved here may be ahead of the sequence.
            if sequence.last > old.tests_version:
                return sequence.last

    def _switch(
        self,
        old: ProblemSummary,
        version: int,
        staged: StagedSet,
        *,
        only_that_version: bool,
    ) -> ProblemSummary:
        """Raises StaleVersion: another set was switched to since `old` was read; or, where that
        matters, anything else changed."""
        current = old
        for _ in range(_READS):
            new = replace(
                current,
                tests_version=version,
                test_case_count=staged.count,
                tests_digest=staged.digest,
                updated_at=changed_at(self._clock.now(), current.created_at),
                version=current.version + 1,
            )
            try:
                self._commit(current, new, staged.samples)
            except _Changed:
                current = self._fresh(old.key)
                if only_that_version:
                    raise StaleVersion("The problem has changed.") from None
                if current.tests_version != old.tests_version:
                    raise StaleVersion("The tests were replaced by somebody else.") from None
            else:
                return new
        raise StaleVersion("The problem keeps changing.")

    def _commit(self, current: ProblemSummary, new: ProblemSummary, samples: set[int]) -> None:
        transaction = Transaction(token=self._ids.new(), patience=self._patience)
        add_change(transaction, current, new, refused=_Changed)
        transaction.update(
            ProblemBodyItem,
            body_key(new.key),
            [
                ProblemBodyItem.samples_version.set(new.tests_version),
                ProblemBodyItem.samples.set(samples)
                if samples
                else ProblemBodyItem.samples.remove(),
            ],
        )
        # The version is ours alone: a summary that has it was switched by us.
        transaction.commit(written=lambda: self._fresh(new.key).tests_version == new.tests_version)

    def _retire(self, key: ProblemKey, version: int) -> None:
        """Let all rows of earlier versions expire after the grace.

        A version is issued after the current one was read, so whoever still stages an earlier one
        will be refused. Rows of a version never change: writing one again loses nothing.
        """
        expires = int((self._clock.now() + GRACE).timestamp())
        first, start = 0, None
        while True:
            below: Condition = TestCaseItem.sk.between(
                TEST_SORT.prefix(version=first), TEST_SORT.prefix(version=version)
            )
            part = query(
                TestCaseItem,
                problem_partition(key),
                sort=below,
                only=TestCaseItem.expires.does_not_exist(),
                start=start,
            )
            batch_write(
                TestCaseItem,
                patience=self._patience,
                puts=[_expiring(row, expires) for row in part.items],
            )
            start = part.position
            if start is None:
                return
            reached = int(str(TEST_SORT.parse(start["SK"])["version"]))
            if not part.items and self._is_retired(key, reached):
                # Large sets would be read again with each change, until the store removes them.
                first, start = reached + 1, None

    def _is_retired(self, key: ProblemKey, version: int) -> bool:
        """Whether all rows of a former set expire: its last rows do, as many as one request may
        write. Rows are staged and retired in their order, a request after the other."""
        rows, size, start = 0, 0, None
        while rows < WRITE_LIMIT and size < WRITE_BYTES + ROW_VALUE_LIMIT_BYTES:
            part = query(
                TestCaseItem,
                problem_partition(key),
                sort=TestCaseItem.sk.startswith(TEST_SORT.prefix(version=version)),
                forward=False,
                limit=WRITE_LIMIT - rows,
                start=start,
            )
            if any(row.expires is None for row in part.items):
                return False
            rows += len(part.items)
            size += sum(row.stored_bytes for row in part.items)
            start = part.position
            if start is None:
                break
        return True

    def _remove_unnamed_objects(self, key: ProblemKey) -> None:
        """Remove what no row names: objects of sets that have expired, or whose rows were never
        written. A young one may belong to a set that somebody is staging."""
        objects = self._spill.objects
        if objects is None:
            return
        settled = _object_stamp(self._clock.now() - STAGING)
        found = [
            name for name in objects.names(object_folder(key)) if name.rpartition("/")[2] < settled
        ]
        if found:
            named = self._named_objects(key)
            for name in found:
                if name not in named:
                    objects.delete(name)

    def _named_objects(self, key: ProblemKey) -> set[str | None]:
        now = self._clock.now()
        named: set[str | None] = set()
        start: Position | None = None
        while True:
            part = query(
                TestCaseItem,
                problem_partition(key),
                sort=TestCaseItem.sk.startswith(TEST_SORT.prefix()),
                only=TestCaseItem.object_name.exists(),
                start=start,
                consistent=True,
            )
            named |= {row.object_name for row in part.items if not row.is_expired(now)}
            start = part.position
            if start is None:
                return named

    def _object_name(self, key: ProblemKey) -> str:
        return f"{object_folder(key)}/{_object_stamp(self._clock.now())}-{self._ids.new()}"


def _object_stamp(instant: datetime) -> str:
    """What names of objects begin with, so that they tell their age."""
    return f"{epoch_ms(instant):013}"


def _expiring(row: TestCaseItem, expires: int) -> Any:
    row.expires = expires
    return row
