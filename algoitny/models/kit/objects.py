"""Object stores: whole values too large for a row, under names of ours. A folder, or S3.

An object is written once, under a name that nothing else ever has, and never changed. Not here:
what is in it, and which row names it; see `kit.spill`.
"""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

from botocore.config import Config  # type: ignore[import-untyped]  # botocore ships no types
from botocore.exceptions import BotoCoreError, ClientError  # type: ignore[import-untyped]
from botocore.session import Session  # type: ignore[import-untyped]

from algoitny.domain.errors import StoreRejected, StoreUnavailable
from algoitny.models.kit.binding import credentials_for

FOLDER = "folder:"
S3 = "s3://"

_NAME = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]*(/[A-Za-z0-9_-][A-Za-z0-9._-]*)*")
_LONGEST_NAME = 512
_MISSING = frozenset({"NoSuchKey", "404", "NotFound"})


class ObjectMissing(StoreUnavailable):
    """A row names an object that is not there."""


class ObjectStore(Protocol):
    """Every method raises StoreUnavailable, and StoreRejected for a name that is not one."""

    def put(self, name: str, data: bytes) -> None:
        """Write a whole object: when this returns, it is there to stay."""
        ...

    def get(self, name: str, *, limit_bytes: int) -> bytes:
        """A whole object. Raises ObjectMissing; StoreUnavailable for one that is larger."""
        ...

    def delete(self, name: str) -> None:
        """Remove an object; nothing when it is not there."""
        ...

    def names(self, folder: str) -> Iterator[str]:
        """The full names of all objects in a folder."""
        ...


def open_objects(
    location: str | None,
    *,
    region: str,
    endpoint: str | None = None,
    connect_timeout: float = 1.0,
    read_timeout: float = 10.0,
    attempts: int = 4,
) -> ObjectStore | None:
    """The store at `folder:<path>` or `s3://bucket/prefix`; None for none. Touches no network.

    Time-outs in seconds; `attempts` counts the first try. ValueError for any other location.
    """
    if location is None:
        return None
    if location.startswith(FOLDER) and len(location) > len(FOLDER):
        return FolderStore(Path(location.removeprefix(FOLDER)))
    bucket, _, prefix = location.removeprefix(S3).partition("/")
    if not location.startswith(S3) or not bucket:
        raise ValueError(f"{location!r} is neither folder:<path> nor s3://bucket/prefix")
    access_key, secret_key = credentials_for(endpoint)
    client = Session().create_client(
        "s3",
        region_name=region,
        endpoint_url=endpoint,
        aws_access_key_id=access_key,
        aws_secret_access_key=secret_key,
        config=Config(
            connect_timeout=connect_timeout,
            read_timeout=read_timeout,
            retries={"mode": "standard", "total_max_attempts": attempts},
            # A bucket's name as part of the host needs a name server that knows it.
            s3={"addressing_style": "path" if endpoint else "auto"},
            # Not every server knows them, and each value has a digest of its own.
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
        ),
    )
    return S3Store(client, bucket=bucket, prefix=prefix.strip("/"))


class FolderStore:
    """Objects as files. For one machine: its web and worker processes share the folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder.absolute()

    def put(self, name: str, data: bytes) -> None:
        path = self._path(name)
        staged = path.with_name(f".{secrets.token_hex(8)}")
        with _files():
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            try:
                with staged.open("xb") as file:
                    file.write(data)
                    file.flush()
                    os.fsync(file.fileno())
                staged.replace(path)
                _sync_folder(path.parent)
            finally:
                staged.unlink(missing_ok=True)

    def get(self, name: str, *, limit_bytes: int) -> bytes:
        path = self._path(name)
        with _files():
            try:
                with path.open("rb") as file:
                    data = file.read(limit_bytes + 1)
            except FileNotFoundError:
                raise ObjectMissing("A value is not in the object store.") from None
        return _within(data, len(data), limit_bytes)

    def delete(self, name: str) -> None:
        path = self._path(name)
        with _files():
            path.unlink(missing_ok=True)

    def names(self, folder: str) -> Iterator[str]:
        path = self._path(folder)
        with _files():
            files = sorted(found for found in path.rglob("[!.]*") if found.is_file())
        return (str(found.relative_to(self._folder)) for found in files)

    def _path(self, name: str) -> Path:
        return self._folder / _checked(name)


class S3Store:
    """Objects in a bucket, under a prefix; `client` is botocore's."""

    def __init__(self, client: Any, *, bucket: str, prefix: str) -> None:
        self._client = client
        self._bucket = bucket
        self._prefix = f"{prefix}/" if prefix else ""

    def put(self, name: str, data: bytes) -> None:
        with _s3():
            self._client.put_object(Bucket=self._bucket, Key=self._key(name), Body=data)

    def get(self, name: str, *, limit_bytes: int) -> bytes:
        with _s3():
            answer = self._client.get_object(Bucket=self._bucket, Key=self._key(name))
            with answer["Body"] as body:
                size = int(answer["ContentLength"])
                data: bytes = b"" if size > limit_bytes else body.read()
        return _within(data, size, limit_bytes)

    def delete(self, name: str) -> None:
        with _s3():
            self._client.delete_object(Bucket=self._bucket, Key=self._key(name))

    def names(self, folder: str) -> Iterator[str]:
        pages = self._client.get_paginator("list_objects_v2").paginate(
            Bucket=self._bucket, Prefix=f"{self._key(folder)}/"
        )
        with _s3():
            for page in pages:
                for entry in page.get("Contents", ()):
                    yield str(entry["Key"]).removeprefix(self._prefix)

    def _key(self, name: str) -> str:
        return self._prefix + _checked(name)


def _checked(name: str) -> str:
    """`name`, when it stays in the store: no `..`, no absolute path, no hidden file."""
    if len(name) > _LONGEST_NAME or not _NAME.fullmatch(name):
        raise StoreRejected("This is not the name of an object.")
    return name


def _within(data: bytes, size: int, limit_bytes: int) -> bytes:
    if size > limit_bytes:
        raise StoreUnavailable(f"A stored object is larger than {limit_bytes} bytes.")
    return data


def _sync_folder(folder: Path) -> None:
    # The rename is on disk only when its folder is.
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def _files() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StoreUnavailable(
            f"The object store's folder cannot be used ({error.strerror})."
        ) from error


@contextmanager
def _s3() -> Iterator[None]:
    try:
        yield
    except ClientError as error:
        code = str(error.response.get("Error", {}).get("Code", ""))
        status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
        if code in _MISSING:
            raise ObjectMissing("A value is not in the object store.") from error
        raise StoreUnavailable(f"S3 answered {code or status}.") from error
    except BotoCoreError as error:
        raise StoreUnavailable(f"S3 did not answer ({type(error).__name__}).") from error
