"""Batches: everything, or an error that says what not."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import Any

import pytest

from algoitny.domain.errors import StoreUnavailable, TooLarge
from algoitny.domain.patience import Patience
from algoitny.domain.problem import TestCase
from algoitny.models import TableItem
from algoitny.models.kit.batch import BatchIncomplete, batch_get, batch_write
from algoitny.models.kit.keys import Key
from algoitny.models.kit.operations import get, query_all
from algoitny.models.problem import ProblemBodyItem
from algoitny.models.testcase import TestCaseItem
from tests.builders import KEY
from tests.clock import FixedClock
from tests.faults import Call, Fault, Faults, throttled

TABLE = "algoitny_test"
PATIENCE = Patience(clock=FixedClock(), tries=4, sleep=lambda _: None)

pytestmark = pytest.mark.usefixtures("table")


def keys(count: int) -> list[Key]:
    return [Key("B#1", f"{number:04d}") for number in range(count)]


def items(count: int) -> list[TableItem]:
    return [TableItem(key.partition, key.sort, version=1) for key in keys(count)]


def takes_only(count: int) -> Fault:
    """A store that does the first few of a batch and hands the others back."""

    def fault(call: Call, request: Any = None) -> Any:
        answer = call()
        done = answer.get("Responses", {}).get(TABLE)
        if done is not None:
            rest = [{"PK": raw["PK"], "SK": raw["SK"]} for raw in done[count:]]
            answer["Responses"][TABLE] = done[:count]
            answer["UnprocessedKeys"] = {TABLE: {"Keys": rest}} if rest else {}
        return answer

    return fault


def hands_back(count: int) -> Fault:
    """A store that reports the first writes of a batch as not done."""

    def fault(call: Call) -> Any:
        answer = call()
        rest = [{"PutRequest": {"Item": item.serialize()}} for item in items(count)]
        answer["UnprocessedItems"] = {TABLE: rest}
        return answer

    return fault


@pytest.mark.parametrize("count", [0, 1, 25, 26, 60])
def test_any_number_is_written(faults: Faults, count: int) -> None:
    assert batch_write(TableItem, patience=PATIENCE, puts=items(count)) == count
    assert len(query_all(TableItem, "B#1")) == count
    assert all(
        len(request["RequestItems"][TABLE]) <= 25 for request in faults.sent("BatchWriteItem")
    )


def test_large_rows_go_a_few_at_a_time(faults: Faults) -> None:
    """Many of them together would be in memory several times over."""
    large = TestCase(number=1, input=random.Random(1).randbytes(290_000), output=b"")
    rows = [TestCaseItem.of(KEY, 1, replace(large, number=n)) for n in range(1, 21)]
    assert batch_write(TestCaseItem, patience=PATIENCE, puts=rows) == 20
    sent = [len(request["RequestItems"][TABLE]) for request in faults.sent("BatchWriteItem")]
    assert sent == [8, 8, 4]
    assert len(query_all(TestCaseItem, rows[0].pk)) == 20


@pytest.mark.parametrize("count", [0, 1, 100, 101])
def test_any_number_is_read(faults: Faults, count: int) -> None:
    batch_write(TableItem, patience=PATIENCE, puts=items(count))
    wanted = [*keys(count), Key("B#1", "ghost"), *keys(min(count, 1))]
    found = batch_get(TableItem, wanted, patience=PATIENCE)
    assert sorted(found) == keys(count)
    assert all(found[key].key == key for key in found)


def test_deleting(faults: Faults) -> None:
    batch_write(TableItem, patience=PATIENCE, puts=items(30))
    batch_write(TableItem, patience=PATIENCE, deletes=keys(28))
    assert [item.key for item in query_all(TableItem, "B#1")] == keys(30)[28:]


def test_what_is_left_over_is_read_again(faults: Faults) -> None:
    batch_write(TableItem, patience=PATIENCE, puts=items(10))
    faults.add("BatchGetItem", takes_only(4), takes_only(1))
    assert len(batch_get(TableItem, keys(10), patience=PATIENCE)) == 10
    assert len(faults.sent("BatchGetItem")) == 3


def test_what_is_left_over_is_written_again(faults: Faults) -> None:
    faults.add("BatchWriteItem", hands_back(3))
    batch_write(TableItem, patience=PATIENCE, puts=items(10))
    first, second = faults.sent("BatchWriteItem")
    assert len(first["RequestItems"][TABLE]) == 10
    assert len(second["RequestItems"][TABLE]) == 3


def test_a_store_that_never_does_all_is_named_with_what_is_left(faults: Faults) -> None:
    batch_write(TableItem, patience=PATIENCE, puts=items(6))
    faults.add("BatchGetItem", *[takes_only(0)] * 9)
    with pytest.raises(BatchIncomplete, match="5 items were not read") as reading:
        batch_get(TableItem, keys(5), patience=PATIENCE)
    assert sorted(reading.value.undone) == keys(5)
    faults.add("BatchWriteItem", *[hands_back(2)] * 9)
    with pytest.raises(BatchIncomplete, match="2 items were not written") as writing:
        batch_write(TableItem, patience=PATIENCE, puts=items(5))
    assert list(writing.value.undone) == keys(2)
    assert isinstance(writing.value, StoreUnavailable)


def test_errors_are_ours(faults: Faults) -> None:
    faults.add("BatchWriteItem", throttled)
    with pytest.raises(StoreUnavailable):
        batch_write(TableItem, patience=PATIENCE, puts=items(1))
    with pytest.raises(TooLarge):
        batch_write(
            ProblemBodyItem,
            patience=PATIENCE,
            puts=[ProblemBodyItem("B#1", "x", url="x" * 400 * 1024)],
        )
    assert get(TableItem, Key("B#1", "x")) is None
