"""Test cases: arbitrary bytes, compressed, one row each, under the version of their set."""

from __future__ import annotations

import hashlib
from typing import Self

from pynamodb.attributes import BinaryAttribute, BooleanAttribute, UnicodeAttribute

from algoitny.domain.problem import ProblemKey, TestCase
from algoitny.models.base import TableItem
from algoitny.models.kit.attributes import compress, decompress
from algoitny.models.kit.keys import Key, sort_key
from algoitny.models.problem import problem_partition

TEST_SORT = sort_key("TC#{version:06}#{number:05}")

ENCODING = "zstd"


def key_of_test(key: ProblemKey, version: int, number: int) -> Key:
    return Key(problem_partition(key), TEST_SORT(version=version, number=number))


def digest_of_test(test: TestCase) -> str:
    """Tells one test's data from another's, and a damaged one from a whole one."""
    digest = hashlib.sha256(len(test.input).to_bytes(8, "big"))
    digest.update(test.input)
    digest.update(test.output)
    return digest.hexdigest()[:32]


class TestCaseItem(TableItem):
    __test__ = False

    TYPE = "testcase"

    # Compressed once, in `of`, so that the size is known before anything is sent.
    input = BinaryAttribute(attr_name="inp", legacy_encoding=False)
    output = BinaryAttribute(attr_name="out", legacy_encoding=False)
    is_sample = BooleanAttribute(attr_name="smp")
    digest = UnicodeAttribute(attr_name="sha")
    encoding = UnicodeAttribute(attr_name="enc")

    @classmethod
    def of(cls, key: ProblemKey, version: int, test: TestCase) -> Self:
        row = key_of_test(key, version, test.number)
        return cls(
            row.partition,
            row.sort,
            input=compress(test.input),
            output=compress(test.output),
            is_sample=test.is_sample,
            digest=digest_of_test(test),
            encoding=ENCODING,
        )

    @property
    def stored_bytes(self) -> int:
        """Compressed bytes of input and output."""
        return len(self.input) + len(self.output)

    def record(self) -> TestCase:
        return TestCase(
            number=int(str(TEST_SORT.parse(self.sk)["number"])),
            input=decompress(self.input),
            output=decompress(self.output),
            is_sample=self.is_sample,
        )
