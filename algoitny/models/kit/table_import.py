"""Writes an exported folder back into tables, and proves that it is all there."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import zstandard

from algoitny.domain.clock import Clock, SystemClock
from algoitny.domain.errors import InvalidInput, StoreRejected, StoreUnavailable
from algoitny.models.kit.errors import store_errors
from algoitny.models.kit.sizes import item_size
from algoitny.models.kit.table_clients import Clients
from algoitny.models.kit.table_declaration import Table
from algoitny.models.kit.table_export import (
    FORMAT,
    MANIFEST,
    ExportedFile,
    ExportedTable,
    Progress,
    Throttle,
    file_digest,
    scan,
)
from algoitny.models.kit.table_lines import ItemsDigest, from_line, to_line

BATCH_ITEMS = 25
WCU_BYTES = 1024


class DamagedExport(InvalidInput):
    """A folder is not what its manifest says."""


class NotEmpty(StoreRejected):
    """There are items where a copy should go."""


def read_manifest(folder: Path) -> tuple[ExportedTable, ...]:
    """The tables of an export. Raises DamagedExport."""
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        if manifest["format"] != FORMAT:
            raise DamagedExport(f"{folder} is of another format: {manifest['format']}.")
        return tuple(
            ExportedTable(
                **{**table, "files": tuple(ExportedFile(**file) for file in table["files"])}
            )
            for table in manifest["tables"]
        )
    except FileNotFoundError as error:
        raise DamagedExport(f"{folder} has no {MANIFEST}: it is not a finished export.") from error
    except (ValueError, KeyError, TypeError) as error:
        raise DamagedExport(f"The {MANIFEST} of {folder} cannot be read.") from error


def import_tables(
    clients: Clients,
    tables: Sequence[Table],
    folder: Path,
    *,
    merge: bool = False,
    rate: float | None = None,
    clock: Clock | None = None,
    pause: Callable[[float], None] = time.sleep,
    progress: Progress = lambda _: None,
) -> tuple[ExportedTable, ...]:
    """Write what `folder` has into the tables of the same labels, which must be empty; with
    `merge` over what they hold. `rate` bounds writing (WCU a second).

    All files are checked before anything is written. Afterwards the tables are read again and
    compared with the manifest, unless `merge`, where other items are there too. Done again with
    `merge` after a failure it ends with the same items.
    Raises DamagedExport, NotEmpty, StoreUnavailable, StoreRejected.
    """
    throttle = Throttle(rate, clock or SystemClock(), pause)
    pairs = _pairs(read_manifest(folder), tables)
    for exported, table in pairs:
        for file in exported.files:
            _check_file(folder, file)
        if not merge and not _is_empty(clients, table.name):
            raise NotEmpty(f"The table {table.name} is not empty; --merge writes over it.")
    for exported, table in pairs:
        _write_table(clients, exported, table, folder, throttle, progress)
    unbound = Throttle(None, throttle.clock, pause)
    for exported, table in () if merge else pairs:
        found = ItemsDigest()
        for item in scan(clients, table.name, unbound, consistent=True):
            found.add(to_line(item))
        _compare(table.name, found, exported)
    return tuple(exported for exported, _ in pairs)


def _pairs(
    exported: Sequence[ExportedTable], tables: Sequence[Table]
) -> list[tuple[ExportedTable, Table]]:
    by_label = {table.label: table for table in tables}
    labels = [each.label for each in exported]
    if set(labels) != by_label.keys():
        raise DamagedExport(
            f"The export has the tables {', '.join(labels)}; "
            f"those of this layout are {', '.join(by_label)}."
        )
    return [(each, by_label[each.label]) for each in exported]


def _check_file(folder: Path, file: ExportedFile) -> None:
    path = folder / file.name
    if path.parent != folder or not path.is_file() or file_digest(path) != file.sha256:
        raise DamagedExport(f"{path} is missing or damaged.")


def _is_empty(clients: Clients, name: str) -> bool:
    with store_errors():
        return not clients.tables.scan(TableName=name, Limit=1, ConsistentRead=True)["Items"]


def _write_table(
    clients: Clients,
    exported: ExportedTable,
    table: Table,
    folder: Path,
    throttle: Throttle,
    progress: Progress,
) -> None:
    written = ItemsDigest()
    for file in exported.files:
        lines = _lines(folder / file.name)
        while batch := list(islice(lines, BATCH_ITEMS)):
            items = [_item(file, line) for line in batch]
            _write_batch(clients.tables, table.name, items, throttle)
            for line in batch:
                written.add(line)
            throttle.spend(sum(-(-item_size(item) // WCU_BYTES) for item in items))
            progress(len(batch))
    _compare(table.name, written, exported)


def _item(file: ExportedFile, line: str) -> dict[str, Any]:
    try:
        return from_line(line)
    except ValueError as error:
        raise DamagedExport(f"{file.name} has a line that is not an item.") from error


def _lines(path: Path) -> Iterator[str]:
    with path.open("rb") as raw, zstandard.open(raw, "rt", encoding="utf-8", newline="\n") as lines:
        for line in lines:
            yield line.rstrip("\n")


def _write_batch(
    client: Any, name: str, items: Sequence[Mapping[str, Any]], throttle: Throttle
) -> None:
    left: list[Any] = [{"PutRequest": {"Item": item}} for item in items]
    for _ in throttle.patience().rounds():
        try:
            with store_errors():
                answer = client.batch_write_item(RequestItems={name: left})
        except StoreUnavailable:
            continue
        left = answer.get("UnprocessedItems", {}).get(name, [])
        if not left:
            return
    raise StoreUnavailable(f"{len(left)} items were not written to {name}; go on with --merge.")


def _compare(name: str, found: ItemsDigest, exported: ExportedTable) -> None:
    if (found.items, found.hexdigest()) != (exported.items, exported.digest):
        raise StoreRejected(
            f"The table {name} has {found.items} items that differ from the {exported.items} of "
            "the export."
        )
