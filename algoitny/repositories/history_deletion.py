"""Deleting executions: out of all lists at once, the bodies after it, and again where a worker
may have put something since."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from algoitny.domain.clock import Clock
from algoitny.domain.errors import Conflict, StaleAttempt, StoreUnavailable
from algoitny.domain.history import History
from algoitny.domain.ids import Ids
from algoitny.domain.patience import Patience
from algoitny.models.base import Gsi3, TableItem
from algoitny.models.history import HISTORY_PARTITION, HistoryItem, history_key
from algoitny.models.history_deletion import (
    DELETIONS,
    DeletionItem,
    deletion_key,
    deletions_before,
)
from algoitny.models.history_public import PublicRowItem, public_row_key
from algoitny.models.history_results import results_folder
from algoitny.models.kit.batch import batch_write
from algoitny.models.kit.cursor import Position
from algoitny.models.kit.operations import get, query
from algoitny.models.kit.spill import Spill
from algoitny.models.kit.transaction import Transaction
from algoitny.repositories.history_counting import count_deletion
from algoitny.repositories.history_ending import Endings

LATE_WRITES = timedelta(hours=1)
"""Longer than the hard time limit of a worker's task: after it nobody is at the execution."""
LISTED_LIMIT = 1000

_ROUNDS = 8


class _Moved(Conflict):
    """The summary is not any more as it was read."""


class Deletions:
    """Removes executions with all that is theirs, resumably."""

    def __init__(
        self, *, clock: Clock, ids: Ids, patience: Patience, endings: Endings, spill: Spill
    ) -> None:
        self._clock = clock
        self._ids = ids
        self._patience = patience
        self._endings = endings
        self._objects = spill.objects

    def delete(self, history_id: str) -> bool:
        """Whether there was anything to remove."""
        was_there = self._remove_summary(history_id)
        return self._remove_rest(history_id) > 0 or was_there

    def list_due(self) -> Sequence[str]:
        """The oldest first."""
        part = query(
            DeletionItem,
            DELETIONS,
            index=Gsi3,
            sort=DeletionItem.gsi3_sk < deletions_before(self._clock.now()),
            limit=LISTED_LIMIT,
        )
        return [item.history_id for item in part.items]

    def _remove_summary(self, history_id: str) -> bool:
        for _ in range(_ROUNDS):
            item = get(HistoryItem, history_key(history_id), consistent=True)
            if item is None:
                return False
            history = item.record()
            try:
                if not history.state.ended:
                    history = self._endings.cancel(history)
                self._commit(history)
            except (StaleAttempt, _Moved):
                continue  # it was claimed, ended, published or deleted meanwhile: look again
            return True
        raise StoreUnavailable("The execution keeps changing.")

    def _commit(self, history: History) -> None:
        key = history_key(history.id)
        transaction = Transaction(token=self._ids.new(), patience=self._patience)
        transaction.delete(
            HistoryItem,
            key,
            # A rejudge may end meanwhile: what is remembered as counted is what was shown last.
            condition=HistoryItem.showing(history)
            & (HistoryItem.attempt == history.attempt)
            & (HistoryItem.is_public == history.is_code_public),
            refused=_Moved,
        )
        transaction.delete(PublicRowItem, public_row_key(history.id))
        transaction.put(DeletionItem.of(history.id, self._clock.now() + LATE_WRITES))
        count_deletion(transaction, history)
        transaction.commit(written=lambda: get(HistoryItem, key, consistent=True) is None)

    def _remove_rest(self, history_id: str) -> int:
        """All rows but that of a deletion which is not due yet: it goes last, when it is."""
        note = get(DeletionItem, deletion_key(history_id), consistent=True)
        self._remove_objects(history_id)
        removed = self._remove_rows(history_id)
        if note is not None and note.gsi3_sk < deletions_before(self._clock.now()):
            removed += batch_write(DeletionItem, deletes=[note.key], patience=self._patience)
        return removed

    def _remove_objects(self, history_id: str) -> None:
        """Before the rows that name them; also those that no row names, of puts repeated."""
        if self._objects is None:
            return
        for name in self._objects.names(results_folder(history_id)):
            self._objects.delete(name)

    def _remove_rows(self, history_id: str) -> int:
        removed = 0
        start: Position | None = None
        while True:
            part = query(
                TableItem, HISTORY_PARTITION(history=history_id), start=start, consistent=True
            )
            keys = [item.key for item in part.items if item.key != deletion_key(history_id)]
            removed += batch_write(TableItem, deletes=keys, patience=self._patience)
            start = part.position
            if start is None:
                return removed
