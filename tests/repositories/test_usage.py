"""What usage costs, and that faults of the store neither lose nor double a unit or a log."""

from __future__ import annotations

from typing import Any

import pytest

from algoitny.domain.errors import QuotaExceeded, StoreUnavailable
from algoitny.domain.repositories import Repositories
from algoitny.domain.usage import Action
from algoitny.models.kit.operations import query_all
from algoitny.models.usage import USAGE_PARTITION, UsageLogItem
from tests.clock import FixedClock
from tests.faults import (
    NOTHING_HAPPENED,
    Faults,
    answer_lost,
    answer_lost_and_repeated,
    broken,
    conflict,
    throttled,
    unreachable,
)

LOGS = UsageLogItem.sk.startswith("ULOG#")


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
def test_a_lost_answer_counts_once(repositories: Repositories, faults: Faults, fault: Any) -> None:
    faults.add("TransactWriteItems", fault)
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


def logs(repositories: Repositories) -> int:
    return len(query_all(UsageLogItem, USAGE_PARTITION(user="ann"), sort=LOGS))


@pytest.mark.parametrize("fault", NOTHING_HAPPENED)
@pytest.mark.parametrize("operation", ["GetItem", "UpdateItem", "PutItem"])
def test_a_log_that_was_not_written_raises(
    repositories: Repositories, faults: Faults, fault: Any, operation: str
) -> None:
    faults.add(operation, fault)
    with pytest.raises(StoreUnavailable):
        repositories.usage.log_usage("ann", Action.RUN)
    assert (logs(repositories), faults.left) == (0, 0)
    repositories.usage.log_usage("ann", Action.RUN)
    assert logs(repositories) == 1


def test_a_log_that_was_sent_twice_is_one(repositories: Repositories, faults: Faults) -> None:
    faults.add("PutItem", answer_lost_and_repeated)
    faults.add("UpdateItem", answer_lost_and_repeated)
    repositories.usage.log_usage("ann", Action.RUN)
    assert logs(repositories) == 1


def test_only_a_days_first_log_makes_the_counter(
    repositories: Repositories, faults: Faults
) -> None:
    for expected in (["GetItem", "UpdateItem", "PutItem"], ["GetItem", "PutItem"]):
        faults.requests.clear()
        repositories.usage.log_usage("ann", Action.RUN)
        assert [name for name, _ in faults.requests] == expected


@pytest.mark.parametrize("user", ["ann", None])
@pytest.mark.parametrize("fault", [throttled, broken, answer_lost])
@pytest.mark.parametrize("later", [0, 1])
def test_an_interrupted_deletion_is_finished_by_the_next(
    repositories: Repositories,
    clock: FixedClock,
    faults: Faults,
    fault: Any,
    user: str | None,
    later: int,
) -> None:
    usage = repositories.usage
    usage.consume("ann", Action.RUN, limit=-1, key="k")
    usage.log_usage("ann", Action.RUN)
    clock.advance(days=1)
    today = clock.now().date()
    # The first write removes logs, the second the counter that leads to them.
    faults.add("BatchWriteItem", *[lambda call: call()] * later, fault)
    with pytest.raises(StoreUnavailable):
        usage.delete_logs_before_date(user, today)
    usage.log_usage("ann", Action.RUN)
    usage.delete_logs_before_date(user, today)
    rows = query_all(UsageLogItem, USAGE_PARTITION(user="ann"))
    assert [row.sk.split("#")[1] for row in rows] == ["20250315"] * 2


def test_what_the_store_left_over_is_deleted_too(
    repositories: Repositories, clock: FixedClock, faults: Faults
) -> None:
    for _ in range(30):
        repositories.usage.log_usage("ann", Action.RUN)
    clock.advance(days=1)

    def nothing_taken(_: Any) -> Any:
        return {"UnprocessedItems": faults.requests[-1][1]["RequestItems"]}

    faults.add("BatchWriteItem", *[nothing_taken] * 2)
    assert repositories.usage.delete_logs_before_date("ann", clock.now().date()) == 30
    assert query_all(UsageLogItem, USAGE_PARTITION(user="ann")) == ()


def test_a_heavy_users_page_is_bounded(
    repositories: Repositories, clock: FixedClock, faults: Faults, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("algoitny.repositories.listing.EXAMINED", 7)
    for _ in range(9):
        repositories.usage.log_usage("ann", Action.RUN)
    faults.requests.clear()
    day = clock.now().date()
    page = repositories.usage.get_usage_logs("ann", start=day, action=Action.HINT, limit=2)
    assert (page.items, page.next_cursor is None) == ((), False)
    assert [request["Limit"] for request in faults.sent("Query")] == [2, 4, 1]
