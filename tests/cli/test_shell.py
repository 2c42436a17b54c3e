"""What an administrator finds in `flask shell`."""

from __future__ import annotations

from dataclasses import fields
from io import StringIO

import pytest
from flask import Flask
from rich.console import Console

from algoitny.app import create_app
from algoitny.cli.display import as_table
from algoitny.domain.page import Page
from algoitny.domain.plan import STANDARD_PLANS, Plan
from algoitny.domain.repositories import Repositories
from algoitny.setting_values import Environment
from algoitny.settings import Settings
from tests.builders import a_problem, a_user
from tests.clock import FixedClock

METHODS = {
    "users": "get_user_by_id",
    "plans": "get_plan",
    "problems": "get_problem",
    "histories": "get_history",
    "hints": "get_hint",
    "usage": "get_usage_logs",
    "stats": "get_user_stats",
    "jobs": "list_jobs",
}


@pytest.fixture
def app() -> Flask:
    return create_app(Settings(environment=Environment.EMBEDDED, secret_key="s" * 40))


def test_repositories_models_and_services_are_at_hand(app: Flask) -> None:
    context = app.make_shell_context()
    for field in fields(Repositories):
        assert field.name in context
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


@pytest.mark.parametrize("items", [STANDARD_PLANS, ()])
def test_a_page_that_is_not_the_last_says_so(items: tuple[Plan, ...]) -> None:
    output = StringIO()
    as_table(Page(items, "next"), "name", console=Console(file=output, width=100))
    assert "there are more" in output.getvalue()
    assert "(none)" not in output.getvalue()
    assert ("Unlimited" in output.getvalue()) is bool(items)


def test_what_is_deeper_is_named_with_dots(repositories: Repositories, clock: FixedClock) -> None:
    repositories.problems.create_problem(a_problem(clock, is_completed=True))
    output = StringIO()
    console = Console(file=output, width=100)
    lines = repositories.problems.list_completed_problems()
    as_table(lines, "key.platform", "title", console=console)
    assert "baekjoon" in output.getvalue()
    with pytest.raises(ValueError, match="There is no platform; there are id, key, title"):
        as_table(lines, "platform", console=console)


def test_a_single_record_fits_a_terminal() -> None:
    output = StringIO()
    as_table(STANDARD_PLANS[0], console=Console(file=output, width=80))
    assert "│ max_problems" in output.getvalue()
    assert "…" not in output.getvalue()


def test_ids_are_never_cut(clock: FixedClock) -> None:
    user = a_user(clock)
    output = StringIO()
    columns = ("id", "email", "name", "plan", "is_active", "is_admin")
    as_table([user], *columns, console=Console(file=output, width=80))
    shown = "".join(line.split("│")[1].strip() for line in output.getvalue().splitlines()[3:-1])
    assert shown == user.id


def test_what_users_write_is_shown_letter_by_letter(clock: FixedClock) -> None:
    output = StringIO()
    user = a_user(clock, name="Ada [/b] [red]Lovelace[/red]")
    as_table([user], "name", console=Console(file=output, width=80))
    as_table(user, "name", console=Console(file=output, width=80))
    assert output.getvalue().count(user.name) == 2


def test_what_no_terminal_reads_has_a_line_for_each_record(
    clock: FixedClock, capsys: pytest.CaptureFixture[str]
) -> None:
    user = a_user(clock, email=f"{'a' * 60}@example.org")
    as_table([user])
    (line,) = (each for each in capsys.readouterr().out.splitlines() if user.email in each)
    assert user.id in line
