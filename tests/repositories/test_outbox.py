"""The outbox on a store that loses answers."""

from __future__ import annotations

import pytest

from algoitny.domain.errors import StoreUnavailable
from algoitny.domain.repositories import Repositories
from algoitny.models.base import TableItem
from algoitny.models.kit.operations import query_all
from tests.builders import a_delivery, an_outcome, running
from tests.clock import FixedClock
from tests.faults import Fault, Faults, answer_lost, answer_lost_and_repeated, broken, throttled


@pytest.mark.parametrize("fault", [answer_lost, answer_lost_and_repeated])
def test_lost_answers_change_nothing(
    repositories: Repositories, clock: FixedClock, faults: Faults, fault: Fault
) -> None:
    outbox = repositories.outbox
    delivery = a_delivery(clock)
    faults.add("PutItem", fault)
    outbox.put(delivery)
    faults.add("UpdateItem", fault, fault, fault)
    claimed = outbox.claim(delivery, lease_seconds=30)
    assert claimed.attempt == 1
    waiting = outbox.reschedule(claimed, due_at=clock.now(), error="x")
    given_up = outbox.give_up(waiting, error="y")
    assert outbox.get(delivery.history_id, delivery.id) == given_up
    assert outbox.list_due() == []


@pytest.mark.parametrize("fault", [throttled, broken])
def test_what_did_not_happen_can_be_done_again(
    repositories: Repositories, clock: FixedClock, faults: Faults, fault: Fault
) -> None:
    outbox = repositories.outbox
    delivery = a_delivery(clock)
    outbox.put(delivery)
    faults.add("UpdateItem", fault)
    with pytest.raises(StoreUnavailable):
        outbox.claim(delivery, lease_seconds=30)
    claimed = outbox.claim(delivery, lease_seconds=30)
    faults.add("DeleteItem", fault)
    with pytest.raises(StoreUnavailable):
        outbox.done(claimed)
    outbox.done(claimed)
    partition = f"HIST#{delivery.history_id}"
    assert query_all(TableItem, partition) == ()


@pytest.mark.parametrize("fault", [answer_lost, answer_lost_and_repeated])
def test_an_ending_whose_answer_is_lost_tells_once(
    repositories: Repositories, clock: FixedClock, faults: Faults, fault: Fault
) -> None:
    history = running(repositories, clock, webhook_url="https://example.org")
    faults.add("TransactWriteItems", fault)
    repositories.histories.complete(history, an_outcome())
    (delivery,) = repositories.outbox.list_due()
    repositories.outbox.done(repositories.outbox.claim(delivery, lease_seconds=30))
    repositories.histories.complete(history, an_outcome())
    assert repositories.outbox.list_due() == []
