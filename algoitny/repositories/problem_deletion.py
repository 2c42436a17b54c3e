"""Removing problems for good: resumable, and never a row of a problem registered afterwards.

What nobody must see any more goes first, in one transaction that leaves a mark in the body. The
rest goes in transactions that are valid only while that mark is there; the mark goes last, and
until then the key cannot be registered anew.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from algoitny.domain.clock import Clock
from algoitny.domain.errors import Conflict, StaleVersion, StoreUnavailable
from algoitny.domain.ids import Ids
from algoitny.domain.patience import Patience
from algoitny.domain.pointer import PointerKind
from algoitny.domain.problem import ProblemKey, ProblemSummary
from algoitny.models.base import TableItem
from algoitny.models.kit.keys import Key
from algoitny.models.kit.operations import delete, get, query
from algoitny.models.kit.sizes import TRANSACTION_LIMIT_ITEMS
from algoitny.models.kit.spill import Spill
from algoitny.models.kit.transaction import Transaction
from algoitny.models.kit.versions import unchanged_since
from algoitny.models.pointer import PointerItem, pointer_key
from algoitny.models.problem import (
    BODY,
    ProblemBodyItem,
    ProblemItem,
    body_key,
    problem_partition,
    summary_key,
)
from algoitny.models.problem_list import ProblemListItem, list_rows
from algoitny.models.stats import ProblemCounterItem, problem_counter_partition
from algoitny.models.testcase import object_folder

_ROUNDS = 5
_ROWS_AT_ONCE = TRANSACTION_LIMIT_ITEMS - 1
"""Beside the check of the mark."""


class ProblemDeletion:
    """Removes one problem; `current` reads its summary consistently, None when it is not there."""

    def __init__(
        self,
        *,
        clock: Clock,
        ids: Ids,
        patience: Patience,
        spill: Spill,
        current: Callable[[ProblemKey], ProblemSummary | None],
    ) -> None:
        self._clock = clock
        self._ids = ids
        self._patience = patience
        self._spill = spill
        self._current = current

    def delete(self, key: ProblemKey) -> bool:
        """Whether there was anything left of it."""
        if not self._bury(key):
            return False
        try:
            self._remove_rows(key)
            self._remove_counters(key)
            self._remove_objects(key)
            delete(
                ProblemBodyItem,
                body_key(key),
                condition=ProblemBodyItem.buried.exists(),
                refused=_Finished,
            )
        except _Finished:
            # Another call has removed the rest meanwhile.
            pass
        return True

    def _bury(self, key: ProblemKey) -> bool:
        for _ in range(_ROUNDS):
            summary = self._current(key)
            if summary is None and not self._has_rows(key):
                return False
            try:
                self._leave_mark(key, summary)
            except StaleVersion:
                continue
            return True
        raise StoreUnavailable("The problem keeps changing.")

    def _leave_mark(self, key: ProblemKey, summary: ProblemSummary | None) -> None:
        transaction = self._transaction()
        if summary is None:
            transaction.check(
                ProblemItem, summary_key(key), ProblemItem.absent(), refused=StaleVersion
            )
        else:
            transaction.delete(
                ProblemItem,
                summary_key(key),
                condition=unchanged_since(ProblemItem.version, summary.version),
                refused=StaleVersion,
            )
            transaction.delete(PointerItem, pointer_key(PointerKind.PROBLEM, summary.id))
            for row in list_rows(summary):
                transaction.delete(ProblemListItem, row)
        transaction.update(
            ProblemBodyItem, body_key(key), ProblemBodyItem.burying(self._clock.now())
        )
        transaction.commit(written=lambda: self._is_buried(key))

    def _remove_rows(self, key: ProblemKey) -> None:
        while True:
            part = query(
                TableItem,
                problem_partition(key),
                sort=TableItem.sk > BODY,
                limit=_ROWS_AT_ONCE,
                consistent=True,
            )
            self._remove(key, [row.key for row in part.items])
            if part.position is None:
                return

    def _remove_counters(self, key: ProblemKey) -> None:
        counters = query(ProblemCounterItem, problem_counter_partition(key), consistent=True)
        self._remove(key, [counter.key for counter in counters.items])

    def _remove_objects(self, key: ProblemKey) -> None:
        objects = self._spill.objects
        if objects is None:
            return
        names = tuple(objects.names(object_folder(key)))
        # Listed while the mark was there, so none of them belongs to a later problem.
        if names and not self._is_buried(key):
            raise _Finished
        for name in names:
            objects.delete(name)

    def _remove(self, key: ProblemKey, rows: Sequence[Key]) -> None:
        """At most 99 rows, while the mark is there."""
        if not rows:
            return
        transaction = self._transaction()
        transaction.check(
            ProblemBodyItem, body_key(key), ProblemBodyItem.buried.exists(), refused=_Finished
        )
        for row in rows:
            transaction.delete(TableItem, row)
        transaction.commit()

    def _has_rows(self, key: ProblemKey) -> bool:
        return bool(query(TableItem, problem_partition(key), limit=1, consistent=True).items)

    def _is_buried(self, key: ProblemKey) -> bool:
        body = get(ProblemBodyItem, body_key(key), consistent=True)
        return body is not None and body.buried is not None

    def _transaction(self) -> Transaction:
        return Transaction(token=self._ids.new(), patience=self._patience)


class _Finished(Conflict):
    """The mark is gone: so is everything else."""
