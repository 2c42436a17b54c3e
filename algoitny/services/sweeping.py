"""Finishes what a killed worker or an emptied broker left: unfinished executions, runs and hints,
and what a late one put beside deleted executions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

import structlog

from algoitny.domain.clock import Clock
from algoitny.domain.errors import QueueUnavailable, StaleAttempt, Unavailable
from algoitny.domain.hint import Hint, HintRepository
from algoitny.domain.history import History, HistoryRepository
from algoitny.domain.ports import Queue
from algoitny.domain.run import Run, RunRepository
from algoitny.domain.verdict import State

log = structlog.get_logger(__name__)

LONGEST_PAUSE = timedelta(hours=1)
LONGEST_RUN = timedelta(minutes=50)
"""Then a run is given up, before its row expires and the unit with it."""


@dataclass(slots=True)
class SweepReport:
    """What one pass did."""

    looked_at: int = 0
    requeued: int = 0
    failed: int = 0


class SweepingService:
    """One pass every `sweep_seconds` over what is older than that."""

    def __init__(
        self,
        *,
        histories: HistoryRepository,
        runs: RunRepository,
        hints: HintRepository,
        queue: Queue,
        clock: Clock,
        sweep_seconds: float,
        max_tries: int,
    ) -> None:
        self._histories = histories
        self._runs = runs
        self._hints = hints
        self._queue = queue
        self._clock = clock
        self._pause = timedelta(seconds=sweep_seconds)
        self._max_tries = max_tries

    def sweep(self) -> SweepReport:
        """Publish again what nobody works on, end what was tried too often, remove what was deleted
        while a worker was at it."""
        report = SweepReport()
        old = self._clock.now() - self._pause
        try:
            unfinished = self._histories.list_unfinished(created_before=old)
            runs = self._runs.list_open(created_before=old)
            all_waiting = self._all_waiting(unfinished, runs)
            for history in unfinished:
                self._sweep_execution(report, history, all_waiting=all_waiting)
            for run in runs:
                self._sweep_run(report, run, all_waiting=all_waiting)
            for hint in self._hints.list_pending_hints(created_before=old):
                self._sweep_hint(report, hint)
        except QueueUnavailable as error:
            log.warning("sweep cut short: the broker is down", reason=error.detail)
        self._sweep_deleted()
        if report.requeued or report.failed:
            log.info("swept", requeued=report.requeued, failed=report.failed)
        return report

    def _all_waiting(self, unfinished: Sequence[History], runs: Sequence[Run]) -> bool:
        """Messages that wait for a busy worker are not lost: more of them would only add work."""
        states = [*(history.round_state for history in unfinished), *(run.state for run in runs)]
        queued = states.count(State.QUEUED)
        waiting = self._queue.waiting_executions()
        return waiting is not None and waiting >= queued

    def _sweep_execution(self, report: SweepReport, history: History, *, all_waiting: bool) -> None:
        report.looked_at += 1
        if history.round_state is State.RUNNING:
            if history.lease_until is None or history.lease_until >= self._clock.now():
                return
            if history.tries >= self._max_tries:
                self._give_up(report, history)
                return
        elif all_waiting:
            return
        self._requeue(report, history)

    def _sweep_run(self, report: SweepReport, run: Run, *, all_waiting: bool) -> None:
        report.looked_at += 1
        now = self._clock.now()
        if run.lease_until is not None and run.lease_until >= now:
            return
        if run.attempt >= self._max_tries or now - run.created_at > LONGEST_RUN:
            self._give_up_run(report, run)
            return
        if run.state is State.QUEUED and all_waiting:
            return
        passes = int((now - (run.lease_until or run.created_at)) / self._pause)
        if passes & (passes - 1):
            # After 1, 2, 4, 8 … passes: a user's runs may be waiting for each other.
            return
        self._queue.enqueue_run(run.id)
        report.requeued += 1

    def _give_up_run(self, report: SweepReport, run: Run) -> None:
        try:
            self._runs.fail(run, reason="no worker came to it, or none survived it")
            report.failed += 1
        except StaleAttempt:
            log.info("moved on meanwhile", run_id=run.id)

    def _give_up(self, report: SweepReport, history: History) -> None:
        try:
            self._histories.fail(history, reason=f"given up after {history.tries} tries")
            report.failed += 1
        except StaleAttempt:
            log.info("moved on meanwhile", execution_id=history.id)

    def _requeue(self, report: SweepReport, history: History) -> None:
        now = self._clock.now()
        if history.publish_after is not None and now < history.publish_after:
            return
        pause = min(self._pause * 2**history.publications, LONGEST_PAUSE)
        if self._histories.note_publication(history, publish_after=now + pause):
            self._queue.enqueue_execution(history.id)
            report.requeued += 1

    def _sweep_deleted(self) -> None:
        for history_id in self._histories.list_deleted():
            try:
                self._histories.delete_history(history_id)
            except Unavailable as error:
                # It stays on the list; the others shall not wait for it.
                log.warning("not removed yet", execution_id=history_id, reason=error.detail)

    def _sweep_hint(self, report: SweepReport, hint: Hint) -> None:
        report.looked_at += 1
        if hint.lease_until is not None and hint.lease_until >= self._clock.now():
            return
        if hint.tries >= self._max_tries:
            try:
                self._hints.fail_hint(hint)
                report.failed += 1
            except StaleAttempt:
                log.info("moved on meanwhile", execution_id=hint.history_id)
            return
        self._queue.enqueue_hint(hint.history_id, hint.level, hint.prompt_version)
        report.requeued += 1
