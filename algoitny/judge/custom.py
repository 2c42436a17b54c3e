"""A checker that is a program of the setter's, with the interface of Kattis/ICPC validators.

It runs in a box of its own, which the learner's program never shares: that is where the answers
are. It is called as `checker INPUT ANSWER FEEDBACK_DIR/ FLAG…` with the team's output on standard
input; exit code 42 accepts and 43 rejects. All else is the checker's failure, never the learner's.
"""

from __future__ import annotations

import os
from collections.abc import Callable

from algoitny.domain.errors import JudgeFailure
from algoitny.domain.verdict import Verdict
from algoitny.judge.box import Box, Run
from algoitny.judge.compiling import CompileOutcome
from algoitny.judge.excerpt import cut, one_line
from algoitny.judge.exchange import BoxDied, Captured
from algoitny.judge.languages import Language, run_command
from algoitny.judge.limits import effective_limits, run_limits
from algoitny.judge.pool import TRIES, BoxPool
from algoitny.judge.protocol import Answer, Status
from algoitny.judge.records import MIB, Cancelled, Case, CustomChecker, Killed, Limits, Ruling
from algoitny.judge.sandbox import TEST
from algoitny.judge.toolchain import Tool
from algoitny.judge.verdicts import describe_end

ACCEPTS, REJECTS = 42, 43
LIMITS = Limits(time_ms=10_000, wall_ms=20_000, memory_mb=1024, output_bytes=MIB)
"""Of one test, before the language's factors; output is what it prints, which nobody reads."""

ALL_SECONDS = 600
"""Of all tests of a submission together, or one could hold a worker for hours."""

INPUT, ANSWER = "input", "answer"
TEAM_MESSAGE, JUDGE_MESSAGE = "teammessage.txt", "judgemessage.txt"
MESSAGE_BYTES = MIB
"""A longer message is none."""
TEAM_MESSAGE_CHARACTERS = 300


class CustomComparison:
    """With a compiled checker. A thread that compares takes a box that is idle, or a new one."""

    def __init__(
        self,
        pool: BoxPool,
        language: Language,
        tool: Tool,
        compiled: CompileOutcome,
        checker: CustomChecker,
        cancelled: Callable[[], bool] | None,
    ) -> None:
        self._pool = pool
        self._language = language
        self._tool = tool
        self._compiled = compiled
        self._code = checker.code
        self._flags = checker.flags
        self._cancelled = cancelled
        self._limits = effective_limits(language, LIMITS)
        self._idle: list[Box] = []
        self._spent_us = 0

    def of(self, case: Case, output: bytes) -> Ruling:
        if case.answer is None:
            return Ruling(verdict=Verdict.AC, status="exit code 0")
        reason = ""
        for _ in range(TRIES):
            if self._cancelled is not None and self._cancelled():
                raise Cancelled
            box = self._take()
            try:
                ruling = self._ask(box, case, case.answer, output)
            except BoxDied as error:
                reason = str(error)
                self._pool.discard(box)
                continue
            except BaseException:
                self._pool.discard(box)
                raise
            if box.is_clean:
                self._idle.append(box)
            else:
                self._pool.discard(box)
            return ruling
        raise JudgeFailure(f"The checker of the test {case.name} could not be run: {reason}.")

    def close(self) -> None:
        while self._idle:
            self._pool.discard(self._idle.pop())

    def _take(self) -> Box:
        while (box := self._idle_box()) is not None:
            if box.is_alive():
                return box
            # Killed while it waited, as for want of memory: no try of this test.
            self._pool.discard(box)
        box = self._pool.take(TEST)
        try:
            self._compiled.put_in(box, self._language.program, self._code)
        except BaseException:
            self._pool.discard(box)
            raise
        return box

    def _idle_box(self) -> Box | None:
        try:
            return self._idle.pop()
        except IndexError:  # threads that compare share them
            return None

    def _ask(self, box: Box, case: Case, expected: bytes, output: bytes) -> Ruling:
        """Raises BoxDied, Cancelled, JudgeFailure."""
        box.put(INPUT, case.input)
        box.put(ANSWER, expected)
        answer, captured = box.run(self._run(box, output), cancelled=self._cancelled)
        box.remove(INPUT)
        box.remove(ANSWER)
        self._spent_us += answer.measurement.wall_us
        if self._spent_us > ALL_SECONDS * 1_000_000:
            raise JudgeFailure(f"The checker took more than {ALL_SECONDS} s over all tests.")
        judge_message = self._message(box, JUDGE_MESSAGE)
        accepts = _decision(case, answer, captured, judge_message)
        team_message = one_line(self._message(box, TEAM_MESSAGE), TEAM_MESSAGE_CHARACTERS)
        box.empty()
        verdict = Verdict.AC if accepts else Verdict.WA
        return Ruling(
            verdict=verdict,
            status=f"{verdict.words}: {team_message}" if team_message else verdict.words,
            judge_message=judge_message,
        )

    def _run(self, box: Box, output: bytes) -> Run:
        command = run_command(
            self._language,
            self._tool,
            inside=box.inside,
            scratch=box.scratch,
            memory_mb=self._limits.memory_mb,
        )
        # The format asks for the separator at the end of the feedback folder's name.
        files = (f"{box.inside}/{INPUT}", f"{box.inside}/{ANSWER}", f"{box.scratch}/")
        return Run(
            argv=(*command, *files, *self._flags),
            input=output,
            output_bytes=self._limits.output_bytes,
            limits=run_limits(self._language, self._limits, keep_scratch=True),
        )

    def _message(self, box: Box, name: str) -> bytes:
        descriptor = box.fetch(name, MESSAGE_BYTES)
        if descriptor is None:
            return b""
        try:
            return cut(os.pread(descriptor, MESSAGE_BYTES, 0))
        finally:
            os.close(descriptor)


def _decision(case: Case, answer: Answer, captured: Captured, judge_message: bytes) -> bool:
    """Whether it accepts. Raises JudgeFailure when it does not say."""
    run = answer.measurement
    if answer.status is not Status.DONE:
        reason = f"could not be started: {os.strerror(answer.error).lower()}"
    elif captured.exceeded:
        reason = f"printed more than {LIMITS.output_bytes} bytes"
    elif run.exited and run.code in (ACCEPTS, REJECTS):
        return run.code == ACCEPTS
    elif run.killed_for in (Killed.CPU, Killed.WALL):
        reason = "exceeded its time limit"
    elif run.killed_for is Killed.MEMORY:
        reason = "exceeded its memory limit"
    else:
        reason = f"ended with {describe_end(run)}, which is neither {ACCEPTS} nor {REJECTS}"
    said = b"\n".join(part for part in (judge_message, captured.stderr) if part)
    raise JudgeFailure(
        f"On the test {case.name} the checker {reason}.", complaint=said.decode(errors="replace")
    )
