"""Results of executions: a row for each attempt, and in the object store what no row holds."""

from __future__ import annotations

import json
from typing import Any, Self

from pynamodb.attributes import BinaryAttribute, UnicodeAttribute

from algoitny.domain.history_results import Results, TestResult
from algoitny.domain.verdict import Verdict
from algoitny.models.base import TableItem
from algoitny.models.history import HISTORY_PARTITION
from algoitny.models.kit.attributes import (
    compress_json,
    decompress,
    decompress_json,
    unpacked_size,
)
from algoitny.models.kit.keys import Key, sort_key
from algoitny.models.kit.spill import ENCODING, ROW_VALUE_LIMIT_BYTES, Spill, Spilled

RESULTS_SORT = sort_key("RES#{attempt:04}")

RESULTS_LIMIT_BYTES = 64 * 1024 * 1024
"""Most that the results of one attempt take, not compressed."""


def results_key(history_id: str, attempt: int) -> Key:
    return Key(HISTORY_PARTITION(history=history_id), RESULTS_SORT(attempt=attempt))


def results_folder(history_id: str) -> str:
    """Where the object store has an execution's results that no row holds."""
    return f"results/{history_id}"


class ResultsItem(TableItem):
    """What one attempt found; a row per attempt, so that a stale one overwrites nothing."""

    TYPE = "results"

    # Compressed once, in `of`, so that the size is known before anything is sent.
    tests = BinaryAttribute(attr_name="trs", legacy_encoding=False, null=True)
    compile_message = BinaryAttribute(attr_name="cpm", legacy_encoding=False, null=True)
    object_name = UnicodeAttribute(attr_name="ref", null=True)
    digest = UnicodeAttribute(attr_name="sha", null=True)
    encoding = UnicodeAttribute(attr_name="enc", null=True)

    @classmethod
    def of(cls, history_id: str, attempt: int, results: Results) -> Self:
        key = results_key(history_id, attempt)
        return cls(
            key.partition,
            key.sort,
            tests=compress_json([_pack(test) for test in results.tests]),
            compile_message=compress_json(results.compile_message)
            if results.compile_message
            else None,
        )

    @property
    def fits(self) -> bool:
        """Whether one row can hold it."""
        stored = len(self.tests or b"") + len(self.compile_message or b"")
        return stored <= ROW_VALUE_LIMIT_BYTES

    @property
    def may_spill(self) -> bool:
        """Whether an object may hold it."""
        return unpacked_size(self.tests or b"") <= RESULTS_LIMIT_BYTES

    def spilled(self, spill: Spill, name: str) -> Self:
        """This row with the tests' results put into the object store."""
        packed = decompress(self.tests or b"", limit_bytes=RESULTS_LIMIT_BYTES)
        self.object_name, self.digest = spill.store(name, packed)
        self.encoding = ENCODING
        self.tests = None
        return self

    def record(self, spill: Spill) -> Results:
        """Raises StoreUnavailable."""
        if not self.object_name:
            packed = decompress_json(self.tests)
        else:
            stored = Spilled(self.object_name, self.digest or "")
            packed = json.loads(spill.load(stored, limit_bytes=RESULTS_LIMIT_BYTES))
        return Results(
            tests=tuple(_unpack(test) for test in packed),
            compile_message=decompress_json(self.compile_message) if self.compile_message else "",
        )


def _pack(test: TestResult) -> dict[str, Any]:
    packed: dict[str, Any] = {
        "tid": test.test_case_id,
        "out": test.output,
        "pas": test.passed,
        "err": test.error,
        "sts": test.status,
        "ver": test.verdict.value,
        "tms": test.time_ms,
        "mem": test.memory_kb,
    }
    if test.is_sample:
        packed["smp"] = True
    return packed


def _unpack(packed: dict[str, Any]) -> TestResult:
    return TestResult(
        test_case_id=packed["tid"],
        verdict=Verdict(packed["ver"]),
        status=packed["sts"],
        output=packed["out"],
        error=packed["err"],
        time_ms=packed["tms"],
        memory_kb=packed["mem"],
        is_sample=packed.get("smp", False),
    )
