"""What an attempt at an execution finds: of each test, of all of them, and on the way."""

from __future__ import annotations

from dataclasses import dataclass

from algoitny.domain.verdict import Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class TestResult:
    """Outcome of one test. `output` and `error` are cut; `status` says in words what happened."""

    __test__ = False

    test_case_id: str
    verdict: Verdict
    status: str
    output: str = ""
    error: str = ""
    time_ms: int = 0
    memory_kb: int = 0
    is_sample: bool = False

    @property
    def passed(self) -> bool:
        return self.verdict is Verdict.AC


@dataclass(frozen=True, slots=True, kw_only=True)
class Results:
    """What one attempt found: all tests, or those up to the first failure, in order; or a
    compiler's message and no test."""

    tests: tuple[TestResult, ...] = ()
    compile_message: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What completes an execution."""

    verdict: Verdict
    result_summary: str
    passed_count: int
    failed_count: int
    total_count: int
    max_time_ms: int
    max_memory_kb: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TestProgress:
    """One test of a running attempt, as far as everybody may know; `index` from 0."""

    __test__ = False

    index: int
    verdict: Verdict
    time_ms: int
    memory_kb: int
