"""Taking outputs apart: in one pass, without a list of all parts."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import chain, zip_longest

CHUNK = 1 << 16
SPACE = re.compile(rb"[ \t\n\r\x0b\x0c]")
PART = re.compile(rb"[ \t\n\r\x0b\x0c]+|[^ \t\n\r\x0b\x0c]+")

Same = Callable[[bytes, bytes], bool]
"""(ours, the answer's): whether two parts that are not equal as bytes are as good as equal."""


def tokens_of(data: bytes) -> Iterator[bytes]:
    """The parts between ASCII white space, without a list of all of them."""
    return chain.from_iterable(_token_batches(data))


def lines_of(data: bytes) -> Iterator[bytes]:
    """Lines without their ends and trailing blanks; blank lines at the end are none."""
    data = data.rstrip(b" \t\r\n")
    at = 0
    while at < len(data):
        end = data.find(b"\n", at)
        if end < 0:
            end = len(data)
        yield data[at:end].rstrip(b" \t\r")
        at = end + 1


def compare(
    unit: str, found: Iterator[bytes], expected: Iterator[bytes], same: Same | None = None
) -> str | None:
    """None, or in words where they differ; `unit` is what the parts are called."""
    for number, (ours, theirs) in enumerate(zip_longest(found, expected), 1):
        if ours == theirs:
            continue
        if ours is None:
            return f"the output ends before {unit} {number}"
        if theirs is None:
            return f"the output goes on after the end of the answer, from {unit} {number}"
        if same is None or not same(ours, theirs):
            return f"{unit} {number} differs"
    return None


def compare_with_space(output: bytes, answer: bytes, same: Same | None = None) -> str | None:
    """As `compare` of tokens, but what is between them has to be equal too, byte for byte."""
    before = 0
    for found, expected in zip_longest(PART.finditer(output), PART.finditer(answer)):
        ours = found[0] if found else b""
        theirs = expected[0] if expected else b""
        if ours[:1].isspace() or theirs[:1].isspace():
            if ours != theirs:
                return (
                    f"white space differs after token {before}"
                    if before
                    else ("white space differs at the start")
                )
            continue
        before += 1
        if not ours:
            return f"the output ends before token {before}"
        if not theirs:
            return f"the output goes on after the end of the answer, from token {before}"
        if ours != theirs and (same is None or not same(ours, theirs)):
            return f"token {before} differs"
    return None


def _token_batches(data: bytes) -> Iterator[list[bytes]]:
    at = 0
    while at < len(data):
        boundary = SPACE.search(data, at + CHUNK)
        end = boundary.start() if boundary else len(data)
        yield data[at:end].split()
        at = end
