"""Test cases: arbitrary bytes, compressed, one row each, under the version of their set.

Data that no row can hold are in the object store, as one value: the input's length in eight bytes,
the input, the output. The digest that every row keeps is the digest of just that.
"""

from __future__ import annotations

from typing import Self

from pynamodb.attributes import BinaryAttribute, BooleanAttribute, UnicodeAttribute

from algoitny.domain.problem import ProblemKey, TestCase
from algoitny.models.base import TableItem
from algoitny.models.kit.attributes import compress, decompress
from algoitny.models.kit.keys import Key, partition_key, sort_key
from algoitny.models.kit.spill import (
    ENCODING,
    ROW_VALUE_LIMIT_BYTES,
    Spill,
    Spilled,
    digest,
)
from algoitny.models.problem import problem_partition

TEST_SORT = sort_key("TC#{version:06}#{number:05}")

SEQUENCE_PARTITION = partition_key("SEQ#{platform}#{number}")
TESTS_VERSION = "TV"

TEST_LIMIT_BYTES = 96 * 1024 * 1024
"""Most that the input and output of one test take together, not compressed."""
_LENGTH_BYTES = 8


def key_of_test(key: ProblemKey, version: int, number: int) -> Key:
    return Key(problem_partition(key), TEST_SORT(version=version, number=number))


def version_sequence_key(key: ProblemKey) -> Key:
    """The sequence that the problem's tests versions come from. It stays when the problem is
    removed: another problem may get the key, and caches and executions know sets by version."""
    return Key(SEQUENCE_PARTITION(platform=key.platform, number=key.number), TESTS_VERSION)


def object_folder(key: ProblemKey) -> str:
    """Where the object store keeps a problem's tests: any platform and number make a name."""
    return f"tests/{digest(problem_partition(key).encode())}"


def parts_of_test(test: TestCase) -> tuple[bytes, bytes, bytes]:
    """Input and output as one value, in parts: each may be as large as memory bears."""
    return len(test.input).to_bytes(_LENGTH_BYTES, "big"), test.input, test.output


def digest_of_test(test: TestCase) -> str:
    """Tells one test's data from another's, and damaged ones from whole ones."""
    return digest(*parts_of_test(test))


class TestCaseItem(TableItem):
    __test__ = False

    TYPE = "testcase"

    # Compressed once, in `of`, so that the size is known before anything is sent.
    input = BinaryAttribute(attr_name="inp", legacy_encoding=False, null=True)
    output = BinaryAttribute(attr_name="out", legacy_encoding=False, null=True)
    object_name = UnicodeAttribute(attr_name="ref", null=True)
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
        """Compressed bytes of input and output in this row."""
        return len(self.input or b"") + len(self.output or b"")

    @property
    def fits(self) -> bool:
        """Whether one row can hold it."""
        return self.stored_bytes <= ROW_VALUE_LIMIT_BYTES

    def spill_into(self, spill: Spill, name: str, test: TestCase) -> None:
        """Put the data into the object store, under this name. Raises StoreUnavailable."""
        self.input = self.output = None
        self.object_name, self.digest = spill.store(name, *parts_of_test(test))

    def record(self, spill: Spill) -> TestCase:
        """Raises StoreUnavailable when the data are in the object store and cannot be read."""
        if not self.object_name:
            given, answer = decompress(self.input or b""), decompress(self.output or b"")
        else:
            stored = Spilled(self.object_name, self.digest)
            packed = spill.load(stored, limit_bytes=TEST_LIMIT_BYTES + _LENGTH_BYTES)
            end = _LENGTH_BYTES + int.from_bytes(packed[:_LENGTH_BYTES], "big")
            given, answer = packed[_LENGTH_BYTES:end], packed[end:]
        return TestCase(
            number=int(str(TEST_SORT.parse(self.sk)["number"])),
            input=given,
            output=answer,
            is_sample=self.is_sample,
        )
