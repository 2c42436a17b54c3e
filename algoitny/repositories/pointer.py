"""Pointers: written once, conditionally, and found with one read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import islice

from algoitny.domain.errors import Conflict, StoreUnavailable
from algoitny.domain.ids import Ids
from algoitny.domain.patience import Patience
from algoitny.domain.pointer import Pointer, PointerKind, Target
from algoitny.models.kit.batch import batch_get
from algoitny.models.kit.keys import Key
from algoitny.models.kit.operations import delete, get, put
from algoitny.models.kit.sizes import TRANSACTION_LIMIT_ITEMS
from algoitny.models.kit.transaction import Transaction
from algoitny.models.pointer import PointerItem, pointer_key


class DynamoPointerRepository:
    """Implements `PointerRepository`."""

    def __init__(self, *, ids: Ids, patience: Patience) -> None:
        self._ids = ids
        self._patience = patience

    def resolve(self, kind: PointerKind, old_id: int | str) -> Target | None:
        """One Get; 0.5 RCU."""
        item = get(PointerItem, pointer_key(kind, old_id)) if old_id != "" else None
        return None if item is None else item.points_to()

    def put(self, pointer: Pointer) -> None:
        """One conditional Put; 1 WCU. Repeating it changes nothing. Raises Conflict."""
        put(PointerItem.of(pointer), condition=PointerItem.free_for(pointer), refused=_taken)

    def batch_put(self, pointers: Iterable[Pointer]) -> tuple[Pointer, ...]:
        """Transactions of at most 100, 2 WCU a pointer: a batch write takes no condition. Of one
        that is refused: a BatchGet tells by which, and the others are put without them."""
        refused: list[Pointer] = []
        rest = iter(pointers)
        while chunk := list(islice(rest, TRANSACTION_LIMIT_ITEMS)):
            refused += self._put_chunk(chunk)
        return tuple(refused)

    def delete(self, kind: PointerKind, old_id: int | str) -> None:
        """One Delete; 1 WCU."""
        delete(PointerItem, pointer_key(kind, old_id))

    def _put_chunk(self, chunk: Sequence[Pointer]) -> list[Pointer]:
        wanted: dict[tuple[PointerKind, str], Pointer] = {}
        refused: list[Pointer] = []
        for pointer in chunk:
            # A transaction names an item once; of two that differ, the first one counts.
            first = wanted.setdefault((pointer.kind, pointer.old_id), pointer)
            if first.target != pointer.target:
                refused.append(pointer)
        left = list(wanted.values())
        for _ in self._patience.rounds():
            try:
                self._put_together(left)
            except Conflict:
                taken = self._pointing_elsewhere(left)
                refused += taken
                left = [pointer for pointer in left if pointer not in taken]
            else:
                return refused
        raise StoreUnavailable("The pointers keep changing.")

    def _put_together(self, pointers: Sequence[Pointer]) -> None:
        if not pointers:
            return
        transaction = Transaction(token=self._ids.new(), patience=self._patience)
        for pointer in pointers:
            transaction.put(
                PointerItem.of(pointer), condition=PointerItem.free_for(pointer), refused=_taken
            )
        transaction.commit(written=lambda: self._are_there(pointers))

    def _are_there(self, pointers: Sequence[Pointer]) -> bool:
        rows = {pointer_key(pointer.kind, pointer.old_id): pointer for pointer in pointers}
        found = self._read(rows)
        return all(found.get(key) == pointer.target for key, pointer in rows.items())

    def _pointing_elsewhere(self, pointers: Sequence[Pointer]) -> list[Pointer]:
        rows = {pointer_key(pointer.kind, pointer.old_id): pointer for pointer in pointers}
        return [rows[key] for key, target in self._read(rows).items() if target != rows[key].target]

    def _read(self, keys: Iterable[Key]) -> dict[Key, Target]:
        found = batch_get(PointerItem, keys, patience=self._patience, consistent=True)
        return {key: item.points_to() for key, item in found.items()}


def _taken() -> Conflict:
    return Conflict("The old id points elsewhere.")
