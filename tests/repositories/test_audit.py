"""The audit log on a store that loses answers."""

from __future__ import annotations

import pytest

from algoitny.domain.errors import StoreUnavailable
from algoitny.domain.repositories import Repositories
from tests.clock import FixedClock
from tests.faults import Fault, Faults, answer_lost, answer_lost_and_repeated, broken, throttled


@pytest.mark.parametrize("fault", [answer_lost, answer_lost_and_repeated])
def test_a_line_is_there_once_when_the_answer_is_lost(
    repositories: Repositories, clock: FixedClock, faults: Faults, fault: Fault
) -> None:
    faults.add("PutItem", fault)
    line = repositories.audit.append(actor="a", action="x", subject="s", details={"n": 1})
    assert repositories.audit.list_month(clock.now().date()).items == (line,)


@pytest.mark.parametrize("fault", [throttled, broken])
def test_a_store_that_fails_says_so(
    repositories: Repositories, clock: FixedClock, faults: Faults, fault: Fault
) -> None:
    faults.add("PutItem", fault)
    with pytest.raises(StoreUnavailable):
        repositories.audit.append(actor="a", action="x", subject="s")
    assert repositories.audit.list_month(clock.now().date()).items == ()
