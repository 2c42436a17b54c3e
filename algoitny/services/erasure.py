"""Erases, step by step, what deleted users owned. Killed anywhere, another worker goes on."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import structlog

from algoitny.domain.clock import Clock
from algoitny.domain.erasure import QUIET, Erasure, ErasureRepository
from algoitny.domain.errors import StaleAttempt

log = structlog.get_logger(__name__)

LEASE_SECONDS = 120.0
"""Longer than a step takes; a killed worker's user waits as long."""
STEPS_A_RUN = 200
PAUSE_SECONDS = 0.1
"""Between steps, so that learners do not notice that somebody is being erased."""


@dataclass(slots=True)
class ErasureReport:
    """What one run did: steps, records removed, users of whom nothing is left."""

    steps: int = 0
    removed: int = 0
    finished: int = 0


class ErasureService:
    """One run every minute over the users who are due."""

    def __init__(
        self,
        *,
        erasures: ErasureRepository,
        clock: Clock,
        steps: int = STEPS_A_RUN,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._erasures = erasures
        self._clock = clock
        self._steps = steps
        self._sleep = sleep

    def run(self) -> ErasureReport:
        """Go on with those who are due, for a bounded number of steps."""
        report = ErasureReport()
        for user_id in self._erasures.list_due():
            if report.steps >= self._steps:
                break
            try:
                claimed = self._erasures.claim(user_id, lease_seconds=LEASE_SECONDS)
                self._go_on(claimed, report)
            except StaleAttempt:
                log.info("erased by another worker", user_id=user_id)
        if report.removed or report.finished:
            log.info("erased", removed=report.removed, finished=report.finished)
        return report

    def _go_on(self, erasure: Erasure, report: ErasureReport) -> None:
        """Raises StaleAttempt when the lease ran out and another worker took over."""
        while report.steps < self._steps:
            began = self._clock.now()
            report.steps += 1
            removed = self._erasures.remove_some(erasure)
            report.removed += removed
            if not removed:
                self._end_search(erasure, report, late_enough=began >= erasure.deleted_at + QUIET)
                return
            lease_end = self._clock.now() + timedelta(seconds=LEASE_SECONDS)
            erasure = self._erasures.postpone(erasure, until=lease_end)
            self._sleep(PAUSE_SECONDS)
        self._erasures.postpone(erasure, until=self._clock.now())

    def _end_search(self, erasure: Erasure, report: ErasureReport, *, late_enough: bool) -> None:
        if late_enough:
            self._erasures.finish(erasure)
            report.finished += 1
        else:
            self._erasures.postpone(erasure, until=erasure.deleted_at + QUIET)
