"""Showing records and progress to a person at a terminal, and records to a script."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, fields, is_dataclass
from operator import attrgetter
from typing import Any

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Column, Table
from rich.text import Text

from algoitny.domain.page import Page
from algoitny.domain.plain import plain

PAGE = 100

WIDEST = 10_000
"""Columns of what is not printed to a terminal: more than any record takes."""

json_option = click.option(
    "--json", "as_json", is_flag=True, help="Print one JSON value instead of text."
)
limit_option = click.option(
    "--limit",
    type=click.IntRange(min=1),
    default=100,
    show_default=True,
    help="The most lines to print.",
)


def as_table(records: Iterable[Any] | Any, *columns: str, console: Console | None = None) -> None:
    """Print records, or a page of them, as a table of `columns` (`key.platform` for what is deeper;
    all when none is named); a single record with a line for each."""
    is_cut = False
    if isinstance(records, Page):
        # A page may be short, even empty, and have a next one.
        is_cut = records.next_cursor is not None
        records = records.items
    console = console or _console()
    if not isinstance(records, Iterable):
        _print_record(records, columns or _columns(records), console)
        return
    rows = list(records)
    if rows:
        names = columns or _columns(rows[0])
        table = _table(*names)
        for row in rows:
            table.add_row(*(_shown(row, name) for name in names))
        console.print(table)
    elif not is_cut:
        console.print("(none)")
    if is_cut:
        console.print("(there are more: ask again with cursor=, the page's next_cursor)")


def _console() -> Console:
    """As wide as the terminal; for a file or another program a line for each record."""
    console = Console()
    return console if console.is_terminal else Console(width=WIDEST)


def _print_record(record: Any, names: Sequence[str], console: Console) -> None:
    table = _table("field", "value")
    for name in names:
        table.add_row(name, _shown(record, name))
    console.print(table)


def _table(*names: str) -> Table:
    """An id that is cut could not be used for anything."""
    return Table(*(Column(name, overflow="fold") for name in names))


def _shown(record: Any, name: str) -> Text:
    """Letter by letter: a plain string may say in brackets how it wants to look."""
    try:
        return Text(str(attrgetter(name)(record)))
    except AttributeError:
        known = ", ".join(_columns(record))
        raise ValueError(f"There is no {name}; there are {known}.") from None


def _columns(record: Any) -> tuple[str, ...]:
    if is_dataclass(record):
        return tuple(field.name for field in fields(record))
    raise TypeError(f"Name the columns: a {type(record).__name__} has no fields of its own.")


def show_list(records: Sequence[Any], *columns: str, as_json: bool, is_cut: bool = False) -> None:
    """Records as one JSON object, or as a table of `columns`; `is_cut`: there are more."""
    if as_json:
        click.echo(to_json({"items": [asdict(record) for record in records]}))
    else:
        as_table(records, *columns)
    if is_cut:
        click.echo("There are more: see --limit.", err=True)


def gather(page: Callable[..., Page[Any]], limit: int) -> tuple[list[Any], bool]:
    """The first `limit` records of a paged list, and whether there are more."""
    records: list[Any] = []
    cursor: str | None = None
    while True:
        found = page(limit=min(limit - len(records), PAGE), cursor=cursor)
        records += found.items
        cursor = found.next_cursor
        if cursor is None or len(records) >= limit:
            return records, cursor is not None


@contextmanager
def progress_bar(title: str, total: int) -> Iterator[Callable[[int], None]]:
    """A bar on a terminal's standard error; nothing elsewhere."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield lambda _: None
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, TimeRemainingColumn(), console=console, transient=True) as bar:
        task = bar.add_task(title, total=total or None)
        yield lambda count: bar.advance(task, count)


def to_json(value: Any) -> str:
    """JSON in one line, of records' values too."""
    return json.dumps(value, default=plain)
