"""A set of tests while it is written: under a version of its own, which nobody reads before the
problem's summary names it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress

from algoitny.domain.errors import AlgoItnyError, InvalidInput, StoreUnavailable, TooLarge
from algoitny.domain.patience import Patience
from algoitny.domain.problem import ProblemKey, TestCase, TestsDigest
from algoitny.models.kit.batch import batch_write
from algoitny.models.kit.spill import ROW_VALUE_LIMIT_BYTES, Spill
from algoitny.models.testcase import TEST_LIMIT_BYTES, TestCaseItem, key_of_test


class StagedSet:
    """Takes a set once, a test at a time: `count`, `samples` and `digest` are those of what it has
    taken so far."""

    def __init__(
        self,
        key: ProblemKey,
        version: int,
        *,
        patience: Patience,
        spill: Spill,
        object_name: Callable[[], str],
    ) -> None:
        self.count = 0
        self.samples: set[int] = set()
        self._total = TestsDigest()
        self._objects: list[str] = []
        self._key = key
        self._version = version
        self._patience = patience
        self._spill = spill
        self._object_name = object_name

    @property
    def digest(self) -> str:
        return str(self._total) if self.count else ""

    def write(self, tests: Iterable[TestCase]) -> None:
        """Or nothing of it stays, as far as the store lets us. Raises InvalidInput, TooLarge,
        StoreUnavailable, and what `tests` raises."""
        try:
            batch_write(TestCaseItem, patience=self._patience, puts=self._items(tests))
        except AlgoItnyError:
            self.discard()
            raise

    def discard(self) -> None:
        """Remove it. Nobody reads it: what stays now goes with the problem's next change."""
        keys = [key_of_test(self._key, self._version, n + 1) for n in range(self.count)]
        with suppress(StoreUnavailable):
            batch_write(TestCaseItem, patience=self._patience, deletes=keys)
            if self._spill.objects is not None:
                for name in self._objects:
                    self._spill.objects.delete(name)

    def _items(self, tests: Iterable[TestCase]) -> Iterator[TestCaseItem]:
        """Their rows; objects are there before the rows that name them."""
        for position, test in enumerate(tests):
            self._check(position, test)
            item = TestCaseItem.of(self._key, self._version, test)
            if not item.fits:
                if not self._spill:
                    raise TooLarge.field(
                        f"/testcases/{position}",
                        f"Test {test.number} takes {item.stored_bytes} bytes compressed; "
                        f"at most {ROW_VALUE_LIMIT_BYTES} can be stored.",
                    )
                name = self._object_name()
                item.spill_into(self._spill, name, test)
                self._objects.append(name)
            self._total.add(test)
            self.count = test.number
            if test.is_sample:
                self.samples.add(test.number)
            yield item

    @staticmethod
    def _check(position: int, test: TestCase) -> None:
        if test.number != position + 1:
            raise InvalidInput.field(
                f"/testcases/{position}", "Tests are numbered 1, 2, 3, … in their order."
            )
        size = len(test.input) + len(test.output)
        if size > TEST_LIMIT_BYTES:
            raise TooLarge.field(
                f"/testcases/{position}",
                f"Test {test.number} takes {size} bytes; at most {TEST_LIMIT_BYTES} are accepted.",
            )
