"""One page of a list."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """`items` in the list's order. A page may be short; only a null cursor ends the list."""

    items: tuple[T, ...]
    next_cursor: str | None
