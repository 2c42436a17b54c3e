"""Values in an object store: what was put there comes back, or an error."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
import zstandard

from algoitny.domain.errors import StoreUnavailable
from algoitny.models.kit.attributes import ValueDamaged, compress, decompress, unpacked_size
from algoitny.models.kit.objects import FolderStore, ObjectMissing
from algoitny.models.kit.spill import Spill, Spilled, digest

LIMIT = 2**20


@pytest.fixture
def objects(tmp_path: Path) -> FolderStore:
    return FolderStore(tmp_path)


@pytest.mark.parametrize("payload", [b"", b"1\n" * 300_000, os.urandom(LIMIT)], ids=len)
def test_a_value_comes_back(objects: FolderStore, payload: bytes) -> None:
    spill = Spill(objects)
    assert spill.load(spill.store("a/1", payload), limit_bytes=LIMIT) == payload


def test_a_missing_object_is_an_error(objects: FolderStore) -> None:
    with pytest.raises(ObjectMissing):
        Spill(objects).load(Spilled("a/1", digest(b"")), limit_bytes=LIMIT)


@pytest.mark.parametrize(
    "found",
    [compress(b"other"), compress(b"value")[:-1], b"", b"no frame", compress(b"value")[:5]],
)
def test_damaged_objects_are_never_handed_out(objects: FolderStore, found: bytes) -> None:
    spill = Spill(objects)
    spilled = spill.store("a/1", b"value")
    objects.put("a/1", found)
    with pytest.raises(ValueDamaged):
        spill.load(spilled, limit_bytes=LIMIT)


def test_a_bomb_is_refused_unopened(objects: FolderStore) -> None:
    spill = Spill(objects)
    bomb = spill.store("a/1", bytes(LIMIT + 1))
    assert len(objects.get("a/1", limit_bytes=LIMIT)) < 1000
    with pytest.raises(ValueDamaged, match="larger"):
        spill.load(bomb, limit_bytes=LIMIT)
    # A frame that does not tell its size might be of any.
    stream = zstandard.ZstdCompressor().compressobj()
    silent = stream.compress(b"value") + stream.flush()
    with pytest.raises(ValueDamaged):
        decompress(silent)
    lying = bytearray(compress(bytes(1000)))
    size_at = lying.index((1000 - 256).to_bytes(2, "little"))
    lying[size_at : size_at + 2] = (1).to_bytes(2, "little")
    with pytest.raises(ValueDamaged):
        decompress(bytes(lying))


def test_the_size_is_told_before_unpacking() -> None:
    assert unpacked_size(compress(b"abc")) == 3


def test_without_a_store_there_is_neither_way() -> None:
    spill = Spill(None)
    assert not spill
    with pytest.raises(StoreUnavailable, match="OBJECT_STORE"):
        spill.store("a", b"")
    with pytest.raises(StoreUnavailable, match="OBJECT_STORE"):
        spill.load(Spilled("a", ""), limit_bytes=1)
