"""What an administrator finds in `flask shell`."""

from __future__ import annotations

from io import StringIO

import pytest
from flask import Flask
from rich.console import Console

from algoitny.app import create_app
from algoitny.cli.display import as_table
from algoitny.domain.plan import STANDARD_PLANS
from algoitny.repositories import Repositories
from algoitny.settings import Environment, Settings

METHODS = {
    "users": "get_user_by_id",
    "plans": "get_plan",
    "problems": "get_problem",
    "histories": "get_history",
    "hints": "get_hint",
    "usage": "get_usage_logs",
    "stats": "get_user_stats",
}


@pytest.fixture
def app() -> Flask:
    return create_app(Settings(environment=Environment.EMBEDDED, secret_key="s" * 40))


def test_repositories_models_and_services_are_at_hand(app: Flask) -> None:
    context = app.make_shell_context()
    for name, method in METHODS.items():
        assert hasattr(context[name], method), name
    assert context["HistoryItem"].TYPE == "history"
    assert context["services"].executions
    assert context["as_table"] is as_table


def test_records_become_a_table(repositories: Repositories) -> None:
    repositories.plans.create_missing(STANDARD_PLANS)
    output = StringIO()
    console = Console(file=output, width=100)
    as_table(repositories.plans.list_plans(), "name", "max_hints_per_day", console=console)
    lines = output.getvalue().splitlines()
    assert "name" in lines[1]
    assert [line.split("│")[1].strip() for line in lines if "│" in line] == [
        "Free",
        "Pro",
        "Unlimited",
    ]


def test_pages_single_records_and_nothing(repositories: Repositories) -> None:
    output = StringIO()
    console = Console(file=output, width=200)
    as_table(repositories.problems.list_completed_problems(), console=console)
    assert "(none)" in output.getvalue()
    as_table(STANDARD_PLANS[0], console=console)
    assert "max_problems" in output.getvalue()
    with pytest.raises(TypeError, match="Name the columns"):
        as_table([1, 2], console=console)
