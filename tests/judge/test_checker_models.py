"""All checkers against what they mean, written the slow and simple way; and what they cost."""

from __future__ import annotations

import re
import tracemalloc
from collections import Counter
from fractions import Fraction
from typing import Any, SupportsIndex

import pytest
from hypothesis import given
from hypothesis import strategies as st

from algoitny.judge import tokens
from algoitny.judge.checkers import Difference, find_checker

PIECES = st.sampled_from(
    [
        b"a",
        b"A",
        b"1",
        b"0",
        b".",
        b"e",
        b"-",
        b"+",
        b" ",
        b"\n",
        b"\t",
        b"\r",
        b"\0",
        b"\xc3",
        b"_",
    ]
)
TEXTS = st.lists(PIECES, max_size=10).map(b"".join)
EDITS = st.lists(st.tuples(st.integers(0, 10), PIECES, st.booleans()), max_size=3)
NUMBER = re.compile(rb"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)(e[+-]?[0-9]+)?", re.IGNORECASE)


def lines(text: bytes) -> list[bytes]:
    found = [line.rstrip(b" \t\r") for line in text.split(b"\n")]
    while found and not found[-1]:
        found.pop()
    return found


def close(ours: bytes, theirs: bytes) -> bool:
    if ours == theirs:
        return True
    if not (NUMBER.fullmatch(ours) and NUMBER.fullmatch(theirs)):
        return False
    found, expected = Fraction(ours.decode()), Fraction(theirs.decode())
    return abs(found - expected) <= max(Fraction(1, 10), abs(expected) / 10)


def model(spec: str, output: bytes, answer: bytes) -> bool:
    ours, theirs = output.split(), answer.split()
    match spec:
        case "exact":
            return output == answer
        case "tokens":
            return ours == theirs
        case "case-insensitive":
            return [word.lower() for word in ours] == [word.lower() for word in theirs]
        case "lines":
            return lines(output) == lines(answer)
        case "unordered-lines":
            return Counter(lines(output)) == Counter(lines(answer))
        case _:
            return len(ours) == len(theirs) and all(map(close, ours, theirs))


SPECS = ["exact", "tokens", "case-insensitive", "lines", "unordered-lines", "floats 0.1"]


def edited(text: bytes, edits: list[tuple[int, bytes, bool]]) -> bytes:
    for place, piece, replaces in edits:
        text = text[:place] + piece + text[place + replaces :]
    return text


@pytest.mark.parametrize("spec", SPECS)
@given(answer=TEXTS, other=TEXTS, edits=EDITS)
def test_a_checker_accepts_what_its_model_accepts(
    spec: str, answer: bytes, other: bytes, edits: list[tuple[int, bytes, bool]]
) -> None:
    check = find_checker(spec)
    for output in (answer, other, edited(answer, edits)):
        assert (check(output, answer) is None) is model(spec, output, answer), output


@given(answer=TEXTS, edits=EDITS)
def test_presentation_errors_are_right_tokens_in_wrong_lines(
    answer: bytes, edits: list[tuple[int, bytes, bool]]
) -> None:
    output = edited(answer, edits)
    found = find_checker("lines presentation")(output, answer)
    if model("lines", output, answer):
        assert found is None
    else:
        assert isinstance(found, Difference)
        assert found.is_presentation is model("tokens", output, answer)


SECRETS = st.text("qwxz", min_size=4, max_size=8)


@given(
    st.lists(SECRETS, min_size=1, max_size=5),
    TEXTS,
    st.sampled_from([*SPECS, "default", "default space_change_sensitive", "lines presentation"]),
)
def test_no_word_of_the_answer_is_told(secrets: list[str], output: bytes, spec: str) -> None:
    found = find_checker(spec)(output, "\n".join(secrets).encode())
    assert found is not None
    assert not any(secret in found.words for secret in secrets)


# What they cost: bytes that are looked at or copied, and memory, never seconds.


class Counted(bytes):
    """Counts the bytes that its methods look at or copy, and those of its parts."""

    work = 0

    def __getitem__(self, key: SupportsIndex | slice) -> Any:
        part = super().__getitem__(key)
        if isinstance(part, int):
            return part
        Counted.work += len(part)
        return Counted(part)

    def find(self, sub: Any, start: Any = 0, end: Any = None) -> int:
        found = super().find(sub, start)
        Counted.work += (len(self) if found < 0 else found) - start
        return found

    def rstrip(self, characters: Any = None) -> bytes:
        part = super().rstrip(characters)
        Counted.work += len(self)
        return Counted(part)

    def split(self, *arguments: Any) -> list[bytes]:
        Counted.work += len(self)
        return super().split(*arguments)

    def lower(self) -> bytes:
        Counted.work += len(self)
        return Counted(super().lower())


class CountedSpace:
    """In place of the pattern that looks for white space."""

    @staticmethod
    def search(data: bytes, start: int) -> re.Match[bytes] | None:
        found = REAL_SPACE.search(data, start)
        Counted.work += (found.end() if found else len(data)) - start
        return found


REAL_SPACE = tokens.SPACE
HOSTILE = {
    "many tokens": lambda size: b"7 " * (size // 2),
    "empty lines": lambda size: b"\n" * size + b"x",
    "blanks": lambda size: b" " * size,
    "blanks at the ends of lines": lambda size: (b"x" + b" " * 98 + b"\n") * (size // 100),
    "carriage returns": lambda size: b"x" + b"\r" * size + b"x",
    "one long line": lambda size: b"x" * size,
    "different lines": lambda size: b"".join(b"%07d\n" % n for n in range(size // 8)),
    "numbers": lambda size: b"1.5 " * (size // 4),
    "long numbers": lambda size: (b"9" * 999 + b" ") * (size // 1000),
}


@pytest.mark.parametrize("kind", HOSTILE)
@pytest.mark.parametrize("spec", [*SPECS, "default", "default float_tolerance 0.1"])
def test_work_grows_with_the_size_and_no_faster(
    spec: str, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tokens, "SPACE", CountedSpace)
    monkeypatch.setattr(tokens, "CHUNK", 256)
    check = find_checker(spec)

    def work(size: int) -> int:
        Counted.work = 0
        data = HOSTILE[kind](size)
        check(Counted(data), Counted(data + b"8"))
        check(Counted(data + b" 9"), Counted(data))
        return Counted.work

    small, large = 4_000, 20_000
    assert work(small) <= 20 * small
    assert work(large) <= 20 * large


@pytest.mark.slow
@pytest.mark.parametrize("kind", HOSTILE)
@pytest.mark.parametrize("spec", ["tokens", "lines", "unordered-lines", "floats", "default"])
def test_memory_does_not_grow_with_the_number_of_tokens(spec: str, kind: str) -> None:
    """Many tokens against few: a list of them would take twenty times the output."""
    check = find_checker(spec)
    output = HOSTILE[kind](500_000)
    tracemalloc.start()
    try:
        check(output, b"7 7 7 7\n")
        check(output, output[:-2])
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    # Unordered lines are counted: what the answer, which the setter gave, consists of is kept.
    kept = 40 if spec == "unordered-lines" and kind == "different lines" else 0
    assert peak < 2.5 * len(output) + kept * len(output) + 4_000_000


def test_a_checker_stops_where_outputs_differ(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tokens, "SPACE", CountedSpace)
    Counted.work = 0
    assert find_checker("tokens")(Counted(b"1 " * 500_000), b"2") is not None
    assert Counted.work < 4 * tokens.CHUNK
