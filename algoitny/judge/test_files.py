"""Problems' tests on this machine's disk, so that they are read from the table once.

A file is named by problem, version and digest of a set, as a consistently read summary tells them,
and used only when its content has that digest: a set that was replaced is never used again.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, overload

from algoitny.domain.errors import StoreUnavailable
from algoitny.domain.problem import ProblemSummary, TestCase, tests_digest
from algoitny.judge.kept_files import KeptFiles

_HEAD_BYTES = 8
_TRUSTED = 1000
"""So many files a process remembers having looked at."""

_State = tuple[int, int, int, int]


class TestFiles:
    """Threads may share one. What a process has found whole it does not look through again, as
    long as nobody has written to it."""

    __test__ = False

    def __init__(
        self,
        files: KeptFiles,
        read: Callable[[ProblemSummary], Sequence[TestCase]],
        *,
        count: Callable[[str], object] = lambda _: None,
    ) -> None:
        """`read` reads a set from the table; `count` is told `hit` or `miss`."""
        self._files = files
        self._read = read
        self._count = count
        self._trusted: dict[str, _State] = {}

    @contextmanager
    def of(self, summary: ProblemSummary) -> Iterator[Sequence[TestCase]]:
        """The tests of a problem whose summary was read consistently. Raises as `read` does."""
        name = _name(summary)
        descriptor = self._files.open(name)
        if descriptor is not None:
            try:
                kept = self._whole(name, summary, descriptor)
                if kept is not None:
                    self._count("hit")
                    yield kept
                    return
            finally:
                os.close(descriptor)
            self._files.remove(name)
        self._count("miss")
        tests = self._read(summary)
        # The table may know a newer set than the summary.
        if len(tests) == summary.test_case_count and tests_digest(tests) == summary.tests_digest:
            self._keep(name, tests)
        yield tests

    def _whole(self, name: str, summary: ProblemSummary, descriptor: int) -> _KeptTests | None:
        status = os.fstat(descriptor)
        state = (status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns)
        try:
            kept = _KeptTests(descriptor)
            if self._trusted.get(name) != state:
                if len(kept) != summary.test_case_count:
                    return None
                if tests_digest(kept) != summary.tests_digest:
                    return None
                while len(self._trusted) >= _TRUSTED:
                    self._trusted.pop(next(iter(self._trusted)), None)
                self._trusted[name] = state
        except (StoreUnavailable, ValueError, TypeError, OSError):
            return None
        return kept

    def _keep(self, name: str, tests: Sequence[TestCase]) -> None:
        index = [(test.is_sample, len(test.input), len(test.output)) for test in tests]
        head = json.dumps(index).encode()
        size = _HEAD_BYTES + len(head) + sum(given + answer for _, given, answer in index)

        def parts() -> Iterator[bytes]:
            yield len(head).to_bytes(_HEAD_BYTES, "big")
            yield head
            for test in tests:
                yield test.input
                yield test.output

        self._files.keep(name, parts(), size)


class _KeptTests(Sequence[TestCase]):
    """A set in a file: a test is in memory only while somebody works with it."""

    def __init__(self, descriptor: int) -> None:
        """Raises StoreUnavailable, ValueError or TypeError for what is no such file."""
        self._descriptor = descriptor
        length = int.from_bytes(self._part(0, _HEAD_BYTES), "big")
        if length > os.fstat(descriptor).st_size:
            raise ValueError("damaged")
        at = _HEAD_BYTES + length
        self._places: list[tuple[bool, int, int, int]] = []
        index: Any = json.loads(self._part(_HEAD_BYTES, length))
        for is_sample, given, answer in index:
            self._places.append((bool(is_sample), at, int(given), int(answer)))
            at += given + answer

    def __len__(self) -> int:
        return len(self._places)

    @overload
    def __getitem__(self, index: int) -> TestCase: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[TestCase]: ...
    def __getitem__(self, index: int | slice) -> TestCase | Sequence[TestCase]:
        if isinstance(index, slice):
            return [self[one] for one in range(*index.indices(len(self)))]
        is_sample, at, given, answer = self._places[index]
        return TestCase(
            number=range(len(self))[index] + 1,
            input=self._part(at, given),
            output=self._part(at + given, answer),
            is_sample=is_sample,
        )

    def _part(self, at: int, size: int) -> bytes:
        """Raises StoreUnavailable when the file is shorter: then the attempt is made again."""
        parts = []
        while size:
            part = os.pread(self._descriptor, size, at)
            if not part:
                raise StoreUnavailable("A kept file of tests is damaged.")
            parts.append(part)
            at, size = at + len(part), size - len(part)
        return b"".join(parts)


def _name(summary: ProblemSummary) -> str:
    parts = [
        summary.key.platform,
        summary.key.number,
        summary.tests_version,
        summary.tests_digest,
    ]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()
