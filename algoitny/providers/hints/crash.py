"""Run-time errors explained: a Python exception and its line, a signal, an exit code.

Names of exceptions come from a closed list and lines from the code's own range, whatever a program
writes to its standard error: it may write there what it has read.
"""

from __future__ import annotations

import re

from algoitny.domain.verdict import Verdict
from algoitny.providers.hints.advice import Advice, Words
from algoitny.providers.hints.evidence import PYTHON, Evidence

WORDS = Words("crash")

EXCEPTIONS = {
    "IndexError": "bounds",
    "RecursionError": "recursion",
    "ZeroDivisionError": "zero",
    "KeyError": "missing_key",
    "EOFError": "input_ended",
    "StopIteration": "input_ended",
    "TypeError": "type",
    "AttributeError": "type",
    "NameError": "name",
    "UnboundLocalError": "name",
    "AssertionError": "assertion",
    "MemoryError": "no_memory",
    "ValueError": "value",
}
"""Python's exceptions, and which words explain them."""

THROWN = {
    "bad_alloc": "no_memory",
    "out_of_range": "bounds",
    "length_error": "bounds",
    "invalid_argument": "convert",
}
"""Exceptions of C++'s library."""

SIGNALS = {
    4: "memory_access",
    6: "aborted",
    7: "memory_access",
    8: "zero",
    11: "memory_access",
}
"""Signals by number."""

_FRAME = re.compile(r'^  File "(?P<file>[^"\n]{1,200})", line (?P<line>\d{1,6})', re.MULTILINE)
_RAISED = re.compile(r"^(?:\w{1,60}\.){0,5}(?P<name>[A-Z]\w{2,40})(?::|$)", re.MULTILINE)
_THROWN = re.compile(r"instance of 'std::(?P<name>\w{1,40})'")
_SIGNAL = re.compile(r"^signal (\d{1,2})\b")


def explain_crash(evidence: Evidence) -> Advice | None:
    """What ended the program, and where as far as that is known."""
    failed = evidence.failing_with(Verdict.RTE)
    if evidence.verdict is not Verdict.RTE or not failed:
        return None
    # One test is enough: samples come first, and one fault mostly fails all of them.
    if evidence.language in PYTHON:
        return _python(evidence, failed[0].error)
    return _native(failed[0].status, failed[0].error)


def _python(evidence: Evidence, stderr: str) -> Advice | None:
    raised = [found["name"] for found in _RAISED.finditer(stderr) if found["name"] in EXCEPTIONS]
    if not raised:
        return None
    name, line = raised[-1], _line(evidence, stderr)
    case = EXCEPTIONS[name]
    where = f"in line {line}" if line else "while the program ran"
    return WORDS.advice(
        _reading(evidence, line) if case == "value" else case,
        opening=f"Python stopped {where} with {name}",
    )


def _line(evidence: Evidence, stderr: str) -> int | None:
    """The innermost line of the learner's own that the traceback names."""
    last = evidence.code.count("\n") + 1
    lines = [
        int(frame["line"])
        for frame in _FRAME.finditer(stderr)
        if "/lib" not in frame["file"] and not frame["file"].startswith("<")
    ]
    return next((line for line in reversed(lines) if 1 <= line <= last), None)


def _reading(evidence: Evidence, line: int | None) -> str:
    """What the line of a ValueError tries: `unpack` several values, `convert` one, or else."""
    text = evidence.code.split("\n")[line - 1] if line else ""
    target, equals, _ = text.partition("=")
    if equals and "," in target and "(" not in target:
        return "unpack"
    return "convert" if re.search(r"\b(int|float)\b", text) else "value"


def _native(status: str, stderr: str) -> Advice | None:
    thrown = _THROWN.search(stderr)
    if thrown and thrown["name"] in THROWN:
        opening = f"The program ended with the exception `std::{thrown['name']}`, uncaught"
        return WORDS.advice(THROWN[thrown["name"]], opening=opening)
    signal = _SIGNAL.search(status)
    if signal and int(signal[1]) in SIGNALS:
        opening = f"The system ended the program with signal {int(signal[1])}"
        return WORDS.advice(SIGNALS[int(signal[1])], opening=opening)
    if "exit code" in status:
        opening = "The program ended with an exit code other than 0"
        return WORDS.advice("exit_code", opening=opening)
    return None
