"""The sample packages as data: they read, they are what their generators make, they stay small.

That their programs get the verdicts they promise is `test_submissions.py`.
"""

from __future__ import annotations

import io
import runpy
import sys
from pathlib import Path

import pytest
import yaml

from algoitny.domain.problem import ProblemKey
from algoitny.judge.checkers import check_checker
from algoitny.services.demo import SAMPLES, read_index
from algoitny.services.package import Expectation, Package, read_package

FOLDERS = sorted(path.parent for path in SAMPLES.glob("*/problem.yaml"))
MOST_BYTES_A_TEST = 200_000
MOST_BYTES = 3_000_000


@pytest.fixture(params=FOLDERS, ids=lambda folder: folder.name)
def folder(request: pytest.FixtureRequest) -> Path:
    path: Path = request.param
    return path


@pytest.fixture
def package(folder: Path) -> Package:
    return read_package(folder)


def test_index_names_every_package_once() -> None:
    listed = list(read_index())
    assert sorted(package.name for _, package in listed) == [folder.name for folder in FOLDERS]
    assert len({key for key, _ in listed}) == len(listed)
    assert ProblemKey(platform="sample", number="1000") in dict(listed)
    assert len({package.title for _, package in listed}) == len(listed)


def test_uuids_are_unique() -> None:
    found = [yaml.safe_load((folder / "problem.yaml").read_text())["uuid"] for folder in FOLDERS]
    assert len(set(found)) == len(found)


def test_all_data_together_are_small() -> None:
    sizes = [file.stat().st_size for file in SAMPLES.rglob("*") if file.is_file()]
    assert sum(sizes) < MOST_BYTES


def test_tests(package: Package) -> None:
    samples = [test for test in package.tests if test.is_sample]
    hidden = [test for test in package.tests if not test.is_sample]
    assert len(samples) >= 2
    assert 10 <= len(hidden) <= 20
    assert len({test.input for test in package.tests}) == len(package.tests)
    for test in package.tests:
        assert len(test.input) < MOST_BYTES_A_TEST
        assert len(test.output) < MOST_BYTES_A_TEST
        assert test.output.endswith(b"\n")


def test_statement_says_what_a_learner_needs(package: Package) -> None:
    assert "## Input" in package.statement
    assert "## Output" in package.statement
    assert "## Constraints" not in package.statement
    assert "≤" in package.constraints


def test_checker_is_known(package: Package) -> None:
    check_checker(package.checker)


def test_submissions_show_right_and_wrong(package: Package) -> None:
    right = {s.language for s in package.submissions if s.expectation is Expectation.ACCEPTED}
    assert right >= {"python3", "cpp"}
    assert any(s.expectation is Expectation.WRONG_ANSWER for s in package.submissions)
    assert any(
        s.expectation in (Expectation.TIME_LIMIT_EXCEEDED, Expectation.RUN_TIME_ERROR)
        for s in package.submissions
    )


def test_hidden_inputs_are_what_the_generator_makes(folder: Path) -> None:
    made = runpy.run_path(str(folder / "generators" / "generate.py"))["inputs"]()
    secret = folder / "data" / "secret"
    assert {path.stem: path.read_text() for path in secret.glob("*.in")} == made


def test_inputs_are_valid(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    validator = str(folder / "input_validators" / "validate.py")
    for path in sorted((folder / "data").glob("*/*.in")):
        monkeypatch.setattr(sys, "stdin", io.StringIO(path.read_text()))
        with pytest.raises(SystemExit) as ended:
            runpy.run_path(validator)
        assert ended.value.code == 42, path


@pytest.mark.parametrize("garbage", ["", "x\n", "1\n1\n1\n1\n1\n!\n", "-1\n"])
def test_invalid_input_is_refused(
    folder: Path, garbage: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(garbage))
    with pytest.raises((AssertionError, ValueError)):
        runpy.run_path(str(folder / "input_validators" / "validate.py"))
