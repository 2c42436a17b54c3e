"""Deciding on a test that ran to its end: is what the program wrote right?"""

from __future__ import annotations

from typing import Protocol

from algoitny.domain.verdict import Verdict
from algoitny.judge.checkers import Checker
from algoitny.judge.records import Case, Ruling


class Comparison(Protocol):
    """Threads may share one."""

    def of(self, case: Case, output: bytes) -> Ruling:
        """Raises JudgeFailure, and Cancelled."""
        ...

    def close(self) -> None: ...


class PlainComparison:
    """With a checker that this process runs itself."""

    def __init__(self, compare: Checker) -> None:
        self._compare = compare

    def of(self, case: Case, output: bytes) -> Ruling:
        if case.answer is None:
            return Ruling(verdict=Verdict.AC, status="exit code 0")
        difference = self._compare(output, case.answer)
        if difference is None:
            return Ruling(verdict=Verdict.AC, status="accepted")
        verdict = Verdict.PE if difference.is_presentation else Verdict.WA
        return Ruling(verdict=verdict, status=f"{verdict.words}: {difference.words}")

    def close(self) -> None:
        """Holds nothing."""
