"""Java, JavaScript and what else has a runtime: every verdict, and what learners paste."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from algoitny.domain.verdict import Verdict
from algoitny.judge import CaseResult, Judge, Limits, open_judge
from tests.judge.conftest import cases
from tests.judge.java_programs import JAVA, JAVA_NAMES, JAVA_SOURCE
from tests.judge.runtime_programs import BROKEN, JAVASCRIPT, OTHERS, Program
from tests.languages import require

pytestmark = pytest.mark.service

CACHE_BYTES = 1 << 24


@pytest.fixture(scope="module")
def judge(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Judge]:
    """One that compiles the same source once."""
    scratch: Path = tmp_path_factory.mktemp("judge")
    with open_judge(scratch_dir=scratch, sandbox="bubblewrap", cache_bytes=CACHE_BYTES) as opened:
        yield opened


def run(judge: Judge, language: str, source: str, given: str, program: Program) -> CaseResult:
    require(judge, language)
    tests = cases((given.encode(), b"7\n"))
    judgement = judge.judge(language, source, tests, limits=Limits(**program.limits))
    assert judgement.compile.ok, judgement.compile.message
    assert judgement.compile.message == ""
    return judgement.tests[0]


def assert_as_promised(found: CaseResult, program: Program) -> None:
    said = (found.status, found.output[-300:], found.stderr[-1000:])
    assert found.verdict is program.verdict, said
    assert program.words in found.status, said


@pytest.mark.parametrize("program", JAVA, ids=lambda program: program.name)
def test_java(judge: Judge, program: Program) -> None:
    given = f"{program.name} 3 4\n"
    assert_as_promised(run(judge, "java", JAVA_SOURCE, given, program), program)


@pytest.mark.parametrize("program", JAVA_NAMES, ids=lambda program: program.name)
def test_java_classes_have_any_name(judge: Judge, program: Program) -> None:
    assert_as_promised(run(judge, "java", program.source, "3 4\n", program), program)


@pytest.mark.parametrize("program", JAVASCRIPT, ids=lambda program: program.name)
def test_javascript(judge: Judge, program: Program) -> None:
    assert_as_promised(run(judge, "javascript", program.source, "3 4\n", program), program)


@pytest.mark.parametrize(
    ("language", "source", "words"), BROKEN, ids=[f"{one[0]}{n}" for n, one in enumerate(BROKEN)]
)
def test_what_does_not_compile(judge: Judge, language: str, source: str, words: str) -> None:
    require(judge, language)
    judgement = judge.judge(language, source, cases((b"", b"")), limits=Limits())
    assert judgement.verdict is Verdict.CE
    assert words in judgement.compile.message
    for place in ("/box", "/tmp", "/usr/lib/jvm", "CompileJava"):
        assert place not in judgement.compile.message


@pytest.mark.parametrize(
    ("language", "source", "program"),
    OTHERS,
    ids=[f"{language}-{program.name}" for language, _, program in OTHERS],
)
def test_others(judge: Judge, language: str, source: str, program: Program) -> None:
    require(judge, language)
    tests = cases((b"3 4\n", b"7\n"))
    judgement = judge.judge(language, source, tests, limits=Limits(**program.limits))
    assert judgement.compile.ok, judgement.compile.message
    assert_as_promised(judgement.tests[0], program)
