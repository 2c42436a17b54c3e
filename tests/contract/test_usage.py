"""Usage: exact counts, logs that never overwrite each other."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from algoitny.domain.errors import InvalidCursor, InvalidInput, QuotaExceeded
from algoitny.domain.repositories import Repositories
from algoitny.domain.usage import Action, DayUsage, UsageLog, UserDay
from tests.builders import KEY
from tests.clock import FixedClock

MIDNIGHT = datetime(2025, 3, 15, tzinfo=UTC)


def test_units_are_taken_up_to_the_limit(repositories: Repositories, clock: FixedClock) -> None:
    usage = repositories.usage
    assert usage.check_rate_limit("ann", Action.HINT, 2) == (True, 0, MIDNIGHT)
    counts = [usage.consume("ann", Action.HINT, limit=2, key=f"k{n}") for n in range(2)]
    assert counts == [1, 2]
    assert usage.check_rate_limit("ann", Action.HINT, 2) == (False, 2, MIDNIGHT)
    with pytest.raises(QuotaExceeded) as caught:
        usage.consume("ann", Action.HINT, limit=2, key="k3")
    refusal = caught.value
    assert (refusal.action, refusal.count, refusal.limit) == ("hint", 2, 2)
    assert refusal.reset_time == MIDNIGHT
    assert usage.get_day("ann") == DayUsage(day=clock.now().date(), hints=2)
    assert len(usage.get_usage_logs("ann", start=clock.now().date()).items) == 2


def test_actions_users_and_days_have_counts_of_their_own(
    repositories: Repositories, clock: FixedClock
) -> None:
    usage = repositories.usage
    for action in Action:
        assert usage.consume("ann", action, limit=1, key="k") == 1
    assert usage.consume("bob", Action.HINT, limit=1, key="k") == 1
    clock.advance(days=1)
    assert usage.check_rate_limit("ann", Action.HINT, 1)[0]
    assert usage.consume("ann", Action.HINT, limit=1, key="k") == 1


def test_the_same_key_again_takes_nothing(repositories: Repositories, clock: FixedClock) -> None:
    usage = repositories.usage
    for _ in range(3):
        assert usage.consume("ann", Action.RUN, limit=1, key="same") == 1
        clock.advance(1)
    assert usage.get_daily_usage_count("ann", Action.RUN) == 1
    assert len(usage.get_usage_logs("ann", start=clock.now().date()).items) == 1


def test_no_limit_still_counts(repositories: Repositories) -> None:
    usage = repositories.usage
    assert [usage.consume("ann", Action.RUN, limit=-1, key=str(n)) for n in range(3)] == [1, 2, 3]
    assert usage.check_rate_limit("ann", Action.RUN, -1)[:2] == (True, 3)


def test_logs_of_one_instant_do_not_overwrite_each_other(
    repositories: Repositories, clock: FixedClock
) -> None:
    usage = repositories.usage
    written = [
        usage.log_usage("ann", Action.EXECUTION, problem=KEY, metadata={"n": str(n)})
        for n in range(5)
    ]
    logs = usage.get_usage_logs("ann", start=clock.now().date()).items
    assert sorted(logs, key=str) == sorted(written, key=str)
    assert usage.get_daily_usage_count("ann", Action.EXECUTION) == 0


def test_logs_keep_microseconds(repositories: Repositories, clock: FixedClock) -> None:
    clock.advance(0.000123)
    written = repositories.usage.log_usage("ann", Action.RUN)
    assert repositories.usage.get_usage_logs("ann", start=clock.now().date()).items == (written,)


def test_logs_of_a_range_of_days_and_of_one_action(
    repositories: Repositories, clock: FixedClock
) -> None:
    usage = repositories.usage
    days: list[date] = []
    for _ in range(4):
        days.append(clock.now().date())
        usage.log_usage("ann", Action.RUN)
        usage.log_usage("ann", Action.HINT)
        clock.advance(days=1)
    some = usage.get_usage_logs("ann", start=days[1], end=days[2], action=Action.HINT).items
    assert [(log.at.date(), log.action) for log in some] == [
        (days[1], Action.HINT),
        (days[2], Action.HINT),
    ]
    assert len(usage.get_usage_logs("ann", start=days[3]).items) == 2
    assert usage.get_usage_logs("bob", start=days[0], end=days[3]).items == ()
    with pytest.raises(InvalidInput):
        usage.get_usage_logs("ann", start=days[2], end=days[1])


def test_the_summary_has_the_days_with_use(repositories: Repositories, clock: FixedClock) -> None:
    usage = repositories.usage
    first = clock.now().date()
    usage.consume("ann", Action.HINT, limit=-1, key="1")
    clock.advance(days=3)
    usage.consume("ann", Action.EXECUTION, limit=-1, key="2")
    summary = (
        DayUsage(day=first, hints=1),
        DayUsage(day=first + timedelta(days=3), executions=1),
    )
    assert usage.get_usage_summary("ann", days=4) == summary
    assert usage.get_usage_summary("ann", days=3) == summary[1:]
    for wrong in (0, 91):
        with pytest.raises(InvalidInput):
            usage.get_usage_summary("ann", days=wrong)


def test_rows_past_their_time_count_as_absent(
    repositories: Repositories, clock: FixedClock
) -> None:
    usage = repositories.usage
    day = clock.now().date()
    usage.consume("ann", Action.RUN, limit=-1, key="1")
    clock.advance(days=92)
    assert usage.get_usage_logs("ann", start=day).items == ()
    assert usage.get_day("ann", day) == DayUsage(day=day)


def all_logs(repositories: Repositories, limit: int, **wanted: Any) -> list[UsageLog]:
    logs: list[UsageLog] = []
    cursor = None
    while True:
        page = repositories.usage.get_usage_logs("ann", limit=limit, cursor=cursor, **wanted)
        assert len(page.items) <= limit
        logs += page.items
        cursor = page.next_cursor
        if cursor is None:
            return logs


def test_pages_of_logs_lose_and_repeat_nothing(
    repositories: Repositories, clock: FixedClock
) -> None:
    usage = repositories.usage
    first = clock.now().date()
    written = []
    for number in range(14):
        action = Action.HINT if number % 3 else Action.RUN
        written.append(usage.log_usage("ann", action, metadata={"n": str(number)}))
        clock.advance(hours=5, seconds=number % 2)
    last = clock.now().date()
    for limit in (1, 3, 14, 15):
        for action in (None, Action.HINT, Action.EXECUTION):
            expected = [log for log in written if action in {None, log.action}]
            found = all_logs(repositories, limit, start=first, end=last, action=action)
            assert found == expected


def test_what_was_consumed_comes_first_within_its_day(
    repositories: Repositories, clock: FixedClock
) -> None:
    usage = repositories.usage
    usage.log_usage("ann", Action.RUN)
    clock.advance(1)
    usage.consume("ann", Action.RUN, limit=-1, key="k")
    logs = usage.get_usage_logs("ann", start=clock.now().date()).items
    assert [log.at for log in logs] == [clock.now(), clock.now() - timedelta(seconds=1)]


def test_a_cursor_of_logs_is_bound_to_user_days_and_action(
    repositories: Repositories, clock: FixedClock
) -> None:
    usage = repositories.usage
    day = clock.now().date()
    for _ in range(2):
        usage.log_usage("ann", Action.RUN)
    cursor = usage.get_usage_logs("ann", start=day, limit=1).next_cursor
    assert cursor is not None
    for user, wanted in (
        ("bob", {"start": day}),
        ("ann", {"start": day, "end": day + timedelta(days=1)}),
        ("ann", {"start": day, "action": Action.RUN}),
    ):
        with pytest.raises(InvalidCursor):
            usage.get_usage_logs(user, cursor=cursor, **wanted)  # type: ignore[arg-type]  # a table
    with pytest.raises(InvalidCursor):
        usage.list_daily_usage(day, cursor=cursor)


def test_a_days_usage_of_all_users(repositories: Repositories, clock: FixedClock) -> None:
    usage = repositories.usage
    day = clock.now().date()
    for user, units in (("ann", 2), ("bob", 1), ("cy#d", 3)):
        for unit in range(units):
            usage.consume(user, Action.RUN, limit=-1, key=str(unit))
    usage.log_usage("eve", Action.RUN)
    clock.advance(days=1)
    usage.consume("ann", Action.HINT, limit=-1, key="next day")
    expected = [
        UserDay(user_id=user, usage=DayUsage(day=day, runs=runs))
        for user, runs in (("ann", 2), ("bob", 1), ("cy#d", 3))
    ]
    for limit in (1, 2, 100):
        found: list[UserDay] = []
        cursor = None
        while True:
            page = usage.list_daily_usage(day, limit=limit, cursor=cursor)
            found += page.items
            cursor = page.next_cursor
            if cursor is None:
                break
        assert found == expected
    assert usage.list_daily_usage(day - timedelta(days=1)).items == ()
    clock.advance(days=92)
    assert usage.list_daily_usage(day).items == ()


def some_days(repositories: Repositories, clock: FixedClock) -> list[date]:
    """Three days on which ann and bob take a unit and write a log, and eve writes a log."""
    days = []
    for _ in range(3):
        days.append(clock.now().date())
        for user in ("ann", "bob"):
            repositories.usage.consume(user, Action.RUN, limit=-1, key="k")
            repositories.usage.log_usage(user, Action.HINT)
        repositories.usage.log_usage("eve", Action.HINT)
        clock.advance(days=1)
    return days


def logs_on(repositories: Repositories, days: list[date], user: str) -> list[int]:
    return [len(repositories.usage.get_usage_logs(user, start=day).items) for day in days]


def test_a_users_logs_before_a_day_are_deleted(
    repositories: Repositories, clock: FixedClock
) -> None:
    usage = repositories.usage
    days = some_days(repositories, clock)
    assert usage.delete_logs_before_date("ann", days[0]) == 0
    assert usage.delete_logs_before_date("ann", date.min) == 0
    assert usage.delete_logs_before_date("ann", days[2]) == 4
    assert usage.delete_logs_before_date("ann", days[2]) == 0
    assert logs_on(repositories, days, "ann") == [0, 0, 2]
    assert logs_on(repositories, days, "bob") == [2, 2, 2]
    assert usage.get_usage_summary("ann") == (DayUsage(day=days[2], runs=1),)
    assert len(usage.get_usage_summary("bob")) == 3


def test_everybodys_logs_before_a_day_are_deleted(
    repositories: Repositories, clock: FixedClock
) -> None:
    usage = repositories.usage
    days = some_days(repositories, clock)
    assert usage.delete_logs_before_date(None, days[1]) == 5
    assert usage.delete_logs_before_date(None, days[1]) == 0
    for user, each in (("ann", 2), ("bob", 2), ("eve", 1)):
        assert logs_on(repositories, days, user) == [0, each, each]
    assert usage.list_daily_usage(days[0]).items == ()
    assert len(usage.list_daily_usage(days[1]).items) == 2


def test_the_running_days_count_cannot_be_deleted(
    repositories: Repositories, clock: FixedClock
) -> None:
    usage = repositories.usage
    usage.consume("ann", Action.RUN, limit=1, key="k")
    today = clock.now().date()
    for user in ("ann", None):
        usage.delete_logs_before_date(user, today)
        with pytest.raises(InvalidInput):
            usage.delete_logs_before_date(user, today + timedelta(days=1))
    assert usage.check_rate_limit("ann", Action.RUN, 1)[0] is False
