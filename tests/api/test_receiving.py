"""A body that is a file: the whole of it or nothing, and never more than is accepted."""

from __future__ import annotations

import tempfile
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask, request
from werkzeug.exceptions import RequestEntityTooLarge

from algoitny.api.errors import MalformedRequest, UnsupportedMediaType
from algoitny.api.receiving import CHUNK_BYTES, received
from algoitny.domain.errors import Unavailable

LIMIT = 3 * CHUNK_BYTES


class Broken(BytesIO):
    """A body that the server cannot read on."""

    def readinto(self, _: object) -> int:
        raise RuntimeError("invalid chunk size")


def receive(body: BytesIO, length: int | None, **headers: str) -> bytes:
    said = {"HTTP_TRANSFER_ENCODING": "chunked"} if length is None else {}
    with Flask("test").test_request_context(
        "/",
        method="PUT",
        input_stream=body,
        headers=headers,
        environ_overrides={
            "CONTENT_LENGTH": "" if length is None else str(length),
            "wsgi.input_terminated": True,  # as gunicorn says
            **said,
        },
    ):
        request.max_content_length = LIMIT
        with received(request) as file:
            found = file.read()
        assert file.closed
        return found


@pytest.mark.parametrize("size", [0, 1, CHUNK_BYTES, CHUNK_BYTES + 1, LIMIT])
def test_a_whole_body(size: int) -> None:
    body = bytes(range(256)) * (size // 256 + 1)
    assert receive(BytesIO(body[:size]), size) == body[:size]


def test_a_body_that_does_not_say_its_length() -> None:
    assert receive(BytesIO(b"x" * (LIMIT - 1)), None) == b"x" * (LIMIT - 1)
    with pytest.raises(RequestEntityTooLarge):
        receive(BytesIO(b"x" * (LIMIT + 1)), None)


def test_a_body_that_is_too_large() -> None:
    with pytest.raises(RequestEntityTooLarge):
        receive(BytesIO(b"x" * (LIMIT + 1)), LIMIT + 1)


def test_half_a_body_is_not_taken_for_a_whole_one() -> None:
    for stream in (BytesIO(b"x" * 99), Broken(b"x" * 99)):
        with pytest.raises(MalformedRequest):
            receive(stream, 100)


@pytest.mark.parametrize("size", [1, CHUNK_BYTES])
def test_a_disk_that_is_full(size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also when that shows only as the last bytes leave the buffer."""
    monkeypatch.setattr(tempfile, "TemporaryFile", lambda: Path("/dev/full").open("r+b"))  # noqa: SIM115 - closed by whom it tests
    with pytest.raises(Unavailable):
        receive(BytesIO(b"x" * size), size)


def test_a_body_that_is_compressed_on_its_way() -> None:
    with pytest.raises(UnsupportedMediaType):
        receive(BytesIO(b"x"), 1, **{"Content-Encoding": "gzip"})
