"""Runs on a store that loses answers, throttles and fails: charged once, returned once."""

from __future__ import annotations

from typing import Any

import pytest

from algoitny.domain.errors import QuotaExceeded, StaleAttempt, StoreUnavailable
from algoitny.domain.repositories import Repositories
from algoitny.domain.run import RunResult
from algoitny.domain.usage import Action
from algoitny.domain.verdict import State, Verdict
from tests.builders import a_key, a_run
from tests.clock import FixedClock
from tests.faults import (
    LOST,
    NOTHING_HAPPENED,
    Fault,
    Faults,
    conflict,
)
from tests.store import on_store_too

RESULT = RunResult(verdict=Verdict.RTE, error="x")


def used(repositories: Repositories) -> int:
    return repositories.usage.get_daily_usage_count("ann", Action.RUN)


@on_store_too
@pytest.mark.parametrize("fault", LOST)
def test_a_lost_answer_charges_once_and_gives_back_once(
    repositories: Repositories, clock: FixedClock, faults: Faults, fault: Fault
) -> None:
    runs = repositories.runs
    runs.create_run(a_run(clock), limit=-1)
    faults.add("TransactWriteItems", fault, fault)
    run = runs.create_run(a_run(clock), limit=2, idempotency=a_key())
    assert used(repositories) == 2
    assert runs.fail(run, reason="x").state is State.FAILED
    assert used(repositories) == 1


@pytest.mark.parametrize("fault", LOST)
def test_a_lost_answer_neither_claims_nor_finishes_twice(
    repositories: Repositories, clock: FixedClock, faults: Faults, fault: Fault
) -> None:
    runs = repositories.runs
    run = runs.create_run(a_run(clock), limit=-1)
    faults.add("UpdateItem", fault, fault)
    working = runs.claim(run.id, lease_seconds=30)
    assert working.attempt == 1
    assert runs.finish(working, RESULT).result == RESULT


@pytest.mark.parametrize("fault", NOTHING_HAPPENED)
def test_what_did_not_happen_charges_nothing(
    repositories: Repositories, clock: FixedClock, faults: Faults, fault: Fault
) -> None:
    run = a_run(clock)
    faults.add("TransactWriteItems", fault)
    with pytest.raises(StoreUnavailable):
        repositories.runs.create_run(run, limit=5)
    assert used(repositories) == 0
    assert repositories.runs.get_run(run.id) is None
    assert repositories.runs.create_run(run, limit=5) == run


def test_conflicts_are_tried_again(
    repositories: Repositories, clock: FixedClock, faults: Faults
) -> None:
    faults.add("TransactWriteItems", *[conflict("TransactionConflict")] * 3)
    repositories.runs.create_run(a_run(clock), limit=5)
    assert used(repositories) == 1


def test_who_is_over_the_limit_pays_for_no_transaction(
    repositories: Repositories, clock: FixedClock, faults: Faults
) -> None:
    with pytest.raises(QuotaExceeded):
        repositories.runs.create_run(a_run(clock), limit=0)
    assert faults.sent("TransactWriteItems") == []


def test_an_attempt_that_was_overtaken_gives_nothing_back(
    repositories: Repositories, clock: FixedClock, faults: Faults
) -> None:
    runs = repositories.runs
    working = runs.claim(runs.create_run(a_run(clock), limit=-1).id, lease_seconds=30)

    def other_first(call: Any) -> Any:
        runs.finish(working, RESULT)
        return call()

    faults.add("TransactWriteItems", other_first)
    with pytest.raises(StaleAttempt):
        runs.fail(working, reason="x")
    assert used(repositories) == 1
