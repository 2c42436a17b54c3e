"""Reading a body: the whole of it or nothing, and never more work than it is worth."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO, RawIOBase
from socket import socket, socketpair
from typing import Any

import marshmallow as ma
import pytest
from flask import Flask, Request, request

from algoitny.api import parsing
from algoitny.api.errors import MalformedRequest
from algoitny.api.parsing import MOST_MEMBERS, StrictParser
from algoitny.api.receiving import received
from algoitny.domain.errors import InvalidInput


class Broken(BytesIO):
    """A body that the server cannot read on."""

    def read(self, *_: object) -> bytes:
        raise RuntimeError("invalid chunk size")

    readline = readinto = read  # type: ignore[assignment]


class Arriving(RawIOBase):
    """A body as a client sends it."""

    def __init__(self, connection: socket) -> None:
        self.connection = connection

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        return self.connection.recv_into(buffer)


def load(body: bytes, *, length: int | None = None, stream: BytesIO | None = None) -> object:
    with Flask("test").test_request_context(
        "/",
        method="POST",
        input_stream=stream or BytesIO(body),
        content_type="application/json",
        environ_overrides={
            "CONTENT_LENGTH": str(len(body) if length is None else length),
            "wsgi.input_terminated": True,  # as gunicorn says
        },
    ):
        return StrictParser().load_json(request, None)  # type: ignore[arg-type]


def test_a_whole_body() -> None:
    assert load(b'{"a": [1, {"b": 2}]}') == {"a": [1, {"b": 2}]}


def test_half_a_body_is_not_taken_for_a_whole_one() -> None:
    with pytest.raises(MalformedRequest):
        load(b'{"a": 1}', length=500)


def test_a_body_that_cannot_be_read() -> None:
    with pytest.raises(MalformedRequest):
        load(b"{}", stream=Broken(b"{}"))


def from_json(req: Request) -> None:
    StrictParser().load_json(req, ma.Schema())


def from_file(req: Request) -> None:
    with received(req):
        pass


@pytest.mark.parametrize(
    "read", [lambda req: StrictParser().load_json(req, ma.Schema()), from_file]
)
def test_nobody_waits_for_a_client_that_has_fallen_silent(
    read: Callable[[Request], object], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parsing, "SILENCE_SECONDS", 0.01)
    ours, theirs = socketpair()
    environ = {
        "wsgi.input": Arriving(ours),
        "wsgi.input_terminated": True,
        "CONTENT_LENGTH": "100",
        parsing.CONNECTION: ours,
    }
    context = Flask("test").test_request_context(method="PUT", environ_overrides=environ)
    with ours, theirs, context:
        theirs.sendall(b"{")
        with pytest.raises(MalformedRequest, match=r"0\.01 seconds"):
            read(request)
        assert ours.gettimeout() is None  # an answer may take its time


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        (b'{"a": [%s]}' % b",".join([b"1"] * (MOST_MEMBERS + 1)), "/a"),
        (b'{"a": [{"b": [%s]}]}' % b",".join([b"1"] * (MOST_MEMBERS + 1)), "/a/0/b"),
        (b"{%s}" % b",".join(b'"k%d": 1' % n for n in range(MOST_MEMBERS + 1)), ""),
    ],
)
def test_crowds_are_refused_before_each_is_looked_at(body: bytes, pointer: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        load(body)
    assert [error.pointer for error in refusal.value.errors] == [pointer]
