"""From a measurement to a verdict and its words. Comparing output belongs to `checkers`."""

from __future__ import annotations

import signal

from algoitny.domain.verdict import Verdict
from algoitny.judge.records import MIB, Killed, Limits, Measurement


def classify(
    run: Measurement, limits: Limits, *, output_exceeded: bool, out_of_memory: bool
) -> tuple[Verdict, str] | None:
    """The verdict when a limit or a failure decides it, else None: then the checker does.

    Precedence: OLE, MLE, TLE (and ILE), RTE. `limits` are the effective ones; `out_of_memory`
    tells that a failed program said it had got no more memory, in its language's way.
    """
    if output_exceeded:
        return Verdict.OLE, f"output limit of {limits.output_bytes} bytes exceeded"
    failed = not run.exited or run.code != 0
    over = run.memory_bytes > limits.memory_mb * MIB
    if over or run.killed_for is Killed.MEMORY or (failed and out_of_memory):
        return Verdict.MLE, f"memory limit of {limits.memory_mb} MiB exceeded"
    if run.cpu_us > limits.time_ms * 1000 or run.killed_for is Killed.CPU:
        return Verdict.TLE, f"time limit of {limits.time_ms} ms exceeded"
    if run.killed_for is Killed.WALL:
        waited = limits.effective_wall_ms
        return Verdict.ILE, f"idle: not finished after {waited} ms, most of it waiting"
    return (Verdict.RTE, _failure(run, limits)) if failed else None


def _failure(run: Measurement, limits: Limits) -> str:
    if run.killed_for is Killed.PROCESSES:
        return f"limit of {limits.processes} processes exceeded"
    return describe_end(run)


def describe_end(run: Measurement) -> str:
    """How a program ended: `exit code 1`, `signal 11 (segmentation fault)`."""
    if run.exited:
        return f"exit code {run.code}"
    words = signal.strsignal(run.code) if 0 < run.code < signal.NSIG else None
    return f"signal {run.code} ({words.lower()})" if words else f"signal {run.code}"
