"""An append-only file of changes, and the snapshot that keeps it short; of any kind of changes.

    snapshot           the whole state as of a sequence number
    snapshot.previous  the one before it
    journal-00…017     what changed after a snapshot: the records from number 17 on; kept as long as
                       one of the two snapshots needs them

All are text, one record a line: the CRC-32 of the rest in eight hexadecimal digits, a space, JSON.
A record of the journal is `{"n": 17, "durable": 15, "changes": […]}`: its number, which is one more
than that of the record before; the number up to which everything was synced when it was written;
and what one request changed, whole. A snapshot begins with `{"snapshot": N}` and ends with
`{"until": M}`: see `Journal.snapshot`.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
from binascii import crc32
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

Changes = list[Any]
"""Anything that JSON can hold; applying the same changes twice must be the same as once."""

LONGEST_BYTES = 32 * 1024 * 1024
"""A journal longer than this, and than its snapshot, is due for a new snapshot."""


class Damaged(Exception):
    """The files are not what was written. The sentence says where and what can be done."""


class Journal:
    """The files of one folder. One process at a time; all but `settle` and `snapshot` at once."""

    def __init__(self, folder: Path, *, longest_bytes: int | None = None) -> None:
        self.sequence = 0
        """The number of the last record."""
        self.durable = 0
        """Up to this one, all records are known to be on the disk."""
        self.failure: str | None = None
        """Why nothing more can be appended; only a new start ends that."""
        self._folder = folder
        self._longest_bytes = LONGEST_BYTES if longest_bytes is None else longest_bytes
        self._snapshot = folder / "snapshot"
        self._previous = folder / "snapshot.previous"
        self._snapshot_sequence = 0
        self._end: tuple[Path | None, int] = (None, 0)
        self._file = -1
        self._size = 0
        self._syncing: asyncio.Task[None] | None = None
        self._sync_failed = False

    def read(self, apply: Callable[[Changes], None]) -> None:
        """Pass all changes to `apply`, in order, and learn where they end. Raises Damaged, OSError;
        writes nothing."""
        try:
            self._read_all(apply)
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            how = f"there is something that this version does not know: {error!r}"
            raise self._damaged(self._folder, how) from error

    def _read_all(self, apply: Callable[[Changes], None]) -> None:
        snapshot, until = self._read_snapshot(apply)
        self._snapshot_sequence = self.sequence = snapshot
        files = self._files_after(snapshot)
        if snapshot and not files:
            # A file was begun for what comes after it, before the snapshot was.
            raise self._damaged(self._folder, f"the journal after number {snapshot} is missing")
        size = 0
        for path in files:
            first = _first_number(path)
            if first != self.sequence + 1:
                raise self._damaged(path, f"records before number {first} are missing")
            size = self._read_file(path, apply, is_last=path == files[-1])
        if self.sequence < until:
            raise self._damaged(self._folder, f"records after {self.sequence} are missing")
        self._end = (files[-1] if files else None), size

    def open(self) -> None:
        """After `read`: cut off what a kill left unfinished, and be ready to append. Raises
        OSError."""
        self._snapshot.with_suffix(".new").unlink(missing_ok=True)
        path, size = self._end
        if path is None:
            self._begin_file()
        else:
            self._file, self._size = os.open(path, os.O_WRONLY | os.O_APPEND), size
            os.ftruncate(self._file, size)
            os.fsync(self._file)
        self.durable = self.sequence

    def append(self, changes: Changes) -> None:
        """One record, all of it or nothing. A kill of this process does not undo it from now on; a
        loss of power does not after `settle`. Raises OSError, and from then on always."""
        if self.failure:
            raise OSError(self.failure)
        record = {"n": self.sequence + 1, "durable": self.durable, "changes": changes}
        line = encode(record)
        try:
            rest = memoryview(line)
            while rest:
                rest = rest[os.write(self._file, rest) :]
        except OSError as error:
            self._fail(error)
            with contextlib.suppress(OSError):
                os.ftruncate(self._file, self._size)
            raise
        self.sequence += 1
        self._size += len(line)

    async def settle(self) -> None:
        """Return when all that was appended before is on the disk. One sync serves all who wait.
        Raises OSError."""
        goal = self.sequence
        while self.durable < goal:
            if self._sync_failed:
                raise OSError(self.failure)
            if self._syncing is None:
                self._syncing = asyncio.create_task(self._sync())
            await asyncio.shield(self._syncing)

    @property
    def is_long(self) -> bool:
        """Whether a snapshot is due."""
        if self._size <= self._longest_bytes:
            return False
        try:
            return self._size > self._snapshot.stat().st_size
        except FileNotFoundError:
            return True

    async def snapshot(self, state: Iterable[Changes]) -> None:
        """Write a snapshot, and drop the records that it makes superfluous. Raises OSError; what
        was there before then stays.

        `state` yields changes that make the whole state out of nothing, in portions between which
        others may go on appending. A portion may so be older or newer than another, and the
        snapshot as a whole something that never was. But whatever changes after number N, at which
        it begins, is in a record after N, and is applied over it. It names the last record, M, that
        it may hold a part of, and is of no use without the records up to that.
        """
        if self.sequence == self._snapshot_sequence:
            return
        self._rotate()
        begun_at = self.sequence
        new = self._snapshot.with_suffix(".new")
        with new.open("wb") as file:
            file.write(encode({"snapshot": begun_at}))
            for changes in state:
                file.write(encode({"changes": changes}))
                await asyncio.sleep(0)
                if self.failure:
                    raise OSError(self.failure)
            await self.settle()
            file.write(encode({"until": self.durable}))
            file.flush()
            await asyncio.to_thread(os.fsync, file.fileno())
        if self._snapshot.exists():
            self._snapshot.replace(self._previous)
        new.replace(self._snapshot)
        self._sync_folder()
        needed = self._files_after(self._snapshot_sequence)
        for path in set(self._files_after(0)) - set(needed):
            path.unlink()
        self._snapshot_sequence = begun_at

    def close(self) -> None:
        os.close(self._file)

    def _read_file(self, path: Path, apply: Callable[[Changes], None], *, is_last: bool) -> int:
        """How much of it is good."""
        offset = 0
        with path.open("rb") as lines:
            for line in lines:
                record = decode(line)
                if record is None:
                    if not is_last or _was_synced(self.sequence + 1, lines):
                        cut = f"truncate -s {offset} {path}"
                        raise self._damaged(path, f"at byte {offset}; `{cut}` drops what follows")
                    break
                if record["n"] != self.sequence + 1:
                    raise self._damaged(path, f"no record {self.sequence + 1} at byte {offset}")
                apply(record["changes"])
                self.sequence += 1
                offset += len(line)
        return offset

    def _read_snapshot(self, apply: Callable[[Changes], None]) -> tuple[int, int]:
        """The number at which it begins, and up to which records must be there."""
        path = self._snapshot if self._snapshot.exists() else self._previous
        if not path.exists():
            return 0, 0
        begun_at = 0
        with path.open("rb") as lines:
            for number, line in enumerate(lines):
                record = decode(line)
                if record is None or (number == 0) != ("snapshot" in record):
                    break
                if "until" in record:
                    return begun_at, record["until"]
                begun_at = record.get("snapshot", begun_at)
                apply(record.get("changes", []))
        way_out = "move it away: what is beside it comes to the same"
        raise self._damaged(path, way_out if path == self._snapshot else "without another one")

    def _damaged(self, path: Path, how: str) -> Damaged:
        return Damaged(
            f"The saved data in {path} is damaged ({how}). Nothing was changed. "
            f"To start empty, move {self._folder} away."
        )

    def _files_after(self, sequence: int) -> list[Path]:
        """Those that hold, or will hold, records after that number; files begin where snapshots
        do, so they hold no others."""
        paths = sorted(self._folder.glob("journal-*"))
        return [path for path in paths if _first_number(path) > sequence]

    def _begin_file(self) -> None:
        path = self._folder / f"journal-{self.sequence + 1:016}"
        flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT
        self._file, self._size = os.open(path, flags, 0o600), 0
        self._sync_folder()

    def _rotate(self) -> None:
        """Go on in a new file, after all of this one is on the disk."""
        try:
            os.fsync(self._file)
        except OSError as error:
            self._sync_failed = True
            self._fail(error)
            raise
        self.durable = self.sequence
        if self._size == 0:
            return
        full = self._file
        self._begin_file()
        if self._syncing:
            self._syncing.add_done_callback(lambda _: os.close(full))
        else:
            os.close(full)

    async def _sync(self) -> None:
        goal = self.sequence
        try:
            await asyncio.to_thread(os.fdatasync, self._file)
            self.durable = max(self.durable, goal)
        except OSError as error:
            # The kernel may have dropped what it could not write: a second try proves nothing.
            self._sync_failed = True
            self._fail(error)
            raise
        finally:
            self._syncing = None

    def _sync_folder(self) -> None:
        folder = os.open(self._folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    def _fail(self, error: OSError) -> None:
        self.failure = self.failure or error.strerror or str(error)


def encode(record: dict[str, Any]) -> bytes:
    """One line."""
    text = json.dumps(record, separators=(",", ":")).encode()
    return b"%08x %b\n" % (crc32(text), text)


def decode(line: bytes) -> dict[str, Any] | None:
    """None when the line is not whole, or not what was written."""
    text = line[9:-1]
    if line[-1:] != b"\n" or line[:9] != b"%08x " % crc32(text):
        return None
    record: dict[str, Any] = json.loads(text)
    return record


def _first_number(path: Path) -> int:
    return int(path.name.removeprefix("journal-"))


def _was_synced(number: int, after: Iterator[bytes]) -> bool:
    """Whether a later record tells that this one had reached the disk, so that it is not torn but
    damaged. Without power, lines that no sync has covered may be lost in any order."""
    records = map(decode, after)
    return any(record is not None and record["durable"] >= number for record in records)
