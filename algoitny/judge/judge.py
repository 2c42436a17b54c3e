"""The judge: compiles a submission once, runs it against every test, and says what came of each.

It knows no execution, no user and no queue. What it calls the judge's own fault it tries once
more in a fresh box, then raises: never does it become the learner's.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from algoitny.domain.errors import InvalidInput, JudgeFailure
from algoitny.domain.verdict import Verdict, overall
from algoitny.judge.box import Box, Run
from algoitny.judge.checkers import Checker, find_checker
from algoitny.judge.compiling import CompileOutcome, compile_in
from algoitny.judge.excerpt import cut
from algoitny.judge.exchange import BoxDied, Captured
from algoitny.judge.languages import Language, Languages, fill, load_languages
from algoitny.judge.pool import BoxPool
from algoitny.judge.protocol import Answer, RunLimits, Status
from algoitny.judge.records import (
    MIB,
    Cancelled,
    Case,
    CaseResult,
    CompileResult,
    Judgement,
    Limits,
)
from algoitny.judge.sandbox import SCRATCH_BYTES, BoxKind, Sandbox, sandbox_kind
from algoitny.judge.toolchain import Tool
from algoitny.judge.verdicts import classify
from algoitny.judge.workplace import Workplace

TRIES = 2
"""A run that the box did not survive is tried so often, each time in a fresh box."""

OPEN_FILES = 64
ARENA = 128 * MIB
"""Address space that the C library sets aside for each thread that allocates; not used."""

BROKEN_PROGRAM = frozenset(
    {errno.ENOENT, errno.EACCES, errno.ENOEXEC, errno.EINVAL, errno.ELIBBAD, errno.ENOTDIR}
)
"""What the kernel says of a compiled program that names a loader which is not there, or so."""

READY: dict[BoxKind, int] = {"compile": 1, "test": 1}


class Judge:
    """Judges one submission at a time per calling thread; threads may share it.

    A process must open its own: threads and boxes do not survive a fork.
    """

    def __init__(self, *, languages: Languages, sandbox: str, scratch_dir: Path) -> None:
        """Raises JudgeFailure when this machine cannot sandbox; nothing is judged then."""
        self.sandbox = sandbox_kind(sandbox)
        self.identity = languages.identity
        self.languages = languages
        self._workplace = Workplace(scratch_dir, self.identity)
        self._pid = os.getpid()
        try:
            self._sandbox = Sandbox(self.sandbox, self._workplace, languages)
            self._pool = BoxPool(self._sandbox.open, READY)
        except BaseException:
            self._workplace.close()
            raise
        try:
            for kind in READY:
                self._pool.take(kind).close()
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Ends every box that waits and removes every file; leaves no process. Call it when no
        thread judges any more."""
        if os.getpid() != self._pid:
            return
        self._pool.close()
        self._workplace.close()

    def open_box(self, kind: BoxKind) -> Box:
        """A box beyond those of the pool, for measuring; the caller closes it, and its thread must
        live as long. Raises JudgeFailure."""
        return self._sandbox.open(kind)

    def judge(
        self,
        language: str,
        source: str,
        cases: Sequence[Case],
        *,
        limits: Limits,
        checker: str = "tokens",
        on_test: Callable[[int, CaseResult], None] | None = None,
        cancelled: Callable[[], bool] | None = None,
    ) -> Judgement:
        """Compile once, run all tests in order, compare.

        `on_test` gets each test's index and result as it is known. `cancelled` is asked every
        50 ms; once it says true, everything is killed and Cancelled raised. Raises
        LanguageUnavailable, InvalidInput (unknown checker, no tests), JudgeFailure.
        """
        declared = self.languages.get(language)
        tool = self.languages.tool(language)
        compare = find_checker(checker)
        if not cases:
            raise InvalidInput.field("/tests", "There are no tests.")
        try:
            code = source.encode("utf-8", "surrogateescape")
        except UnicodeEncodeError:
            raise InvalidInput.field("/code", "Not valid Unicode: a lone surrogate.") from None
        compiled = self._compile(declared, tool, code, cancelled)
        try:
            if not compiled.result.ok:
                return Judgement(verdict=Verdict.CE, compile=compiled.result, tests=())
            submission = _Submission(self._pool, declared, tool, compiled, code, limits)
            try:
                results = []
                for index, case in enumerate(cases):
                    results.append(submission.test(case, compare, cancelled))
                    if on_test is not None:
                        on_test(index, results[-1])
            finally:
                submission.close()
        finally:
            compiled.close()
        verdict = overall(result.verdict for result in results)
        return Judgement(verdict=verdict, compile=compiled.result, tests=tuple(results))

    def _compile(
        self,
        language: Language,
        tool: Tool,
        code: bytes,
        cancelled: Callable[[], bool] | None,
    ) -> CompileOutcome:
        if not language.compile:
            return CompileOutcome(CompileResult(ok=True, message=""))
        reason = ""
        for _ in range(TRIES):
            box = self._pool.take("compile")
            try:
                return compile_in(box, language, tool, code, cancelled)
            except BoxDied as error:
                reason = str(error)
            finally:
                box.close()
        raise JudgeFailure(f"The compile box did not survive: {reason}.")


class _Submission:
    """A compiled submission and the box that its tests run in; a fresh one when that is spent."""

    def __init__(
        self,
        pool: BoxPool,
        language: Language,
        tool: Tool,
        compiled: CompileOutcome,
        code: bytes,
        limits: Limits,
    ) -> None:
        self._pool = pool
        self._language = language
        self._tool = tool
        self._compiled = compiled
        self._code = code
        self._limits = effective_limits(language, limits)
        self._box: Box | None = None

    def test(
        self, case: Case, compare: Checker, cancelled: Callable[[], bool] | None
    ) -> CaseResult:
        """Raises JudgeFailure when two boxes did not survive it, and Cancelled."""
        reason = ""
        for tried in range(TRIES):
            if cancelled is not None and cancelled():
                raise Cancelled
            box = self._ready_box()
            try:
                answer, captured = box.run(self._run(box, case), cancelled=cancelled)
            except BoxDied as error:
                reason = str(error)
                self.close()
                continue
            if not box.is_clean:
                self.close()
            if answer.status is Status.DONE:
                return self._result(case, compare, answer, captured)
            if self._is_broken_program(answer):
                if tried:  # in two boxes, so that it is not one of ours that is broken
                    return _not_started(case, answer)
                self.close()
            reason = os.strerror(answer.error)
        raise JudgeFailure(f"The test {case.name} could not be run: {reason}.")

    def _is_broken_program(self, answer: Answer) -> bool:
        """What was compiled cannot be started, which is its author's doing; an interpreter that
        cannot be started is ours."""
        return (
            answer.status is Status.NOT_STARTED
            and self._compiled.artifact is not None
            and answer.error in BROKEN_PROGRAM
        )

    def close(self) -> None:
        if self._box is not None:
            self._box.close()
            self._box = None

    def _ready_box(self) -> Box:
        if self._box is None:
            self._box = self._pool.take("test")
            artifact = self._compiled.artifact
            size = self._compiled.size
            content = self._code if artifact is None else artifact
            self._box.put(self._language.program, content, max_bytes=size)
        return self._box

    def _run(self, box: Box, case: Case) -> Run:
        values = {
            "tool": self._tool.path,
            "program": f"{box.inside}/{self._language.program}",
            "box": box.inside,
            "scratch": box.scratch,
        }
        limits = self._limits
        memory = limits.memory_mb * MIB
        # Less than the memory limit: endless recursion is a crash, not sometimes a memory error.
        stack = self._language.stack_mb * MIB or memory - memory // 8
        return Run(
            argv=fill(self._language.run, values),
            input=case.input,
            output_bytes=limits.output_bytes,
            limits=RunLimits(
                cpu_us=limits.time_ms * 1000,
                wall_us=limits.effective_wall_ms * 1000,
                memory=memory,
                # A backstop only: what counts is what is resident.
                address_space=2 * memory + 64 * MIB + limits.processes * (stack + ARENA),
                stack=stack,
                file_size=SCRATCH_BYTES["test"],
                processes=limits.processes,
                files=OPEN_FILES,
            ),
        )

    def _result(
        self, case: Case, compare: Checker, answer: Answer, captured: Captured
    ) -> CaseResult:
        run = answer.measurement
        complaint = captured.stderr.decode("utf-8", "replace")
        decided = classify(
            run,
            self._limits,
            output_exceeded=captured.exceeded,
            out_of_memory=any(text in complaint for text in self._language.memory_errors),
        )
        if decided is None:
            difference = compare(captured.output, case.answer)
            decided = (
                (Verdict.AC, "accepted")
                if difference is None
                else (Verdict.WA, f"wrong answer: {difference}")
            )
        verdict, status = decided
        return CaseResult(
            name=case.name,
            verdict=verdict,
            status=status,
            time_ms=-(-run.cpu_us // 1000),
            wall_ms=-(-run.wall_us // 1000),
            memory_kb=-(-run.memory_bytes // 1024),
            exit=run.code if run.exited else None,
            output=cut(captured.output),
            stderr=captured.stderr,
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


def effective_limits(language: Language, limits: Limits) -> Limits:
    """A problem's limits as they hold for a language."""
    factor = language.time_factor
    return Limits(
        time_ms=round(limits.time_ms * factor),
        memory_mb=max(limits.memory_mb, language.memory_floor_mb),
        wall_ms=None if limits.wall_ms is None else round(limits.wall_ms * factor),
        output_bytes=limits.output_bytes,
        processes=limits.processes,
    )


def open_judge(*, scratch_dir: Path, sandbox: str) -> Judge:
    """A judge of all declared languages. Raises JudgeFailure, in a sentence for an operator, when
    this machine cannot sandbox: it never judges without, unless `sandbox` says "none"."""
    return Judge(languages=load_languages(), sandbox=sandbox, scratch_dir=scratch_dir)
