"""Compiling a submission in a box of its own, and taking what came of it out of there.

A compiler reads hostile text: it gets limits like any program, and what it leaves is opened by
the runner without following links, and looked at again here.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from algoitny.domain.errors import JudgeFailure
from algoitny.judge.box import Box, Run
from algoitny.judge.compile_cache import CompileCache, Compiled
from algoitny.judge.excerpt import compiler_message, cut
from algoitny.judge.exchange import BoxDied, Captured
from algoitny.judge.languages import Language, fill
from algoitny.judge.pool import TRIES, BoxPool
from algoitny.judge.protocol import Answer, RunLimits, Status
from algoitny.judge.records import EXCERPT_BYTES, MIB, CompileResult, Killed
from algoitny.judge.sandbox import COMPILE, BoxKind
from algoitny.judge.toolchain import Tool
from algoitny.judge.verdicts import describe_end

ARTIFACT_BYTES = 64 * MIB
FILE_BYTES = 128 * MIB
PROCESSES = 32
"""Besides those that a language's runtime takes for itself."""
ADDRESSES = 4
"""Address space, in multiples of the memory limit, of compilers that do not reserve more."""

REFUSED_PROCESS = re.compile(
    rb"^(?!\s|.*:\d+:).*(fork|spawn|clone|thread).*(Resource temporarily unavailable"
    rb"|Cannot allocate memory|pthread_create failed \(EAGAIN\)|resource limits reached)",
    re.IGNORECASE | re.MULTILINE,
)
"""A tool's word that the machine gave it no further process or thread. No diagnostic of a line of
source; and no complaint of memory alone, which a source can bring about."""


class RefusedProcess(BoxDied):
    """A tool said so; `result` is what that means if the source put the words into its mouth."""

    def __init__(self, result: CompileResult) -> None:
        super().__init__("this machine has no process left for the compiler")
        self.result = result


class CompileOutcome:
    """What compiling came to; `artifact` is a descriptor, None when the source itself runs. `box`
    is one that the source was looked at in, and where its tests may run; its taker closes it."""

    def __init__(
        self,
        result: CompileResult,
        artifact: int | None = None,
        *,
        box: Box | None = None,
    ) -> None:
        self.result = result
        self.artifact = artifact
        self.size = 0 if artifact is None else os.fstat(artifact).st_size
        self.box = box

    def put_in(self, box: Box, name: str, code: bytes) -> None:
        """Place the program to run: what was made of `code`, or that itself. Raises BoxDied."""
        content = code if self.artifact is None else self.artifact
        box.put(name, content, max_bytes=self.size)

    def close(self) -> None:
        if self.artifact is not None:
            os.close(self.artifact)
            self.artifact = None


class Compiler:
    """Compiles, unless the same was compiled before. Threads may share one."""

    def __init__(
        self, pool: BoxPool, held: Mapping[str, BoxKind], cache: CompileCache | None
    ) -> None:
        """`held`: the kind of box that holds a language's interpreter, by its id."""
        self._pool = pool
        self._held = held
        self._cache = cache

    def compile(
        self,
        language: Language,
        tool: Tool,
        code: bytes,
        cancelled: Callable[[], bool] | None,
        *,
        hand_over: bool = False,
    ) -> CompileOutcome:
        """The caller closes it; with `hand_over` it may have a box. Raises Cancelled, and
        JudgeFailure when two boxes did not survive."""
        language = language.as_written(code)
        if not language.compile:
            return CompileOutcome(CompileResult(ok=True, message=""))
        kind = self._held.get(language.id, COMPILE) if hand_over else COMPILE
        if self._cache is None:
            return self._compile(language, tool, code, cancelled, kind)
        key = self._cache.key(language, tool, code)
        known = self._cache.find(key)
        if known is not None:
            result = CompileResult(ok=True, message=known.message, is_known=True)
            return CompileOutcome(result, _in_memory(known.artifact))
        outcome = self._compile(language, tool, code, cancelled, kind)
        if outcome.result.ok:
            artifact = None if outcome.artifact is None else _content(outcome)
            self._cache.keep(key, Compiled(outcome.result.message, artifact))
        return outcome

    def _compile(
        self,
        language: Language,
        tool: Tool,
        code: bytes,
        cancelled: Callable[[], bool] | None,
        kind: BoxKind,
    ) -> CompileOutcome:
        check = None if kind == COMPILE else _check_of(language)
        kind = COMPILE if check is None else kind
        failure = BoxDied("")
        for _ in range(TRIES):
            box = self._pool.take(kind)
            outcome: CompileOutcome | None = None
            try:
                if check is None:
                    outcome = compile_in(box, language, tool, code, cancelled)
                else:
                    outcome = check_in(box, language, tool, code, check, cancelled)
            except BoxDied as error:
                failure = error
            else:
                return outcome
            finally:
                if outcome is None or outcome.box is None:
                    self._pool.discard(box)
        if isinstance(failure, RefusedProcess) and self._has_processes(language, tool, cancelled):
            return CompileOutcome(failure.result)
        raise JudgeFailure(f"The compile box did not survive: {failure}.")

    def _has_processes(
        self, language: Language, tool: Tool, cancelled: Callable[[], bool] | None
    ) -> bool:
        """Whether the tool gets them for an empty source, which can make it say nothing."""
        box = self._pool.take(COMPILE)
        try:
            compile_in(box, language, tool, b"", cancelled).close()
        except BoxDied:
            return False
        finally:
            self._pool.discard(box)
        return True


def compile_limits(language: Language) -> RunLimits:
    """What compiling may take."""
    memory = language.compile_memory_mb * MIB
    return RunLimits(
        cpu_us=language.compile_seconds * 1_000_000,
        wall_us=2 * language.compile_seconds * 1_000_000,
        memory=memory,
        address_space=ADDRESSES * memory if language.address_space else 0,
        stack=64 * MIB,
        file_size=FILE_BYTES,
        processes=PROCESSES + language.extra_processes,
        files=256,
        keep_scratch=True,
    )


def compile_in(
    box: Box,
    language: Language,
    tool: Tool,
    code: bytes,
    cancelled: Callable[[], bool] | None,
) -> CompileOutcome:
    """Raises BoxDied and Cancelled; everything that the source can bring about is an outcome."""
    box.put(language.source, code)
    for file, content in language.contents:
        box.put(file, content)
    name = language.artifact
    values = {
        **tool.programs,
        "source": f"{box.inside}/{language.source}",
        "artifact": f"{box.scratch}/{name}" if name else "",
        "static": "-static" if tool.is_static else "",
        "box": box.inside,
        "scratch": box.scratch,
    }
    command, limits = fill(language.compile, values), compile_limits(language)
    result = _run(box, tool, command, limits, {}, cancelled)
    if name is None or not result.ok:
        return CompileOutcome(result)
    artifact = box.fetch(name, ARTIFACT_BYTES)
    if artifact is None:
        text = f"{result.message}\nThe compiler left no program of at most {ARTIFACT_BYTES} bytes."
        return CompileOutcome(CompileResult(ok=False, message=text.strip()))
    return CompileOutcome(result, artifact)


def check_in(
    box: Box,
    language: Language,
    tool: Tool,
    code: bytes,
    check: str,
    cancelled: Callable[[], bool] | None,
) -> CompileOutcome:
    """Let the interpreter that a box holds look at a source, as a test is run: what `check` does,
    given the source's path, a program could do as well. So the tests may follow in the same box.
    Raises as `compile_in`."""
    submitted = f"submitted-{language.source}"
    path = f"{box.inside}/{submitted}"
    box.put(submitted, code)
    box.put(language.program, f"import sys\nsys.argv = ['-c', {path!r}]\n{check}\n".encode())
    limits = replace(compile_limits(language), keep_scratch=False)
    result = _run(box, tool, [], limits, {path: language.source}, cancelled)
    box.remove(submitted)
    box.remove(language.program)
    return CompileOutcome(result, box=box if result.ok and box.is_clean else None)


def _check_of(language: Language) -> str | None:
    """The program that looks at a source, where that is all that compiling is."""
    match language.compile:
        case ("{tool}", *options, "-c", check, "{source}") if all(
            option.startswith("-") for option in options
        ):
            return None if language.artifact else check
    return None


def _run(
    box: Box,
    tool: Tool,
    argv: Sequence[str],
    limits: RunLimits,
    shown: Mapping[str, str],
    cancelled: Callable[[], bool] | None,
) -> CompileResult:
    run = Run(argv=argv, input=b"", limits=limits, output_bytes=EXCERPT_BYTES)
    answer, captured = box.run(run, cancelled=cancelled)
    if answer.status is not Status.DONE:
        raise BoxDied(os.strerror(answer.error))
    message = _message(box, tool, captured, shown)
    failure = _failure(answer, captured, limits)
    if failure is None:
        return CompileResult(ok=True, message=message)
    words = f"{message}\n{failure}".strip() if failure else message
    result = CompileResult(ok=False, message=words)
    if REFUSED_PROCESS.search(captured.stderr + b"\n" + captured.output):
        raise RefusedProcess(result)
    return result


def _in_memory(artifact: bytes | None) -> int | None:
    if artifact is None:
        return None
    descriptor = os.memfd_create("artifact", os.MFD_CLOEXEC)
    with open(descriptor, "wb", closefd=False) as file:
        file.write(artifact)
    return descriptor


def _content(outcome: CompileOutcome) -> bytes:
    """Of the artifact, as far as it was when it was handed out."""
    assert outcome.artifact is not None  # noqa: S101 - asked for only then
    with open(outcome.artifact, "rb", closefd=False) as file:
        file.seek(0)
        return file.read(outcome.size)


def _message(box: Box, tool: Tool, captured: Captured, paths: Mapping[str, str]) -> str:
    shown = {**paths, f"{box.inside}/": "", f"{box.scratch}/": ""}
    shown |= {
        f"{folder}/": f"{folder.name}/"
        for folder in (*tool.compile_folders, *tool.run_folders)
        if not folder.is_relative_to("/usr")
    }
    # Each by itself, before they are cut to one size: half a path would not be recognised.
    said = (compiler_message(stream, shown) for stream in (captured.output, captured.stderr))
    return cut("\n".join(filter(None, said)).encode()).decode()


def _failure(answer: Answer, captured: Captured, limits: RunLimits) -> str | None:
    """Why there is no program, besides what the compiler itself said; None when there is one."""
    run = answer.measurement
    if captured.exceeded:
        return "The compiler's standard output exceeded its limit."
    if run.memory_bytes > limits.memory or run.killed_for is Killed.MEMORY:
        return f"The compiler exceeded its memory limit of {limits.memory // MIB} MiB."
    if run.cpu_us > limits.cpu_us or run.killed_for in (Killed.CPU, Killed.WALL):
        return f"The compiler exceeded its time limit of {limits.cpu_us // 1_000_000} s."
    if run.exited and run.code == 0:
        return None
    if run.exited and (captured.stderr or captured.output):
        return ""  # it has said why
    return f"The compiler ended with {describe_end(run)}."
