"""Items as lines, and the digest of a set of them."""

from __future__ import annotations

import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from algoitny.models.kit.table_lines import ItemsDigest, from_line, to_line

scalars = st.one_of(
    st.fixed_dictionaries({"S": st.text()}),
    st.fixed_dictionaries({"N": st.integers().map(str)}),
    st.fixed_dictionaries({"B": st.binary()}),
    st.fixed_dictionaries({"BOOL": st.booleans()}),
    st.fixed_dictionaries({"NULL": st.just(value=True)}),
    st.fixed_dictionaries({"SS": st.sets(st.text(), min_size=1).map(sorted)}),
    st.fixed_dictionaries({"NS": st.sets(st.integers().map(str), min_size=1).map(sorted)}),
)
values = st.recursive(
    scalars,
    lambda inner: st.one_of(
        st.fixed_dictionaries({"L": st.lists(inner)}),
        st.fixed_dictionaries({"M": st.dictionaries(st.text(), inner)}),
    ),
    max_leaves=8,
)
items = st.dictionaries(st.text(min_size=1), values)


@pytest.mark.slow
@given(items)
@settings(max_examples=50)
def test_an_item_survives_its_line(item: dict[str, Any]) -> None:
    line = to_line(item)
    assert "\n" not in line
    assert from_line(line) == item


def test_order_of_names_and_members_does_not_matter() -> None:
    one = {"a": {"SS": ["x", "y"]}, "b": {"BS": [b"2", b"1"]}}
    other = {"b": {"BS": [b"1", b"2"]}, "a": {"SS": ["y", "x"]}}
    assert to_line(one) == to_line(other)
    assert set(from_line(to_line(one))["b"]["BS"]) == {b"1", b"2"}


@pytest.mark.parametrize("line", ["", "[]", '{"a": {"B": "no base64!"}}', "{"])
def test_what_is_no_item_is_refused(line: str) -> None:
    with pytest.raises(ValueError, match=r"line|Expecting|base64|[Pp]added|character"):
        from_line(line)


@given(st.lists(st.text()), st.randoms(use_true_random=False), st.integers(0, 10))
def test_no_order_and_no_split_changes_the_digest(
    lines: list[str], chance: random.Random, cut: int
) -> None:
    whole, first, second = ItemsDigest(), ItemsDigest(), ItemsDigest()
    for line in lines:
        whole.add(line)
    mixed = list(lines)
    chance.shuffle(mixed)
    for line in mixed[:cut]:
        first.add(line)
    for line in mixed[cut:]:
        second.add(line)
    first.merge(second)
    assert (whole.items, whole.hexdigest()) == (first.items, first.hexdigest())


def test_a_line_twice_is_not_a_line_away() -> None:
    once, twice = ItemsDigest(), ItemsDigest()
    for digest, times in ((once, 1), (twice, 3)):
        for _ in range(times):
            digest.add("x")
    assert once.hexdigest() != twice.hexdigest()
