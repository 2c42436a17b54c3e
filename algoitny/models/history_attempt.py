"""What an attempt leaves while it works."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Self

from algoitny.domain.history import History
from algoitny.domain.history_results import TestProgress
from algoitny.domain.verdict import Verdict
from algoitny.models.base import TableItem
from algoitny.models.history import HISTORY_PARTITION
from algoitny.models.kit.attributes import CompressedJSONAttribute
from algoitny.models.kit.keys import Key, sort_key

PROGRESS_SORT = sort_key("PRG#{attempt:04}")


def progress_key(history_id: str, attempt: int) -> Key:
    return Key(HISTORY_PARTITION(history=history_id), PROGRESS_SORT(attempt=attempt))


class AttemptProgressItem(TableItem):
    """How far an attempt is, where no channel carries the news."""

    TYPE = "attempt_progress"

    tests = CompressedJSONAttribute(attr_name="prg")

    @classmethod
    def of(cls, history: History, tests: Sequence[TestProgress], expires: datetime) -> Self:
        key = progress_key(history.id, history.attempt)
        return cls(
            key.partition,
            key.sort,
            tests=[[test.index, test.verdict, test.time_ms, test.memory_kb] for test in tests],
            expires=int(expires.timestamp()),
        )

    def record(self) -> tuple[TestProgress, ...]:
        return tuple(
            TestProgress(
                index=index, verdict=Verdict(verdict), time_ms=time_ms, memory_kb=memory_kb
            )
            for index, verdict, time_ms, memory_kb in self.tests
        )
