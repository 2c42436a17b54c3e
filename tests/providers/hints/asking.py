"""Asks the offline provider for a hint, and checks what holds for every hint."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from algoitny.domain.history import History
from algoitny.domain.history_results import TestResult
from algoitny.domain.ports import HintRequest
from algoitny.domain.problem import Problem, ProblemKey, ProblemSummary, TestCase
from algoitny.domain.verdict import State, Verdict
from algoitny.providers.hint import OfflineHintProvider

NOW = datetime(2026, 5, 4, tzinfo=UTC)
KEY = ProblemKey(platform="sample", number="1")
SECRET = "73519284"
"""Stands in everything of a hidden test; no hint may show it."""

AC, WA, TLE, RTE, CE = Verdict.AC, Verdict.WA, Verdict.TLE, Verdict.RTE, Verdict.CE
TRACEBACK = (
    'Traceback (most recent call last):\n  File "main.py", line {line}, in <module>\n{end}\n'
)


def request(
    code: str,
    verdict: Verdict = WA,
    *,
    level: int = 1,
    language: str = "python3",
    constraints: str = "1 ≤ n ≤ 20 000, 1 ≤ x ≤ 10^9",
    sample: Verdict = AC,
    sample_output: str = "1\n",
    error: str = "",
    status: str = "exit code 1",
    compile_message: str = "",
    solution: str | None = None,
) -> HintRequest:
    """An execution of one sample and two hidden tests, of which the second fails."""
    results = (
        TestResult(
            test_case_id="00001",
            verdict=sample,
            status=status,
            output=sample_output,
            error=error,
            is_sample=True,
        ),
        TestResult(test_case_id="00002", verdict=AC, status="accepted", output=SECRET),
        TestResult(
            test_case_id="00003", verdict=verdict, status=status, output=SECRET, error=error
        ),
    )
    history = History(
        id="h",
        user_id="u",
        user_identifier="learner",
        problem=KEY,
        problem_title="Title",
        language=language,
        is_code_public=False,
        state=State.DONE,
        verdict=verdict,
        created_at=NOW,
        updated_at=NOW,
    )
    summary = ProblemSummary(id=1, key=KEY, title="Title", created_at=NOW, updated_at=NOW)
    return HintRequest(
        level=level,
        problem=Problem(summary=summary, constraints=constraints, solution_code=solution),
        language=language,
        code=code,
        history=history,
        compile_message=compile_message,
        results=() if verdict is CE else results,
        samples=(TestCase(number=1, input=b"x\n", output=b"Ahoy 4.5\n", is_sample=True),),
    )


def write(code: str, verdict: Verdict = WA, **changes: object) -> str:
    return OfflineHintProvider().write(request(code, verdict, **changes))  # type: ignore[arg-type]  # named as in `request`


def check(text: str, level: int) -> None:
    """What holds for every hint."""
    words = len(text.split())
    assert 80 <= words <= 160, f"{words} words: {text}"
    assert len(re.findall(r"\w+", text)) >= 80, text
    assert SECRET not in text
    assert not re.search(r"[{}]", text), text
    if level < 4:
        assert "```" not in text
        assert "\n" not in text
    else:
        assert text.count("```") == 2
