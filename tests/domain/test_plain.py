"""Values of records in JSON."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from algoitny.domain.plain import plain


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (datetime(2025, 3, 14, 9, 26, 53, tzinfo=UTC), '"2025-03-14T09:26:53.000000Z"'),
        (date(2025, 3, 14), '"2025-03-14"'),
        (Decimal("9.5"), "9.5"),
        ({"b", "a"}, '["a", "b"]'),
        (frozenset({"a"}), '["a"]'),
        (b"\0\xff", '"AP8="'),
    ],
)
def test_what_json_does_not_know(value: object, text: str) -> None:
    assert json.dumps(value, default=plain) == text


def test_what_is_no_value_of_a_record() -> None:
    with pytest.raises(TypeError, match="object is not JSON"):
        json.dumps(object(), default=plain)
