"""Values too large for a row: kept in an object store, named by the row.

The object is written before the row that names it, so that a row never names what is not there;
an object whose row was never written harms nobody. What is read back is compared with the digest
that the row keeps: damaged data are an error, never an answer.
"""

from __future__ import annotations

import hashlib
from typing import NamedTuple

from algoitny.domain.errors import StoreUnavailable
from algoitny.models.kit.attributes import ValueDamaged, compress_parts, decompress
from algoitny.models.kit.objects import ObjectStore

ROW_VALUE_LIMIT_BYTES = 300 * 1024
"""Compressed bytes that one row holds: what is larger goes to the object store."""
ENCODING = "zstd"
_FRAME_OVERHEAD_BYTES = 4096


class Spilled(NamedTuple):
    """What a row keeps of a value that is elsewhere: the object's name, the value's digest."""

    ref: str
    sha: str


def digest(*parts: bytes) -> str:
    """Of a value, which may come in parts: tells it from another, and a damaged one from a whole
    one."""
    total = hashlib.sha256()
    for part in parts:
        total.update(part)
    return total.hexdigest()[:32]


class Spill:
    """Puts values into an object store and gets them back; without a store it can do neither."""

    def __init__(self, objects: ObjectStore | None) -> None:
        self.objects = objects

    def __bool__(self) -> bool:
        """Whether values can be spilled."""
        return self.objects is not None

    def store(self, name: str, *parts: bytes) -> Spilled:
        """One request for a value, which may come in parts; `name` must be new. Raises
        StoreUnavailable."""
        self._opened().put(name, compress_parts(*parts))
        return Spilled(name, digest(*parts))

    def load(self, spilled: Spilled, *, limit_bytes: int) -> bytes:
        """One request. Raises StoreUnavailable, as ObjectMissing or ValueDamaged where it is one.

        No more than `limit_bytes` are ever unpacked.
        """
        # What cannot be compressed grows a little.
        stored_limit = limit_bytes + limit_bytes // 128 + _FRAME_OVERHEAD_BYTES
        data = self._opened().get(spilled.ref, limit_bytes=stored_limit)
        payload = decompress(data, limit_bytes=limit_bytes)
        if digest(payload) != spilled.sha:
            raise ValueDamaged("A value in the object store is not what was put there.")
        return payload

    def _opened(self) -> ObjectStore:
        if self.objects is None:
            raise StoreUnavailable("A value is in an object store, and OBJECT_STORE names none.")
        return self.objects
