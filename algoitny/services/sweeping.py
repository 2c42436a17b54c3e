"""Finishes what a killed worker or an emptied broker left: unfinished executions and hints."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

import structlog

from algoitny.domain.clock import Clock
from algoitny.domain.errors import QueueUnavailable, StaleAttempt
from algoitny.domain.hint import Hint, HintRepository
from algoitny.domain.history import History, HistoryRepository
from algoitny.domain.ports import Queue
from algoitny.domain.verdict import State

log = structlog.get_logger(__name__)

LONGEST_PAUSE = timedelta(hours=1)


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
        hints: HintRepository,
        queue: Queue,
        clock: Clock,
        sweep_seconds: float,
        max_tries: int,
    ) -> None:
        self._histories = histories
        self._hints = hints
        self._queue = queue
        self._clock = clock
        self._pause = timedelta(seconds=sweep_seconds)
        self._max_tries = max_tries

    def sweep(self) -> SweepReport:
        """Publish again what nobody works on, end what was tried too often."""
        report = SweepReport()
        old = self._clock.now() - self._pause
        try:
            self._sweep_executions(report, self._histories.list_unfinished(created_before=old))
            for hint in self._hints.list_pending_hints(created_before=old):
                self._sweep_hint(report, hint)
        except QueueUnavailable as error:
            log.warning("sweep cut short: the broker is down", reason=error.detail)
        if report.requeued or report.failed:
            log.info("swept", requeued=report.requeued, failed=report.failed)
        return report

    def _sweep_executions(self, report: SweepReport, unfinished: Sequence[History]) -> None:
        queued = sum(history.state is State.QUEUED for history in unfinished)
        waiting = self._queue.waiting_executions()
        # Messages that wait for a busy worker are not lost: more of them would only add work.
        all_waiting = waiting is not None and waiting >= queued
        for history in unfinished:
            report.looked_at += 1
            if history.state is State.RUNNING:
                if history.lease_until is None or history.lease_until >= self._clock.now():
                    continue
                if history.tries >= self._max_tries:
                    self._give_up(report, history)
                    continue
            elif all_waiting:
                continue
            self._requeue(report, history)

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
