"""Pointers from the old site's ids (integers, task ids) to today's."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from algoitny.domain.problem import ProblemKey


class PointerKind(StrEnum):
    """What an old id named. An old job has two: its integer, and its task's id."""

    PROBLEM = "problem"
    HISTORY = "history"
    JOB = "job"
    TASK = "task"
    USER = "user"


Target = str | ProblemKey
"""A problem is known by its key, everything else by its id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pointer:
    """`old_id` is an integer's decimal digits, or a task's id as it was."""

    kind: PointerKind
    old_id: str
    target: Target


class PointerRepository(Protocol):
    """Access to pointers. One is written once and never moved."""

    def resolve(self, kind: PointerKind, old_id: int | str) -> Target | None:
        """What an old id names today; None for one that was never given out."""
        ...

    def put(self, pointer: Pointer) -> None:
        """Putting the same again is success. Raises Conflict when it points elsewhere."""
        ...

    def batch_put(self, pointers: Iterable[Pointer]) -> tuple[Pointer, ...]:
        """Put any number; those that were refused since their old id points elsewhere. May be
        called again with the same ones."""
        ...

    def delete(self, kind: PointerKind, old_id: int | str) -> None:
        """Nothing when it is not there."""
        ...
