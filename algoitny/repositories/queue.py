"""Work that is due: the index says where to look, the rows themselves say what is so."""

from __future__ import annotations

from typing import TypeVar

from pynamodb.expressions.condition import Condition

from algoitny.domain.patience import Patience
from algoitny.models.base import Gsi3, TableItem
from algoitny.models.kit.batch import batch_get
from algoitny.models.kit.cursor import Position
from algoitny.models.kit.keys import Key
from algoitny.models.kit.operations import query

I = TypeVar("I", bound=TableItem)  # noqa: E741 - an item


def queued(
    model: type[I],
    partition: str,
    *,
    sort: Condition | None = None,
    limit: int,
    patience: Patience,
) -> list[I]:
    """The first `limit` rows of a key range of GSI3, as they are now and in the index's order.

    Queries of GSI3 (0.5 RCU per 4 KB), then BatchGets of the rows (1 RCU each): the index lags.
    """
    keys = queued_keys(model, partition, sort=sort, limit=limit)
    found = batch_get(model, keys, patience=patience, consistent=True)
    return [found[key] for key in keys if key in found]


def queued_keys(
    model: type[I], partition: str, *, sort: Condition | None = None, limit: int
) -> list[Key]:
    """The keys alone, as the index has them; for those who read several key ranges at once."""
    keys: list[Key] = []
    start: Position | None = None
    while len(keys) < limit:
        part = query(model, partition, index=Gsi3, sort=sort, limit=limit - len(keys), start=start)
        keys.extend(item.key for item in part.items)
        start = part.position
        if start is None:
            break
    return keys
