"""Filtered pages of a key range: the store filters, a call looks at a bounded number of rows.

A page may so be short and still have a next one; only a null position ends the list.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from pynamodb.expressions.condition import Condition
from pynamodb.indexes import Index

from algoitny.models.base import TableItem
from algoitny.models.kit.cursor import Position
from algoitny.models.kit.operations import query

EXAMINED = 400
"""Rows that one call of a filtered list looks at, at most."""

Item = TypeVar("Item", bound=TableItem)


def filtered(
    model: type[Item],
    partition: str,
    *,
    limit: int,
    start: Position | None,
    index: type[Index[Any]] | None = None,
    sort: Condition | None = None,
    only: Condition | None = None,
    keep: Callable[[Item], bool] = lambda _: True,
    forward: bool = True,
) -> tuple[list[Item], Position | None]:
    """At most `limit` items that `only` and, for what the store cannot tell, `keep` let pass; where
    the next page begins.

    Queries in growing chunks until the page is full, the range ends, or 400 rows were looked at.
    """
    items: list[Item] = []
    left, chunk = EXAMINED, limit
    while True:
        part = query(
            model,
            partition,
            index=index,
            sort=sort,
            only=only,
            forward=forward,
            limit=min(chunk, left),
            start=start,
        )
        kept = [item for item in part.items if keep(item)]
        used = kept[: limit - len(items)]
        items.extend(used)
        # Of a chunk that holds more than the page, the rest belongs to the next page.
        start = part.position if len(used) == len(kept) else position_of(used[-1], index)
        left -= part.examined
        chunk *= 2
        if start is None or len(items) == limit or left <= 0:
            return items, start


def position_of(item: TableItem, index: type[Index[Any]] | None = None) -> Position:
    """Where a query that ended with this item goes on."""
    position = {"PK": item.pk, "SK": item.sk}
    if index is not None:
        name = index.Meta.index_name
        position[f"{name}PK"] = getattr(item, f"{name.lower()}_pk")
        position[f"{name}SK"] = getattr(item, f"{name.lower()}_sk")
    return position


def every(conditions: Sequence[Condition]) -> Condition | None:
    """All of them; None, no condition, for none."""
    joined: Condition | None = None
    for condition in conditions:
        joined = condition if joined is None else joined & condition
    return joined
