"""Zip archives that users send: listed and read within bounds, so that none of them does any harm.

The listing is looked through as a whole before anything is read: links, names that lead elsewhere,
encryption and rare compression methods are refused. What the members mean is not decided here.
There is no bound of the ratio: a million equal numbers pack a thousand to one, and are a good test.
How much is unpacked, the reader counts, whatever the archive says.
"""

from __future__ import annotations

import io
import os
import stat
import struct
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, cast

from algoitny.domain.errors import FieldError, InvalidInput, MalformedArchive

MOST_DIRECTORY_BYTES = 1024 * 1024
"""Of the listing at an archive's end, which is read at once."""

LONGEST_NAME = 255
CHUNK_BYTES = 64 * 1024

_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
"""What every tool writes. LZMA may ask its reader for gigabytes of memory."""

_ENCRYPTED = 0x1 | 0x40
_UTF8 = 0x800
_JUNK_FOLDER = "__MACOSX"
_JUNK_FILES = frozenset({".DS_Store", "Thumbs.db", "desktop.ini"})
_APPLE_DOUBLE = "._"

_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    NotImplementedError,
    OverflowError,
    RuntimeError,
    ValueError,
)
"""What `zipfile` raises for archives that are not as they should be."""


class _TooMany(Exception):
    """The archive's listing is too long."""


@dataclass(frozen=True, slots=True)
class Member:
    """A plain file in an archive, under its whole name."""

    name: str
    info: zipfile.ZipInfo

    @property
    def pointer(self) -> str:
        """Where it is, for errors."""
        return pointer_to(self.name)


class Archive:
    """An open archive. What operating systems leave in archives by themselves is not listed."""

    def __init__(self, file: IO[bytes], *, most_members: int) -> None:
        """`file` may be sought, and stays the caller's. Raises MalformedArchive,
        InvalidInput."""
        many = f"The archive has too many members; at most {most_members} are accepted."
        try:
            with _damage_of(""):
                self._zip = zipfile.ZipFile(cast("IO[bytes]", _Wary(file)))
                counted = _said_count(file)
        except _TooMany:
            raise InvalidInput.field("", many) from None
        infos = self._zip.infolist()
        if len(infos) > most_members:
            raise InvalidInput.field("", many)
        if len(infos) != counted:
            raise _damaged("")
        size = file.seek(0, os.SEEK_END)
        named = [(_name(info), info) for info in infos]
        wanted = [(name, info) for name, info in named if not _is_junk(name)]
        bad = [
            FieldError(pointer_to(name), detail)
            for name, info in wanted
            if (detail := _objection(name, info))
        ]
        if bad:
            raise InvalidInput.fields(bad)
        for name, info in wanted:
            if not 0 <= info.header_offset < size:
                raise _damaged(pointer_to(name))
        self.members = tuple(Member(name, info) for name, info in wanted if not name.endswith("/"))
        uses = Counter(member.name for member in self.members)
        twice = [name for name, count in uses.items() if count > 1]
        if twice:
            raise InvalidInput.fields(
                FieldError(pointer_to(name), "More than once in the archive.") for name in twice
            )

    def chunks(self, member: Member) -> Iterator[bytes]:
        """Its content, little by little. Raises MalformedArchive, at the latest at the end."""
        size = 0
        with _damage_of(member.pointer), self._zip.open(member.info) as content:
            while chunk := content.read(CHUNK_BYTES):
                size += len(chunk)
                yield chunk
        if size != member.info.file_size:
            raise _damaged(member.pointer)

    def read(self, member: Member) -> bytes:
        """Its whole content. Raises MalformedArchive."""
        content = io.BytesIO()
        for chunk in self.chunks(member):
            content.write(chunk)
        return content.getvalue()


class _Wary:
    """A file for `zipfile`, which asks for an archive's whole listing at once, however long that
    says it is."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.seek, self.tell = file.seek, file.tell

    def seekable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        if size > MOST_DIRECTORY_BYTES:
            raise _TooMany
        return self._file.read(size)


def _said_count(file: IO[bytes]) -> int:
    """How many members the archive says that it has. `zipfile` does not compare it with what it
    lists, where one damaged length makes the next member part of another one's comment."""
    end = zipfile._EndRecData(file)  # type: ignore[attr-defined]  # noqa: SLF001 - nothing public knows it
    return int(end[zipfile._ECD_ENTRIES_TOTAL])  # type: ignore[attr-defined]  # noqa: SLF001 - as above


def pointer_to(name: str) -> str:
    """A member's name as a JSON pointer (RFC 6901)."""
    shown = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in name)
    if len(shown) > LONGEST_NAME:
        shown = shown[:LONGEST_NAME] + "…"
    return "/" + shown.replace("~", "~0")


@contextmanager
def _damage_of(pointer: str) -> Iterator[None]:
    try:
        yield
    except _DAMAGE:
        raise _damaged(pointer) from None


def _damaged(pointer: str) -> MalformedArchive:
    what = "It is damaged." if pointer else "Not a zip archive, or a damaged one."
    return MalformedArchive.fields([FieldError(pointer, what)])


def _name(info: zipfile.ZipInfo) -> str:
    """The name as it stands in the archive. Many tools write UTF-8 without saying so."""
    name = info.orig_filename
    if info.flag_bits & _UTF8:
        return name
    try:
        return name.encode("cp437").decode()
    except UnicodeDecodeError:
        raise InvalidInput.fields(
            [FieldError(pointer_to(name), "Its name is not UTF-8.")]
        ) from None


def _is_junk(name: str) -> bool:
    folder, slash, _ = name.partition("/")
    last = name.rpartition("/")[2]
    is_apple = (folder == _JUNK_FOLDER and slash) or last.startswith(_APPLE_DOUBLE)
    return bool(is_apple) or last in _JUNK_FILES


def _objection(name: str, info: zipfile.ZipInfo) -> str | None:
    """Why a member is refused; None when it is fine."""
    kind = stat.S_IFMT(info.external_attr >> 16)
    parts = name.removesuffix("/").split("/")
    is_file = not name.endswith("/")
    objections = (
        (
            not name.isprintable() or len(name) > LONGEST_NAME,
            f"Its name is not 1 to {LONGEST_NAME} printable characters.",
        ),
        ("\\" in name, "A backslash in its name: folders are separated by slashes."),
        (not {"", ".", ".."}.isdisjoint(parts), "Its name is absolute, or leads elsewhere."),
        (kind not in (0, stat.S_IFREG, stat.S_IFDIR), "A link or a device, not a file."),
        (is_file and info.flag_bits & _ENCRYPTED, "It is encrypted."),
        (
            is_file and info.compress_type not in _METHODS,
            "Its compression is neither `stored` nor `deflate`.",
        ),
    )
    return next((detail for is_so, detail in objections if is_so), None)
