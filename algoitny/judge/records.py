"""What goes into the judge and what comes out: plain values with no behaviour of their own."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

from algoitny.domain.verdict import Verdict

MIB = 1024 * 1024
EXCERPT_BYTES = 4096
"""Stored output and standard error of a test are cut to this many bytes."""


class Cancelled(Exception):
    """The caller's `cancelled()` became true; nothing of the submission runs any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Limits of one test, before the language's time factor and memory floor.

    `time_ms` is CPU time, user and system, of all its processes together; `wall_ms` is how long it
    may take by the clock (default: twice the CPU time and a second), time in which it was ready
    to run and got no processor not counted. `output_bytes` holds for standard output; standard
    error is read and dropped past its excerpt. `processes` counts threads too. What is given back
    of the output is cut to `excerpt_bytes`.
    """

    time_ms: int = 1000
    memory_mb: int = 256
    wall_ms: int | None = None
    output_bytes: int = 16 * MIB
    processes: int = 32
    excerpt_bytes: int = EXCERPT_BYTES

    def __post_init__(self) -> None:
        values = (self.time_ms, self.memory_mb, self.output_bytes, self.processes)
        if min(values) < 1 or (self.wall_ms is not None and self.wall_ms < 1):
            raise ValueError("limits are positive")

    @property
    def effective_wall_ms(self) -> int:
        return 2 * self.time_ms + 1000 if self.wall_ms is None else self.wall_ms


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One test: what the program reads, and what it should have written; without an answer any
    output will do."""

    name: str
    input: bytes
    answer: bytes | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomChecker:
    """A problem's own checker: a program, and the flags it is called with."""

    language: str
    code: bytes
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling:
    """What a checker says of an output. `status` is words, and never any text of the answer, but
    of a custom checker what it means for the learner. `judge_message` is for setters only."""

    verdict: Verdict
    status: str
    judge_message: bytes = b""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseResult:
    """Outcome of one test. `status` and `judge_message` are a `Ruling`'s, or `status` says which
    limit or failure decided.

    `exit` is None when a signal or the judge ended the program. `output` and `stderr` are cut.
    """

    name: str
    verdict: Verdict
    status: str
    time_ms: int
    wall_ms: int
    memory_kb: int
    exit: int | None
    output: bytes
    stderr: bytes
    judge_message: bytes = b""


@dataclass(frozen=True, slots=True, kw_only=True)
class CompileResult:
    """Whether it compiles, and what the compiler said, without paths of this machine; `is_known`
    when it said so before, of the same source."""

    ok: bool
    message: str
    is_known: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """Outcome of a submission; `tests` is empty after a compile error, and ends with the first
    that failed where that was asked for."""

    verdict: Verdict
    compile: CompileResult
    tests: tuple[CaseResult, ...]


class Killed(IntEnum):
    """Why the runner ended a program that had not ended by itself; the numbers are its own."""

    NOT = 0
    CPU = 1
    WALL = 2
    MEMORY = 3
    ASKED = 4
    """By the worker, because of too much output."""
    PROCESSES = 5
    """More processes than the limit, where the kernel's own limit did not hold."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measurement:
    """How one run of a program ended and what it used, as the runner measured it.

    `code` is the exit code, or the signal's number when not `exited`.
    """

    exited: bool
    code: int
    killed_for: Killed
    cpu_us: int
    wall_us: int
    memory_bytes: int
