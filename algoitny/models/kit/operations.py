"""Single requests on bound models, typed, raising the product's errors only.

Creation is a conditional put, change is an update expression: a loaded item is never saved back.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from pynamodb.constants import (
    ATTRIBUTES,
    CAMEL_COUNT,
    EXPRESSION_ATTRIBUTE_VALUES,
    ITEM,
    ITEMS,
    KEY,
    LAST_EVALUATED_KEY,
    SCANNED_COUNT,
)
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action
from pynamodb.indexes import Index
from pynamodb.models import Model

from algoitny.domain.errors import AlgoItnyError, Conflict, InvalidInput
from algoitny.models.kit.binding import connection_of
from algoitny.models.kit.cursor import Position
from algoitny.models.kit.errors import (
    CONDITION_FAILED,
    STORE_ERRORS,
    error_code,
    store_errors,
    translate,
)
from algoitny.models.kit.keys import Key
from algoitny.models.kit.sizes import check_item
from algoitny.models.kit.wire import dump, load

M = TypeVar("M", bound=Model)

_LARGEST_LIMIT = 2**31 - 1
"""What DynamoDB can read; it answers with 1 MB at most anyway."""

Refusal = Callable[[], AlgoItnyError]
"""Makes the error that a refused condition stands for; may read to find out which it is."""


@dataclass(frozen=True, slots=True)
class Slice(Generic[M]):
    """One answer to a query: `position` is where it stopped, None at the end of the key range."""

    items: tuple[M, ...]
    position: Position | None
    examined: int


def get(model: type[M], key: Key, *, consistent: bool = False) -> M | None:
    """One item, or None. 0.5 RCU per 4 KB, 1 when consistent."""
    with store_errors():
        answer = connection_of(model).get_item(
            key.partition, range_key=key.sort, consistent_read=consistent
        )
        raw = answer.get(ITEM)
        return load(model, raw) if raw else None


def put(item: Model, *, condition: Condition | None = None, refused: Refusal = Conflict) -> None:
    """Write a whole item. Raises what `refused` makes when the condition does not hold."""
    with store_errors():
        raw = dump(item)
    check_item(raw)
    key = key_of(item)
    try:
        connection_of(type(item)).put_item(
            key.partition, range_key=key.sort, attributes=raw, condition=condition
        )
    except STORE_ERRORS as error:
        raise _refusal(error, refused) from error


def update(
    model: type[M],
    key: Key,
    actions: Sequence[Action],
    *,
    condition: Condition | None = None,
    refused: Refusal = Conflict,
) -> M:
    """Apply update expressions; the item afterwards. Raises TooLarge, InvalidInput."""
    table = connection_of(model)
    with store_errors():
        request = table.get_operation_kwargs(
            key.partition,
            range_key=key.sort,
            key=KEY,
            actions=list(actions),
            condition=condition,
            return_values="ALL_NEW",
        )
    check_item(request.get(EXPRESSION_ATTRIBUTE_VALUES, {}))
    try:
        answer = table.connection.dispatch("UpdateItem", request)
        return load(model, answer[ATTRIBUTES])
    except STORE_ERRORS as error:
        raise _refusal(error, refused) from error


def delete(
    model: type[Model],
    key: Key,
    *,
    condition: Condition | None = None,
    refused: Refusal = Conflict,
) -> None:
    """Remove an item; nothing when it is not there."""
    try:
        connection_of(model).delete_item(key.partition, range_key=key.sort, condition=condition)
    except STORE_ERRORS as error:
        raise _refusal(error, refused) from error


def query(
    model: type[M],
    partition: str,
    *,
    index: type[Index[Any]] | None = None,
    sort: Condition | None = None,
    only: Condition | None = None,
    forward: bool = True,
    limit: int | None = None,
    start: Position | None = None,
    consistent: bool = False,
    model_of: Callable[[Mapping[str, Any]], type[M]] | None = None,
) -> Slice[M]:
    """One Query request: at most 1 MB or `limit` items of a partition, `only` applied after.

    `model_of` tells a raw row's entity where a partition holds several. Raises InvalidInput for a
    limit below one.
    """
    limit = None if limit is None else checked_limit(limit)
    with store_errors():
        answer = connection_of(model).query(
            partition,
            range_key_condition=sort,
            filter_condition=only,
            index_name=None if index is None else index.Meta.index_name,
            scan_index_forward=forward,
            limit=limit,
            exclusive_start_key=None if start is None else _raw_position(start),
            consistent_read=consistent,
        )
        rows = answer.get(ITEMS, ())
        items = tuple(load(model_of(raw) if model_of else model, raw) for raw in rows)
    stopped = answer.get(LAST_EVALUATED_KEY)
    return Slice(
        items,
        {name: value["S"] for name, value in stopped.items()} if stopped else None,
        answer.get(SCANNED_COUNT, answer.get(CAMEL_COUNT, len(items))),
    )


def query_all(
    model: type[M],
    partition: str,
    *,
    sort: Condition | None = None,
    consistent: bool = False,
) -> tuple[M, ...]:
    """A whole key range of a partition, over as many requests as it takes."""
    items: list[M] = []
    start: Position | None = None
    while True:
        part = query(model, partition, sort=sort, start=start, consistent=consistent)
        items.extend(part.items)
        start = part.position
        if start is None:
            return tuple(items)


def count(
    model: type[M],
    partition: str,
    *,
    index: type[Index[Any]] | None = None,
    sort: Condition | None = None,
) -> int:
    """How many items a key range has: they are read (0.5 RCU per 4 KB) but not sent, 1 MB a
    request."""
    total = 0
    start: dict[str, Any] | None = None
    while True:
        with store_errors():
            answer = connection_of(model).query(
                partition,
                range_key_condition=sort,
                index_name=None if index is None else index.Meta.index_name,
                exclusive_start_key=start,
                select="COUNT",
            )
        total += int(answer[CAMEL_COUNT])
        start = answer.get(LAST_EVALUATED_KEY)
        if not start:
            return total


def checked_limit(limit: int) -> int:
    """How many rows to ask for at most. Raises InvalidInput below one."""
    if limit < 1:
        raise InvalidInput.field("/limit", f"A page has at least 1 item, not {limit}.")
    return min(limit, _LARGEST_LIMIT)


def key_of(item: Model) -> Key:
    """The item's primary key."""
    partition, sort = item._get_serialized_keys()  # noqa: SLF001 - PynamoDB has no public way
    return Key(str(partition), str(sort))


def _raw_position(position: Position) -> dict[str, dict[str, str]]:
    return {name: {"S": value} for name, value in position.items()}


def _refusal(error: Exception, refused: Refusal) -> AlgoItnyError:
    return refused() if error_code(error) == CONDITION_FAILED else translate(error)
