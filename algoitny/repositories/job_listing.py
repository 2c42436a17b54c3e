"""Lists of jobs: all of a type and state, one user's, and those whose time has come."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from algoitny.domain.job import Job, JobState, JobType
from algoitny.domain.page import Page
from algoitny.domain.patience import Patience
from algoitny.models.base import Gsi1, Gsi2
from algoitny.models.job import JOB_LIST, JOB_QUEUE, USER_JOBS, JobItem, due_before
from algoitny.models.kit.batch import batch_get
from algoitny.models.kit.cursor import Cursors
from algoitny.models.kit.operations import query
from algoitny.repositories.queue import queued


class JobListing:
    """Reads the indexes of jobs."""

    def __init__(self, *, cursors: Cursors, patience: Patience) -> None:
        self._cursors = cursors
        self._patience = patience

    def by_state(
        self, type_: JobType, state: JobState, *, limit: int, cursor: str | None
    ) -> Page[Job]:
        """Newest first."""
        scope = ("list_jobs", type_.value, state.value)
        part = query(
            JobItem,
            JOB_LIST(type=type_.value, state=state.value),
            index=Gsi1,
            forward=False,
            limit=limit,
            start=self._cursors.open(scope, cursor),
        )
        return Page(
            tuple(item.record() for item in part.items), self._cursors.issue(scope, part.position)
        )

    def by_user(self, user_id: str, *, limit: int, cursor: str | None) -> Page[Job]:
        """Newest first. The rows are read one by one: these lists are rare, and what the index
        would have to carry would be paid with every write."""
        scope = ("list_user_jobs", user_id)
        part = query(
            JobItem,
            USER_JOBS(user=user_id),
            index=Gsi2,
            forward=False,
            limit=limit,
            start=self._cursors.open(scope, cursor),
        )
        keys = [item.key for item in part.items]
        found = batch_get(JobItem, keys, patience=self._patience)
        return Page(
            tuple(found[key].record() for key in keys if key in found),
            self._cursors.issue(scope, part.position),
        )

    def due(self, *, before: datetime, limit: int) -> Sequence[Job]:
        """Longest due first."""
        bound = due_before(before)
        items = queued(
            JobItem,
            JOB_QUEUE,
            sort=JobItem.gsi3_sk < bound,
            limit=limit,
            patience=self._patience,
        )
        # The index lags: who renewed or ended a job meanwhile has it.
        return [item.record() for item in items if item.gsi3_sk and item.gsi3_sk < bound]
