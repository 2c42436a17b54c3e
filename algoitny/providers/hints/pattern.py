"""What the verdicts alone tell, when no rule recognises anything in the code."""

from __future__ import annotations

from algoitny.domain.verdict import Verdict
from algoitny.providers.hints.advice import Advice, Words
from algoitny.providers.hints.evidence import Evidence

WORDS = Words("pattern")


def explain_pattern(evidence: Evidence) -> Advice:
    """Always an answer."""
    if evidence.verdict in (Verdict.WA, Verdict.PE):
        pattern = _sample_pattern(evidence)
        is_layout = evidence.verdict is Verdict.PE and pattern == "hidden"
        return WORDS.advice("layout" if is_layout else pattern)
    return WORDS.advice(evidence.verdict if evidence.verdict in WORDS else Verdict.RTE)


def _sample_pattern(evidence: Evidence) -> str:
    """How the output of the failing sample differs; `hidden` when no sample is known to fail."""
    result = evidence.failing_sample
    if result is None:
        return "hidden"
    sample = evidence.sample_data(result)
    if sample is None or result.verdict not in (Verdict.WA, Verdict.PE):
        return "sample"
    ours, theirs = result.output.split(), sample.output.decode(errors="replace").split()
    ways = {
        "silent": not ours,
        "space": ours == theirs,
        "case": [word.lower() for word in ours] == [word.lower() for word in theirs],
        "chatter": len(ours) > len(theirs) and ours[-len(theirs) :] == theirs,
        "rounding": _nearly(ours, theirs),
    }
    return next((way for way, holds in ways.items() if holds), "sample")


def _nearly(ours: list[str], theirs: list[str]) -> bool:
    """Whether only fractions differ: all numbers within 1, and fractions are asked for."""
    try:
        pairs = [(float(a), float(b)) for a, b in zip(ours, theirs, strict=True)]
    except ValueError:
        return False
    return all(abs(a - b) < 1 for a, b in pairs) and any(b % 1 != 0 for _, b in pairs)
