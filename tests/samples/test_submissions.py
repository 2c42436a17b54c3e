"""Every program of every sample package, judged for real: it gets what its folder promises, and
where the offline hints know the mistake, they name it from what the judge really reports."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest

from algoitny.domain.history import History
from algoitny.domain.ports import HintRequest
from algoitny.domain.problem import Problem, ProblemKey, ProblemSummary, TestCase
from algoitny.domain.verdict import State
from algoitny.judge import Case, Judge, Judgement, Limits, open_judge
from algoitny.providers.hint import OfflineHintProvider
from algoitny.services.demo import SAMPLES
from algoitny.services.judging import record
from algoitny.services.package import ExampleSubmission, Expectation, Package, read_package
from tests.languages import require

pytestmark = pytest.mark.service

PROGRAMS = [
    pytest.param(package, submission, id=f"{package.name}/{submission.path}")
    for package in (read_package(path.parent) for path in sorted(SAMPLES.glob("*/problem.yaml")))
    for submission in package.submissions
]

LARGEST = 3

NAMED = {
    "twolanterns/wrong_answer/narrow.c": "line 5, where `a` is read into 32 bits",
    "twolanterns/time_limit_exceeded/counts.py": "line 4: the loop runs once for every single unit",
    "harbourledger/wrong_answer/narrow_product.cpp": "line 12, where `q` is multiplied",
    "harbourledger/run_time_error/no_empty_lines.py": "line 4 with ValueError: a line or a list",
    "harbourledger/time_limit_exceeded/splits_again.py": "line 10: `text` is taken apart",
    "framednotes/wrong_answer/blank_at_the_end.py": "only blanks or line ends differ",
    "averagetide/wrong_answer/whole_centimetres.cpp": "nearly right",
    "averagetide/run_time_error/past_the_end.py": "line 8 with IndexError: a position outside",
    "nightwatch/run_time_error/every_second.c": "holds more in memory than is allowed",
    "mossystairs/time_limit_exceeded/tries_every_way.py": "`ways` calls itself more than once",
    "relayposts/run_time_error/recursive.py": "line 9 with RecursionError",
    "ferrygrid/wrong_answer/small_letters.py": "in other letters",
    "trailtolls/run_time_error/only_villages_with_trails.py": "line 16 with KeyError",
}
"""What the first hint says of some of them."""


@pytest.fixture(scope="module")
def judge(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Judge]:
    scratch: Path = tmp_path_factory.mktemp("judge")
    with open_judge(scratch_dir=scratch, sandbox="bubblewrap") as opened:
        yield opened


@pytest.mark.parametrize(("package", "submission"), PROGRAMS)
def test_verdicts(package: Package, submission: ExampleSubmission, judge: Judge) -> None:
    require(judge, submission.language)
    judgement = judge.judge(
        submission.language,
        submission.code,
        [
            Case(name=test.id, input=test.input, answer=test.output)
            for test in chosen(package, submission)
        ],
        limits=Limits(time_ms=package.time_limit_ms, memory_mb=package.memory_limit_mb),
        checker=package.checker,
    )
    verdicts = [test.verdict for test in judgement.tests]
    assert judgement.compile.ok, judgement.compile.message
    assert submission.expectation.met_by(verdicts), [str(verdict) for verdict in verdicts]
    if submission.expectation is not Expectation.ACCEPTED:
        hint = first_hint(package, submission, judgement)
        assert 80 <= len(hint.split()) <= 160
        assert NAMED.get(f"{package.name}/{submission.path}", "") in hint


def chosen(package: Package, submission: ExampleSubmission) -> Sequence[TestCase]:
    """All tests; of a language whose programs take longest to start, samples and the largest."""
    if submission.language != "java":
        return package.tests
    largest = sorted(package.tests, key=lambda test: len(test.input))[-LARGEST:]
    return [test for test in package.tests if test.is_sample or test in largest]


def first_hint(package: Package, submission: ExampleSubmission, judgement: Judgement) -> str:
    now = datetime(2026, 5, 4, tzinfo=UTC)
    key = ProblemKey(platform="sample", number="1")
    results, _ = record(judgement, package.tests)
    summary = ProblemSummary(id=1, key=key, title=package.title, created_at=now, updated_at=now)
    return OfflineHintProvider().write(
        HintRequest(
            level=1,
            problem=Problem(summary=summary, constraints=package.constraints),
            language=submission.language,
            code=submission.code,
            history=History(
                id="h",
                user_id="u",
                user_identifier="learner",
                problem=key,
                problem_title=package.title,
                language=submission.language,
                is_code_public=False,
                state=State.DONE,
                verdict=judgement.verdict,
                created_at=now,
                updated_at=now,
            ),
            compile_message=results.compile_message,
            results=results.tests,
            samples=tuple(test for test in package.tests if test.is_sample),
        )
    )
