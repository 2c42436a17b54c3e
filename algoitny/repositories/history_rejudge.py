"""Judging ended executions again: what readers see stays until the new result takes its place."""

from __future__ import annotations

from datetime import datetime, timedelta

from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action as Change

from algoitny.domain.clock import Clock
from algoitny.domain.errors import Conflict, NotFound, StaleAttempt, StoreUnavailable
from algoitny.domain.history import History
from algoitny.domain.ids import Ids
from algoitny.domain.rejudge import REJUDGED, why_not
from algoitny.domain.verdict import State
from algoitny.models.history import REJUDGE_ERROR_BYTES, HistoryItem, history_key
from algoitny.models.kit.attributes import whole_milliseconds
from algoitny.models.kit.operations import get, update
from algoitny.models.kit.sizes import cut
from algoitny.repositories.outcome import update_or_find


class Rejudges:
    """Begins and claims another round of judging, and ends one that came to nothing; one that
    came to something ends as every execution does."""

    def __init__(self, *, clock: Clock, ids: Ids, queue_shards: int) -> None:
        self._clock = clock
        self._ids = ids
        self._queue_shards = queue_shards

    def begin(self, history_id: str, *, job_id: str, publish_after: datetime) -> History:
        """Raises NotFound, Conflict that says why not."""
        item = HistoryItem
        try:
            return update(
                item,
                history_key(history_id),
                [
                    item.rejudge.set(State.QUEUED.value),
                    item.rejudge_job.set(job_id),
                    item.rejudge_error.remove(),
                    item.tries.set(0),
                    item.attempt.add(0),  # a moved row may have none to compare with
                    item.publications.set(0),
                    item.publish_after.set(whole_milliseconds(publish_after)),
                    *item.among_unfinished(history_id, queue_shards=self._queue_shards),
                ],
                condition=item.state.is_in(*(state.value for state in REJUDGED))
                & item.rejudge.does_not_exist()
                & _not_since(job_id),
            ).record()
        except (Conflict, StoreUnavailable) as error:
            stored = get(item, history_key(history_id), consistent=True)
            if stored is None:
                raise NotFound("It is gone.") from None
            if stored.rejudge_job == job_id:
                return stored.record()
            if isinstance(error, StoreUnavailable):
                raise
            reason = why_not(stored.record()) or "It was rejudged by a later job."
            raise Conflict(reason) from None

    def claim(self, history_id: str, *, lease_seconds: float) -> History:
        """Raises NotFound, StaleAttempt."""
        now = self._clock.now()
        claim = self._ids.new()
        item = HistoryItem

        def refused() -> StaleAttempt | NotFound:
            if get(item, history_key(history_id), consistent=True) is None:
                return NotFound("No such execution.")
            return StaleAttempt("It was judged again, or another worker holds it.")

        return update_or_find(
            item,
            history_key(history_id),
            [
                item.rejudge.set(State.RUNNING.value),
                item.lease.set(whole_milliseconds(now + timedelta(seconds=lease_seconds))),
                item.claim.set(claim),
                item.attempt.add(1),
                item.tries.add(1),
            ],
            condition=(item.rejudge == State.QUEUED.value)
            | ((item.rejudge == State.RUNNING.value) & (item.lease < now)),
            refused=refused,
            own=lambda stored: stored.claim == claim,
        ).record()

    def give_up(self, history: History, *, reason: str) -> History:
        """The old result stays. Raises StaleAttempt."""
        item, error = HistoryItem, cut(reason, REJUDGE_ERROR_BYTES)
        changes: list[Change] = [
            *item.leaving_round(),
            item.rejudge_error.set(error),
            *item.among_ended(history),
        ]
        return update_or_find(
            item,
            history_key(history.id),
            changes,
            condition=item.as_read(history),
            refused=lambda: StaleAttempt("Another attempt, or an ending, came first."),
            own=lambda stored: (
                (stored.rejudge_job, stored.attempt) == (history.rejudge_job, history.attempt)
                and (stored.rejudge or "", stored.rejudge_error) == ("", error)
            ),
        ).record()


def _not_since(job_id: str) -> Condition:
    """No job rejudged it that is this one, or that was asked for later: its ids grow with time."""
    last = HistoryItem.rejudge_job
    condition: Condition = last.does_not_exist() | (last < job_id)
    return condition
