"""`flask problem list`."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from algoitny.domain.problem import ProblemKey
from algoitny.domain.repositories import Repositories
from tests.builders import a_problem
from tests.cli.commands import run_command
from tests.clock import FixedClock

pytestmark = pytest.mark.slow


def test_problems_by_state_and_platform(repositories: Repositories, clock: FixedClock) -> None:
    for number, given in (
        ("10", {"is_completed": True}),
        ("9", {"is_completed": True}),
        ("8", {}),
        ("7", {"needs_review": True}),
    ):
        clock.advance(1)
        problem = a_problem(clock, ProblemKey(platform="boj", number=number))
        summary = replace(problem.summary, **given)
        repositories.problems.create_problem(replace(problem, summary=summary))

    def listed(*options: str) -> list[Any]:
        result = run_command(repositories, "problem", "list", "--json", *options)
        assert result.exit_code == 0, result.stderr
        return [line["key"]["number"] for line in json.loads(result.stdout)["items"]]

    assert listed() == ["9", "10"]
    assert listed("--platform", "boj") == ["9", "10"]
    assert listed("--platform", "cf") == []
    assert listed("--status", "draft") == ["8"]
    assert listed("--status", "review") == ["7"]
    cut = run_command(repositories, "problem", "list", "--limit", "1")
    assert ("A+B" in cut.stdout, "There are more" in cut.stderr) == (True, True)
    wrong = run_command(repositories, "problem", "list", "--platform", "boj", "--status", "draft")
    assert wrong.exit_code == 2
