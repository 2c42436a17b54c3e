"""Counters that give out integers, for clients that know things by number."""

from __future__ import annotations

from algoitny.models.base import TableItem
from algoitny.models.kit.attributes import IntAttribute
from algoitny.models.kit.keys import Key, sort_key

SYSTEM = "SYS"
SEQUENCE_SORT = sort_key("SEQ#{kind}")


def sequence_key(kind: str) -> Key:
    return Key(SYSTEM, SEQUENCE_SORT(kind=kind))


class SequenceItem(TableItem):
    TYPE = "sequence"

    last = IntAttribute(attr_name="seq")
