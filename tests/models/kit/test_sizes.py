"""Sizes as AWS counts them, and the limits."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from algoitny.domain.errors import TooLarge
from algoitny.models.kit.sizes import (
    ITEM_LIMIT_BYTES,
    check_item,
    check_transaction,
    cut,
    item_size,
    value_size,
)


@pytest.mark.parametrize(
    ("value", "size"),
    [
        ({"S": "abc"}, 3),
        ({"S": "é"}, 2),
        ({"B": b"\0\1"}, 2),
        ({"N": "0"}, 1),
        ({"N": "7"}, 2),
        ({"N": "12"}, 2),
        ({"N": "123"}, 3),
        ({"N": "-123"}, 4),
        ({"N": "1000"}, 2),
        ({"N": "-0.00120"}, 3),
        ({"N": "123.45"}, 4),
        ({"N": "+1.20E+3"}, 2),
        ({"N": "9" * 38}, 20),
        ({"S": ""}, 0),
        ({"B": b""}, 0),
        ({"L": []}, 3),
        ({"M": {}}, 3),
        ({"L": [{"M": {"é": {"NULL": True}}}]}, 3 + 1 + (3 + 1 + 2 + 1)),
        ({"BOOL": True}, 1),
        ({"NULL": True}, 1),
        ({"SS": ["ab", "c"]}, 3),
        ({"NS": ["12", "3"]}, 4),
        ({"BS": [b"abc"]}, 3),
        ({"L": [{"S": "a"}, {"S": "b"}]}, 3 + 2 + 2),
        ({"M": {"k": {"S": "ab"}}}, 3 + 1 + 1 + 2),
    ],
)
def test_the_size_of_a_value(value: dict[str, Any], size: int) -> None:
    assert value_size(value) == size


def test_names_count_too() -> None:
    assert item_size({"PK": {"S": "abc"}, "é": {"BOOL": True}}) == 2 + 3 + 2 + 1


def test_the_edge_of_an_item() -> None:
    assert check_item({"x": {"B": bytes(ITEM_LIMIT_BYTES - 1)}}) == ITEM_LIMIT_BYTES
    with pytest.raises(TooLarge):
        check_item({"x": {"B": bytes(ITEM_LIMIT_BYTES)}})


def test_the_edges_of_a_transaction() -> None:
    check_transaction([1] * 100)
    with pytest.raises(TooLarge):
        check_transaction([1] * 101)
    check_transaction([4 * 1024 * 1024])
    with pytest.raises(TooLarge):
        check_transaction([4 * 1024 * 1024, 1])


@given(st.text(st.characters(exclude_categories=["Cs"])), st.integers(0, 30))
def test_a_cut_text_fits_and_is_a_beginning(text: str, limit: int) -> None:
    short = cut(text, limit)
    assert len(short.encode()) <= limit
    assert text.startswith(short)
    assert short == text or len((short + text[len(short)]).encode()) > limit
