"""The package format's default output validator: what its program does, read off its source."""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from algoitny.domain.errors import InvalidInput
from algoitny.judge.checkers import find_checker

TOLERANT = "float_tolerance 1e-6"


def accepts(arguments: str, output: bytes, answer: bytes) -> bool:
    return find_checker(f"default {arguments}")(output, answer) is None


@pytest.mark.parametrize(
    ("arguments", "output", "answer", "accepted"),
    [
        ("", b"Yes  \n\t 3", b"YES 3\n", True),
        ("", b"3.0", b"3", False),
        ("", b"3", b"3 4", False),
        ("", b"3 4", b"3", False),
        ("", b"", b"\n", True),
        ("", "Ä".encode(), "ä".encode(), False),
        ("case_sensitive", b"Yes", b"YES", False),
        ("case_sensitive", b" Yes\n", b"Yes", True),
        ("space_change_sensitive", b"yes 3\n", b"YES 3\n", True),
        ("space_change_sensitive", b"yes 3", b"YES 3\n", False),
        ("space_change_sensitive", b"yes 3\n\n", b"YES 3\n", False),
        ("space_change_sensitive", b"yes  3\n", b"YES 3\n", False),
        ("space_change_sensitive", b"yes\t3\n", b"YES 3\n", False),
        ("space_change_sensitive", b" yes 3\n", b"YES 3\n", False),
        ("space_change_sensitive", b"yes 3\r\n", b"YES 3\n", False),
        ("space_change_sensitive", b"", b"", True),
        ("space_change_sensitive", b"\n", b"", False),
        ("space_change_sensitive", b"", b"\n", False),
        ("space_change_sensitive case_sensitive", b"yes 3\n", b"YES 3\n", False),
        (TOLERANT, b"1e3", b"1000", True),
        (TOLERANT, b"3.14000000e-2", b"0.0314", True),
        (TOLERANT, b"1.000001", b"1", True),
        (TOLERANT, b"1.0000011", b"1", False),
        (TOLERANT, b"1000001", b"1000000", True),
        (TOLERANT, b"0.0000005", b"0", True),
        (TOLERANT, b"yes 1.0", b"YES 1", True),
        (TOLERANT, b"one", b"1", False),
        (TOLERANT, b"1", b"one", False),
        (TOLERANT, b"INF", b"inf", True),
        (TOLERANT, b"inf", b"1e308", False),
        (TOLERANT, b"nan", b"1", False),
        (TOLERANT, b"NaN", b"nan", True),
        (TOLERANT, b"+5", b"5.", True),
        (TOLERANT, b".5", b"05e-1", True),
        (TOLERANT, b"-0", b"0", True),
        (TOLERANT, b"0x1p3", b"8", True),
        (TOLERANT, b"0x10", b"16", True),
        (TOLERANT, b"0xg", b"16", False),
        (TOLERANT, b"1_000", b"1000", False),
        (TOLERANT, "1٠".encode(), b"10", False),
        (TOLERANT, "−5".encode(), b"-5", False),
        (TOLERANT, b"5x", b"5", False),
        ("float_absolute_tolerance 0.5", b"1000.5", b"1000", True),
        ("float_absolute_tolerance 0.5", b"1000.51", b"1000", False),
        ("float_absolute_tolerance 100", b"1100", b"1000", True),
        ("float_relative_tolerance 0.5", b"1500", b"1000", True),
        ("float_relative_tolerance 0.5", b"0.1", b"0", False),
        ("float_relative_tolerance 0.5 float_absolute_tolerance 1", b"1", b"0", True),
        ("float_tolerance 0.5 float_tolerance 0.1", b"1.4", b"1", False),
        ("float_tolerance 0", b"1.50", b"1.5", True),
        (f"{TOLERANT} space_change_sensitive", b"1.0 2\n", b"1 2\n", True),
        (f"{TOLERANT} space_change_sensitive", b"1.0  2\n", b"1 2\n", False),
        (f"{TOLERANT} case_sensitive", b"A 1.0", b"a 1", False),
        (f"{TOLERANT} case_sensitive", b"a 1.0", b"a 1", True),
    ],
)
def test_what_it_accepts(arguments: str, output: bytes, answer: bytes, accepted: bool) -> None:
    assert accepts(arguments, output, answer) is accepted


@pytest.mark.parametrize(
    ("output", "words"),
    [
        (b"a b c\n", None),
        (b"a x c\n", "token 2 differs"),
        (b"a  b c\n", "white space differs after token 1"),
        (b"\na b c\n", "white space differs at the start"),
        (b"a b", "white space differs after token 2"),
        (b"a b ", "the output ends before token 3"),
        (b"a b c\nd", "the output goes on after the end of the answer, from token 4"),
    ],
)
def test_words_where_space_counts(output: bytes, words: str | None) -> None:
    found = find_checker("default space_change_sensitive")(output, b"a b c\n")
    assert (found and found.words) == words


@pytest.mark.parametrize(
    "arguments",
    [
        "unknown",
        "float_tolerance",
        "float_tolerance x",
        "float_tolerance -1",
        "float_tolerance nan",
        "float_tolerance inf",
        "float_tolerance 1.1",
        "float_relative_tolerance 2",
        "float_absolute_tolerance 1e10",
        "case_sensitive 1",
    ],
)
def test_arguments_that_are_refused(arguments: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        find_checker(f"default {arguments}")
    assert caught.value.errors[0].pointer == "/checker"


# A model of the program: slow, obvious, and in fractions.

FLOAT = re.compile(rb"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?")


def same(ours: bytes, theirs: bytes, flags: Sequence[str], within: Fraction | None) -> bool:
    if within is not None and FLOAT.fullmatch(theirs):
        if not FLOAT.fullmatch(ours):
            return False
        found, expected = Fraction(ours.decode()), Fraction(theirs.decode())
        return abs(found - expected) <= max(within, within * abs(expected))
    if "case_sensitive" in flags:
        return ours == theirs
    return ours.lower() == theirs.lower()


def model(output: bytes, answer: bytes, flags: Sequence[str], within: Fraction | None) -> bool:
    ours, theirs = output.split(), answer.split()
    if "space_change_sensitive" in flags and re.findall(rb"\s+", output) != re.findall(
        rb"\s+", answer
    ):
        return False
    if "space_change_sensitive" in flags and output[:1].isspace() != answer[:1].isspace():
        return False
    return len(ours) == len(theirs) and all(
        same(a, b, flags, within) for a, b in zip(ours, theirs, strict=True)
    )


PIECES = st.sampled_from([b"a", b"A", b"1", b"0", b".", b"e", b"-", b" ", b"\n", b"\t", b"\x0b"])
TEXTS = st.lists(PIECES, max_size=8).map(b"".join)
FLAGS = st.lists(st.sampled_from(["case_sensitive", "space_change_sensitive"]), unique=True)
WITHIN = st.sampled_from([None, "0", "0.1", "1"])


def agrees(output: bytes, answer: bytes, flags: list[str], within: str | None) -> bool:
    arguments = [*flags, *(("float_tolerance", within) if within else ())]
    expected = model(output, answer, flags, Fraction(within) if within else None)
    return accepts(" ".join(arguments), output, answer) is expected


@given(TEXTS, TEXTS, st.lists(st.tuples(st.integers(0, 8), PIECES), max_size=2), FLAGS, WITHIN)
def test_it_agrees_with_a_model(
    answer: bytes,
    other: bytes,
    edits: list[tuple[int, bytes]],
    flags: list[str],
    within: str | None,
) -> None:
    assert agrees(other, answer, flags, within)
    output = answer
    for place, piece in edits:
        output = output[:place] + piece + output[place + 1 :]
    assert agrees(output, answer, flags, within)
