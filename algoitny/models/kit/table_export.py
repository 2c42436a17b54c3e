"""Copies every item of some tables into a folder, at a bounded rate.

A folder holds one file for each segment of each table (DynamoDB JSON lines, zstd) and a manifest
with counts and digests. It appears under its name when it is complete, never before. A scan is no
snapshot: what is written meanwhile may be in the copy or not; a backup is taken at one moment.
"""

from __future__ import annotations

import json
import os
import shutil
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import zstandard

from algoitny.domain.clock import Clock, SystemClock
from algoitny.domain.errors import InvalidInput, StoreUnavailable
from algoitny.domain.patience import Patience
from algoitny.models.kit.errors import store_errors
from algoitny.models.kit.sizes import item_size
from algoitny.models.kit.table_clients import Clients
from algoitny.models.kit.table_declaration import Table
from algoitny.models.kit.table_lines import ItemsDigest, to_line

MANIFEST = "manifest.json"
FORMAT = 1
RCU_BYTES = 8192
"""What half a unit reads, doubled: scans are eventually consistent."""

Progress = Callable[[int], None]
"""Told how many more items are done, from any thread."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportedFile:
    """One file: its name in the folder, how many items it has, and SHA-256 of what is on disk."""

    name: str
    items: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportedTable:
    """One table: what it is for, what it was called, its items and their digest in any order."""

    label: str
    name: str
    items: int
    digest: str
    files: tuple[ExportedFile, ...]


class Throttle:
    """Lets threads spend `rate` capacity units a second together: whoever spends waits until what
    was spent before is paid for. `rate` None: no bound."""

    def __init__(
        self, rate: float | None, clock: Clock, pause: Callable[[float], None] = time.sleep
    ) -> None:
        self._rate = rate
        self.clock = clock
        self.pause = pause
        self._lock = threading.Lock()
        self._paid_until = clock.monotonic()

    def spend(self, units: float) -> None:
        """Units that were used just now."""
        if not self._rate:
            return
        with self._lock:
            now = self.clock.monotonic()
            self._paid_until = max(self._paid_until, now) + units / self._rate
            debt = self._paid_until - now
        self.pause(debt)

    def patience(self) -> Patience:
        """For a request that the store may throttle all the same."""
        return Patience(clock=self.clock, deadline=30, sleep=self.pause)


def export_tables(
    clients: Clients,
    tables: Sequence[Table],
    folder: Path,
    *,
    segments: int = 4,
    rate: float | None = None,
    clock: Clock | None = None,
    pause: Callable[[float], None] = time.sleep,
    progress: Progress = lambda _: None,
) -> tuple[ExportedTable, ...]:
    """Write `folder`; it must not be there. `segments` threads share `rate` (RCU a second).

    Raises InvalidInput for a folder that exists, StoreUnavailable, OSError. Nothing is left then.
    """
    if folder.exists():
        raise InvalidInput(f"{folder} is there already.")
    clock = clock or SystemClock()
    throttle = Throttle(rate, clock, pause)
    partial = folder.with_name(f".{folder.name}.{os.getpid()}.partial")
    partial.parent.mkdir(parents=True, exist_ok=True)
    partial.mkdir(mode=0o700)
    try:
        exported = tuple(
            _export_table(clients, table, partial, segments, throttle, progress) for table in tables
        )
        manifest = {"format": FORMAT, "created": clock.now().isoformat(), "tables": exported}
        text = json.dumps(manifest, default=asdict, indent=2)
        (partial / MANIFEST).write_text(text, encoding="utf-8")
        for path in partial.iterdir():
            _flush(path)
        partial.rename(folder)
    except BaseException:
        shutil.rmtree(partial, ignore_errors=True)
        raise
    _flush(folder.parent)
    return exported


def scan(
    clients: Clients,
    table_name: str,
    throttle: Throttle,
    *,
    segment: int = 0,
    segments: int = 1,
    consistent: bool = False,
) -> Iterator[dict[str, Any]]:
    """The items of one segment. Throttled requests are tried again for a while."""
    request: dict[str, Any] = {
        "TableName": table_name,
        "Segment": segment,
        "TotalSegments": segments,
        "ConsistentRead": consistent,
        "ReturnConsumedCapacity": "TOTAL",
    }
    while True:
        answer = _scan_page(clients.tables, request, throttle)
        size = sum(item_size(item) for item in answer["Items"])
        # Not every store reports what a scan consumes; what it returned is known.
        reported = (answer.get("ConsumedCapacity") or {}).get("CapacityUnits", 0.0)
        throttle.spend(max(reported, size / RCU_BYTES, 0.5))
        yield from answer["Items"]
        if not answer.get("LastEvaluatedKey"):
            return
        request["ExclusiveStartKey"] = answer["LastEvaluatedKey"]


def _scan_page(client: Any, request: dict[str, Any], throttle: Throttle) -> dict[str, Any]:
    failure: StoreUnavailable | None = None
    for _ in throttle.patience().rounds():
        try:
            with store_errors():
                answer: dict[str, Any] = client.scan(**request)
        except StoreUnavailable as error:
            failure = error
        else:
            return answer
    raise failure or StoreUnavailable()


def _export_table(
    clients: Clients,
    table: Table,
    folder: Path,
    segments: int,
    throttle: Throttle,
    progress: Progress,
) -> ExportedTable:
    stop = threading.Event()

    def items_of(segment: int) -> Iterator[dict[str, Any]]:
        return scan(clients, table.name, throttle, segment=segment, segments=segments)

    def export_segment(segment: int) -> tuple[ExportedFile, ItemsDigest]:
        path = folder / f"{table.label}-{segment:04}.jsonl.zst"
        digest = ItemsDigest()
        try:
            with path.open("wb") as raw, zstandard.open(raw, "wt", encoding="utf-8") as lines:
                for item in items_of(segment):
                    line = to_line(item)
                    digest.add(line)
                    lines.write(line + "\n")
                    progress(1)
                    if stop.is_set():
                        raise StoreUnavailable("Another segment could not be read.")
        except BaseException:
            stop.set()
            raise
        file = ExportedFile(name=path.name, items=digest.items, sha256=file_digest(path))
        return file, digest

    whole = ItemsDigest()
    with ThreadPoolExecutor(segments) as pool:
        try:
            parts = list(pool.map(export_segment, range(segments)))
        except BaseException:
            stop.set()
            raise
    for _, digest in parts:
        whole.merge(digest)
    return ExportedTable(
        label=table.label,
        name=table.name,
        items=whole.items,
        digest=whole.hexdigest(),
        files=tuple(file for file, _ in parts),
    )


def file_digest(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal."""
    digest = sha256()
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


def _flush(path: Path) -> None:
    """Written to the disk, not only to the kernel."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
