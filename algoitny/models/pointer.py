"""Pointers from the old site's ids to today's keys."""

from __future__ import annotations

from typing import Self

from pynamodb.attributes import UnicodeAttribute
from pynamodb.expressions.condition import Condition

from algoitny.domain.pointer import Pointer, PointerKind, Target
from algoitny.domain.problem import ProblemKey
from algoitny.models.base import TableItem
from algoitny.models.kit.keys import Key, partition_key

POINTER_PARTITION = partition_key("LEG#{kind}#{old_id}")
POINTER = "PTR"


def pointer_key(kind: PointerKind, old_id: int | str) -> Key:
    return Key(POINTER_PARTITION(kind=kind.value, old_id=str(old_id)), POINTER)


class PointerItem(TableItem):
    """`target` is an id; a problem has its platform and number instead."""

    TYPE = "pointer"

    platform = UnicodeAttribute(attr_name="plt", null=True)
    number = UnicodeAttribute(attr_name="pno", null=True)
    target = UnicodeAttribute(attr_name="tgt", null=True)

    @classmethod
    def of(cls, pointer: Pointer) -> Self:
        key = pointer_key(pointer.kind, pointer.old_id)
        target = pointer.target
        if isinstance(target, ProblemKey):
            return cls(key.partition, key.sort, platform=target.platform, number=target.number)
        return cls(key.partition, key.sort, target=target)

    @classmethod
    def free_for(cls, pointer: Pointer) -> Condition:
        """Nothing is there, or this very pointer."""
        target = pointer.target
        same: Condition = (
            (cls.platform == target.platform) & (cls.number == target.number)
            if isinstance(target, ProblemKey)
            else cls.target == target
        )
        condition: Condition = cls.absent() | same
        return condition

    def points_to(self) -> Target:
        return self.target or ProblemKey(platform=self.platform, number=self.number)
