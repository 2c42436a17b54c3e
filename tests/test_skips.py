"""A skip that nobody expects fails the run, with and without workers."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[1]

CONFTEST = """
from tests.skips import (
    pytest_collectreport, pytest_runtest_logreport, pytest_sessionfinish, pytest_terminal_summary
)
"""
TESTS = """
import pytest

@pytest.mark.skip(reason="only root can become another user")
def test_as_root(): ...

@pytest.mark.xfail(strict=True)
def test_that_fails(): assert False

def test_that_passes(): ...
"""


@pytest.mark.parametrize(
    ("expected", "workers", "code"),
    [(None, 0, 0), ("no network; only root can", 1, 0), ("", 0, 1), ("no network", 1, 1)],
)
def test_skips(tmp_path: Path, expected: str | None, workers: int, code: int) -> None:
    (tmp_path / "conftest.py").write_text(CONFTEST)
    (tmp_path / "test_it.py").write_text(TESTS)
    environment = {name: value for name, value in os.environ.items() if name != "EXPECTED_SKIPS"}
    environment["PYTHONPATH"] = str(ROOT)
    if expected is not None:
        environment["EXPECTED_SKIPS"] = expected
    command = (sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", f"-n{workers}")
    ended = subprocess.run(
        command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    )
    assert ended.returncode == code, ended.stdout
    told = "test_as_root: Skipped: only root can become another user" in ended.stdout
    assert told == bool(code)
