"""Counts what the store says each request consumed, from botocore's events.

It reports the store's own figures, which are right on AWS and only sometimes on local stores.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

EVENT = "after-call.dynamodb"

_READS = frozenset({"GetItem", "BatchGetItem", "Query", "Scan", "TransactGetItems"})
_WRITES = frozenset({"PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem", "TransactWriteItems"})


@dataclass(slots=True, eq=False)
class Consumption:
    """Read and write capacity units, requests (retries included) and refused requests."""

    rcu: float = 0.0
    wcu: float = 0.0
    requests: int = 0
    errors: int = 0
    operations: list[str] = field(default_factory=list)


class _Collectors(threading.local):
    def __init__(self) -> None:
        self.open: list[Consumption] = []


_COLLECTORS = _Collectors()


@contextmanager
def collect_capacity() -> Iterator[Consumption]:
    """What this thread's requests consume while the block runs; blocks may be nested."""
    consumption = Consumption()
    _COLLECTORS.open.append(consumption)
    try:
        yield consumption
    finally:
        _COLLECTORS.open.remove(consumption)


def record_call(parsed: dict[str, Any], model: Any, **_: object) -> None:
    """The handler of `after-call.dynamodb.*`: adds one call to every open block of the thread."""
    if not _COLLECTORS.open:
        return
    operation = str(model.name)
    metadata = parsed.get("ResponseMetadata", {})
    units = _units(parsed.get("ConsumedCapacity"))
    for consumption in _COLLECTORS.open:
        consumption.requests += 1 + int(metadata.get("RetryAttempts", 0))
        consumption.operations.append(operation)
        consumption.errors += int(metadata.get("HTTPStatusCode", 200)) >= 400
        if operation in _READS:
            consumption.rcu += units
        elif operation in _WRITES:
            consumption.wcu += units


def _units(consumed: Any) -> float:
    if consumed is None:
        return 0.0
    if isinstance(consumed, list):
        return sum(_units(each) for each in consumed)
    return float(consumed.get("CapacityUnits", 0.0))
