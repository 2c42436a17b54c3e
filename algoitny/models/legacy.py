"""Pointers from the old site's ids to today's keys."""

from __future__ import annotations

from pynamodb.attributes import UnicodeAttribute

from algoitny.domain.problem import ProblemKey
from algoitny.models.base import TableItem
from algoitny.models.kit.keys import Key, partition_key

POINTER_PARTITION = partition_key("LEG#{kind}#{old_id}")
POINTER = "PTR"


def problem_pointer_key(problem_id: int) -> Key:
    return Key(POINTER_PARTITION(kind="problem", old_id=str(problem_id)), POINTER)


class ProblemPointerItem(TableItem):
    TYPE = "pointer"

    platform = UnicodeAttribute(attr_name="plt")
    number = UnicodeAttribute(attr_name="pno")

    def record(self) -> ProblemKey:
        return ProblemKey(platform=self.platform, number=self.number)
