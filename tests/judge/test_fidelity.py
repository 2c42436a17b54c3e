"""Programs whose verdicts are known, each for a reason of its own: the judge must say the same.

A problem is a folder: `problem.py` says what is asked (its docstring), the tests, and the checker
and limits where they are not the usual ones; a program's folder is named for its verdict. A wrong
program accepted, or a right one rejected, is the worst that a judge can do.
"""

from __future__ import annotations

import functools
import runpy
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from shutil import which
from typing import Any

import pytest

from algoitny.domain.verdict import Verdict
from algoitny.judge import Case, Judge, Limits, load_languages

pytestmark = pytest.mark.service

HERE = Path(__file__).parent / "fidelity"


@dataclass(frozen=True, slots=True)
class Problem:
    cases: list[Case]
    checker: str
    limits: Limits


@functools.cache
def read_problem(folder: Path) -> Problem:
    found: dict[str, Any] = runpy.run_path(str(folder / "problem.py"))
    cases = [
        Case(name=str(number), input=_bytes(given), answer=_bytes(answer))
        for number, (given, answer) in enumerate(found["tests"](), 1)
    ]
    return Problem(
        cases=cases,
        checker=found.get("CHECKER", "tokens"),
        limits=Limits(**found.get("LIMITS", {})),
    )


def _bytes(text: str | bytes) -> bytes:
    return text.encode() if isinstance(text, str) else text


def programs() -> Iterator[Any]:
    """Those in languages that this machine has."""
    languages = {
        Path(language.source).suffix: language.id
        for language in reversed(load_languages().all())
        if any(which(tool) for tool in language.tool)
    }
    for path in sorted(HERE.glob("*/*/*")):
        if path.suffix in languages and path.parent.name != "__pycache__":
            yield pytest.param(
                path, languages[path.suffix], id=str(path.relative_to(HERE)).replace("/", "-")
            )


@pytest.mark.parametrize(("path", "language"), [*programs()])
def test_verdict(judge: Judge, path: Path, language: str) -> None:
    problem = read_problem(path.parents[1])
    judgement = judge.judge(
        language,
        path.read_text(),
        problem.cases,
        limits=problem.limits,
        checker=problem.checker,
    )
    assert judgement.verdict is Verdict(path.parent.name.upper()), [
        judgement.compile.message,
        *((test.name, test.status, test.output[:200], test.stderr) for test in judgement.tests),
    ]


def test_there_are_enough_of_them() -> None:
    folders = [path for path in HERE.iterdir() if (path / "problem.py").exists()]
    assert len(folders) >= 15
    for folder in folders:
        kinds = {path.parent.name for path in folder.glob("*/*")}
        assert "ac" in kinds, folder
        assert len(kinds) >= 2, f"{folder}: nothing is rejected"
