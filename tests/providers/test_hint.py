"""The offline hints: what holds for all of them, and what no hint may ever do."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import product

import pytest

from algoitny.domain.hint import LEVELS
from algoitny.domain.ports import HintRequest
from algoitny.domain.problem import TestCase
from algoitny.domain.verdict import Verdict
from algoitny.providers.hint import OfflineHintProvider
from algoitny.providers.hints import Evidence, compiling, compose, crash, overflow, pattern, slow
from algoitny.providers.hints.advice import Words
from algoitny.providers.hints.evidence import Bounds
from algoitny.providers.hints.source import TokenSource
from algoitny.services.demo import read_index
from algoitny.services.package import ExampleSubmission, Expectation, Package
from tests.providers.hints.asking import (
    AC,
    CE,
    RTE,
    SECRET,
    TLE,
    TRACEBACK,
    WA,
    check,
    request,
    write,
)


def failing_submissions() -> Iterator[tuple[Package, ExampleSubmission]]:
    for _, package in read_index():
        for submission in package.submissions:
            if submission.expectation is not Expectation.ACCEPTED:
                yield package, submission


SUBMISSIONS = [
    pytest.param(package, submission, id=f"{package.name}/{submission.path}")
    for package, submission in failing_submissions()
]
SHOWN = {
    Expectation.WRONG_ANSWER: (WA,),
    Expectation.TIME_LIMIT_EXCEEDED: (TLE,),
    Expectation.RUN_TIME_ERROR: (RTE, Verdict.MLE),
}


@pytest.mark.parametrize(("package", "submission"), SUBMISSIONS)
def test_every_level_for_every_sample_submission(
    package: Package, submission: ExampleSubmission
) -> None:
    error = TRACEBACK.format(line=3, end=f"ValueError: invalid literal for int(): '{SECRET}'")
    for verdict, sample in product(SHOWN[submission.expectation], (False, True)):
        texts = [
            write(
                submission.code,
                verdict,
                level=level,
                language=submission.language,
                constraints=package.constraints,
                sample=verdict if sample else AC,
                error=error,
                status="signal 11 (segmentation fault)",
            )
            for level in LEVELS
        ]
        for level, text in zip(LEVELS, texts, strict=True):
            check(text, level)
            for solution in package.submissions:
                if solution.expectation is Expectation.ACCEPTED:
                    assert not shared_run(text, solution.code, submission.code), text
        assert len(set(texts)) == 4


def shared_run(text: str, solution: str, own: str, *, length: int = 8) -> set[tuple[str, ...]]:
    """Runs of tokens that a hint shares with a solution, and that the learner does not have."""

    def runs(source: str) -> set[tuple[str, ...]]:
        tokens: Sequence[str] = re.findall(r"\w+|[^\w\s]", source)
        return {tuple(tokens[at : at + length]) for at in range(len(tokens) - length + 1)}

    return (runs(text) & runs(solution)) - runs(own)


ALL_WORDS = [
    pytest.param(rule.WORDS, case, id=f"{rule.__name__.rpartition('.')[2]}-{case}")
    for rule in (compiling, crash, overflow, pattern, slow)
    for case in rule.WORDS.cases
]


@pytest.mark.parametrize(("words", "case"), ALL_WORDS)
def test_all_words_have_the_length_of_a_hint(words: Words, case: str) -> None:
    """Each case with the shortest and with the longest that its slots can hold."""
    long = "`" + "w" * 30 + "`"
    reach = overflow._reach(Bounds(value=10**18, size=10**5))
    slots = [
        {"line": 1, "name": "`x`", "where": "line 1", "tool": "`t`", "steps": "", "reach": ""},
        {
            "line": 65000,
            "name": long,
            "where": "its first message",
            "tool": "all warnings (`-Wall`)",
            "steps": "With 2·10^4 things this comes to about 4·10^8 steps. A compiled program "
            "manages some 10^9 simple steps a second at best.",
            "reach": reach,
        },
    ]
    openings = (
        "The system ended the program with signal 11",
        "The program ended with an exit code other than 0",
    )
    for filling, opening, level, sample, verdict in product(
        slots, openings, LEVELS, (AC, WA), (WA, CE)
    ):
        evidence = Evidence.of(request("x = 1", verdict, sample=sample))
        advice = words.advice(case, opening=opening, **filling)
        check(compose(evidence, advice, level), level)


@pytest.mark.parametrize("level", LEVELS)
def test_same_request_same_words(level: int) -> None:
    code = "for i in range(n):\n    for j in range(n):\n        pass\n"
    assert len({write(code, TLE, level=level) for _ in range(3)}) == 1


def test_opening_tells_the_pattern_of_verdicts() -> None:
    only_hidden = write("print(1)")
    assert "test 3 is the first to fail, and 2 of 3 tests pass" in only_hidden
    assert "only hidden tests fail" in only_hidden
    with_sample = write("print(1)", sample=WA)
    assert "test 1 is the first to fail, and 1 of 3" in with_sample
    assert "A sample is among" in with_sample


def test_nothing_is_said_of_tests_that_were_not_run() -> None:
    code = 'int main() { int s = 0, x; while (scanf("%d", &x) == 1) s += x * x; }'
    asked = request(code, language="c")
    cut = replace(asked, history=replace(asked.history, total_count=9))
    text = OfflineHintProvider().write(cut)
    check(text, 1)
    assert "test 3 is the first to fail, and 2 of 9 tests pass; those after it were not" in text
    assert "The samples all pass" in text
    assert overflow.explain_overflow(Evidence.of(cut)) is not None

    later = TestCase(number=9, input=b"x\n", output=b"1\n", is_sample=True)
    unknown = replace(cut, samples=(*cut.samples, later))
    assert "samples" not in OfflineHintProvider().write(unknown).lower()
    assert overflow.explain_overflow(Evidence.of(unknown)) is None


@pytest.mark.parametrize(
    ("output", "words"),
    [
        ("Ahoy\n4.5", "only blanks or line ends"),
        ("AHOY 4.5\n", "in other letters"),
        ("", "wrote nothing"),
        ("Enter x: Ahoy 4.5\n", "something else is printed before it"),
        ("Avast 9\n", "you can run exactly this case"),
    ],
)
def test_failing_sample_is_compared(output: str, words: str) -> None:
    text = write("print(1)", sample=WA, sample_output=output)
    assert words in text
    check(text, 1)


def test_a_presentation_error_is_about_layout() -> None:
    hidden = write("print(1)", Verdict.PE)
    assert "The answers are right" in hidden
    sample = write("print(1)", Verdict.PE, sample=Verdict.PE, sample_output="Ahoy\n4.5")
    assert "only blanks or line ends" in sample


def test_nearly_right_numbers() -> None:
    asked = request("print(1)", sample=WA, sample_output="4\n")
    sample = TestCase(number=1, input=b"", output=b"4.5\n", is_sample=True)
    near = HintRequest(**{**_fields(asked), "samples": (sample,)})
    assert "nearly right" in OfflineHintProvider().write(near)


def _fields(asked: HintRequest) -> dict[str, object]:
    return {name: getattr(asked, name) for name in HintRequest.__slots__}


@pytest.mark.parametrize("verdict", [verdict for verdict in Verdict if verdict not in (AC, CE)])
@pytest.mark.parametrize("level", LEVELS)
def test_every_verdict_has_a_general_hint(verdict: Verdict, level: int) -> None:
    check(write("x", verdict, level=level, language="kotlin"), level)


HOSTILE = [
    "(" * 65536,
    "[" * 65536,
    "{" * 65536,
    "-" * 65535 + "1",
    "not " * 16000 + "1",
    "1+" * 32000 + "1",
    "a" + ".b" * 32000,
    "a" + "()" * 32000,
    "if 1: pass\n" + "elif 1: pass\n" * 5000,
    "lambda:" * 9000 + "1",
    "for(" * 16000,
    "for(;;)" * 9000,
    "for(;;){" * 8000,
    "while(x)" * 8000 + ";",
    "int " * 16000,
    "int a=" * 10000,
    "int a[" * 10000,
    "int a," * 10000 + "a;a+=a;" * 500,
    "a*" * 32000,
    "a]" * 32000 + "+=b",
    "/*" * 32768,
    '"' * 65535,
    "'\\" * 32768,
    "\n" * 65536,
    "é" * 32768,
    "\ud7ff\u202e" * 10000,
    "[x for x in " * 5000,
    "def f():\n f()+f()\n" * 3000,
]


@pytest.mark.slow
@pytest.mark.parametrize("code", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_python_gets_its_hint(code: str) -> None:
    check(write(code, TLE), 1)


@pytest.mark.slow
@pytest.mark.parametrize("code", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_tokens_get_their_hint_in_linear_work(
    code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks = 0
    look = TokenSource.text

    def counted(source: TokenSource, at: int) -> str:
        nonlocal looks
        looks += 1
        return look(source, at)

    monkeypatch.setattr(TokenSource, "text", counted)
    for verdict in (WA, TLE):
        check(write(code, verdict, language="cpp", constraints="n ≤ 10^6"), 1)
    assert looks < 100 * len(code)


def test_execution_without_results_gets_a_general_hint() -> None:
    asked = request("x", WA)
    bare = HintRequest(**{**_fields(asked), "results": ()})
    for level in LEVELS:
        check(OfflineHintProvider().write(HintRequest(**{**_fields(bare), "level": level})), level)


def test_hints_never_depend_on_the_output_of_hidden_tests() -> None:
    asked = request("print(1)", sample=WA)
    changed = tuple(replace(r, output="" if not r.is_sample else r.output) for r in asked.results)
    blank = HintRequest(**{**_fields(asked), "results": changed})
    assert OfflineHintProvider().write(asked) == OfflineHintProvider().write(blank)


def test_hints_never_depend_on_the_solution() -> None:
    code = "for i in range(n):\n    for j in range(n):\n        pass"
    for level in LEVELS:
        assert write(code, TLE, level=level) == write(
            code, TLE, level=level, solution="known = {}\nfor item in items:\n    pass\n"
        )
