"""The model's spend on a store that loses answers: each call counts once."""

from __future__ import annotations

from typing import Any

import pytest

from algoitny.domain.errors import StoreUnavailable
from algoitny.domain.repositories import Repositories
from tests.faults import (
    LOST,
    Fault,
    Faults,
    conflict,
    unreachable,
)
from tests.store import on_store_too


@on_store_too
@pytest.mark.parametrize("fault", LOST)
def test_a_lost_answer_charges_and_settles_once(
    repositories: Repositories, faults: Faults, fault: Fault
) -> None:
    spend = repositories.spend
    faults.add("TransactWriteItems", fault, fault)
    charge = spend.charge("c", micro_dollars=30, cap=50)
    assert charge is not None
    assert spend.get_day().micro_dollars == 30
    spend.settle(charge, micro_dollars=10, input_tokens=5, output_tokens=6)
    day = spend.get_day()
    assert (day.micro_dollars, day.calls, day.input_tokens, day.output_tokens) == (10, 1, 5, 6)


def test_a_conflict_is_tried_again_and_an_outage_charges_nothing(
    repositories: Repositories, faults: Faults
) -> None:
    spend = repositories.spend
    faults.add("TransactWriteItems", unreachable, *[conflict("None", "TransactionConflict")] * 3)
    with pytest.raises(StoreUnavailable):
        spend.charge("c", micro_dollars=30, cap=50)
    assert spend.get_day().calls == 0
    assert spend.charge("c", micro_dollars=30, cap=50) is not None
    assert spend.get_day().calls == 1


def test_who_is_over_the_cap_pays_for_no_transaction(
    repositories: Repositories, faults: Faults
) -> None:
    assert repositories.spend.charge("c", micro_dollars=30, cap=20) is None
    assert faults.sent("TransactWriteItems") == []


def test_the_counter_decides_when_the_reading_was_stale(
    repositories: Repositories, faults: Faults
) -> None:
    spend = repositories.spend

    def other_first(call: Any) -> Any:
        assert spend.charge("other", micro_dollars=30, cap=50) is not None
        return call()

    faults.add("TransactWriteItems", other_first)
    assert spend.charge("c", micro_dollars=30, cap=50) is None
    assert (spend.get_day().micro_dollars, spend.get_day().calls) == (30, 1)
