"""Making executions anonymous: public ones that stay when their author is erased.

In two steps, because a request or a worker that began before may store something late: first all
that tells of the author goes, then, later, it goes again together with the memory of whose it was.
"""

from __future__ import annotations

from algoitny.domain.errors import Conflict, StoreUnavailable
from algoitny.domain.history import ANONYMOUS, History
from algoitny.domain.ids import Ids
from algoitny.domain.patience import Patience
from algoitny.models.base import TableItem
from algoitny.models.hint import HINT_SORT
from algoitny.models.history import HISTORY_PARTITION, HistoryItem, history_key
from algoitny.models.history_attempt import PROGRESS_SORT
from algoitny.models.history_public import PublicRowItem, public_row_key
from algoitny.models.kit.batch import batch_write
from algoitny.models.kit.operations import get, query_all
from algoitny.models.kit.transaction import Transaction
from algoitny.models.outbox import WEBHOOK_SORT

_ROUNDS = 8
_OF_THE_AUTHOR = tuple(sort.prefix() for sort in (HINT_SORT, WEBHOOK_SORT, PROGRESS_SORT))


class _Moved(Conflict):
    """The execution is not any more as it was read."""


class Anonymity:
    """Separates executions from their authors, resumably."""

    def __init__(self, *, ids: Ids, patience: Patience) -> None:
        self._ids = ids
        self._patience = patience

    def part(self, history_id: str) -> bool:
        """Whether it has no author now. Raises StoreUnavailable."""
        for _ in range(_ROUNDS):
            history = _read(history_id)
            if history is None or not _stays(history):
                return False
            try:
                if history.user_id is not None:
                    self._part(history, history.user_id)
            except _Moved:
                continue
            self._remove_rows_of_the_author(history_id)
            return True
        raise StoreUnavailable("The execution keeps changing.")

    def forget(self, history_id: str) -> None:
        """Raises StoreUnavailable."""
        for _ in range(_ROUNDS):
            item = get(HistoryItem, history_key(history_id), consistent=True)
            if item is None or item.user_id or not item.gsi1_pk:
                return
            # Before it is off the list: whoever is interrupted finds it there again.
            self._remove_rows_of_the_author(history_id)
            try:
                self._forget(item.record())
            except _Moved:
                continue
            return
        raise StoreUnavailable("The execution keeps changing.")

    def _part(self, history: History, user_id: str) -> None:
        transaction = self._transaction()
        transaction.update(
            HistoryItem,
            history_key(history.id),
            HistoryItem.parting(user_id),
            condition=(HistoryItem.state == history.state.value)
            & (HistoryItem.attempt == history.attempt)
            & (HistoryItem.is_public == history.is_code_public),
            refused=_Moved,
        )
        _unname_public_row(transaction, history.id)

        def written() -> bool:
            now = _read(history.id)
            return now is not None and now.user_id is None

        transaction.commit(written=written)

    def _forget(self, history: History) -> None:
        transaction = self._transaction()
        transaction.update(
            HistoryItem,
            history_key(history.id),
            HistoryItem.forgetting(),
            condition=HistoryItem.user_id.does_not_exist()
            & (HistoryItem.is_public == history.is_code_public),
            refused=_Moved,
        )
        if history.is_code_public:
            _unname_public_row(transaction, history.id)

        def written() -> bool:
            item = get(HistoryItem, history_key(history.id), consistent=True)
            return item is not None and item.gsi1_pk is None

        transaction.commit(written=written)

    def _remove_rows_of_the_author(self, history_id: str) -> None:
        rows = query_all(TableItem, HISTORY_PARTITION(history=history_id), consistent=True)
        keys = [item.key for item in rows if item.sk.startswith(_OF_THE_AUTHOR)]
        batch_write(TableItem, deletes=keys, patience=self._patience)

    def _transaction(self) -> Transaction:
        return Transaction(token=self._ids.new(), patience=self._patience)


def _stays(history: History) -> bool:
    """It is shown to everybody, and was before it came to be judged again, if it is just now."""
    has_result = history.state.ended or history.shown_attempt > 0
    return history.is_code_public and has_result


def _unname_public_row(transaction: Transaction, history_id: str) -> None:
    transaction.update(
        PublicRowItem,
        public_row_key(history_id),
        [PublicRowItem.user_identifier.set(ANONYMOUS)],
        condition=PublicRowItem.present(),
        refused=_Moved,
    )


def _read(history_id: str) -> History | None:
    item = get(HistoryItem, history_key(history_id), consistent=True)
    return None if item is None else item.record()
