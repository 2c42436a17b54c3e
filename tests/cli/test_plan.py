"""`flask plan list|set`."""

from __future__ import annotations

import json

import pytest
from click.testing import Result

from algoitny.domain.plan import STANDARD_PLANS
from algoitny.domain.repositories import Repositories
from tests.cli.commands import run_command
from tests.clock import FixedClock


@pytest.fixture(autouse=True)
def _plans(repositories: Repositories) -> None:
    repositories.plans.create_missing(STANDARD_PLANS)


def run(repositories: Repositories, *arguments: str) -> Result:
    return run_command(repositories, "plan", *arguments)


def test_all_plans_are_listed(repositories: Repositories) -> None:
    run(repositories, "set", "Pro", "--inactive")
    listed = json.loads(run(repositories, "list", "--json").stdout)["items"]
    assert [plan["name"] for plan in listed] == ["Free", "Pro", "Unlimited"]
    assert (listed[1]["price"], listed[1]["is_active"]) == (9.9, False)


def test_what_is_not_named_stays(repositories: Repositories, clock: FixedClock) -> None:
    result = run(repositories, "set", "Free", "--max-problems", "-1", "--price", "1.5", "--json")
    changed = json.loads(result.stdout)
    assert (changed["max_problems"], changed["price"]) == (-1, 1.5)
    assert changed["max_hints_per_day"] == 5
    (line,) = repositories.audit.list_month(clock.now().date()).items
    assert (line.action, line.subject) == ("plan.update", "plan Free")
    assert line.details["new"] == {"max_problems": -1, "price": 1.5}


def test_a_new_plan(repositories: Repositories) -> None:
    limits = ("--max-hints-per-day", "1", "--max-executions-per-day", "2")
    refused = run(repositories, "set", "Class", *limits)
    assert (refused.exit_code, refused.stderr) == (1, "No such plan.\n")
    incomplete = run(repositories, "set", "Class", "--create", *limits[:2])
    assert incomplete.exit_code == 2
    assert "--max-executions-per-day" in incomplete.stderr
    assert run(repositories, "set", "Class", "--create", *limits).exit_code == 0
    made = repositories.plans.get_plan("Class")
    assert made is not None
    assert (made.max_executions_per_day, made.can_register_problems) == (2, False)
    other = (*limits, "--price", "1")
    assert run(repositories, "set", "Class", "--create", *other).exit_code == 1


def test_what_cannot_be(repositories: Repositories) -> None:
    for price in ("x", "-1", "0.001", "NaN", "1000000.01", "1e400"):
        assert run(repositories, "set", "Pro", "--price", price).exit_code == 2
    for most in ("-2", "1000001", "9" * 40):
        assert run(repositories, "set", "Pro", "--max-problems", most).exit_code == 2
    limits = ("--create", "--max-hints-per-day", "1", "--max-executions-per-day", "2")
    for name in ("a/b", " a", "a ", "x" * 65, "..", "", "a\n"):
        refused = run(repositories, "set", name, *limits)
        assert refused.exit_code == 1
        assert "allowed" in refused.stderr or "length" in refused.stderr
    assert "Nothing to change" in run(repositories, "set", "Pro").stderr
    assert "New users" in run(repositories, "set", "Free", "--inactive").stderr
