"""The worker's side of rejudging: walks over what was selected and lets a few at a time be judged
again, while no learner waits. Killed anywhere, another worker goes on."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import timedelta

import structlog

from algoitny.domain.clock import Clock
from algoitny.domain.errors import Conflict, NotFound, QueueUnavailable, StaleAttempt
from algoitny.domain.history import History, HistoryRepository
from algoitny.domain.job import Job, JobRepository, JobType
from algoitny.domain.lease import LeaseRepository
from algoitny.domain.ports import Queue
from algoitny.domain.rejudge import (
    CHANGED,
    FAILED,
    SKIPPED,
    Rejudged,
    Selection,
    outcome_of_rejudge,
)
from algoitny.domain.verdict import Verdict
from algoitny.services.rejudge import chosen

log = structlog.get_logger(__name__)

LEASE = "rejudge"
LEASE_SECONDS = 60.0
"""Longer than a run takes; when its worker is killed, jobs wait as long."""
RUN_SECONDS = 2.5
"""About half of the time between two runs: hints and webhooks have the same workers."""
PAUSE_SECONDS = 0.2
NOTES_A_LINE = 6


@dataclass(slots=True)
class RejudgeReport:
    """What one run did: executions begun and ended, jobs finished."""

    begun: int = 0
    ended: int = 0
    finished: int = 0


@dataclass(slots=True)
class _Work:
    """A claimed job. Only what its checkpoint names is in flight for it."""

    job: Job
    selection: Selection
    rejudged: Rejudged
    notes: list[str] = field(default_factory=list)

    def end(self, history_id: str, outcome: str, note: str = "") -> None:
        self.rejudged = self.rejudged.ending(history_id, outcome)
        if note:
            self.notes.append(f"{history_id}: {note}")


class RejudgingService:
    """One run every few seconds over the jobs that are due, oldest first. Not more than `in_flight`
    executions wait or run for all of them together."""

    def __init__(
        self,
        *,
        histories: HistoryRepository,
        jobs: JobRepository,
        leases: LeaseRepository,
        queue: Queue,
        clock: Clock,
        owner: str,
        in_flight: int,
        sweep_seconds: float,
        seconds: float = RUN_SECONDS,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._histories = histories
        self._jobs = jobs
        self._leases = leases
        self._queue = queue
        self._clock = clock
        self._owner = owner
        self._in_flight = in_flight
        self._sweep_pause = timedelta(seconds=sweep_seconds)
        self._seconds = seconds
        self._sleep = sleep

    def run(self) -> RejudgeReport:
        """Go on with all jobs for a few seconds, unless another worker does."""
        report = RejudgeReport()
        due = [
            job
            for job in self._jobs.list_due(before=self._clock.now())
            if job.type is JobType.REJUDGE
        ]
        lease = due and self._leases.acquire(LEASE, owner=self._owner, seconds=LEASE_SECONDS)
        if not lease:
            return report
        try:
            self._go_on(sorted(due, key=lambda job: job.id), report)
        finally:
            self._leases.release(lease)
        if report.ended or report.finished:
            log.info("rejudged", executions=report.ended, jobs=report.finished)
        return report

    def _go_on(self, due: Sequence[Job], report: RejudgeReport) -> None:
        works = [work for job in due if (work := self._claim(job)) is not None]
        until = self._clock.monotonic() + self._seconds
        while works:
            for work in works:
                self._settle(work, report)
            may_begin = not self._learners_wait()
            works = [work for work in works if self._step(work, works, report, may_begin=may_begin)]
            if not may_begin or self._clock.monotonic() >= until:
                break
            self._sleep(PAUSE_SECONDS)
        for work in works:
            with suppress(StaleAttempt):
                self._jobs.renew(work.job, lease_seconds=0)

    def _claim(self, job: Job) -> _Work | None:
        try:
            job = self._jobs.claim(job.id, lease_seconds=LEASE_SECONDS)
        except (StaleAttempt, NotFound):
            return None
        found = self._jobs.get_job_with_body(job.id, consistent=True)
        if found is None:
            return None
        selection = Selection.of_json(found[1].request)
        # What is submitted later is judged by what the problem has now anyway.
        until = min(selection.until or job.created_at, job.created_at)
        return _Work(
            job=job,
            selection=replace(selection, until=until),
            rejudged=Rejudged.of_json(job.checkpoint),
        )

    def _learners_wait(self) -> bool:
        """True also while our own messages wait: then there is no worker to spare."""
        return bool(self._queue.waiting_executions())

    def _settle(self, work: _Work, report: RejudgeReport) -> None:
        """Count those in flight that have ended; begin those that were noted but not begun."""
        for history_id, was in work.rejudged.in_flight.items():
            history = self._histories.get_history(history_id, consistent=True)
            if history is None:
                work.end(history_id, SKIPPED, "It is gone.")
            elif history.rejudge_job != work.job.id:
                self._begin(work, history_id, report)
            elif history.rejudge is None:
                work.end(history_id, outcome_of_rejudge(was, history), _note(was, history))
                report.ended += 1

    def _step(
        self, work: _Work, works: Sequence[_Work], report: RejudgeReport, *, may_begin: bool
    ) -> bool:
        """Choose the next and let them be judged; whether there is more to do for this job."""
        room = self._in_flight - sum(len(each.rejudged.in_flight) for each in works)
        new: Mapping[str, Verdict | None] = {}
        if may_begin and room > 0 and not work.rejudged.is_walked:
            page = chosen(self._histories, work.selection, after=work.rejudged.after, limit=room)
            new = {each.id: each.verdict for each in page.items}
            work.rejudged = work.rejudged.choosing(new, after=page.next_cursor)
        try:
            self._save(work)
            # Only now: whoever goes on after a kill finds them named.
            for history_id in new:
                self._begin(work, history_id, report)
            if not work.rejudged.is_done:
                return True
            self._save(work)
            self._jobs.finish(work.job, work.rejudged.counts())
            report.finished += 1
        except StaleAttempt:
            log.info("no longer rejudging", job_id=work.job.id)
        return False

    def _save(self, work: _Work) -> None:
        """Raises StaleAttempt: it was cancelled, or another worker has it."""
        for first in range(0, len(work.notes), NOTES_A_LINE):
            line = "; ".join(work.notes[first : first + NOTES_A_LINE])
            work.job = self._jobs.add_progress(work.job, line)
        work.notes.clear()
        if Rejudged.of_json(work.job.checkpoint) != work.rejudged:
            work.job = self._jobs.save_checkpoint(
                work.job, work.rejudged.as_json(), lease_seconds=LEASE_SECONDS
            )

    def _begin(self, work: _Work, history_id: str, report: RejudgeReport) -> None:
        try:
            self._histories.begin_rejudge(
                history_id,
                job_id=work.job.id,
                publish_after=self._clock.now() + self._sweep_pause,
            )
        except (Conflict, NotFound) as error:
            work.end(history_id, SKIPPED, error.detail)
            return
        report.begun += 1
        try:
            self._queue.enqueue_execution(history_id)
        except QueueUnavailable as error:
            # The sweeper publishes it once the broker is back.
            log.warning("rejudge not published", execution_id=history_id, reason=error.detail)


def _note(was: Verdict | None, history: History) -> str:
    """The progress line for one execution; empty when its verdict is unchanged."""
    outcome = outcome_of_rejudge(was, history)
    if outcome == FAILED:
        return f"{FAILED}, {history.rejudge_error}"
    return f"{was or 'none'} to {history.verdict}" if outcome == CHANGED else ""
