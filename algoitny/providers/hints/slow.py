"""Too slow: where the steps multiply, measured against the sizes that the constraints name."""

from __future__ import annotations

from algoitny.domain.verdict import Verdict
from algoitny.providers.hints.advice import Advice, Words
from algoitny.providers.hints.evidence import PYTHON, Evidence
from algoitny.providers.hints.slow_code import SlowCode, slow_python, slow_tokens
from algoitny.providers.hints.wording import about, code

WORDS = Words("slow")

SMALL_SIZE = 1_000
"""Up to here a quadratic number of steps is fast in any language."""
LARGE_INPUT = 100_000
"""From here on it matters how numbers are read and written."""
LARGE_VALUE = 50_000_000
"""More steps than this take a second or longer, even when each does little."""


def explain_slow(evidence: Evidence) -> Advice | None:
    """For a time limit that was exceeded, when the code shows why."""
    if evidence.verdict is not Verdict.TLE:
        return None
    if evidence.language in PYTHON:
        found = slow_python(evidence.python) if evidence.python else ()
    else:
        found = slow_tokens(evidence.tokens)
    matters = [slow for slow in found if _matters(slow, evidence)]
    if not matters:
        return None
    return _advice(matters[0], evidence)


def _matters(slow: SlowCode, evidence: Evidence) -> bool:
    """Whether the sizes are large enough for this to be the reason."""
    bounds = evidence.bounds
    if slow.kind == "counting":
        return bounds.value is not None and bounds.value >= LARGE_VALUE
    if slow.kind == "reading":
        return bounds.size is None or bounds.size >= LARGE_INPUT
    return slow.kind == "recursion" or bounds.size is None or bounds.size > SMALL_SIZE


def _advice(slow: SlowCode, evidence: Evidence) -> Advice:
    name = code(slow.name) if slow.name else "the loop"
    return WORDS.advice(slow.kind, line=slow.line, name=name, steps=_steps(slow, evidence))


def _steps(slow: SlowCode, evidence: Evidence) -> str:
    speed = (
        "Python manages some 10^7 simple steps a second"
        if evidence.language in PYTHON
        else "A compiled program manages some 10^9 simple steps a second at best"
    )
    size, value = evidence.bounds.size, evidence.bounds.value
    if slow.kind == "counting" and value is not None:
        return f"With a value of {about(value)} that is as many steps. {speed}."
    if slow.kind in ("recursion", "reading") or size is None:
        return f"Count the steps for the largest input that is allowed. {speed}."
    return f"With {about(size)} things this comes to about {about(size * size)} steps. {speed}."
