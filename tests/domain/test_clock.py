"""Days, resets and exact instants."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from algoitny.domain.clock import (
    epoch_ms,
    epoch_us,
    format_date,
    from_epoch_us,
    next_reset,
    parse_date,
    utc_day,
)

INSTANTS = st.datetimes(
    min_value=datetime(1970, 1, 1),  # noqa: DTZ001 - the strategy adds the zone
    max_value=datetime(2200, 1, 1),  # noqa: DTZ001 - the strategy adds the zone
    timezones=st.just(UTC),
)


@given(INSTANTS)
def test_microseconds_survive_the_round_trip(instant: datetime) -> None:
    assert from_epoch_us(epoch_us(instant)) == instant
    assert epoch_ms(instant) == epoch_us(instant) // 1000


@given(INSTANTS)
def test_the_reset_is_the_next_utc_midnight(instant: datetime) -> None:
    reset = next_reset(instant)
    assert (reset.hour, reset.minute, reset.second, reset.microsecond) == (0, 0, 0, 0)
    assert timedelta(0) < reset - instant <= timedelta(days=1)
    assert utc_day(reset) == utc_day(instant) + timedelta(days=1)


def test_the_day_is_that_of_utc_wherever_the_clock_hangs() -> None:
    seoul = timezone(timedelta(hours=9))
    assert utc_day(datetime(2026, 3, 2, 8, 59, tzinfo=seoul)) == date(2026, 3, 1)
    assert utc_day(datetime(2026, 3, 2, 9, 0, tzinfo=seoul)) == date(2026, 3, 2)


@given(st.dates())
def test_a_date_survives_the_round_trip(day: date) -> None:
    assert parse_date(format_date(day)) == day


@pytest.mark.parametrize(
    "text", ["", "2025314", "2025-03-14", "20250230", "20250014", "２０２５０３１４"]
)
def test_what_is_no_date(text: str) -> None:
    with pytest.raises(ValueError, match=r"date|day|month|year"):
        parse_date(text)
