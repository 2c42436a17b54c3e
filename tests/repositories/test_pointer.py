"""Pointers on a store that loses answers; what a batch sends."""

from __future__ import annotations

import pytest

from algoitny.domain.errors import Conflict, StoreUnavailable
from algoitny.domain.pointer import Pointer, PointerKind
from algoitny.domain.repositories import Repositories
from tests.faults import Fault, Faults, answer_lost, answer_lost_and_repeated, conflict, throttled
from tests.store import on_store_too


def a_pointer(number: int, target: str = "") -> Pointer:
    return Pointer(kind=PointerKind.USER, old_id=str(number), target=target or f"u{number}")


@on_store_too
@pytest.mark.parametrize("fault", [answer_lost, answer_lost_and_repeated])
def test_a_batch_survives_a_lost_answer(
    repositories: Repositories, faults: Faults, fault: Fault
) -> None:
    pointers = repositories.pointers
    faults.add("TransactWriteItems", fault)
    assert pointers.batch_put([a_pointer(1), a_pointer(2)]) == ()
    assert pointers.resolve(PointerKind.USER, 2) == "u2"


@on_store_too
def test_batches_are_transactions_of_a_hundred(repositories: Repositories, faults: Faults) -> None:
    repositories.pointers.batch_put(a_pointer(number) for number in range(101))
    sizes = [len(request["TransactItems"]) for request in faults.sent("TransactWriteItems")]
    assert sizes == [100, 1]


def test_conflicts_are_tried_again(repositories: Repositories, faults: Faults) -> None:
    faults.add("TransactWriteItems", *[conflict("TransactionConflict")] * 2)
    assert repositories.pointers.batch_put([a_pointer(1)]) == ()
    assert repositories.pointers.resolve(PointerKind.USER, 1) == "u1"


def test_a_repeated_put_is_no_conflict(repositories: Repositories, faults: Faults) -> None:
    faults.add("PutItem", answer_lost_and_repeated, throttled)
    repositories.pointers.put(a_pointer(1))
    with pytest.raises(StoreUnavailable):
        repositories.pointers.put(a_pointer(1))
    with pytest.raises(Conflict):
        repositories.pointers.put(a_pointer(1, "else"))
