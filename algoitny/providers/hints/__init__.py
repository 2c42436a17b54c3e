"""Rules of the offline hint provider, one module a kind of failure. `RULES` is the table.

A rule is a function from Evidence to Advice, or to None when it has nothing to say.
"""

from __future__ import annotations

from algoitny.providers.hints.advice import Advice, Rule, compose
from algoitny.providers.hints.compiling import explain_compile_error
from algoitny.providers.hints.crash import explain_crash
from algoitny.providers.hints.evidence import Evidence
from algoitny.providers.hints.overflow import explain_overflow
from algoitny.providers.hints.pattern import explain_pattern
from algoitny.providers.hints.slow import explain_slow

RULES: tuple[Rule, ...] = (
    explain_compile_error,
    explain_crash,
    explain_slow,
    explain_overflow,
)
"""Asked in order; the first that recognises something answers."""


def advise(evidence: Evidence) -> Advice:
    """What the first matching rule says; what the verdicts alone tell when none does."""
    for rule in RULES:
        advice = rule(evidence)
        if advice is not None:
            return advice
    return explain_pattern(evidence)


__all__ = ["RULES", "Advice", "Evidence", "advise", "compose"]
