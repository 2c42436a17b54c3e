"""Batch reads and writes that go on until all is done, or say what was not.

PynamoDB's own retry what the store left over at once and for ever.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, TypeVar

from pynamodb.constants import DELETE_REQUEST, ITEM, KEY, KEYS, PUT_REQUEST, RESPONSES
from pynamodb.models import Model

from algoitny.domain.errors import StoreUnavailable
from algoitny.domain.patience import Patience
from algoitny.models.kit.binding import connection_of
from algoitny.models.kit.errors import store_errors
from algoitny.models.kit.keys import Key
from algoitny.models.kit.operations import key_of
from algoitny.models.kit.sizes import check_item, item_size
from algoitny.models.kit.wire import dump, load

M = TypeVar("M", bound=Model)

GET_LIMIT = 100
WRITE_LIMIT = 25
WRITE_BYTES = 2 * 1024 * 1024
"""About as much goes in one request: several copies of it are in memory while it is sent. (The
store would take 16 MB.)"""

_PARTITION, _SORT = "PK", "SK"  # the names that every table on this kit gives its keys


class BatchIncomplete(StoreUnavailable):
    """The store did not take a whole batch in time; `undone` are the keys that are left."""

    def __init__(self, action: str, undone: Sequence[Key]) -> None:
        names = ", ".join(f"{key.partition}/{key.sort}" for key in undone[:3])
        more = f" and {len(undone) - 3} more" if len(undone) > 3 else ""
        super().__init__(f"{len(undone)} items were not {action}: {names}{more}.")
        self.undone = tuple(undone)


def batch_get(
    model_of: type[M] | Callable[[Key], type[M]],
    keys: Iterable[Key],
    *,
    patience: Patience,
    consistent: bool = False,
) -> dict[Key, M]:
    """The items that exist, by key. Raises BatchIncomplete.

    `model_of` may be a function when the rows are of several entities of one table.
    """
    found: dict[Key, M] = {}
    for chunk in _chunks(dict.fromkeys(keys), GET_LIMIT):
        for raw in _get_chunk(_resolve(model_of, chunk[0]), chunk, patience, consistent=consistent):
            key = Key(raw[_PARTITION]["S"], raw[_SORT]["S"])
            with store_errors():
                found[key] = load(_resolve(model_of, key), raw)
    return found


def batch_write(
    model: type[Model],
    *,
    patience: Patience,
    puts: Iterable[Model] = (),
    deletes: Iterable[Key] = (),
) -> int:
    """Put and delete without conditions, up to 25 a request; how many. Raises BatchIncomplete."""
    done = 0
    for chunk in _write_chunks(_requests(puts, deletes)):
        _write_chunk(model, chunk, patience)
        done += len(chunk)
    return done


def _get_chunk(
    model: type[Model], chunk: Sequence[Key], patience: Patience, *, consistent: bool
) -> Iterator[dict[str, Any]]:
    connection = connection_of(model)
    # Whole keys, although PynamoDB says text: it wants them where there are two parts.
    left: list[Any] = [{_PARTITION: {"S": pk}, _SORT: {"S": sk}} for pk, sk in chunk]
    for _ in patience.rounds():
        with store_errors():
            answer = connection.batch_get_item(left, consistent_read=consistent)
        yield from answer.get(RESPONSES, {}).get(connection.table_name, [])
        left = answer.get("UnprocessedKeys", {}).get(connection.table_name, {}).get(KEYS, [])
        if not left:
            return
    raise BatchIncomplete("read", [Key(raw[_PARTITION]["S"], raw[_SORT]["S"]) for raw in left])


def _write_chunk(model: type[Model], chunk: Sequence[dict[str, Any]], patience: Patience) -> None:
    connection = connection_of(model)
    table = connection.table_name
    left = list(chunk)
    for _ in patience.rounds():
        with store_errors():
            answer = connection.connection.dispatch(
                "BatchWriteItem", {"RequestItems": {table: left}}
            )
        left = answer.get("UnprocessedItems", {}).get(table, [])
        if not left:
            return
    raise BatchIncomplete("written", [_key_of_request(request) for request in left])


def _write_chunks(requests: Iterable[tuple[int, dict[str, Any]]]) -> Iterator[list[dict[str, Any]]]:
    chunk: list[dict[str, Any]] = []
    total = 0
    for size, request in requests:
        chunk.append(request)
        total += size
        if len(chunk) == WRITE_LIMIT or total >= WRITE_BYTES:
            yield chunk
            chunk, total = [], 0
    if chunk:
        yield chunk


def _requests(
    puts: Iterable[Model], deletes: Iterable[Key]
) -> Iterator[tuple[int, dict[str, Any]]]:
    """Each with its bytes."""
    for item in puts:
        with store_errors():
            raw = dump(item)
        yield check_item(raw), {PUT_REQUEST: {ITEM: raw}}
    for key in deletes:
        raw_key = {_PARTITION: {"S": key.partition}, _SORT: {"S": key.sort}}
        yield item_size(raw_key), {DELETE_REQUEST: {KEY: raw_key}}


def _key_of_request(request: dict[str, Any]) -> Key:
    raw = request[PUT_REQUEST][ITEM] if PUT_REQUEST in request else request[DELETE_REQUEST][KEY]
    return Key(raw[_PARTITION]["S"], raw[_SORT]["S"])


def _resolve(model_of: type[M] | Callable[[Key], type[M]], key: Key) -> type[M]:
    return model_of if isinstance(model_of, type) else model_of(key)


T = TypeVar("T")


def _chunks(items: Iterable[T], size: int) -> Iterator[list[T]]:
    rest = iter(items)
    while chunk := list(islice(rest, size)):
        yield chunk


__all__ = ["BatchIncomplete", "batch_get", "batch_write", "key_of"]
