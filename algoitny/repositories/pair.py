"""Two rows read at once."""

from __future__ import annotations

from typing import TypeVar

from algoitny.domain.patience import Patience
from algoitny.models.base import TableItem
from algoitny.models.kit.batch import batch_get
from algoitny.models.kit.keys import Key

S = TypeVar("S", bound=TableItem)
B = TypeVar("B", bound=TableItem)


def get_two(
    first: tuple[type[S], Key],
    second: tuple[type[B], Key],
    *,
    patience: Patience,
    consistent: bool = False,
) -> tuple[S | None, B | None]:
    """Two rows of one family, each of which may be missing. One BatchGet; 0.5 RCU per 4 KB of
    each, twice that when consistent."""
    (first_model, first_key), (second_model, second_key) = first, second

    def model_of(key: Key) -> type[TableItem]:
        return first_model if key == first_key else second_model

    found = batch_get(model_of, (first_key, second_key), patience=patience, consistent=consistent)
    one, other = found.get(first_key), found.get(second_key)
    return (
        one if isinstance(one, first_model) else None,
        other if isinstance(other, second_model) else None,
    )


def get_pair(
    summary: tuple[type[S], Key],
    body: tuple[type[B], Key],
    *,
    consistent: bool,
    patience: Patience,
) -> tuple[S, B] | None:
    """A summary and its body, which are written at once; None without them. An eventual read that
    sees only the summary is made again, consistent."""
    first, second = get_two(summary, body, patience=patience, consistent=consistent)
    if first is None:
        return None
    if second is None:
        # Both are written at once, but an eventual read may see one of them first.
        if consistent:
            return None
        return get_pair(summary, body, consistent=True, patience=patience)
    return first, second
