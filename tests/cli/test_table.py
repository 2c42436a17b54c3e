"""`flask table`: what it prints and how it exits."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import Any

import pytest
from click.testing import Result
from flask import Flask

from algoitny.cli.table import table as group
from algoitny.models import TableItem, bind_models
from algoitny.models.kit.binding import connection_of
from algoitny.repositories import Repositories
from algoitny.services.container import EXTENSION
from algoitny.settings import Environment, Settings
from tests.faults import Faults, unreachable

SETTINGS: dict[str, Any] = {"secret_key": "s" * 40, "table_name": "algoitny_test"}


def run(repositories: Repositories, *arguments: str, **settings: Any) -> Result:
    app = Flask(__name__)
    app.extensions["algoitny_settings"] = Settings(**SETTINGS | settings)
    app.extensions[EXTENSION] = SimpleNamespace(plans=repositories.plans)
    app.cli.add_command(group)
    return app.test_cli_runner().invoke(args=["table", *arguments])


def protection(repositories: Repositories) -> tuple[str, bool]:
    found = json.loads(run(repositories, "describe", "--json").stdout)
    return found["PointInTimeRecovery"], found.get("DeletionProtectionEnabled", False)


def test_create_adds_what_is_missing_and_nothing_twice(repositories: Repositories) -> None:
    bind_models(table_name="algoitny_new", region="us-east-1")
    first = run(repositories, "create", "--embedded", "--json", table_name="algoitny_new")
    assert json.loads(first.stdout) == {"table": "algoitny_new", "created": True, "plans": 3}
    second = run(repositories, "create", "--embedded", table_name="algoitny_new")
    assert (second.exit_code, second.stdout) == (
        0,
        "Table algoitny_new: there already; 0 plans added.\n",
    )
    assert len(repositories.plans.list_plans()) == 3


def test_a_table_is_protected_unless_it_is_embedded(repositories: Repositories) -> None:
    run(repositories, "create", "--embedded")
    run(repositories, "create", environment=Environment.EMBEDDED)
    assert protection(repositories) == ("DISABLED", False)
    run(repositories, "create")
    assert protection(repositories) == ("ENABLED", True)


def test_describe_shows_the_declared_table(repositories: Repositories) -> None:
    shown = run(repositories, "describe")
    assert shown.exit_code == 0
    lines = dict(line.split(maxsplit=1) for line in shown.stdout.splitlines() if "(" not in line)
    assert lines["table"] == "algoitny_test"
    assert lines["status"] == "ACTIVE"
    assert lines["stream"] == "NEW_AND_OLD_IMAGES"
    assert "differs" not in shown.stdout


def test_a_table_of_another_shape_is_reported(repositories: Repositories) -> None:
    bind_models(table_name="algoitny_old", region="us-east-1")
    connection_of(TableItem).connection.client.create_table(
        TableName="algoitny_old",
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
    )
    for command in ("create", "describe"):
        result = run(repositories, command, table_name="algoitny_old")
        assert result.exit_code == 2
        assert "key schema is" in result.output
    assert "Nothing was changed" in run(repositories, "create").stderr


def test_a_table_that_is_not_there(repositories: Repositories) -> None:
    bind_models(table_name="algoitny_ghost", region="us-east-1")
    result = run(repositories, "describe", table_name="algoitny_ghost")
    assert (result.exit_code, result.stderr) == (1, "The table algoitny_ghost does not exist.\n")


@pytest.mark.parametrize("command", ["create", "describe"])
def test_a_store_that_is_away_is_one_line(
    repositories: Repositories, faults: Faults, command: str
) -> None:
    faults.add("DescribeTable", unreachable)
    result = run(repositories, command)
    assert result.exit_code == 1
    assert result.stderr == "DynamoDB did not answer (ConnectTimeoutError).\n"
