"""Models bound to what they were bound to before: a client takes longer to make than most tests."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any

from algoitny.models import MODELS

_made: dict[Hashable, list[tuple[Any, Any, Any]]] = {}


def bound_again(name: Hashable, bind: Callable[[], None]) -> bool:
    """Bind all models as `bind` did when it was first called for that name; whether it had been."""
    made = name in _made
    if not made:
        bind()
        # PynamoDB has no public way to take a connection from a model, nor to give it one.
        _made[name] = [(model, model.Meta, model._connection) for model in MODELS]
    for model, meta, connection in _made[name]:
        model.Meta = meta
        model._connection = connection
    return made
