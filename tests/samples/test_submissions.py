"""Every program of every sample package, judged for real: it gets what its folder promises."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from algoitny.judge import Case, Judge, Limits, open_judge
from algoitny.services.demo import SAMPLES
from algoitny.services.package import ExampleSubmission, Package, read_package

pytestmark = pytest.mark.service

PROGRAMS = [
    pytest.param(package, submission, id=f"{package.name}/{submission.path}")
    for package in (read_package(path.parent) for path in sorted(SAMPLES.glob("*/problem.yaml")))
    for submission in package.submissions
]


@pytest.fixture(scope="module")
def judge(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Judge]:
    scratch: Path = tmp_path_factory.mktemp("judge")
    with open_judge(scratch_dir=scratch, sandbox="bubblewrap") as opened:
        yield opened


@pytest.mark.parametrize(("package", "submission"), PROGRAMS)
def test_verdicts(package: Package, submission: ExampleSubmission, judge: Judge) -> None:
    judgement = judge.judge(
        submission.language,
        submission.code,
        [Case(name=test.id, input=test.input, answer=test.output) for test in package.tests],
        limits=Limits(time_ms=package.time_limit_ms, memory_mb=package.memory_limit_mb),
        checker=package.checker,
    )
    verdicts = [test.verdict for test in judgement.tests]
    assert judgement.compile.ok, judgement.compile.message
    assert submission.expectation.met_by(verdicts), [str(verdict) for verdict in verdicts]
