"""Compile errors: the first message is the one that counts."""

from __future__ import annotations

import re

from algoitny.domain.verdict import Verdict
from algoitny.providers.hints.advice import Advice, Words
from algoitny.providers.hints.evidence import PYTHON, Evidence

WORDS = Words("compiling")

_LINE = re.compile(r":(\d{1,6})(?::\d+)?: (?:fatal )?error|, line (\d{1,6})")
_SAID = {
    "unknown_name": r"not declared|undeclared|not name a type|implicit declaration|cannot find",
    "indentation": r"[Ii]ndent|TabError",
    "types": r"no matching|cannot convert|invalid conversion|incompatible|invalid operands",
    "missing_sign": r"expected|missing terminating|unterminated|was never closed|unmatched",
}
"""What compilers say, by what it means; the first message that says one of them decides."""


def explain_compile_error(evidence: Evidence) -> Advice | None:
    """Where to look first, and what such a message means."""
    if evidence.verdict is not Verdict.CE:
        return None
    message = evidence.compile_message
    found = _LINE.search(message)
    line = int(found[1] or found[2]) if found else 0
    lines = evidence.code.count("\n") + 1
    return WORDS.advice(
        _case(message),
        where=f"line {line}" if 1 <= line <= lines else "its first message",
        tool="`python3 -m py_compile`" if evidence.language in PYTHON else "all warnings (`-Wall`)",
    )


def _case(message: str) -> str:
    said = [(match.start(), case) for case in _SAID for match in re.finditer(_SAID[case], message)]
    return min(said)[1] if said else "other"
