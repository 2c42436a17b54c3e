"""Verdicts and execution states, and the rules that pick one when several hold."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum


class Verdict(StrEnum):
    """Outcome of one test or of a whole execution."""

    AC = "AC"
    """Accepted."""
    WA = "WA"
    """Wrong answer."""
    PE = "PE"
    """Presentation error; only where the problem asks for it."""
    TLE = "TLE"
    """CPU time limit exceeded."""
    ILE = "ILE"
    """Idle past the wall-clock limit."""
    MLE = "MLE"
    """Memory limit exceeded."""
    OLE = "OLE"
    """Output limit exceeded."""
    RTE = "RTE"
    """Run-time error: a signal or a non-zero exit code."""
    CE = "CE"
    """Compile error; no test was run."""
    SE = "SE"
    """System error: the judge's fault, never charged."""

    @property
    def words(self) -> str:
        """The verdict as a person says it."""
        return _WORDS[self]


_WORDS = {
    Verdict.AC: "accepted",
    Verdict.WA: "wrong answer",
    Verdict.PE: "presentation error",
    Verdict.TLE: "time limit exceeded",
    Verdict.ILE: "idle too long",
    Verdict.MLE: "memory limit exceeded",
    Verdict.OLE: "output limit exceeded",
    Verdict.RTE: "run-time error",
    Verdict.CE: "compile error",
    Verdict.SE: "system error",
}


class State(StrEnum):
    """Where an execution is in its life."""

    QUEUED = "QUEUED"
    RUNNING = "RUNNING"
    DONE = "DONE"
    FAILED = "FAILED"
    CANCELLED = "CANCELLED"

    @property
    def ended(self) -> bool:
        return self in (State.DONE, State.FAILED, State.CANCELLED)


def overall(verdicts: Iterable[Verdict]) -> Verdict:
    """The verdict of an execution: AC if every test passed, else the first failing test's.

    A test that ended in SE makes the whole execution SE, wherever it stands.
    Raises ValueError without any verdict: an execution without tests has no outcome.
    """
    first_failure: Verdict | None = None
    seen = False
    for verdict in verdicts:
        seen = True
        if verdict is Verdict.SE:
            return Verdict.SE
        if verdict is not Verdict.AC and first_failure is None:
            first_failure = verdict
    if not seen:
        raise ValueError("an execution without tests has no verdict")
    return first_failure or Verdict.AC
