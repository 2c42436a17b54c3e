"""Days, resets and exact instants."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from algoitny.domain.clock import epoch_ms, epoch_us, from_epoch_us, next_reset, utc_day

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
