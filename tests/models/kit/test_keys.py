"""Key templates: what is built can be parsed, sorts as meant, and fits the store."""

from __future__ import annotations

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from algoitny.domain.errors import InvalidInput, TooLarge
from algoitny.models.kit.keys import (
    SORT_LIMIT_BYTES,
    escape,
    natural,
    partition_key,
    sort_key,
    unescape,
    unnatural,
)

TEXT = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=60)
PAIR = partition_key("P#{a}#{b}")
DATED = sort_key("D#{day:day}#{n:05}#{who}")
NATURAL = sort_key("{number:natural}")


@given(TEXT)
def test_an_escaped_text_has_no_separator_and_comes_back(text: str) -> None:
    assert "#" not in escape(text)
    assert unescape(escape(text)) == text


@given(TEXT, TEXT)
def test_parts_come_back_whatever_they_hold(a: str, b: str) -> None:
    assert PAIR.parse(PAIR(a=a, b=b)) == {"a": a, "b": b}


@given(TEXT, TEXT, TEXT, TEXT)
def test_no_two_pairs_share_a_key(a: str, b: str, c: str, d: str) -> None:
    assert (PAIR(a=a, b=b) == PAIR(a=c, b=d)) == ((a, b) == (c, d))


@given(st.dates(), st.integers(0, 99999), TEXT)
def test_dates_and_numbers_come_back(day: date, number: int, who: str) -> None:
    assert DATED.parse(DATED(day=day, n=number, who=who)) == {"day": day, "n": number, "who": who}


@given(st.lists(st.tuples(st.dates(), st.integers(0, 99999)), min_size=2, max_size=8))
def test_keys_sort_by_date_then_number(rows: list[tuple[date, int]]) -> None:
    keys = [DATED(day=day, n=number, who="x") for day, number in rows]
    assert sorted(keys) == [DATED(day=day, n=number, who="x") for day, number in sorted(rows)]


@given(TEXT)
def test_the_natural_form_comes_back(text: str) -> None:
    assert unnatural(natural(text)) == text
    assert NATURAL.parse(NATURAL(number=text)) == {"number": text}


@given(st.lists(st.integers(0, 10**12), min_size=2, max_size=10))
def test_natural_order_of_numbers_is_their_order(numbers: list[int]) -> None:
    keys = sorted(NATURAL(number=str(number)) for number in numbers)
    assert [int(str(NATURAL.parse(key)["number"])) for key in keys] == sorted(numbers)


@given(TEXT, TEXT, TEXT)
def test_a_prefix_never_takes_in_a_neighbour(a: str, b: str, c: str) -> None:
    assert PAIR(a=a, b=b).startswith(PAIR.prefix(a=c)) == (a == c)


@given(st.dates(), st.dates(), st.integers(0, 99999), TEXT)
def test_a_days_prefix_is_that_days_only(day: date, other: date, number: int, who: str) -> None:
    key = DATED(day=day, n=number, who=who)
    assert key.startswith(DATED.prefix(day=other)) == (day == other)
    # Key ranges from a day's prefix to the next: none below, none of the next day.
    assert (DATED.prefix(day=other) < key) == (other <= day)


@given(TEXT, TEXT)
def test_two_texts_never_share_a_natural_form(a: str, b: str) -> None:
    assert (NATURAL(number=a) == NATURAL(number=b)) == (a == b)


@given(st.integers(0, 10**12), st.integers(0, 10**12), st.sampled_from(["", "A", "-2", " b"]))
def test_natural_order_is_by_the_first_number(a: int, b: int, rest: str) -> None:
    first, second = natural(f"{a}{rest}"), natural(f"{b}{rest}")
    assert (first < second) == (a < b)


def test_natural_order_of_mixed_names() -> None:
    names = ["1", "2", "10", "1A", "1B", "2A", "100", "A1", "A10", "A9"]
    expected = ["1", "1A", "1B", "2", "2A", "10", "100", "A1", "A9", "A10"]
    assert sorted(names, key=natural) == expected


def test_what_natural_never_made_is_refused() -> None:
    with pytest.raises(ValueError, match="natural"):
        unnatural("7!7")


@pytest.mark.parametrize(
    ("parts", "prefix"),
    [
        ({}, "D#"),
        ({"day": date(2025, 3, 4)}, "D#20250304#"),
        ({"day": date(2025, 3, 4), "n": 7}, "D#20250304#00007#"),
    ],
)
def test_a_prefix_ends_before_the_first_missing_part(parts: dict[str, object], prefix: str) -> None:
    assert DATED.prefix(**parts) == prefix  # type: ignore[arg-type]  # a table of parts
    assert DATED(day=date(2025, 3, 4), n=7, who="me").startswith(prefix)


@pytest.mark.parametrize("number", [-1, 100_000])
def test_a_number_that_would_sort_wrongly_is_refused(number: int) -> None:
    with pytest.raises(InvalidInput, match="n is"):
        DATED(day=date(2025, 1, 1), n=number, who="x")


def test_an_empty_part_is_refused() -> None:
    with pytest.raises(InvalidInput, match="empty"):
        PAIR(a="", b="x")


def test_a_lone_surrogate_is_refused() -> None:
    with pytest.raises(InvalidInput, match="surrogate"):
        PAIR(a="\ud800", b="x")


@pytest.mark.parametrize("size", [SORT_LIMIT_BYTES - 2, SORT_LIMIT_BYTES - 1])
def test_the_limit_is_in_bytes(size: int) -> None:
    template = sort_key("X#{text}")
    assert len(template(text="x" * (SORT_LIMIT_BYTES - 2))) == SORT_LIMIT_BYTES
    with pytest.raises(TooLarge):
        template(text="é" * (size // 2 + 1))


def test_forgotten_and_unknown_parts_are_mistakes() -> None:
    with pytest.raises(TypeError, match="needs b"):
        PAIR(a="x")
    with pytest.raises(TypeError, match="no place for c"):
        PAIR(a="x", b="y", c="z")
    with pytest.raises(TypeError, match="must be text"):
        PAIR(a=1, b="y")


@pytest.mark.parametrize("key", ["", "P#a", "P#a#b#c", "Q#a#b", "P##b"])
def test_a_foreign_key_is_not_parsed(key: str) -> None:
    with pytest.raises(ValueError, match=re.escape(repr(key))):
        PAIR.parse(key)
