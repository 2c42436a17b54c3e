"""Object stores: a folder and S3 keep the same promises."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from moto import mock_aws

from algoitny.domain.errors import StoreRejected, StoreUnavailable
from algoitny.models.kit.objects import (
    FolderStore,
    ObjectMissing,
    ObjectStore,
    S3Store,
    open_objects,
)

pytestmark = pytest.mark.slow

MEGABYTE = 2**20


@pytest.fixture
def folder(tmp_path: Path) -> FolderStore:
    store = open_objects(f"folder:{tmp_path / 'objects'}", region="us-east-1")
    assert isinstance(store, FolderStore)
    return store


@pytest.fixture
def s3(monkeypatch: pytest.MonkeyPatch) -> Iterator[S3Store]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    with mock_aws():
        boto3.client("s3", region_name="us-east-1").create_bucket(Bucket="values")
        store = open_objects("s3://values/some/prefix/", region="us-east-1", attempts=1)
        assert isinstance(store, S3Store)
        yield store


@pytest.fixture(params=["folder", "s3"])
def store(request: pytest.FixtureRequest) -> ObjectStore:
    found: ObjectStore = request.getfixturevalue(request.param)
    return found


def test_objects_come_back_and_go(store: ObjectStore) -> None:
    data = os.urandom(3 * MEGABYTE)
    store.put("tests/a/1", data)
    store.put("tests/a/2", b"")
    store.put("tests/ab/1", b"other")
    assert store.get("tests/a/1", limit_bytes=len(data)) == data
    assert store.get("tests/a/2", limit_bytes=0) == b""
    assert list(store.names("tests/a")) == ["tests/a/1", "tests/a/2"]
    assert sorted(store.names("tests")) == ["tests/a/1", "tests/a/2", "tests/ab/1"]
    store.delete("tests/a/1")
    store.delete("tests/a/1")
    assert list(store.names("tests/a")) == ["tests/a/2"]
    assert list(store.names("nothing")) == []


def test_what_is_not_there_or_too_large_is_an_error(store: ObjectStore) -> None:
    with pytest.raises(ObjectMissing):
        store.get("a", limit_bytes=1)
    store.put("a", b"xx")
    with pytest.raises(StoreUnavailable):
        store.get("a", limit_bytes=1)


def test_names_stay_in_the_store(store: ObjectStore) -> None:
    long = "a" * 513
    for name in ("", "/etc/passwd", "../a", "a/../b", "a//b", "a/", ".a", "a/.b", "a\0", "é", long):
        for call in (
            lambda name=name: store.put(name, b""),
            lambda name=name: store.get(name, limit_bytes=1),
            lambda name=name: store.delete(name),
            lambda name=name: list(store.names(name)),
        ):
            with pytest.raises(StoreRejected):
                call()


def test_a_bucket_that_is_not_there(s3: S3Store) -> None:
    lost = S3Store(s3._client, bucket="lost", prefix="")
    for call in (
        lambda: lost.put("a", b""),
        lambda: lost.get("a", limit_bytes=1),
        lambda: lost.delete("a"),
        lambda: list(lost.names("a")),
    ):
        with pytest.raises(StoreUnavailable):
            call()


def test_an_s3_that_does_not_answer() -> None:
    store = open_objects(
        "s3://values", region="us-east-1", endpoint="http://127.0.0.1:9", attempts=1
    )
    assert store is not None
    with pytest.raises(StoreUnavailable):
        store.put("a", b"")
    with pytest.raises(StoreUnavailable):
        store.get("a", limit_bytes=1)


def test_a_full_disk_leaves_nothing_behind(
    folder: FolderStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder.put("a/1", b"old")

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StoreUnavailable, match="No space left"):
        folder.put("a/1", b"new")
    assert folder.get("a/1", limit_bytes=9) == b"old"
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == ["1"]


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    store = FolderStore(tmp_path / "file")
    with pytest.raises(StoreUnavailable):
        store.put("a", b"")
    with pytest.raises(StoreUnavailable):
        store.get("a", limit_bytes=1)


def test_unfinished_writes_are_not_listed(folder: FolderStore, tmp_path: Path) -> None:
    folder.put("a/1", b"")
    (tmp_path / "objects/a/.0123456789abcdef").write_bytes(b"half")
    assert list(folder.names("a")) == ["a/1"]


@pytest.mark.parametrize("location", ["folder:", "s3://", "/tmp", "http://x", "s3:/x"])
def test_locations_that_are_none(location: str) -> None:
    with pytest.raises(ValueError, match="neither"):
        open_objects(location, region="us-east-1")


def test_no_location_is_no_store() -> None:
    assert open_objects(None, region="us-east-1") is None


def test_requests_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    store: Any = open_objects(
        "s3://b", region="us-east-1", endpoint="http://127.0.0.1:9", attempts=2, read_timeout=7
    )
    config = store._client.meta.config
    assert (config.connect_timeout, config.read_timeout) == (1.0, 7)
    assert config.retries["total_max_attempts"] == 2
