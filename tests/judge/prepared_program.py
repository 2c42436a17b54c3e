"""One small program that is run both ways, and ways to write down many."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Program:
    source: bytes
    given: bytes = b""


def each(*sources: str, given: bytes = b"") -> list[Program]:
    return [Program(source.encode(), given) for source in sources]


def expressions(before: str, *values: str) -> list[Program]:
    """One program each that prints the value."""
    return each(*(f"{before}\nprint({value})" for value in values))
