"""Two rows that are written at once, read at once: a summary and its body."""

from __future__ import annotations

from typing import TypeVar

from algoitny.models.base import TableItem
from algoitny.models.kit.batch import batch_get
from algoitny.models.kit.keys import Key
from algoitny.models.kit.patience import Patience

S = TypeVar("S", bound=TableItem)
B = TypeVar("B", bound=TableItem)


def get_pair(
    summary: tuple[type[S], Key],
    body: tuple[type[B], Key],
    *,
    consistent: bool,
    patience: Patience,
) -> tuple[S, B] | None:
    """Both, or None without them. One BatchGet; 0.5 RCU per 4 KB of each, twice that when
    consistent. An eventual read that sees only the summary is made again, consistent."""
    (summary_model, summary_key), (body_model, body_key) = summary, body

    def model_of(key: Key) -> type[TableItem]:
        return summary_model if key == summary_key else body_model

    keys = (summary_key, body_key)
    found = batch_get(model_of, keys, patience=patience, consistent=consistent)
    first, second = found.get(summary_key), found.get(body_key)
    if not isinstance(first, summary_model):
        return None
    if not isinstance(second, body_model):
        # Both are written at once, but an eventual read may see one of them first.
        if consistent:
            return None
        return get_pair(summary, body, consistent=True, patience=patience)
    return first, second
