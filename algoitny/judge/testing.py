"""All tests of one submission, in as many boxes at once as there are processors for.

The thread that asks runs tests until there are none left. Where that takes long enough to pay for
another box, threads of the judge take some of them over, while nobody else wants the processor.
A time limit that is exceeded by a little only is tried again alone before it counts.
Where the first failure ends it, tests after that one may have been run beside it: they are dropped,
also those that the judge failed at.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Executor, wait
from contextlib import closing
from contextvars import copy_context

from algoitny.domain.errors import JudgeFailure
from algoitny.domain.verdict import Verdict
from algoitny.judge.comparing import Comparison
from algoitny.judge.cores import Cores
from algoitny.judge.records import Case, CaseResult
from algoitny.judge.submission import Line, Trial

HELP_SECONDS = 0.05
"""A submission is over sooner than another box is open, or help is looked for so often."""
WORTH_SECONDS = 0.1
"""Of work that is left: less is not worth another box."""
SPARE_SECONDS = 0.02
"""So often help looks for a processor that nobody wants."""
SHARE_SECONDS = 0.005
"""A processor is held so long before looking whether somebody waits for it."""
MOST_REPEATED = 5
"""Tests of a submission that are run again alone: for that long nobody else runs any."""
ENOUGH_CONFIRMED = 2
"""Tests that were over the limit alone too: it is not the machine that is slow."""


class Testing:
    """Used once."""

    __test__ = False

    def __init__(
        self,
        line: Line,
        open_line: Callable[[], Line],
        cases: Sequence[Case],
        comparison: Comparison,
        cores: Cores,
        *,
        on_test: Callable[[int, CaseResult], None] | None,
        cancelled: Callable[[], bool] | None,
        stop_on_first_failure: bool = False,
    ) -> None:
        """`line` is for the thread that asks; `open_line` opens those of the others."""
        self._line = line
        self._open_line = open_line
        self._cases = cases
        self._comparison = comparison
        self._cores = cores
        self._on_test = on_test
        self._cancelled = cancelled
        self._stops_early = stop_on_first_failure
        self._end = len(cases)
        self._lock = threading.Lock()
        self._reporting = threading.Lock()
        self._begun = 0
        self._reported = 0
        self._results: dict[int, CaseResult] = {}
        self._repeated = self._confirmed = 0
        self._is_crowded = False
        self._failure: BaseException | None = None
        self._failed_at: tuple[int, JudgeFailure] | None = None
        self._over = threading.Event()
        self._started = time.monotonic()

    def run(self, helpers: Executor) -> tuple[CaseResult, ...]:
        """The results in order. Raises JudgeFailure and Cancelled; nothing runs any more then."""
        wanted = min(self._cores.count, len(self._cases)) - 1
        jobs = [helpers.submit(copy_context().run, self._help) for _ in range(wanted)]
        self._guard(self._work)
        self._over.set()
        for job in jobs:
            job.cancel()
        wait(jobs)
        if self._failure is not None:
            raise self._failure
        if self._failed_at is not None and self._counts(self._failed_at[0]):
            raise self._failed_at[1]
        return tuple(self._results[index] for index in range(self._end))

    def _guard(self, work: Callable[[], None]) -> None:
        """What ends one thread's work ends the others', and is what comes of the whole."""
        try:
            work()
        except BaseException as error:  # noqa: BLE001 - raised again by `run`
            with self._lock:
                self._failure = self._failure or error
            self._over.set()

    def _work(self) -> None:
        while True:
            with self._cores.one(self._stopped):
                last = self._several(self._line)
            if last is None:
                return
            self._settle(self._line, *last)

    def _several(self, line: Line) -> tuple[int, Trial] | None:
        """Tests, with a processor held, until it is wanted or one is to be tried again: the last
        of them, unless there is none left."""
        held_since = time.monotonic()
        while (index := self._next()) is not None:
            trial = self._test(line, index)
            if trial is None:
                continue
            if trial.is_close:
                return index, trial
            now = time.monotonic()
            if now - held_since > SHARE_SECONDS:
                if self._cores.is_wanted():
                    return index, trial
                held_since = now
            self._report(index, trial.result)
        return None

    def _help(self) -> None:
        while not self._over.wait(HELP_SECONDS):
            if self._is_worth_help():
                self._guard(self._work_on_spare)
                return

    def _work_on_spare(self) -> None:
        with closing(self._open_line()) as line:
            try:
                line.make_ready()
            except JudgeFailure:
                return  # whoever asked has a box, and goes on without help
            while not (self._over.is_set() or self._is_crowded):
                with self._cores.one_to_spare() as held:
                    last = self._several(line) if held and not self._is_crowded else None
                if last is not None:
                    self._settle(line, *last)
                else:
                    self._over.wait(SPARE_SECONDS)

    def _is_worth_help(self) -> bool:
        if not self._cores.are_idle():
            return False
        with self._lock:
            pace = (time.monotonic() - self._started) / max(1, self._begun)
            return (self._end - self._begun) * pace > WORTH_SECONDS

    def _next(self) -> int | None:
        with self._lock:
            if self._begun >= self._end or self._failure is not None:
                self._over.set()
                return None
            self._begun += 1
            return self._begun - 1

    def _stopped(self) -> bool:
        return self._failure is not None or (self._cancelled is not None and self._cancelled())

    def _test(self, line: Line, index: int, *, is_alone: bool = False) -> Trial | None:
        """None when the judge failed at it, and tests before it still tell whether that matters."""
        case = self._cases[index]
        try:
            trial = line.test(case, self._comparison, self._stopped, has_margin=not is_alone)
            if is_alone and trial.is_starved:
                raise JudgeFailure(
                    f"The machine is too busy to run the test {case.name}, even alone."
                )
        except JudgeFailure as failure:
            if not self._stops_early:
                raise
            with self._lock:
                if index < self._end:
                    self._end, self._failed_at = index + 1, (index, failure)
            return None
        return trial

    def _settle(self, line: Line, index: int, trial: Trial) -> None:
        """With no processor held."""
        if trial.is_close and self._counts(index) and (trial.is_starved or self._may_repeat()):
            with self._cores.all(self._stopped):
                alone = self._test(line, index, is_alone=True)
            if alone is None:
                return
            trial = alone
            with self._lock:
                if trial.result.verdict in (Verdict.TLE, Verdict.ILE):
                    self._confirmed += 1
                else:
                    self._is_crowded = True
        self._report(index, trial.result)

    def _counts(self, index: int) -> bool:
        """Whether no test before it is known to end it all."""
        return index < self._end

    def _may_repeat(self) -> bool:
        with self._lock:
            if self._repeated >= MOST_REPEATED or self._confirmed >= ENOUGH_CONFIRMED:
                return False
            self._repeated += 1
            return True

    def _report(self, index: int, result: CaseResult) -> None:
        with self._lock:
            if self._stops_early and result.verdict is not Verdict.AC:
                # Before the result is seen, or another thread would tell one that comes after it.
                self._end = min(self._end, index + 1)
            self._results[index] = result
        if self._on_test is None:
            return
        with self._reporting:
            while self._reported in self._results and self._reported < self._end:
                self._on_test(self._reported, self._results[self._reported])
                self._reported += 1
