"""Days in a row."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from algoitny.services.stats import streak

TODAY = date(2025, 3, 14)


@pytest.mark.parametrize(
    ("days_ago", "length"),
    [
        ([], 0),
        ([0], 1),
        ([1], 1),
        ([2], 0),
        ([0, 1, 2], 3),
        ([1, 2, 3], 3),
        ([0, 2, 3], 1),
        ([5, 0, 1, 2, 4], 3),
        (range(90), 90),
    ],
)
def test_streak(days_ago: list[int], length: int) -> None:
    assert streak((TODAY - timedelta(days=days) for days in days_ago), TODAY) == length
