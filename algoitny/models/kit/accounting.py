"""What requests cost by AWS's published rules, worked out from what is in the table.

For tests and benchmarks: local stores report some of it wrongly, so the items that a request
touches are read before and after it, by reads that nobody counts. Not for production, where the
store's own figures (`capacity.py`) are right, nor for several threads.

Rules: docs.aws.amazon.com/amazondynamodb/latest/developerguide, "Read and write operations",
"Item sizes and formats", "Global secondary indexes", "Transactions".
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from math import ceil
from typing import Any, NamedTuple, Self

from algoitny.models.kit.errors import CONDITION_FAILED, TRANSACTION_CANCELLED, error_code
from algoitny.models.kit.sizes import RawItem, item_size

READ_UNIT_BYTES = 4096
WRITE_UNIT_BYTES = 1024

EVENTUAL, CONSISTENT, TRANSACTIONAL = 0.5, 1.0, 2.0
"""What a read unit of bytes costs in each way of reading."""

_NOT_EXAMINING = frozenset(
    {
        *("FilterExpression", "ProjectionExpression", "Select", "AttributesToGet"),
        *("QueryFilter", "ScanFilter", "ConditionalOperator", "ReturnConsumedCapacity"),
    }
)
"""Parts of a Query or Scan that change what it answers, not what it reads and charges."""

_PLACEHOLDER = re.compile(r"[#:]\w+")


@dataclass(frozen=True, slots=True)
class Place:
    """What a charge is for: a table, or one index of it."""

    table: str
    index: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Charge:
    """One request, and its units by place. `refused`: it was answered with an error."""

    operation: str
    request: Mapping[str, Any]
    reads: Mapping[Place, float] = field(default_factory=dict)
    writes: Mapping[Place, float] = field(default_factory=dict)
    refused: bool = False
    reported: Any = None
    """The store's own `ConsumedCapacity`, where it gave one."""

    @property
    def read_units(self) -> float:
        return sum(self.reads.values())

    @property
    def write_units(self) -> float:
        return sum(self.writes.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexSchema:
    """An index: its key attributes, and those that its entries repeat; None means all."""

    name: str
    keys: tuple[str, ...]
    projected: frozenset[str] | None

    def entry(self, item: RawItem | None) -> RawItem | None:
        """The item's entry, or None: an index holds only items that have all of its keys."""
        if item is None or not all(key in item for key in self.keys):
            return None
        if self.projected is None:
            return item
        return {name: value for name, value in item.items() if name in self.projected}


@dataclass(frozen=True, slots=True, kw_only=True)
class TableSchema:
    """A table's keys and global indexes."""

    keys: tuple[str, ...]
    indexes: tuple[IndexSchema, ...] = ()

    @classmethod
    def of(cls, description: Mapping[str, Any]) -> Self:
        """From DescribeTable's `Table`."""
        keys = _key_names(description)
        indexes = description.get("GlobalSecondaryIndexes") or ()
        return cls(keys=keys, indexes=tuple(_index_schema(index, keys) for index in indexes))


def read_units(size_bytes: int, rate: float) -> float:
    """Units of reading so many bytes at once; nothing found costs as much as one unit of bytes."""
    return max(1, ceil(size_bytes / READ_UNIT_BYTES)) * rate


def write_units(*items: RawItem | None) -> int:
    """Units of one write: by the larger of the item before and after; 1 when there is none."""
    largest = max((item_size(item) for item in items if item is not None), default=0)
    return max(1, ceil(largest / WRITE_UNIT_BYTES))


def index_units(index: IndexSchema, before: RawItem | None, after: RawItem | None) -> int:
    """Units that an index takes of one write of its table.

    An entry that appears or disappears is one write, one whose keys change is two, one of which
    only projected attributes change is one, an unchanged one is none.
    """
    old, new = index.entry(before), index.entry(after)
    if old == new:
        return 0
    if old is None or new is None or all(old[key] == new[key] for key in index.keys):
        return write_units(old, new)
    return write_units(old) + write_units(new)


class _Write(NamedTuple):
    """One item that a request writes; `new` where the request has it whole."""

    table: str
    key: RawItem
    new: RawItem | None = None


class Accountant:
    """Notes what every request of one client costs while its block runs.

    `with Accountant(client) as accountant: …; accountant.charges`. The client must answer to
    nobody else meanwhile. Costs of attempts that botocore repeats by itself are not counted twice.
    """

    def __init__(self, client: Any) -> None:
        self.charges: list[Charge] = []
        self._client = client
        self._send: Callable[[str, Any], Any] = client._make_api_call  # noqa: SLF001 - botocore's seam
        self._schemas: dict[str, TableSchema] = {}
        self._tokens: set[str] = set()

    def __enter__(self) -> Self:
        self._replaced = vars(self._client).get("_make_api_call")
        self._send = self._client._make_api_call  # noqa: SLF001 - see above
        self._client._make_api_call = self._call  # noqa: SLF001 - see above
        return self

    def __exit__(self, *_: object) -> None:
        if self._replaced is None:
            del self._client._make_api_call  # noqa: SLF001 - see above
        else:
            self._client._make_api_call = self._replaced  # noqa: SLF001 - see above

    @property
    def read_units(self) -> float:
        return sum(charge.read_units for charge in self.charges)

    @property
    def write_units(self) -> float:
        return sum(charge.write_units for charge in self.charges)

    def _call(self, operation: str, request: dict[str, Any]) -> Any:
        writes = list(_writes_of(operation, request))
        if writes:
            return self._written(operation, request, writes)
        answer, error = self._attempt(operation, request)
        reads = {} if error is not None else self._reads(operation, request, answer)
        self._note(operation, request, answer, reads=reads, refused=error is not None)
        if error is not None:
            raise error
        return answer

    def _attempt(self, operation: str, request: dict[str, Any]) -> tuple[Any, Exception | None]:
        try:
            return self._send(operation, request), None
        except Exception as error:  # noqa: BLE001 - noted, and raised again by the caller
            return {}, error

    def _note(
        self,
        operation: str,
        request: Mapping[str, Any],
        answer: Mapping[str, Any],
        *,
        reads: Mapping[Place, float] | None = None,
        writes: Mapping[Place, float] | None = None,
        refused: bool = False,
    ) -> None:
        self.charges.append(
            Charge(
                operation=operation,
                request=request,
                reads=reads or {},
                writes=writes or {},
                refused=refused,
                reported=answer.get("ConsumedCapacity"),
            )
        )

    # Writes.

    def _written(self, operation: str, request: dict[str, Any], writes: list[_Write]) -> Any:
        before = [self._image(write.table, write.key) for write in writes]
        answer, error = self._attempt(operation, request)
        if error is not None:
            refused = error_code(error) in {CONDITION_FAILED, TRANSACTION_CANCELLED}
            paid = self._refused(operation, writes, before) if refused else {}
            self._note(operation, request, {}, writes=paid, refused=True)
            raise error
        token = request.get("ClientRequestToken")
        if token in self._tokens:
            # The same transaction again: its items are read, nothing is written.
            self._note(operation, request, answer, reads=self._repeated(writes, before))
            return answer
        if token is not None:
            self._tokens.add(token)
        units: dict[Place, float] = {}
        left = _unprocessed(answer)
        rate = 2 if operation == "TransactWriteItems" else 1
        for write, old in zip(writes, before, strict=True):
            if (write.table, _hashable(write.key)) in left:
                continue
            new = self._image(write.table, write.key)
            _add(units, Place(write.table), rate * write_units(old, new))
            for index in self._schema(write.table).indexes:
                _add(units, Place(write.table, index.name), index_units(index, old, new))
        self._note(operation, request, answer, writes=units)
        return answer

    def _refused(
        self, operation: str, writes: Sequence[_Write], before: Sequence[RawItem | None]
    ) -> dict[Place, float]:
        """A refused condition is paid, by the larger of the item there and the one to come; so is,
        of a cancelled transaction, every item."""
        rate = 2 if operation == "TransactWriteItems" else 1
        units: dict[Place, float] = {}
        for write, old in zip(writes, before, strict=True):
            _add(units, Place(write.table), rate * write_units(old, write.new))
        return units

    def _repeated(
        self, writes: Sequence[_Write], before: Sequence[RawItem | None]
    ) -> dict[Place, float]:
        units: dict[Place, float] = {}
        for write, item in zip(writes, before, strict=True):
            _add(units, Place(write.table), read_units(item_size(item or {}), TRANSACTIONAL))
        return units

    # Reads.

    def _reads(
        self, operation: str, request: Mapping[str, Any], answer: Mapping[str, Any]
    ) -> dict[Place, float]:
        units: dict[Place, float] = {}
        if operation in {"Query", "Scan"}:
            table, name = request["TableName"], request.get("IndexName")
            _add(units, Place(table, name), self._examined_units(operation, request))
        for table, key, rate in _gets_of(operation, request, answer):
            size = item_size(self._image(table, key) or {})
            _add(units, Place(table), read_units(size, rate))
        return units

    def _examined_units(self, operation: str, request: Mapping[str, Any]) -> float:
        """Sums the sizes of all rows that were looked at, also of those that a filter kept back,
        and rounds once; of an index, the sizes of its entries."""
        asked = {name: part for name, part in request.items() if name not in _NOT_EXAMINING}
        asked = _without_unused_names(asked)
        items = self._send(operation, asked).get("Items", ())
        name = request.get("IndexName")
        if name is not None:
            index = next(
                each for each in self._schema(request["TableName"]).indexes if each.name == name
            )
            items = [index.entry(item) or {} for item in items]
        rate = CONSISTENT if request.get("ConsistentRead") else EVENTUAL
        return read_units(sum(item_size(item) for item in items), rate)

    def _image(self, table: str, key: RawItem) -> RawItem | None:
        if not all(name in key for name in self._schema(table).keys):
            return None  # a request that the store will refuse
        keys = {name: key[name] for name in self._schema(table).keys}
        answer = self._send("GetItem", {"TableName": table, "Key": keys, "ConsistentRead": True})
        item: RawItem | None = answer.get("Item")
        return item

    def _schema(self, table: str) -> TableSchema:
        if table not in self._schemas:
            description = self._send("DescribeTable", {"TableName": table})["Table"]
            self._schemas[table] = TableSchema.of(description)
        return self._schemas[table]


def _writes_of(operation: str, request: Mapping[str, Any]) -> Iterator[_Write]:
    if operation == "TransactWriteItems":
        for entry in request["TransactItems"]:
            for part in entry.values():
                yield _write_of(part["TableName"], part)
    elif operation == "BatchWriteItem":
        for table, entries in request["RequestItems"].items():
            for entry in entries:
                for part in entry.values():
                    yield _write_of(table, part)
    elif operation in {"PutItem", "UpdateItem", "DeleteItem"}:
        yield _write_of(request["TableName"], request)


def _write_of(table: str, part: Mapping[str, Any]) -> _Write:
    item = part.get("Item")
    return _Write(table, part["Key"] if item is None else item, item)


def _gets_of(
    operation: str, request: Mapping[str, Any], answer: Mapping[str, Any]
) -> Iterator[tuple[str, RawItem, float]]:
    """(table, key, rate) of each item that was looked for by its key."""
    if operation == "GetItem":
        yield request["TableName"], request["Key"], _rate(request)
    elif operation == "TransactGetItems":
        for entry in request["TransactItems"]:
            yield entry["Get"]["TableName"], entry["Get"]["Key"], TRANSACTIONAL
    elif operation == "BatchGetItem":
        for table, part in request["RequestItems"].items():
            left = answer.get("UnprocessedKeys", {}).get(table, {}).get("Keys", ())
            for key in part["Keys"]:
                if key not in left:
                    yield table, key, _rate(part)


def _rate(part: Mapping[str, Any]) -> float:
    return CONSISTENT if part.get("ConsistentRead") else EVENTUAL


def _unprocessed(answer: Mapping[str, Any]) -> set[tuple[str, Any]]:
    """The rows of a batch that the store left over; their keys as the request gave them."""
    return {
        (table, _hashable(_write_of(table, part).key))
        for table, entries in (answer.get("UnprocessedItems") or {}).items()
        for entry in entries
        for part in entry.values()
    }


def _hashable(item: RawItem) -> str:
    return repr(sorted(item.items()))


def _without_unused_names(request: Mapping[str, Any]) -> dict[str, Any]:
    """DynamoDB refuses names and values that no expression uses: keep those of the key's."""
    words = set(_PLACEHOLDER.findall(request.get("KeyConditionExpression", "")))
    kept = dict(request)
    for part in ("ExpressionAttributeNames", "ExpressionAttributeValues"):
        used = {name: value for name, value in request.get(part, {}).items() if name in words}
        if used:
            kept[part] = used
        else:
            kept.pop(part, None)
    return kept


def _add(units: dict[Place, float], place: Place, more: float) -> None:
    if more:
        units[place] = units.get(place, 0) + more


def _key_names(schema: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(key["AttributeName"] for key in schema["KeySchema"])


def _index_schema(index: Mapping[str, Any], table_keys: tuple[str, ...]) -> IndexSchema:
    keys = _key_names(index)
    projection = index["Projection"]
    projected = None
    if projection["ProjectionType"] != "ALL":
        projected = frozenset((*table_keys, *keys, *(projection.get("NonKeyAttributes") or ())))
    return IndexSchema(name=index["IndexName"], keys=keys, projected=projected)


__all__ = [
    "Accountant",
    "Charge",
    "IndexSchema",
    "Place",
    "TableSchema",
    "index_units",
    "read_units",
    "write_units",
]
