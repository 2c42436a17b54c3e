"""Showing records to a person at a terminal."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields, is_dataclass
from typing import Any

from rich.console import Console
from rich.table import Table


def as_table(records: Iterable[Any] | Any, *columns: str, console: Console | None = None) -> None:
    """Print records (or one, or a page of them) as a table of `columns`; all when none is named."""
    if hasattr(records, "items") and not isinstance(records, dict):
        records = records.items
    rows = list(records) if isinstance(records, Iterable) else [records]
    console = console or Console()
    if not rows:
        console.print("(none)")
        return
    names = columns or _columns(rows[0])
    table = Table(*names)
    for row in rows:
        table.add_row(*(str(getattr(row, name)) for name in names))
    console.print(table)


def _columns(record: Any) -> tuple[str, ...]:
    if is_dataclass(record):
        return tuple(field.name for field in fields(record))
    raise TypeError(f"Name the columns: a {type(record).__name__} has no fields of its own.")
