"""Attempts at executions: the running set, claims, leases, results, and what is unfinished."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from pynamodb.attributes import UnicodeSetAttribute
from pynamodb.expressions.condition import size

from algoitny.domain.clock import Clock
from algoitny.domain.errors import (
    AlgoItnyError,
    Conflict,
    NotFound,
    StaleAttempt,
    StoreUnavailable,
    TooLarge,
)
from algoitny.domain.history import History
from algoitny.domain.history_results import Results, TestProgress
from algoitny.domain.ids import Ids
from algoitny.domain.patience import Patience
from algoitny.domain.verdict import State
from algoitny.models.history import QUEUE, HistoryItem, history_key, listed_before
from algoitny.models.history_attempt import AttemptProgressItem, progress_key
from algoitny.models.history_results import ResultsItem, results_folder
from algoitny.models.kit.attributes import whole_milliseconds
from algoitny.models.kit.batch import batch_get
from algoitny.models.kit.operations import get, put, update
from algoitny.models.kit.sizes import cut
from algoitny.models.kit.spill import Spill
from algoitny.models.run import RunItem, run_key
from algoitny.models.stats import UserStatsItem, stats_key
from algoitny.repositories.queue import queued_keys

UNFINISHED_LIMIT = 1000
PROGRESS_KEPT = timedelta(minutes=10)
_OUTPUT_CUTS = (None, 1024, 256, 64, 0)


class Attempts:
    """Who works on what, until when."""

    def __init__(
        self, *, clock: Clock, ids: Ids, patience: Patience, queue_shards: int, spill: Spill
    ) -> None:
        self._spill = spill
        self._clock = clock
        self._ids = ids
        self._patience = patience
        self._queue_shards = queue_shards

    def enter(self, user_id: str, history_id: str, *, capacity: int) -> bool:
        """Whether the id has one of the user's places now."""
        if self._try_enter(user_id, history_id, capacity):
            return True
        if not self._free_places(user_id):
            return False
        return self._try_enter(user_id, history_id, capacity)

    def leave(self, user_id: str, history_id: str) -> None:
        self._remove(user_id, {history_id})

    def claim(self, history_id: str, *, lease_seconds: float) -> History:
        """Raises NotFound, StaleAttempt."""
        now = self._clock.now()
        claim = self._ids.new()

        def refused() -> AlgoItnyError:
            return StaleAttempt("The execution has ended, or another worker holds it.")

        lease = whole_milliseconds(now + timedelta(seconds=lease_seconds))
        try:
            return update(
                HistoryItem,
                history_key(history_id),
                [
                    HistoryItem.state.set(State.RUNNING.value),
                    HistoryItem.lease.set(lease),
                    HistoryItem.claim.set(claim),
                    HistoryItem.updated.set(now),
                    HistoryItem.attempt.add(1),
                    HistoryItem.tries.add(1),
                ],
                condition=(HistoryItem.state == State.QUEUED.value)
                | ((HistoryItem.state == State.RUNNING.value) & (HistoryItem.lease < now)),
                refused=refused,
            ).record()
        except (StaleAttempt, StoreUnavailable):
            # A request that timed out may have claimed it: then its repeat is refused by itself.
            item = get(HistoryItem, history_key(history_id), consistent=True)
            if item is None:
                raise NotFound("No such execution.") from None
            if item.claim != claim:
                raise
            return item.record()

    def renew(self, history: History, *, lease_seconds: float) -> None:
        """Raises StaleAttempt."""
        if history.round_state is not State.RUNNING:
            raise StaleAttempt("Only what runs has a lease.")
        now = self._clock.now()
        update(
            HistoryItem,
            history_key(history.id),
            [HistoryItem.lease.set(now + timedelta(seconds=lease_seconds))],
            condition=HistoryItem.as_read(history),
            refused=StaleAttempt,
        )

    def put_results(self, history: History, results: Results) -> None:
        """What no row can hold goes to the object store; without one, as much of the tests' output
        is stored as a row takes. Raises TooLarge when even the bare verdicts are too many."""
        for limit in _OUTPUT_CUTS:
            item = ResultsItem.of(history.id, history.attempt, _shortened(results, limit))
            if item.fits:
                put(item)
                return
            if self._spill and item.may_spill:
                name = f"{results_folder(history.id)}/{history.attempt:04}-{self._ids.new()}"
                put(item.spilled(self._spill, name))
                return
        raise TooLarge(f"The results of {len(results.tests)} tests do not fit into one row.")

    def put_progress(self, history: History, tests: Sequence[TestProgress]) -> None:
        """In place of what was there; a row of its own for each attempt."""
        put(AttemptProgressItem.of(history, tests, self._clock.now() + PROGRESS_KEPT))

    def get_progress(self, history: History) -> tuple[TestProgress, ...]:
        """Of this attempt only."""
        item = get(AttemptProgressItem, progress_key(history.id, history.attempt))
        if item is None or item.is_expired(self._clock.now()):
            return ()
        return item.record()

    def note_publication(self, history: History, *, publish_after: datetime) -> bool:
        """Whether it was this call that recorded the message."""
        after = whole_milliseconds(publish_after)
        try:
            update(
                HistoryItem,
                history_key(history.id),
                [HistoryItem.publications.add(1), HistoryItem.publish_after.set(after)],
                condition=HistoryItem.as_read(history)
                & (HistoryItem.publications == history.publications),
            )
        except Conflict:
            # Nobody else may say so: two sweepers at once must not both publish. A message that
            # we lose here because our own repeat was refused is sent with the next sweep.
            return False
        return True

    def list_unfinished(self, *, created_before: datetime) -> Sequence[History]:
        """Of all shards, oldest first."""
        keys = sorted(
            key
            for shard in range(self._queue_shards)
            for key in queued_keys(
                HistoryItem,
                QUEUE(shard=shard),
                sort=HistoryItem.gsi3_sk < listed_before(created_before + timedelta(seconds=1)),
                limit=UNFINISHED_LIMIT,
            )
        )
        found = batch_get(
            HistoryItem, keys[:UNFINISHED_LIMIT], patience=self._patience, consistent=True
        )
        histories = (item.record() for item in found.values())
        return sorted(
            (
                history
                for history in histories
                if not history.round_state.ended and history.created_at < created_before
            ),
            key=lambda history: history.id,
        )

    def _try_enter(self, user_id: str, history_id: str, capacity: int) -> bool:
        running = UserStatsItem.running
        try:
            update(
                UserStatsItem,
                stats_key(user_id),
                [running.add({history_id}), UserStatsItem.typed()],
                condition=running.does_not_exist()
                | (_size(running) < capacity)
                | running.contains(history_id),
            )
        except Conflict:
            return False
        return True

    def _free_places(self, user_id: str) -> bool:
        """Take ids out of the set that run under no live lease; whether there were any."""
        stats = get(UserStatsItem, stats_key(user_id), consistent=True)
        members = set() if stats is None else set(stats.running or ())
        rows = batch_get(
            HistoryItem,
            [history_key(member) for member in sorted(members)],
            patience=self._patience,
            consistent=True,
        )
        now = self._clock.now()
        idle = {member for member in members if not _runs(rows.get(history_key(member)), now)}
        runs = [run_key(member) for member in sorted(idle) if history_key(member) not in rows]
        if runs:
            # Runs on own input share the places of executions.
            live = batch_get(RunItem, runs, patience=self._patience, consistent=True)
            idle -= {member for member in idle if _runs(live.get(run_key(member)), now)}
        self._remove(user_id, idle)
        return bool(idle)

    def _remove(self, user_id: str, members: Collection[str]) -> None:
        if not members:
            return
        try:
            update(
                UserStatsItem,
                stats_key(user_id),
                [UserStatsItem.running.delete(set(members))],
                condition=UserStatsItem.present(),
            )
        except Conflict:
            return  # a user without statistics holds no place


def _size(attribute: UnicodeSetAttribute) -> Any:
    return size(attribute)  # type: ignore[no-untyped-call]  # PynamoDB's has no types


def _runs(item: HistoryItem | RunItem | None, now: datetime) -> bool:
    return (
        item is not None
        and item.state == State.RUNNING.value
        and item.lease is not None
        and item.lease >= now
    )


def _shortened(results: Results, limit: int | None) -> Results:
    if limit is None:
        return results
    return replace(
        results,
        compile_message=cut(results.compile_message, 16 * 1024),
        tests=tuple(
            replace(test, output=cut(test.output, limit), error=cut(test.error, limit))
            for test in results.tests
        ),
    )
