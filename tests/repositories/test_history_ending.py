"""Claims and endings under faults and races: every count moves once, whatever happens."""

from __future__ import annotations

from typing import Any

import pytest

from algoitny.domain.errors import StaleAttempt, StoreUnavailable
from algoitny.domain.repositories import Repositories
from algoitny.domain.stats import ProblemStats, UserStats
from algoitny.domain.usage import Action
from algoitny.domain.verdict import State
from tests.builders import KEY, admitted, an_outcome, running
from tests.clock import FixedClock
from tests.faults import (
    LOST,
    Faults,
    broken,
    conflict,
    throttled,
)
from tests.store import on_store_too


def counts(repositories: Repositories) -> tuple[UserStats, ProblemStats]:
    return repositories.stats.get_user_stats("ann"), repositories.stats.get_problem_stats(KEY)


def used(repositories: Repositories) -> int:
    return repositories.usage.get_daily_usage_count("ann", Action.EXECUTION)


@on_store_too
def test_a_race_for_the_first_solve_counts_it_once(
    repositories: Repositories, clock: FixedClock, faults: Faults
) -> None:
    first, second = running(repositories, clock), running(repositories, clock)

    def second_first(call: Any) -> Any:
        repositories.histories.complete(second, an_outcome())
        return call()

    faults.add("TransactWriteItems", second_first)
    repositories.histories.complete(first, an_outcome())
    assert counts(repositories) == (
        UserStats(executions=2, accepted=2, solved=1),
        ProblemStats(executions=2, accepted=2),
    )


@on_store_too
@pytest.mark.parametrize("fault", LOST)
def test_completing_survives_a_lost_answer(
    repositories: Repositories, clock: FixedClock, faults: Faults, fault: Any
) -> None:
    history = running(repositories, clock)
    faults.add("TransactWriteItems", fault)
    assert repositories.histories.complete(history, an_outcome()).state is State.DONE
    assert counts(repositories)[0] == UserStats(executions=1, accepted=1, solved=1)


def test_conflicts_are_tried_again_under_one_token(
    repositories: Repositories, clock: FixedClock, faults: Faults
) -> None:
    history = running(repositories, clock)
    faults.requests.clear()
    faults.add("TransactWriteItems", *[conflict("TransactionConflict")] * 4)
    repositories.histories.complete(history, an_outcome())
    sent = faults.sent("TransactWriteItems")
    assert len(sent) == 5
    assert len({request["ClientRequestToken"] for request in sent}) == 1
    assert counts(repositories)[0].executions == 1


def test_conflicts_without_end_end_in_a_clear_error(
    repositories: Repositories, clock: FixedClock, faults: Faults
) -> None:
    history = running(repositories, clock)
    faults.add("TransactWriteItems", *[conflict("None", "TransactionConflict")] * 50)
    with pytest.raises(StoreUnavailable, match="Others"):
        repositories.histories.complete(history, an_outcome())
    assert counts(repositories)[0].executions == 0


@pytest.mark.parametrize("fault", [throttled, broken])
def test_a_store_that_refuses_counts_nothing_and_the_next_try_counts_once(
    repositories: Repositories, clock: FixedClock, faults: Faults, fault: Any
) -> None:
    history = running(repositories, clock)
    faults.add("TransactWriteItems", fault)
    with pytest.raises(StoreUnavailable):
        repositories.histories.complete(history, an_outcome())
    assert counts(repositories)[0].executions == 0
    repositories.histories.complete(history, an_outcome())
    assert counts(repositories)[0].executions == 1


@on_store_too
@pytest.mark.parametrize("fault", LOST)
def test_failing_gives_back_once_when_the_answer_is_lost(
    repositories: Repositories, clock: FixedClock, faults: Faults, fault: Any
) -> None:
    running(repositories, clock)
    history = running(repositories, clock)
    faults.add("TransactWriteItems", fault)
    repositories.histories.fail(history, reason="x")
    assert used(repositories) == 1


@pytest.mark.parametrize("fault", LOST)
def test_a_claim_survives_a_lost_answer(
    repositories: Repositories, clock: FixedClock, faults: Faults, fault: Any
) -> None:
    history = admitted(repositories, clock)
    faults.add("UpdateItem", fault)
    claimed = repositories.histories.claim(history.id, lease_seconds=30)
    assert claimed.attempt == 1
    assert repositories.histories.get_history(history.id) == claimed
    with pytest.raises(StaleAttempt):
        repositories.histories.claim(history.id, lease_seconds=30)
