"""Publishing and withdrawing executions, and what moves in the public lists with it."""

from __future__ import annotations

from algoitny.domain.clock import Clock
from algoitny.domain.errors import Conflict, NotFound, StoreUnavailable
from algoitny.domain.history import History
from algoitny.domain.ids import Ids
from algoitny.domain.patience import Patience
from algoitny.domain.verdict import State
from algoitny.models.history import HistoryItem, history_key
from algoitny.models.history_public import PublicRowItem, public_row_key
from algoitny.models.kit.operations import get, update
from algoitny.models.kit.transaction import Transaction

_ROUNDS = 6


class _Moved(Conflict):
    """The execution is not any more as it was read."""


class Publications:
    """Keeps mark and public rows together."""

    def __init__(self, *, clock: Clock, ids: Ids, patience: Patience, public_shards: int) -> None:
        self._clock = clock
        self._ids = ids
        self._patience = patience
        self._public_shards = public_shards

    def mark(self, history_id: str, *, is_code_public: bool) -> History:
        """Raises NotFound."""
        for _ in range(_ROUNDS):
            history = self._read(history_id)
            if history is None:
                raise NotFound("No such execution.")
            if history.is_code_public == is_code_public:
                return history
            try:
                if history.state.ended:
                    self._move_rows(history, is_code_public=is_code_public)
                else:
                    self._mark_only(history_id, is_code_public=is_code_public)
            except _Moved:
                continue
        raise StoreUnavailable("The execution keeps changing.")

    def _mark_only(self, history_id: str, *, is_code_public: bool) -> None:
        """Before the end: the ending is conditional on the mark, and makes the rows."""
        update(
            HistoryItem,
            history_key(history_id),
            [
                HistoryItem.is_public.set(is_code_public),
                HistoryItem.updated.set(self._clock.now()),
            ],
            condition=HistoryItem.state.is_in(State.QUEUED.value, State.RUNNING.value),
            refused=_Moved,
        )

    def _move_rows(self, history: History, *, is_code_public: bool) -> None:
        moving = (
            HistoryItem.publishing(history.id, public_shards=self._public_shards)
            if is_code_public
            else HistoryItem.withdrawing()
        )
        transaction = Transaction(token=self._ids.new(), patience=self._patience)
        transaction.update(
            HistoryItem,
            history_key(history.id),
            [
                HistoryItem.is_public.set(is_code_public),
                HistoryItem.updated.set(self._clock.now()),
                *moving,
            ],
            condition=(HistoryItem.is_public == history.is_code_public)
            & HistoryItem.showing(history),
            refused=_Moved,
        )
        if is_code_public:
            transaction.put(PublicRowItem.of(history))
        else:
            transaction.delete(PublicRowItem, public_row_key(history.id))

        def written() -> bool:
            now = self._read(history.id)
            return now is not None and now.is_code_public == is_code_public

        transaction.commit(written=written)

    @staticmethod
    def _read(history_id: str) -> History | None:
        item = get(HistoryItem, history_key(history_id), consistent=True)
        return None if item is None else item.record()
