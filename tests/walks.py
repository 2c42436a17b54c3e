"""Random steps against a store that fails at random moments; a seed repeats a walk."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any, TypeVar

from algoitny.domain.errors import AlgoItnyError
from algoitny.models import TableItem, bound_tables
from algoitny.models.kit.binding import connection_of
from tests.faults import (
    LOST,
    NOTHING_HAPPENED,
    Fault,
    Faults,
    answer_lost,
    conflict,
)

T = TypeVar("T")

Rows = dict[tuple[str, str], dict[str, Any]]
"""Raw rows of all tables by their keys."""

_OPERATIONS = (
    *("TransactWriteItems", "UpdateItem", "PutItem", "DeleteItem", "BatchWriteItem"),
    *("GetItem", "Query", "BatchGetItem"),
)
_ANY: tuple[Fault, ...] = (
    *(answer_lost, *LOST),
    *NOTHING_HAPPENED,
)
_OF_TRANSACTIONS: tuple[Fault, ...] = (*_ANY, conflict("None", "TransactionConflict"))


class Walk:
    """Makes choices and attempts, and remembers them for whoever reads a failure."""

    def __init__(self, seed: int, faults: Faults) -> None:
        self.chance = random.Random(seed)
        self.steps: list[str] = []
        self._faults = faults

    def attempt(self, name: str, call: Callable[[], T]) -> T | None:
        """What the call returned; None for an error of the product's. Half of them meet a fault or
        two, if they send such a request."""
        waiting = []
        if self.chance.random() < 0.5:
            for _ in range(self.chance.choice((1, 1, 2))):
                operation = self.chance.choice(_OPERATIONS)
                transaction = operation == "TransactWriteItems"
                fault = self.chance.choice(_OF_TRANSACTIONS if transaction else _ANY)
                self._faults.add(operation, fault)
                waiting.append(f"{operation} {fault.__name__}")
        result, outcome = None, "done"
        try:
            result = call()
        except AlgoItnyError as error:
            outcome = type(error).__name__
        self._faults.forget()
        self.steps.append(f"{name}: {outcome} {waiting}")
        return result


def all_rows() -> Rows:
    """Every row there is."""
    client: Any = connection_of(TableItem).connection.client
    rows: Rows = {}
    for table in bound_tables():
        pages = client.get_paginator("scan").paginate(TableName=table, ConsistentRead=True)
        for row in (row for page in pages for row in page["Items"]):
            rows[row["PK"]["S"], row["SK"]["S"]] = row
    return rows


def number(row: dict[str, Any] | None, name: str) -> int:
    """A counter in a row; 0 where there is none."""
    return int((row or {}).get(name, {}).get("N", 0))
