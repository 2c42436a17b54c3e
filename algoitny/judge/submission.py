"""One compiled submission, and tests of it in a box."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from algoitny.domain.errors import JudgeFailure
from algoitny.domain.verdict import Verdict
from algoitny.judge.box import HARD_WALL, Box, Run
from algoitny.judge.comparing import Comparison
from algoitny.judge.compiling import CompileOutcome
from algoitny.judge.excerpt import cut
from algoitny.judge.exchange import BoxDied, Captured
from algoitny.judge.languages import Language, run_command
from algoitny.judge.limits import run_limits
from algoitny.judge.pool import TRIES, BoxPool
from algoitny.judge.protocol import Answer, RunLimits, Status
from algoitny.judge.records import Cancelled, Case, CaseResult, Limits
from algoitny.judge.sandbox import BoxKind
from algoitny.judge.toolchain import Tool
from algoitny.judge.verdicts import classify

MARGIN = 1.2
"""A time limit may be exceeded by this factor because of what else the machine does."""

BROKEN_PROGRAM = frozenset(
    {errno.ENOENT, errno.EACCES, errno.ENOEXEC, errno.EINVAL, errno.ELIBBAD, errno.ENOTDIR}
)
"""What the kernel says of a compiled program that names a loader which is not there, or so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """A submission that is ready to run. `limits` are the effective ones."""

    kind: BoxKind
    language: Language
    tool: Tool
    compiled: CompileOutcome
    code: bytes
    limits: Limits


@dataclass(frozen=True, slots=True)
class Trial:
    """One run of a test. `is_close`: it went over a time limit by so little that busy neighbours
    may be why. `is_starved`: it waited for a processor most of its time, which tells nothing of the
    program."""

    result: CaseResult
    is_close: bool = False
    is_starved: bool = False


class Line:
    """Tests of one submission, one after the other, in a box that is replaced when spent."""

    def __init__(self, pool: BoxPool, submission: Submission, box: Box | None = None) -> None:
        """`box`: one that is as good as new, for the first tests."""
        self._pool = pool
        self._submission = submission
        self._fresh = box
        self._box: Box | None = None
        self._command: Sequence[str] = ()
        limits = run_limits(submission.language, submission.limits)
        self._run_limits = limits
        self._wide_limits = replace(limits, cpu_us=round(limits.cpu_us * MARGIN))

    def make_ready(self) -> None:
        """Have a box before there is a test for it. Raises JudgeFailure."""
        self._ready_box()

    def test(
        self,
        case: Case,
        comparison: Comparison,
        cancelled: Callable[[], bool],
        *,
        has_margin: bool = False,
    ) -> Trial:
        """With a margin the program is not ended until it is clearly over its time limit, so that
        it can be told what a slower moment of the machine did. The verdict is the same.

        Raises JudgeFailure when two boxes did not survive it, and Cancelled.
        """
        reason, limits = "", self._wide_limits if has_margin else self._run_limits
        for tried in range(TRIES):
            if cancelled():
                raise Cancelled
            box = self._ready_box()
            try:
                answer, captured = box.run(self._run(case, limits), cancelled=cancelled)
            except BoxDied as error:
                reason = str(error)
                self.close()
                continue
            if not box.is_clean:
                self.close()
            if answer.status is Status.DONE:
                result = self._result(case, comparison, answer, captured)
                is_starved = self._is_starved(result, answer)
                is_close = is_starved or self._is_close(result, answer)
                return Trial(result, has_margin and is_close, is_starved)
            if self._is_broken_program(answer):
                if tried:  # in two boxes, so that it is not one of ours that is broken
                    return Trial(_not_started(case, answer))
                self.close()
            reason = os.strerror(answer.error)
        raise JudgeFailure(f"The test {case.name} could not be run: {reason}.")

    def _is_close(self, result: CaseResult, answer: Answer) -> bool:
        most = MARGIN * self._submission.limits.time_ms * 1000
        return result.verdict is Verdict.TLE and answer.measurement.cpu_us <= most

    def _is_starved(self, result: CaseResult, answer: Answer) -> bool:
        """Only such a one is let run for so long: see the runner."""
        longest = HARD_WALL * self._submission.limits.effective_wall_ms * 1000
        return result.verdict is Verdict.ILE and answer.measurement.wall_us >= longest

    def _is_broken_program(self, answer: Answer) -> bool:
        """What was compiled cannot be started, which is its author's doing; an interpreter that
        cannot be started is ours."""
        return (
            answer.status is Status.NOT_STARTED
            and self._submission.language.starts_itself
            and answer.error in BROKEN_PROGRAM
        )

    def close(self) -> None:
        for box in (self._box, self._fresh):
            if box is not None:
                self._pool.discard(box)
        self._box = self._fresh = None

    def _ready_box(self) -> Box:
        if self._box is None:
            submission = self._submission
            box, self._fresh = self._fresh, None
            self._box = box or self._pool.take(submission.kind)
            program = submission.language.program
            submission.compiled.put_in(self._box, program, submission.code)
            self._command = () if self._box.is_prepared else self._command_in(self._box)
        return self._box

    def _command_in(self, box: Box) -> Sequence[str]:
        return run_command(
            self._submission.language,
            self._submission.tool,
            inside=box.inside,
            scratch=box.scratch,
            memory_mb=self._submission.limits.memory_mb,
        )

    def _run(self, case: Case, limits: RunLimits) -> Run:
        return Run(
            argv=self._command,
            input=case.input,
            output_bytes=self._submission.limits.output_bytes,
            limits=limits,
        )

    def _result(
        self, case: Case, comparison: Comparison, answer: Answer, captured: Captured
    ) -> CaseResult:
        run, limits = answer.measurement, self._submission.limits
        signs = self._submission.language.memory_errors
        complaint = captured.stderr.decode("utf-8", "replace")
        decided = classify(
            run,
            limits,
            output_exceeded=captured.exceeded,
            out_of_memory=any(text in complaint for text in signs),
            complaint=complaint,
            memory_extra_mb=self._submission.language.memory_extra_mb,
        )
        ruling = comparison.of(case, captured.output) if decided is None else decided
        return CaseResult(
            name=case.name,
            verdict=ruling.verdict,
            status=ruling.status,
            time_ms=-(-run.cpu_us // 1000),
            wall_ms=-(-run.wall_us // 1000),
            memory_kb=-(-run.memory_bytes // 1024),
            exit=run.code if run.exited else None,
            output=cut(captured.output, limits.excerpt_bytes),
            stderr=captured.stderr,
            judge_message=ruling.judge_message,
        )


def _not_started(case: Case, answer: Answer) -> CaseResult:
    return CaseResult(
        name=case.name,
        verdict=Verdict.RTE,
        status=f"could not be started: {os.strerror(answer.error).lower()}",
        time_ms=0,
        wall_ms=0,
        memory_kb=0,
        exit=None,
        output=b"",
        stderr=b"",
    )
