"""From a measurement to a verdict and its words. Comparing output belongs to `checkers`."""

from __future__ import annotations

import re
import signal

from algoitny.domain.verdict import Verdict
from algoitny.judge.excerpt import one_line
from algoitny.judge.records import MIB, Killed, Limits, Measurement, Ruling

SIGNALS: dict[int, str] = {
    signal.SIGFPE: "arithmetic error, such as a division by zero",
    signal.SIGKILL: "killed, but not by the judge",
    signal.SIGXFSZ: "a file grew too large",
    signal.SIGSYS: "forbidden system call",
}
"""Where the system's own words tell a learner less, or something wrong."""

EXIT_CODES = {
    126: "a command could not be executed",
    127: "a command was not found",
}
"""A shell's, by POSIX."""

MOST_CHARACTERS = 200
UNCAUGHT = tuple(
    re.compile(pattern, re.MULTILINE)
    for pattern in (
        r"^Traceback \(most recent call last\):\n(?:.*\n)*?(?=\S)(.+)$",
        r"^terminate called after throwing an instance of '(.+)'\n(?:  what\(\):  (.*))?",
        r'^Exception in thread "[^"\n]*" (.+)$',
        r"^thread '[^'\n]*'.* panicked at (?:'(?=.*', )|.*:\n)(.+?)(?:', \S+)?$",
        r"^panic: (.+)$",
        r"^(?:Uncaught )?((?:[A-Za-z_]\w*\.)*\w*(?:Error|Exception)(?: \[\w+\])?: .*)$",
    )
)
"""How runtimes tell of an error that nobody caught: Python, C++, the JVM, Rust, Go, Node."""


def classify(
    run: Measurement,
    limits: Limits,
    *,
    output_exceeded: bool,
    out_of_memory: bool,
    complaint: str = "",
    memory_extra_mb: int = 0,
) -> Ruling | None:
    """The verdict when a limit or a failure decides it, else None: then the checker does.

    Precedence: OLE, MLE, TLE (and ILE), RTE. `limits` are the effective ones; `out_of_memory`
    tells that a failed program said it had got no more memory, in its language's way. `complaint`
    is its standard error, of which an uncaught error is told. A runtime that limits its heap by
    itself may have `memory_extra_mb` more.
    """
    if output_exceeded:
        return Ruling(
            verdict=Verdict.OLE, status=f"output limit of {limits.output_bytes} bytes exceeded"
        )
    failed = not run.exited or run.code != 0
    over = run.memory_bytes > (limits.memory_mb + memory_extra_mb) * MIB
    if over or run.killed_for is Killed.MEMORY or (failed and out_of_memory):
        return Ruling(
            verdict=Verdict.MLE, status=f"memory limit of {limits.memory_mb} MiB exceeded"
        )
    if run.cpu_us > limits.time_ms * 1000 or run.killed_for is Killed.CPU:
        return Ruling(verdict=Verdict.TLE, status=f"time limit of {limits.time_ms} ms exceeded")
    if run.killed_for is Killed.WALL:
        waited = limits.effective_wall_ms
        return Ruling(
            verdict=Verdict.ILE, status=f"idle: not finished after {waited} ms, most of it waiting"
        )
    return Ruling(verdict=Verdict.RTE, status=_failure(run, limits, complaint)) if failed else None


def _failure(run: Measurement, limits: Limits, complaint: str) -> str:
    if run.killed_for is Killed.PROCESSES:
        return f"limit of {limits.processes} processes exceeded"
    uncaught = uncaught_error(complaint)
    return f"{describe_end(run)}: {uncaught}" if uncaught else describe_end(run)


def describe_end(run: Measurement) -> str:
    """How a program ended: `exit code 1`, `signal 11 (segmentation fault)`."""
    if run.exited:
        words = EXIT_CODES.get(run.code)
        return f"exit code {run.code} ({words})" if words else f"exit code {run.code}"
    words = SIGNALS.get(run.code)
    if words is None and 0 < run.code < signal.NSIG:
        words = (signal.strsignal(run.code) or "").lower()
    return f"signal {run.code} ({words})" if words else f"signal {run.code}"


def uncaught_error(complaint: str) -> str:
    """What a runtime says of the error that ended a program, as one line; empty when it does not.
    `complaint` is what the program wrote to its standard error."""
    for pattern in UNCAUGHT:
        found = pattern.findall(complaint)
        if found:
            parts = [found[-1]] if isinstance(found[-1], str) else [*filter(None, found[-1])]
            return one_line(": ".join(parts).encode(errors="replace"), MOST_CHARACTERS)
    return ""
