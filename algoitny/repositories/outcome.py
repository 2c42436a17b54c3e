"""Single writes whose answer may get lost: what they did is looked up before it becomes an error.

A request that timed out may have happened, and then botocore's own repeat of it is refused by its
condition. So after a refusal and after an unknown outcome the row is read.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action as Change

from algoitny.domain.errors import Conflict, StoreUnavailable
from algoitny.models.base import TableItem
from algoitny.models.kit.keys import Key
from algoitny.models.kit.operations import Refusal, get, put, update

I = TypeVar("I", bound=TableItem)  # noqa: E741 - an item


def update_or_find(
    model: type[I],
    key: Key,
    changes: Sequence[Change],
    *,
    condition: Condition,
    refused: Refusal,
    own: Callable[[I], bool],
) -> I:
    """One Update; the item afterwards. After a refusal one consistent Get more: `own` tells whether
    the item is what this very update makes of it."""
    try:
        return update(model, key, changes, condition=condition, refused=refused)
    except (Conflict, StoreUnavailable):
        item = get(model, key, consistent=True)
        if item is None or not own(item):
            raise
        return item


def put_or_find(
    item: I, *, condition: Condition, refused: Refusal, own: Callable[[I], bool]
) -> None:
    """One conditional Put; after a refusal one consistent Get more, as above."""
    try:
        put(item, condition=condition, refused=refused)
    except (Conflict, StoreUnavailable):
        stored = get(type(item), item.key, consistent=True)
        if stored is None or not own(stored):
            raise
