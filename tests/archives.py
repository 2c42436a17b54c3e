"""Zip archives as users and attackers make them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Mapping


def zipped(
    files: Mapping[str, bytes] | Iterable[tuple[str | zipfile.ZipInfo, bytes]],
    method: int = zipfile.ZIP_DEFLATED,
) -> bytes:
    """An archive of these files, in this order."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", method) as archive:
        for name, data in files.items() if isinstance(files, Mapping) else files:
            archive.writestr(name, data, method)
    return packed.getvalue()


def pairs(*names: str) -> dict[str, bytes]:
    """A small test under each name."""
    files = [f"{name}{ending}" for name in names for ending in (".in", ".ans")]
    return {file: f"{file}\n".encode() for file in files}


def a_link(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name)
    info.create_system = 3
    info.external_attr = 0o120777 << 16
    return info


def changed(archive: bytes, old: bytes, new: bytes) -> bytes:
    """With every `old` replaced by as many bytes."""
    assert old in archive
    assert len(old) == len(new)
    return archive.replace(old, new)


def with_flag(archive: bytes, flag: int) -> bytes:
    """With a general purpose flag set in every header."""
    result = bytearray(archive)
    for signature, offset in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        at = result.find(signature)
        while at >= 0:
            flags = int.from_bytes(result[at + offset : at + offset + 2], "little") | flag
            result[at + offset : at + offset + 2] = flags.to_bytes(2, "little")
            at = result.find(signature, at + 4)
    return bytes(result)
