"""Hints on a store that loses answers, or lets somebody else come first."""

from __future__ import annotations

from typing import Any

import pytest

from algoitny.domain.errors import AlreadyExists, StoreUnavailable
from algoitny.domain.hint import HintState
from algoitny.domain.repositories import Repositories
from algoitny.domain.usage import Action
from tests.builders import a_hint
from tests.clock import FixedClock
from tests.faults import Faults, answer_lost, answer_lost_and_repeated, unreachable
from tests.store import on_store_too

FAULTS = pytest.mark.parametrize("fault", [answer_lost, answer_lost_and_repeated])


def used(repositories: Repositories) -> int:
    return repositories.usage.get_daily_usage_count("ann", Action.HINT)


def test_a_claim_that_comes_between_wins(
    repositories: Repositories, clock: FixedClock, faults: Faults
) -> None:
    def other_first(call: Any) -> Any:
        repositories.hints.claim_hint(a_hint(clock), limit=5)
        return call()

    faults.add("TransactWriteItems", other_first)
    with pytest.raises(AlreadyExists):
        repositories.hints.claim_hint(a_hint(clock), limit=5)
    assert used(repositories) == 1


@FAULTS
def test_a_claim_survives_a_lost_answer(
    repositories: Repositories, clock: FixedClock, faults: Faults, fault: Any
) -> None:
    faults.add("TransactWriteItems", fault)
    claimed = repositories.hints.claim_hint(a_hint(clock), limit=5)
    assert repositories.hints.get_hint("h1", 1, 1) == claimed
    assert used(repositories) == 1


@FAULTS
def test_taking_it_over_survives_a_lost_answer(
    repositories: Repositories, clock: FixedClock, faults: Faults, fault: Any
) -> None:
    claimed = repositories.hints.claim_hint(a_hint(clock), limit=5)
    faults.add("UpdateItem", fault)
    taken = repositories.hints.renew_hint(claimed, lease_seconds=30)
    assert taken.attempt == claimed.attempt + 1
    assert repositories.hints.get_hint("h1", 1, 1) == taken


@FAULTS
def test_finishing_survives_a_lost_answer(
    repositories: Repositories, clock: FixedClock, faults: Faults, fault: Any
) -> None:
    claimed = repositories.hints.claim_hint(a_hint(clock), limit=5)
    faults.add("UpdateItem", fault)
    assert repositories.hints.finish_hint(claimed, "text").state is HintState.READY


@on_store_too
@FAULTS
def test_failing_gives_back_once_when_the_answer_is_lost(
    repositories: Repositories, clock: FixedClock, faults: Faults, fault: Any
) -> None:
    repositories.hints.claim_hint(a_hint(clock, 2), limit=5)
    claimed = repositories.hints.claim_hint(a_hint(clock), limit=5)
    faults.add("TransactWriteItems", fault)
    assert repositories.hints.fail_hint(claimed).state is HintState.FAILED
    assert used(repositories) == 1


def test_a_store_that_is_away_charges_nothing(
    repositories: Repositories, clock: FixedClock, faults: Faults
) -> None:
    faults.add("TransactWriteItems", unreachable)
    with pytest.raises(StoreUnavailable):
        repositories.hints.claim_hint(a_hint(clock), limit=5)
    assert used(repositories) == 0
    assert repositories.hints.get_hint("h1", 1, 1) is None
