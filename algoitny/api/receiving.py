"""Receiving a body that is a file: onto the disk as it comes, so that its size costs no memory."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import IO

from flask import Request

from algoitny.api.parsing import check_whole, reading, require_plain
from algoitny.domain.errors import Unavailable

CHUNK_BYTES = 64 * 1024


@contextmanager
def received(req: Request) -> Iterator[IO[bytes]]:
    """The whole body, in a file without a name that ends with the block, however that ends.

    Raises MalformedRequest for half a body or one that stands still, RequestEntityTooLarge,
    UnsupportedMediaType for one that is compressed on its way, Unavailable when this machine has no
    room for it.
    """
    require_plain(req)
    with _room():
        file = tempfile.TemporaryFile()  # noqa: SIM115 - closed below
    try:
        size = 0
        # Reading on at the end of a body of just the size that is accepted is refused.
        while size != req.content_length and (chunk := _chunk(req)):
            with _room():
                file.write(chunk)
            size += len(chunk)
        check_whole(req, size)
        with _room():
            file.seek(0, os.SEEK_SET)
        yield file
    finally:
        with suppress(OSError):  # the end of what there was no room for, tried once more
            file.close()


def _chunk(req: Request) -> bytes:
    with reading(req):
        return req.stream.read(CHUNK_BYTES)


@contextmanager
def _room() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise Unavailable("There is no room for the upload just now.") from error
