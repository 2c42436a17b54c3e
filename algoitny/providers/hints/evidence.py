"""What rules may look at: verdicts, the learner's code, bounds from the constraints, samples.

Of a hidden test there is its verdict, and how its program ended in words of a closed list: an
exception's name and line would carry test data if the learner could choose them freely.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Self

from algoitny.domain.history_results import TestResult
from algoitny.domain.ports import HintRequest
from algoitny.domain.problem import TestCase
from algoitny.domain.verdict import Verdict
from algoitny.providers.hints.source import PythonSource, TokenSource

PYTHON = frozenset({"python3", "pypy3"})
C_FAMILY = frozenset({"c", "cpp"})

_MINUS_AND_SPACES = str.maketrans({"−": "-", "–": "-", "\u00a0": " ", "\u202f": " ", "\u2009": " "})
_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_NUMBER = (
    r"(?:(?P<factor>\d{1,9}) ?[*·×] ?)?10(?:\^|\*\*)(?P<exponent>\d{1,2})"
    r"|(?P<plain>\d{1,3}(?:[ ,]\d{3})+(?!\d)|\d{1,20})"
)
_UPPER_BOUND = re.compile(rf"(?P<names>[^≤<>=\n]{{0,60}}?) ?(?:≤|<) ?(?:{_NUMBER})")
_SIZE_NAME = re.compile(r"(?<![A-Za-z])[nmqtkNMQTK](?![A-Za-z])|\|[sStT]\||length|number of")


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """The largest numbers that the constraints name: of how many things, and of anything."""

    size: int | None = None
    value: int | None = None

    @classmethod
    def of(cls, text: str) -> Self:
        """Reads inequalities such as `1 ≤ n ≤ 20 000`, `a <= 2*10^5`, `x \\le 10^{9}`."""
        size: list[int] = []
        value: list[int] = []
        for bound in _UPPER_BOUND.finditer(_normal(text)):
            if bound["plain"]:
                number = int(re.sub(r"[ ,]", "", bound["plain"]))
            else:
                number = int(bound["factor"] or 1) * 10 ** int(bound["exponent"])
            value.append(number)
            if _SIZE_NAME.search(bound["names"]):
                size.append(number)
        return cls(size=max(size, default=None), value=max(value, default=None))


def _normal(text: str) -> str:
    """The ways to write an inequality, made one."""
    text = text[:10_000].translate(_MINUS_AND_SPACES)
    text = re.sub(r"\\leq?\b|<=|(?:is |are )?at most", "≤", text)
    text = re.sub(r"\\cdot\b|\\times\b", "*", text)
    text = re.sub(r"10([⁰¹²³⁴⁵⁶⁷⁸⁹]{1,2})", lambda m: "10^" + m[1].translate(_SUPERSCRIPTS), text)
    text = re.sub(r"\\[,;!]|~", " ", text)
    return re.sub(r"[${}`]", "", text)


class Evidence:
    """One failed execution, as the rules see it."""

    def __init__(self, request: HintRequest, verdict: Verdict) -> None:
        self._request = request
        self.verdict = verdict
        self.language = request.language
        self.code = request.code

    @classmethod
    def of(cls, request: HintRequest) -> Self:
        verdict = request.history.verdict
        failed = [result.verdict for result in request.results if not result.passed]
        return cls(request, verdict or (failed[0] if failed else Verdict.WA))

    @property
    def compile_message(self) -> str:
        return self._request.compile_message

    @property
    def total(self) -> int:
        """The number of tests, including those that were not run."""
        return max(len(self._request.results), self._request.history.total_count)

    @property
    def is_cut_short(self) -> bool:
        """Whether nothing is known of the tests after the first that fails."""
        return len(self._request.results) < self.total

    @property
    def passed(self) -> int:
        return sum(result.passed for result in self._request.results)

    @cached_property
    def first_failing(self) -> int | None:
        """The number of the first test that failed, from 1; None when none did."""
        return next((i for i, r in enumerate(self._request.results, 1) if not r.passed), None)

    @property
    def has_samples(self) -> bool:
        return any(result.is_sample for result in self._request.results)

    @cached_property
    def failing_sample(self) -> TestResult | None:
        """The first sample that fails, whose data the learner can see."""
        return next((r for r in self._request.results if r.is_sample and not r.passed), None)

    @cached_property
    def samples_pass(self) -> bool:
        """Whether all samples passed."""
        if self.failing_sample is not None:
            return False
        ran = {result.test_case_id for result in self._request.results}
        return not self.is_cut_short or all(s.id in ran for s in self._request.samples)

    def sample_data(self, result: TestResult) -> TestCase | None:
        """The data of a sample's result."""
        return next((s for s in self._request.samples if s.id == result.test_case_id), None)

    def failing_with(self, verdict: Verdict) -> Sequence[TestResult]:
        """Tests with this verdict, samples first."""
        found = [result for result in self._request.results if result.verdict is verdict]
        return sorted(found, key=lambda result: not result.is_sample)

    @cached_property
    def bounds(self) -> Bounds:
        problem = self._request.problem
        return Bounds.of(problem.constraints or problem.statement)

    @cached_property
    def python(self) -> PythonSource | None:
        """The code as Python's syntax tree; None for another language, or when it has none."""
        return PythonSource.parse(self.code) if self.language in PYTHON else None

    @cached_property
    def tokens(self) -> TokenSource:
        """The code as tokens of a language with braces."""
        return TokenSource(self.code)
