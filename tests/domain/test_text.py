"""What text may come in."""

from __future__ import annotations

import pytest

from algoitny.domain.errors import InvalidInput
from algoitny.domain.text import check_segment, check_text


@pytest.mark.parametrize("text", ["", "print(1)\n", "한국어 ✓ \U0001f600", "tab\tand\r\n"])
def test_what_a_person_types_is_kept_as_it_is(text: str) -> None:
    assert check_text("/code", text, max_bytes=100) == text


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("a\0b", "NUL"),
        ("\ud800", "surrogate"),
        ("x" * 101, "101 bytes; at most 100"),
        ("é" * 51, "102 bytes"),
    ],
)
def test_the_rest_is_refused_by_name(text: str, why: str) -> None:
    with pytest.raises(InvalidInput, match=why) as refusal:
        check_text("/code", text, max_bytes=100)
    assert [error.pointer for error in refusal.value.errors] == ["/code"]


@pytest.mark.parametrize("text", ["1000", "1#a", "a b", "...", "가나", "x" * 64])
def test_what_can_stand_in_an_address(text: str) -> None:
    assert check_segment("/name", text, max_length=64) == text


@pytest.mark.parametrize(
    "text", ["", "x" * 65, "a/b", ".", "..", " a", "a ", "a\n", "a\x1bb", "a\0b", "\ud800"]
)
def test_what_cannot(text: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        check_segment("/name", text, max_length=64)
    assert [error.pointer for error in refusal.value.errors] == ["/name"]
