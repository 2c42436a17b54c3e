"""The worker's side of a run on one's own input: claim it, run it once, store the result."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import structlog

from algoitny import metrics
from algoitny.domain.errors import JudgeFailure, LanguageUnavailable, NotFound, StaleAttempt
from algoitny.domain.history import HistoryRepository
from algoitny.domain.ports import LAST_SEQUENCE, EventChannel, Queue
from algoitny.domain.run import Run, RunRepository, RunResult
from algoitny.domain.verdict import State, Verdict
from algoitny.judge import Case, Judgement, Limits
from algoitny.services.judging import JudgePort

log = structlog.get_logger(__name__)

LIMITS = Limits(time_ms=5000, memory_mb=256, excerpt_bytes=64 * 1024)
"""Of a run, before the language's factor; there is no problem to say otherwise."""

LEASE_SECONDS = 120.0
"""Longer than compiling and running take, twice each: a run's lease is not renewed."""


class RunningService:
    """Takes a run from its message to its end."""

    def __init__(
        self,
        *,
        runs: RunRepository,
        histories: HistoryRepository,
        queue: Queue,
        channel: EventChannel,
        judge: Callable[[], JudgePort],
        max_running_per_user: int,
        max_tries: int,
    ) -> None:
        self._runs = runs
        self._histories = histories
        self._queue = queue
        self._channel = channel
        self._judge = judge
        self._max_running_per_user = max_running_per_user
        self._max_tries = max_tries

    def execute(self, run_id: str, *, postponed: int = 0) -> None:
        """Do what is left to do for this run. A message may come twice, late or for a run that
        somebody else works on: then there is nothing to do."""
        run = self._runs.get_run(run_id, consistent=True)
        if run is None or run.state.ended:
            return
        if not self._histories.enter_running_set(
            run.user_id, run_id, capacity=self._max_running_per_user
        ):
            # Runs and executions share a user's places: a burst must not hold back the others.
            self._queue.enqueue_run(run_id, postponed=postponed + 1)
            return
        try:
            run = self._runs.claim(run_id, lease_seconds=LEASE_SECONDS)
        except (StaleAttempt, NotFound):
            current = self._runs.get_run(run_id, consistent=True)
            if current is None or current.state is not State.RUNNING:
                self._histories.leave_running_set(run.user_id, run_id)
            return
        try:
            self._announce_end(self._attempt(run))
        except StaleAttempt:
            log.info("attempt overtaken", run_id=run_id, attempt=run.attempt)
            return
        self._histories.leave_running_set(run.user_id, run_id)

    def _attempt(self, run: Run) -> Run:
        if run.attempt > self._max_tries:
            return self._fail(run, f"given up after {self._max_tries} tries")
        # The input is never compared with anything: what the program prints is the result.
        case = Case(name="input", input=run.input.encode(), answer=None)
        try:
            judgement = self._judge().judge(run.language, run.code, [case], limits=LIMITS)
            outcome = "hit" if judgement.compile.is_known else "miss"
            metrics.COMPILES.labels(run.language, outcome).inc()
        except (JudgeFailure, LanguageUnavailable) as error:
            return self._fail(run, error.detail)
        if judgement.verdict is Verdict.SE:
            return self._fail(run, "the judge failed")
        return self._runs.finish(run, _result(judgement))

    def _fail(self, run: Run, reason: str) -> Run:
        log.error("run failed", run_id=run.id, reason=reason)
        return self._runs.fail(run, reason=reason)

    def _announce_end(self, run: Run) -> None:
        verdict = run.result.verdict if run.result else ""
        metrics.RUNS.labels(run.state, verdict, run.language).inc()
        self._channel.publish(
            run.id,
            attempt=run.attempt,
            sequence=LAST_SEQUENCE,
            kind="done",
            data={"state": run.state.value},
        )


def _result(judgement: Judgement) -> RunResult:
    """The judge's findings as what is stored."""
    result = RunResult(verdict=judgement.verdict, compile_message=judgement.compile.message)
    if not judgement.tests:
        return replace(result, status="the program does not compile")
    (found,) = judgement.tests
    return replace(
        result,
        status=found.status,
        output=found.output.decode(errors="replace"),
        error=found.stderr.decode(errors="replace"),
        time_ms=found.time_ms,
        memory_kb=found.memory_kb,
        exit=found.exit,
    )
