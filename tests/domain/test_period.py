"""Periods: names and the days that belong to them."""

from __future__ import annotations

from datetime import date

import pytest

from algoitny.domain.errors import InvalidInput
from algoitny.domain.period import ALL, month_of, parse_period, week_of, year_of


@pytest.mark.parametrize(
    ("name", "first", "last"),
    [
        ("2025", date(2025, 1, 1), date(2025, 12, 31)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("2025-12", date(2025, 12, 1), date(2025, 12, 31)),
        ("2025-W01", date(2024, 12, 30), date(2025, 1, 5)),
        ("2020-W53", date(2020, 12, 28), date(2021, 1, 3)),
        ("9999", date(9999, 1, 1), date(9999, 12, 31)),
        ("all", date.min, date.max),
    ],
)
def test_names_and_days(name: str, first: date, last: date) -> None:
    period = parse_period(name)
    assert (period.name, period.first, period.last) == (name, first, last)
    if last < date.max:
        assert period.end.date() == last.fromordinal(last.toordinal() + 1)


@pytest.mark.parametrize(
    "text",
    [
        *("", "All", "25", "0000", "2025-13", "2025-00", "2025-3", "2025-W00", "2025-W53"),
        *("2025-03-01", "٢٠٢٥", "2025\n", "9999-W53", "2025-W", "-2025", "2021-W54"),
    ],
)
def test_what_is_no_period(text: str) -> None:
    with pytest.raises(InvalidInput):
        parse_period(text)


def test_a_day_is_in_its_periods() -> None:
    day = date(2024, 12, 31)
    for period in (ALL, year_of(day), month_of(day), week_of(day)):
        assert period.first <= day <= period.last
        assert parse_period(period.name) == period
    assert week_of(day).name == "2025-W01"
