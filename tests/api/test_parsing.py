"""Reading a body: the whole of it or nothing, and never more work than it is worth."""

from __future__ import annotations

from io import BytesIO

import pytest
from flask import Flask, request

from algoitny.api.errors import MalformedRequest
from algoitny.api.parsing import MOST_MEMBERS, StrictParser
from algoitny.domain.errors import InvalidInput


class Broken(BytesIO):
    """A body that the server cannot read on."""

    def read(self, *_: object) -> bytes:
        raise RuntimeError("invalid chunk size")

    readline = readinto = read  # type: ignore[assignment]


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
