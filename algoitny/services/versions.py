"""Changes that name no version are made to the record as it is by now, whoever else changes it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from algoitny.domain.errors import StaleVersion
from algoitny.domain.patience import Patience

Changed = TypeVar("Changed")


def on_top(
    change: Callable[[], Changed], *, expected_version: int | None, patience: Patience
) -> Changed:
    """What `change`, which reads a record and then writes it, answers: made again when another
    change came in between. Raises StaleVersion at once for whoever expects a version; for others
    when the record changes all the time."""
    for _ in patience.rounds():
        try:
            return change()
        except StaleVersion:
            if expected_version is not None:
                raise
    raise StaleVersion("The record keeps changing.")
