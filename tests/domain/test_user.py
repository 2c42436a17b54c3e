"""Names and addresses of people."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from algoitny.domain.user import fold_email, pseudonym


@given(st.emails())
def test_spellings_of_one_address_are_equal(email: str) -> None:
    assert fold_email(email.upper().lower()) == fold_email(f" {email.lower()} ")


def test_a_pseudonym_is_stable_and_tells_nothing() -> None:
    first, second = pseudonym("01ARZ3NDEKTSV4RRFFQ69G5FAV"), pseudonym("01ARZ3NDEKTSV4RRFFQ69G5FAW")
    assert first == pseudonym("01ARZ3NDEKTSV4RRFFQ69G5FAV")
    assert first != second
    assert "01ARZ" not in first
    assert "@" not in first
