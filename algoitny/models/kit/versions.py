"""The optimistic lock: a number in the row that every change counts up and any change may ask for.

Two writers that have read the same number cannot both succeed: `refused=StaleVersion` tells the
second. A write whose answer was lost is found by the number that it made.
"""

from __future__ import annotations

from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action

from algoitny.models.kit.attributes import IntAttribute


def unchanged_since(version: IntAttribute, expected: int) -> Condition:
    """The row is there, and nobody has changed it since it had this number."""
    condition: Condition = version == expected
    return condition


def counted_up(version: IntAttribute) -> Action:
    """The part of an update by which the next one notices it."""
    return version.add(1)
