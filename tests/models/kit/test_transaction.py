"""Transactions: refusals named by position, one token over all tries, bounds before sending."""

from __future__ import annotations

from typing import Any

import pytest

from algoitny.domain.errors import (
    AlreadyExists,
    Conflict,
    NotFound,
    StaleVersion,
    StoreRejected,
    StoreUnavailable,
    TooLarge,
)
from algoitny.domain.patience import Patience
from algoitny.models import TableItem
from algoitny.models.kit.keys import Key
from algoitny.models.kit.operations import get, put
from algoitny.models.kit.transaction import Transaction
from algoitny.models.problem import ProblemBodyItem
from tests.clock import FixedClock
from tests.faults import Faults, answer_lost, broken, conflict

HERE, THERE = Key("T#1", "A"), Key("T#1", "B")


@pytest.fixture
def transaction(table: None) -> Transaction:
    patience = Patience(clock=FixedClock(), tries=4, sleep=lambda _: None)
    return Transaction(token="token-1", patience=patience)


def item(key: Key = HERE) -> TableItem:
    return TableItem(key.partition, key.sort, version=1)


def test_all_kinds_of_writes_happen_together(transaction: Transaction) -> None:
    third, fourth = Key("T#1", "C"), Key("T#1", "D")
    for key in (HERE, THERE, third):
        put(item(key))
    transaction.update(TableItem, HERE, [TableItem.version.add(1)])
    transaction.check(TableItem, THERE, TableItem.present())
    transaction.delete(TableItem, third, condition=TableItem.present())
    transaction.put(item(fourth), condition=TableItem.absent())
    transaction.commit()
    changed = get(TableItem, HERE)
    assert changed is not None
    assert changed.version == 2
    assert get(TableItem, third) is None
    assert get(TableItem, fourth) is not None


@pytest.mark.parametrize("order", [(0, 1, 2, 3), (3, 2, 1, 0), (2, 0, 3, 1)])
@pytest.mark.parametrize("refusing", range(4))
def test_the_write_that_refused_names_the_error(
    transaction: Transaction, order: tuple[int, ...], refusing: int
) -> None:
    keys = [Key("T#1", name) for name in "ABCD"]
    errors = [AlreadyExists, StaleVersion, NotFound, Conflict]
    for position, key in enumerate(keys):
        if position != refusing:
            put(item(key))
    there = TableItem.present()

    def declare(which: int) -> None:
        key, refused = keys[which], errors[which]
        if which == 0:
            transaction.put(item(key), condition=there, refused=refused)
        elif which == 1:
            transaction.update(
                TableItem, key, [TableItem.version.add(1)], condition=there, refused=refused
            )
        elif which == 2:
            transaction.check(TableItem, key, there, refused=refused)
        else:
            transaction.delete(TableItem, key, condition=there, refused=refused)

    for which in order:
        declare(which)
    with pytest.raises(errors[refusing]) as caught:
        transaction.commit()
    assert type(caught.value) is errors[refusing]


def test_of_several_refusals_the_first_declared_counts(transaction: Transaction) -> None:
    transaction.update(
        TableItem, HERE, [TableItem.version.add(1)], condition=TableItem.present(), refused=NotFound
    )
    transaction.check(TableItem, THERE, TableItem.present(), refused=StaleVersion)
    with pytest.raises(NotFound):
        transaction.commit()


def test_conflicts_are_tried_again_under_the_same_token(
    transaction: Transaction, faults: Faults
) -> None:
    faults.add("TransactWriteItems", conflict("TransactionConflict"), conflict("ThrottlingError"))
    transaction.put(item())
    transaction.commit()
    sent = faults.sent("TransactWriteItems")
    assert [request["ClientRequestToken"] for request in sent] == ["token-1"] * 3
    assert sent[0]["TransactItems"] == sent[2]["TransactItems"]


def test_tries_are_bounded(transaction: Transaction, faults: Faults) -> None:
    faults.add("TransactWriteItems", *[conflict("TransactionConflict")] * 9)
    transaction.put(item())
    with pytest.raises(StoreUnavailable):
        transaction.commit()
    assert len(faults.sent("TransactWriteItems")) == 4


def test_a_conflict_beside_a_refusal_is_tried_again(
    transaction: Transaction, faults: Faults
) -> None:
    """Another item's conflict may hide a refusal that counts more than the one that is seen."""
    faults.add("TransactWriteItems", conflict("TransactionConflict", "ConditionalCheckFailed"))
    put(item())
    transaction.put(item(), condition=TableItem.absent(), refused=AlreadyExists)
    transaction.check(TableItem, THERE, TableItem.present(), refused=NotFound)
    with pytest.raises(AlreadyExists):
        transaction.commit()


@pytest.mark.parametrize("fault", [answer_lost, broken, conflict("ConditionalCheckFailed")])
def test_who_finds_its_own_write_has_succeeded(
    transaction: Transaction, faults: Faults, fault: Any
) -> None:
    faults.add("TransactWriteItems", fault)
    transaction.put(item(), refused=AlreadyExists)
    asked: list[bool] = []
    transaction.commit(written=lambda: not asked.append(True))
    assert asked == [True]


def test_nobody_asks_when_it_went_well(transaction: Transaction) -> None:
    transaction.put(item())
    transaction.commit(written=lambda: pytest.fail("asked"))


def test_a_cancellation_for_another_reason_is_our_mistake(
    transaction: Transaction, faults: Faults
) -> None:
    faults.add("TransactWriteItems", conflict("None", "ValidationError"))
    transaction.put(item())
    with pytest.raises(StoreRejected, match="ValidationError"):
        transaction.commit()


def test_bounds_are_checked_before_anything_is_sent(
    transaction: Transaction, faults: Faults
) -> None:
    with pytest.raises(TooLarge):
        transaction.put(ProblemBodyItem("T#1", "A", url="x" * (400 * 1024)))
    for number in range(101):
        transaction.put(item(Key("T#1", str(number))))
    with pytest.raises(TooLarge):
        transaction.commit()
    assert faults.sent("TransactWriteItems") == []


def test_four_megabytes_are_the_bound(transaction: Transaction, faults: Faults) -> None:
    for number in range(11):
        transaction.put(ProblemBodyItem("T#1", str(number), url="x" * (390 * 1024)))
    with pytest.raises(TooLarge):
        transaction.commit()
    assert faults.sent("TransactWriteItems") == []
