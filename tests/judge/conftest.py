"""One judge for all tests of the sandbox: opening it takes time, and sharing it is a test too."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from algoitny.judge import Case, CaseResult, Judge, Judgement, Limits, open_judge

Submit = Callable[..., Judgement]


@pytest.fixture(scope="session")
def scratch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("judge")


@pytest.fixture(scope="session")
def judge(scratch: Path) -> Iterator[Judge]:
    with open_judge(scratch_dir=scratch, sandbox="bubblewrap") as opened:
        yield opened


def cases(*pairs: tuple[bytes, bytes]) -> list[Case]:
    """Tests from (input, answer)."""
    return [
        Case(name=str(number), input=given, answer=answer)
        for number, (given, answer) in enumerate(pairs, 1)
    ]


@pytest.fixture
def submit(judge: Judge) -> Callable[..., CaseResult]:
    """Judge a program on one test, and give that test's result."""

    def run(
        language: str,
        source: str,
        *,
        given: bytes = b"",
        answer: bytes = b"",
        checker: str = "tokens",
        **limits: int,
    ) -> CaseResult:
        judgement = judge.judge(
            language, source, cases((given, answer)), limits=Limits(**limits), checker=checker
        )
        assert judgement.compile.ok, judgement.compile.message
        assert judgement.verdict is judgement.tests[0].verdict
        return judgement.tests[0]

    return run
