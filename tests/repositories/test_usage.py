"""Usage: exact counts, logs that never overwrite each other."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from algoitny.domain.errors import InvalidInput, QuotaExceeded, StoreUnavailable
from algoitny.domain.usage import Action, DayUsage
from algoitny.repositories import Repositories
from tests.clock import FixedClock
from tests.faults import Faults, answer_lost, answer_lost_and_repeated, conflict, unreachable
from tests.repositories.builders import KEY

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
    assert len(usage.get_usage_logs("ann", start=clock.now().date())) == 2


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
    assert len(usage.get_usage_logs("ann", start=clock.now().date())) == 1


def test_no_limit_still_counts(repositories: Repositories) -> None:
    usage = repositories.usage
    assert [usage.consume("ann", Action.RUN, limit=-1, key=str(n)) for n in range(3)] == [1, 2, 3]
    assert usage.check_rate_limit("ann", Action.RUN, -1)[:2] == (True, 3)


def test_a_limit_of_nothing_refuses_the_first(repositories: Repositories, faults: Faults) -> None:
    with pytest.raises(QuotaExceeded):
        repositories.usage.consume("ann", Action.RUN, limit=0, key="k")
    assert faults.sent("TransactWriteItems") == []


def test_who_is_over_the_limit_pays_for_no_transaction(
    repositories: Repositories, faults: Faults
) -> None:
    repositories.usage.consume("ann", Action.RUN, limit=1, key="1")
    sent = len(faults.sent("TransactWriteItems"))
    with pytest.raises(QuotaExceeded):
        repositories.usage.consume("ann", Action.RUN, limit=1, key="2")
    assert len(faults.sent("TransactWriteItems")) == sent


def test_the_counter_decides_when_the_reading_was_stale(
    repositories: Repositories, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = repositories.usage
    usage.consume("ann", Action.RUN, limit=1, key="1")
    monkeypatch.setattr("algoitny.repositories.usage.count_over", lambda *_: None)
    with pytest.raises(QuotaExceeded) as caught:
        usage.consume("ann", Action.RUN, limit=1, key="2")
    assert caught.value.count == 1
    assert usage.get_daily_usage_count("ann", Action.RUN) == 1


@pytest.mark.parametrize("fault", [answer_lost, answer_lost_and_repeated])
def test_a_lost_answer_counts_once(
    repositories: Repositories, faults: Faults, fault: object
) -> None:
    faults.add("TransactWriteItems", fault)  # type: ignore[arg-type]  # parametrized
    assert repositories.usage.consume("ann", Action.RUN, limit=5, key="1") == 1
    assert repositories.usage.get_daily_usage_count("ann", Action.RUN) == 1


def test_a_conflict_is_tried_again(repositories: Repositories, faults: Faults) -> None:
    faults.add("TransactWriteItems", *[conflict("None", "TransactionConflict")] * 3)
    assert repositories.usage.consume("ann", Action.RUN, limit=5, key="1") == 1
    tokens = {request["ClientRequestToken"] for request in faults.sent("TransactWriteItems")}
    assert len(faults.sent("TransactWriteItems")) == 4
    assert len(tokens) == 1


def test_what_did_not_happen_is_not_counted(repositories: Repositories, faults: Faults) -> None:
    faults.add("TransactWriteItems", unreachable)
    with pytest.raises(StoreUnavailable):
        repositories.usage.consume("ann", Action.RUN, limit=5, key="1")
    assert repositories.usage.get_daily_usage_count("ann", Action.RUN) == 0


def test_logs_of_one_instant_do_not_overwrite_each_other(
    repositories: Repositories, clock: FixedClock
) -> None:
    usage = repositories.usage
    written = [
        usage.log_usage("ann", Action.EXECUTION, problem=KEY, metadata={"n": str(n)})
        for n in range(5)
    ]
    logs = usage.get_usage_logs("ann", start=clock.now().date())
    assert sorted(logs, key=str) == sorted(written, key=str)
    assert usage.get_daily_usage_count("ann", Action.EXECUTION) == 0


def test_logs_keep_microseconds(repositories: Repositories, clock: FixedClock) -> None:
    clock.advance(0.000123)
    written = repositories.usage.log_usage("ann", Action.RUN)
    assert repositories.usage.get_usage_logs("ann", start=clock.now().date()) == (written,)


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
    some = usage.get_usage_logs("ann", start=days[1], end=days[2], action=Action.HINT)
    assert [(log.at.date(), log.action) for log in some] == [
        (days[1], Action.HINT),
        (days[2], Action.HINT),
    ]
    assert len(usage.get_usage_logs("ann", start=days[3])) == 2
    assert usage.get_usage_logs("bob", start=days[0], end=days[3]) == ()
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
    assert usage.get_usage_logs("ann", start=day) == ()
    assert usage.get_day("ann", day) == DayUsage(day=day)
