"""The worker's side of an execution: claim, judge, complete. Exactly one attempt counts."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from typing import Protocol, overload

import structlog

from algoitny import metrics
from algoitny.domain.errors import (
    JudgeFailure,
    LanguageUnavailable,
    NotFound,
    StaleAttempt,
    Unavailable,
)
from algoitny.domain.history import History, HistoryRepository
from algoitny.domain.history_results import Outcome, Results, TestResult
from algoitny.domain.ports import LAST_SEQUENCE, EventChannel, Queue
from algoitny.domain.problem import CheckerProgram, ProblemRepository, ProblemSummary, TestCase
from algoitny.domain.rejudge import outcome_of_rejudge
from algoitny.domain.verdict import State, Verdict
from algoitny.judge import (
    Cancelled,
    Case,
    CaseResult,
    CustomChecker,
    Judgement,
    Limits,
    custom_flags,
)

log = structlog.get_logger(__name__)

PROGRAMS_KEPT = 64
"""Checkers of problems that a worker keeps in memory, each of at most 64 KiB."""


class JudgePort(Protocol):
    """What this service needs of `algoitny.judge.Judge`."""

    def judge(
        self,
        language: str,
        source: str,
        cases: Sequence[Case],
        *,
        limits: Limits,
        checker: str | CustomChecker = "tokens",
        on_test: Callable[[int, CaseResult], None] | None = None,
        cancelled: Callable[[], bool] | None = None,
        stop_on_first_failure: bool = False,
    ) -> Judgement: ...


@dataclass(frozen=True, slots=True)
class _Read:
    """What judging needs beside the claim: read before it, or while it is made."""

    problem: Future[ProblemSummary]
    source: str | None


TestSource = Callable[[ProblemSummary], AbstractContextManager[Sequence[TestCase]]]


class _Cases(Sequence[Case]):
    """A problem's tests as the judge takes them, each in memory only while it is used."""

    def __init__(self, tests: Sequence[TestCase]) -> None:
        self._tests = tests

    def __len__(self) -> int:
        return len(self._tests)

    @overload
    def __getitem__(self, index: int) -> Case: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Case]: ...
    def __getitem__(self, index: int | slice) -> Case | Sequence[Case]:
        if isinstance(index, slice):
            return _Cases(self._tests[index])
        test = self._tests[index]
        return Case(name=test.id, input=test.input, answer=test.output)


class JudgingService:
    """Takes an execution from its message to its end."""

    def __init__(
        self,
        *,
        histories: HistoryRepository,
        problems: ProblemRepository,
        queue: Queue,
        channel: EventChannel,
        judge: Callable[[], JudgePort],
        lease_seconds: float,
        max_running_per_user: int,
        max_tries: int,
        tests: TestSource | None = None,
    ) -> None:
        """`tests` gives a problem's tests for as long as they are needed; None: from the table."""
        self._tests = tests or self._read_tests
        self._histories = histories
        self._problems = problems
        self._queue = queue
        self._channel = channel
        self._judge = judge
        self._lease_seconds = lease_seconds
        self._max_running_per_user = max_running_per_user
        self._max_tries = max_tries
        self._programs: dict[str, CheckerProgram] = {}
        self._reader = ThreadPoolExecutor(max_workers=1, thread_name_prefix="reader")

    def execute(self, history_id: str, *, postponed: int = 0) -> None:
        """Do what is left to do for this execution. A message may come twice, late or for an
        execution that somebody else works on: then there is nothing to do."""
        history, source = self._histories.get_history_and_source(history_id)
        if history is None or history.round_state.ended or history.rejudge is not None:
            # It may have been read as it was a moment ago. As QUEUED that harms nobody: it is
            # claimed only if it still is.
            history = self._histories.get_history(history_id, consistent=True)
        if history is None:
            log.warning("execution unknown", execution_id=history_id)
            return
        if history.round_state.ended:
            return
        if history.rejudge is not None:
            self._rejudge(history, source)
            return
        user_id = history.user_id
        if user_id is not None and not self._histories.enter_running_set(
            user_id, history_id, capacity=self._max_running_per_user
        ):
            # Others wait too: a burst of one user must not hold them back.
            self._queue.enqueue_execution(history_id, postponed=postponed + 1)
            return
        read = self._read(history, source)
        try:
            history = self._histories.claim(history_id, lease_seconds=self._lease_seconds)
        except (StaleAttempt, NotFound):
            if user_id is not None:
                self._leave_unless_running(user_id, history_id)
            return
        if history.attempt == 1:
            waited = history.updated_at - history.created_at
            metrics.QUEUE_SECONDS.observe(max(0.0, waited.total_seconds()))
        self._channel.publish(
            history.id, attempt=history.attempt, sequence=0, kind="state", data={"state": "RUNNING"}
        )
        self._try(history, read)

    def _rejudge(self, history: History, source: str | None) -> None:
        """Without a place of the user's, who did not ask for it, and unheard: who follows the
        execution sees the old result until there is a new one."""
        read = self._read(history, source)
        with suppress(StaleAttempt, NotFound):
            claimed = self._histories.claim_rejudge(history.id, lease_seconds=self._lease_seconds)
            self._try(claimed, read)

    def _read(self, history: History, source: str | None) -> _Read:
        return _Read(self._reader.submit(self._problem, history), source)

    def _try(self, history: History, read: _Read) -> None:
        try:
            self._attempt(history, read)
        except StaleAttempt:
            log.info("attempt overtaken", execution_id=history.id, attempt=history.attempt)

    def _leave_unless_running(self, user_id: str, history_id: str) -> None:
        current = self._histories.get_history(history_id, consistent=True)
        if current is None or current.state is not State.RUNNING:
            self._histories.leave_running_set(user_id, history_id)

    def _attempt(self, history: History, read: _Read) -> None:
        if history.tries > self._max_tries:
            self._fail(history, f"given up after {self._max_tries} tries")
            return
        with self._lease(history) as lost:
            try:
                problem = read.problem.result()
                source = read.source or self._histories.get_source(history.id)
                with self._tests(problem) as tests:
                    judgement = self._run(history, problem, source, tests, lost)
                    if judgement.verdict is Verdict.SE:
                        self._fail(history, "the judge failed on a test")
                        return
                    results, outcome = record(judgement, tests)
            except Cancelled:
                raise StaleAttempt("The lease was lost while judging.") from None
            except (JudgeFailure, LanguageUnavailable, NotFound) as error:
                self._fail(history, error.detail)
                return
            self._histories.put_results(history, results)
            self._announce_end(history, self._histories.complete(history, outcome))

    def _problem(self, history: History) -> ProblemSummary:
        # Consistently: tests that were replaced are used at once.
        problem = self._problems.get_problem_summary(history.problem, consistent=True)
        if problem is None:
            raise NotFound("the problem is gone")
        return problem

    @contextmanager
    def _read_tests(self, problem: ProblemSummary) -> Iterator[Sequence[TestCase]]:
        yield self._problems.get_testcases(problem)

    def _run(
        self,
        history: History,
        problem: ProblemSummary,
        source: str,
        tests: Sequence[TestCase],
        lost: threading.Event,
    ) -> Judgement:
        if history.rejudge is not None:
            return self._judge_tests(history, problem, source, tests, None, lost.is_set)

        def publish(index: int, result: CaseResult) -> None:
            self._channel.publish(
                history.id,
                attempt=history.attempt,
                sequence=index + 1,
                kind="test",
                data={
                    "index": index,
                    "verdict": result.verdict.value,
                    "time_ms": result.time_ms,
                    "memory_kb": result.memory_kb,
                },
            )

        return self._judge_tests(
            history,
            problem,
            source,
            tests,
            publish,
            lambda: lost.is_set() or self._channel.is_cancelled(history.id),
        )

    def _judge_tests(
        self,
        history: History,
        problem: ProblemSummary,
        source: str,
        tests: Sequence[TestCase],
        on_test: Callable[[int, CaseResult], None] | None,
        cancelled: Callable[[], bool],
    ) -> Judgement:
        if not tests:
            raise NotFound("the problem has no tests any more")
        judgement = self._judge().judge(
            history.language,
            source,
            _Cases(tests),
            limits=Limits(time_ms=problem.time_limit_ms, memory_mb=problem.memory_limit_mb),
            checker=self._checker(problem),
            on_test=on_test,
            cancelled=cancelled,
            stop_on_first_failure=problem.stop_on_first_failure,
        )
        outcome = "hit" if judgement.compile.is_known else "miss"
        metrics.COMPILES.labels(history.language, outcome).inc()
        return judgement

    def _checker(self, problem: ProblemSummary) -> str | CustomChecker:
        """The problem's checker. Raises NotFound when its own program is gone."""
        flags = custom_flags(problem.checker)
        if flags is None:
            return problem.checker
        program = self._programs.get(problem.checker_digest)
        if program is None:
            program = self._problems.get_checker_program(problem)
            if len(self._programs) >= PROGRAMS_KEPT:
                self._programs.clear()
            self._programs[program.digest] = program
        return CustomChecker(language=program.language, code=program.code.encode(), flags=flags)

    def _fail(self, history: History, reason: str) -> None:
        log.error("execution failed", execution_id=history.id, reason=reason)
        self._announce_end(history, self._histories.fail(history, reason=reason))

    def _announce_end(self, before: History, history: History) -> None:
        if before.rejudge is not None:
            metrics.REJUDGES.labels(outcome_of_rejudge(before.verdict, history)).inc()
            return
        metrics.EXECUTIONS.labels(history.state, history.verdict or "", history.language).inc()
        self._channel.publish(
            history.id,
            attempt=history.attempt,
            sequence=LAST_SEQUENCE,
            kind="done",
            data={"state": history.state.value, "verdict": history.verdict},
        )

    @contextmanager
    def _lease(self, history: History) -> Iterator[threading.Event]:
        """Renew the lease in the background; the event is set once it is lost."""
        stop, lost = threading.Event(), threading.Event()

        def renew() -> None:
            while not stop.wait(self._lease_seconds / 3):
                try:
                    self._histories.renew_lease(history, lease_seconds=self._lease_seconds)
                except StaleAttempt:
                    lost.set()
                    return
                except Unavailable as error:
                    # The next renewal may succeed; if none does, another attempt takes over and
                    # this one's completion is refused.
                    log.warning("lease not renewed", execution_id=history.id, reason=error.detail)

        thread = threading.Thread(target=renew, name=f"lease-{history.id}", daemon=True)
        thread.start()
        try:
            yield lost
        finally:
            stop.set()
            thread.join()


def record(judgement: Judgement, tests: Sequence[TestCase]) -> tuple[Results, Outcome]:
    """The judge's findings as what is stored: of tests that were not run, only their number."""
    if not judgement.compile.ok:
        summary = "CE: the program does not compile"
        outcome = Outcome(
            verdict=Verdict.CE,
            result_summary=summary,
            passed_count=0,
            failed_count=0,
            total_count=0,
            max_time_ms=0,
            max_memory_kb=0,
        )
        return Results(compile_message=judgement.compile.message), outcome
    results = tuple(
        TestResult(
            test_case_id=test.id,
            verdict=found.verdict,
            status=found.status,
            output=found.output.decode(errors="replace"),
            error=found.stderr.decode(errors="replace"),
            time_ms=found.time_ms,
            memory_kb=found.memory_kb,
            is_sample=test.is_sample,
        )
        for found, test in zip(judgement.tests, tests, strict=False)
    )
    passed = sum(result.passed for result in results)
    first = next((i for i, result in enumerate(results, 1) if not result.passed), None)
    where = "" if first is None else f" on test {first}"
    total = len(tests)
    rest = f", {total - len(results)} not run" if len(results) < total else ""
    outcome = Outcome(
        verdict=judgement.verdict,
        result_summary=f"{judgement.verdict}{where}: {passed} of {total} tests passed{rest}",
        passed_count=passed,
        failed_count=len(results) - passed,
        total_count=total,
        max_time_ms=max(result.time_ms for result in results),
        max_memory_kb=max(result.memory_kb for result in results),
    )
    return Results(tests=results, compile_message=judgement.compile.message), outcome
