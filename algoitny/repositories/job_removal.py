"""Jobs that are removed with all their rows, and those that stay when their owner is erased."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

from algoitny.domain.errors import Conflict, NotFound
from algoitny.domain.ids import Ids
from algoitny.domain.job import Job
from algoitny.domain.patience import Patience
from algoitny.domain.pointer import PointerKind
from algoitny.models.base import TableItem
from algoitny.models.job import JobItem, job_key
from algoitny.models.kit.batch import batch_write
from algoitny.models.kit.operations import get, query_all, update
from algoitny.models.kit.transaction import Transaction
from algoitny.models.pointer import PointerItem, pointer_key


class JobRemoval:
    """`cancel` ends an open job, or raises Conflict."""

    def __init__(self, *, ids: Ids, patience: Patience, cancel: Callable[[str], Job]) -> None:
        self._ids = ids
        self._patience = patience
        self._cancel = cancel

    def delete(self, job_id: str) -> None:
        """The summary, by which the rest is found again, goes last."""
        item = get(JobItem, job_key(job_id), consistent=True)
        if item is None:
            return
        job = item.record()
        if job.state.open:
            # From here on no worker adds a row.
            with suppress(Conflict):
                self._cancel(job_id)
        summary = job_key(job_id)
        rows = query_all(TableItem, summary.partition, consistent=True)
        batch_write(
            JobItem,
            deletes=[row.key for row in rows if row.key != summary],
            patience=self._patience,
        )
        transaction = Transaction(token=self._ids.new(), patience=self._patience)
        transaction.delete(JobItem, summary)
        if job.task_id is not None:
            transaction.delete(PointerItem, pointer_key(PointerKind.TASK, job.task_id))
        transaction.commit()

    def disown(self, job_id: str) -> None:
        """Whoever works on it goes on: nothing that they depend on changes."""
        with suppress(NotFound):
            update(
                JobItem,
                job_key(job_id),
                JobItem.parting(),
                condition=JobItem.present(),
                refused=NotFound,
            )
