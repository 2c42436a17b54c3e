"""Sealed texts: readable with the same key for the same purpose, and with nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from algoitny.domain.errors import StoreRejected
from algoitny.providers.seal import Seal

SEAL = Seal("s" * 40, purpose="webhooks")


@given(st.text(st.characters(codec="utf-8")))
def test_what_is_sealed_is_read_again(text: str) -> None:
    sealed = SEAL.close(text)
    assert SEAL.open(sealed) == text
    assert len(text) < 8 or text.encode() not in sealed


def test_it_is_never_the_same_twice() -> None:
    assert SEAL.close("secret") != SEAL.close("secret")


@pytest.mark.parametrize(
    "other", [Seal("t" * 40, purpose="webhooks"), Seal("s" * 40, purpose="else")]
)
def test_another_key_or_purpose_opens_nothing(other: Seal) -> None:
    with pytest.raises(StoreRejected):
        other.open(SEAL.close("secret"))


@pytest.mark.parametrize("position", [0, 12, 40, -1])
def test_what_was_changed_is_refused(position: int) -> None:
    sealed = bytearray(SEAL.close("secret"))
    sealed[position] ^= 1
    with pytest.raises(StoreRejected):
        SEAL.open(bytes(sealed))
