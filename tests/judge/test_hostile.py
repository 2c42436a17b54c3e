"""Hostile programs: each says in its first lines which verdict it must end in on each of its tests.

`held` is what a program prints when nothing it tried worked. All are bounded, so that they could
do no harm to a machine whose sandbox fails.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from algoitny.domain.verdict import Verdict
from algoitny.judge import Judge, Limits
from tests.judge.conftest import cases

pytestmark = pytest.mark.service

HERE = Path(__file__).parent
RUNS = sorted((HERE / "hostile").iterdir())
COMPILES = sorted((HERE / "hostile_compile").iterdir())
LIMITS = Limits(time_ms=1000, memory_mb=64, wall_ms=1500, output_bytes=1 << 20)
ANSWERS = {"answer_hunt": b"the-expected-output-42\n"}
SECRET = "HOSTILE_SECRET"
LANGUAGES = {".py": "python3", ".c": "c", ".cpp": "cpp"}


def expected(source: str) -> list[set[Verdict]]:
    """`expect: AC TLE|ILE`: the allowed verdicts of each test in turn."""
    header = re.search(r"expect: (.+)", source)
    assert header, "the program does not say what to expect"
    return [{Verdict(name) for name in test.split("|")} for test in header[1].split()]


@pytest.mark.parametrize("path", RUNS, ids=lambda path: path.name)
def test_running(judge: Judge, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(SECRET, SECRET)
    source = path.read_text()
    wanted = expected(source)
    answer = ANSWERS.get(path.stem, b"held\n")
    judgement = judge.judge(
        LANGUAGES[path.suffix], source, cases(*[(b"", answer)] * len(wanted)), limits=LIMITS
    )
    assert judgement.compile.ok, judgement.compile.message
    found = [test.verdict for test in judgement.tests]
    assert all(one in allowed for one, allowed in zip(found, wanted, strict=True)), [
        (test.verdict, test.status, test.output, test.stderr) for test in judgement.tests
    ]


@pytest.mark.parametrize("path", COMPILES, ids=lambda path: path.name)
def test_compiling(judge: Judge, path: Path) -> None:
    source = path.read_text()
    judgement = judge.judge(
        LANGUAGES[path.suffix], source, cases((b"", b"unlikely")), limits=LIMITS
    )
    (allowed,) = expected(source)
    assert judgement.verdict in allowed, judgement
    said = judgement.compile.message
    assert len(said.encode()) < 5000
    for private in ("root:", str(HERE), os.environ.get("HOME", "/root") + "/"):
        assert private not in said


def test_there_are_enough_of_them() -> None:
    assert len(RUNS) + len(COMPILES) >= 60
