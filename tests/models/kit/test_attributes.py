"""Attribute types: exact, compressed, and cut to what is stored."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from algoitny.domain.clock import from_epoch_us
from algoitny.models.kit import attributes
from algoitny.models.kit.attributes import (
    CompressedJSONAttribute,
    CompressedTextAttribute,
    DecimalAttribute,
    InstantAttribute,
    IntAttribute,
    IntSetAttribute,
    ValueDamaged,
    compress,
    compress_parts,
    decompress,
    whole_milliseconds,
)

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(st.binary(max_size=5000))
def test_bytes_come_back(data: bytes) -> None:
    assert decompress(compress(data)) == data


def test_threads_unpack_at_once() -> None:
    values = [bytes([number]) * (number + 1) * 20_000 for number in range(8)]
    packed = [compress(value) for value in values]

    def unpack_often(number: int) -> bool:
        return all(decompress(packed[number]) == values[number] for _ in range(50))

    with ThreadPoolExecutor(len(values)) as pool:
        assert all(pool.map(unpack_often, range(len(values))))


def test_damaged_bytes_harm_no_others() -> None:
    packed = compress(b"some text " * 100)
    for cut in (packed[:-3], packed[:10] + b"\xff" * 10):
        with pytest.raises(ValueDamaged):
            decompress(cut)
        assert decompress(packed) == b"some text " * 100


@given(st.lists(st.binary(max_size=2000), max_size=4), st.integers(1, 700))
def test_parts_come_back_as_one(parts: list[bytes], step: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(attributes, "_STEP_BYTES", step)
        assert decompress(compress_parts(*parts)) == b"".join(parts)


@pytest.mark.slow
@given(JSON)
def test_any_json_comes_back(value: Any) -> None:
    attribute = CompressedJSONAttribute()
    assert attribute.deserialize(attribute.serialize(value)) == value


def test_a_programs_broken_output_comes_back() -> None:
    attribute = CompressedJSONAttribute()
    assert attribute.deserialize(attribute.serialize("\ud800")) == "\ud800"


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_text_comes_back(text: str) -> None:
    attribute = CompressedTextAttribute()
    assert attribute.deserialize(attribute.serialize(text)) == text


def test_repetition_is_cheap() -> None:
    assert len(compress(b"wrong answer on line 1\n" * 1000)) < 200


@given(st.integers(-(10**38) + 1, 10**38 - 1))
def test_whole_numbers_are_exact(number: int) -> None:
    attribute = IntAttribute()
    assert attribute.deserialize(attribute.serialize(number)) == number


def test_a_number_written_by_another_client() -> None:
    assert IntAttribute().deserialize("3.0") == 3
    assert IntAttribute().deserialize("-3E+1") == -30


@given(
    st.decimals(allow_nan=False, allow_infinity=False, places=2, min_value=-9999, max_value=9999)
)
def test_money_is_exact(amount: Decimal) -> None:
    attribute = DecimalAttribute()
    assert attribute.deserialize(attribute.serialize(amount)) == amount


@given(st.sets(st.integers(0, 99999)))
def test_sets_of_numbers_come_back(numbers: set[int]) -> None:
    attribute = IntSetAttribute()
    assert attribute.deserialize(attribute.serialize(numbers)) == numbers


@given(st.integers(0, 7_000_000_000_000_000).map(from_epoch_us))
def test_instants_are_stored_in_milliseconds(instant: datetime) -> None:
    attribute = InstantAttribute()
    stored = attribute.deserialize(attribute.serialize(instant))
    assert stored == whole_milliseconds(instant)
    assert 0 <= (instant - stored).total_seconds() < 0.001
