"""Compiling a submission in a box of its own, and taking what came of it out of there.

A compiler reads hostile text: it gets limits like any program, and what it leaves is opened by
the runner without following links, and looked at again here.
"""

from __future__ import annotations

import os
from collections.abc import Callable

from algoitny.judge.box import Box, Run
from algoitny.judge.excerpt import compiler_message, cut
from algoitny.judge.exchange import BoxDied, Captured
from algoitny.judge.languages import Language, fill
from algoitny.judge.protocol import Answer, RunLimits, Status
from algoitny.judge.records import EXCERPT_BYTES, MIB, CompileResult, Killed
from algoitny.judge.toolchain import Tool
from algoitny.judge.verdicts import describe_end

CPU_SECONDS = 10
WALL_SECONDS = 20
MEMORY = 1024 * MIB
ARTIFACT_BYTES = 64 * MIB
FILE_BYTES = 128 * MIB
LIMITS = RunLimits(
    cpu_us=CPU_SECONDS * 1_000_000,
    wall_us=WALL_SECONDS * 1_000_000,
    memory=MEMORY,
    address_space=4 * MEMORY,
    stack=64 * MIB,
    file_size=FILE_BYTES,
    processes=32,
    files=256,
    keep_scratch=True,
)


class CompileOutcome:
    """What compiling came to; `artifact` is a descriptor, None when the source itself runs."""

    def __init__(self, result: CompileResult, artifact: int | None = None, size: int = 0) -> None:
        self.result = result
        self.artifact = artifact
        self.size = size

    def close(self) -> None:
        if self.artifact is not None:
            os.close(self.artifact)
            self.artifact = None


def compile_in(
    box: Box,
    language: Language,
    tool: Tool,
    code: bytes,
    cancelled: Callable[[], bool] | None,
) -> CompileOutcome:
    """Raises BoxDied and Cancelled; everything that the source can bring about is an outcome."""
    box.put(language.source, code)
    name = language.artifact
    values = {
        "tool": tool.path,
        "source": f"{box.inside}/{language.source}",
        "artifact": f"{box.scratch}/{name}" if name else "",
        "static": "-static" if tool.is_static else "",
        "box": box.inside,
        "scratch": box.scratch,
    }
    run = Run(
        argv=fill(language.compile, values), input=b"", limits=LIMITS, output_bytes=EXCERPT_BYTES
    )
    answer, captured = box.run(run, cancelled=cancelled)
    if answer.status is not Status.DONE:
        raise BoxDied(os.strerror(answer.error))
    message = _message(box, tool, captured)
    failure = _failure(answer, captured)
    if failure is not None:
        text = f"{message}\n{failure}".strip() if failure else message
        return CompileOutcome(CompileResult(ok=False, message=text))
    if name is None:
        return CompileOutcome(CompileResult(ok=True, message=message))
    artifact = box.fetch(name, ARTIFACT_BYTES)
    if artifact is None:
        text = f"{message}\nThe compiler left no program of at most {ARTIFACT_BYTES} bytes."
        return CompileOutcome(CompileResult(ok=False, message=text.strip()))
    size = os.fstat(artifact).st_size
    return CompileOutcome(CompileResult(ok=True, message=message), artifact, size)


def _message(box: Box, tool: Tool, captured: Captured) -> str:
    raw = cut(captured.output + captured.stderr)
    shown = {f"{box.inside}/": "", f"{box.scratch}/": ""}
    shown |= {
        f"{folder}/": f"{folder.name}/"
        for folder in (*tool.compile_folders, *tool.run_folders)
        if not folder.is_relative_to("/usr")
    }
    return compiler_message(raw, shown)


def _failure(answer: Answer, captured: Captured) -> str | None:
    """Why there is no program, besides what the compiler itself said; None when there is one."""
    run = answer.measurement
    if captured.exceeded:
        return "The compiler's standard output exceeded its limit."
    if run.memory_bytes > MEMORY or run.killed_for is Killed.MEMORY:
        return f"The compiler exceeded its memory limit of {MEMORY // MIB} MiB."
    if run.cpu_us > LIMITS.cpu_us or run.killed_for in (Killed.CPU, Killed.WALL):
        return f"The compiler exceeded its time limit of {CPU_SECONDS} s."
    if run.exited and run.code == 0:
        return None
    if run.exited and (captured.stderr or captured.output):
        return ""  # it has said why
    return f"The compiler ended with {describe_end(run)}."
