"""`flask table create|describe|diff|delete`: what they print and how they exit."""

from __future__ import annotations

import json
from typing import Any

import pytest

from algoitny.domain.repositories import Repositories
from algoitny.models import TableItem, bind_models
from algoitny.models.kit.binding import connection_of
from algoitny.models.layout import hybrid, single
from algoitny.setting_values import Environment
from tests.cli.tables import run
from tests.faults import Faults, unreachable

pytestmark = pytest.mark.slow

HYBRID = {
    "table_layout": "hybrid",
    "table_prefix": "Algo",
    "table_billing": "on_demand",
}


def protection(repositories: Repositories) -> tuple[bool, bool]:
    (found,) = json.loads(run(repositories, "describe", "--json").stdout)
    return found["PointInTimeRecovery"], found.get("DeletionProtectionEnabled", False)


def other_shape(name: str) -> None:
    bind_models(layout=single(name), region="us-east-1")
    connection_of(TableItem).connection.client.create_table(
        TableName=name,
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
    )


def test_create_adds_what_is_missing_and_nothing_twice(repositories: Repositories) -> None:
    bind_models(layout=single("algoitny_new"), region="us-east-1")
    first = run(repositories, "create", "--embedded", "--json")
    assert json.loads(first.stdout) == {
        "tables": [{"table": "algoitny_new", "created": True, "left_out": []}],
        "plans": 3,
    }
    second = run(repositories, "create", "--embedded")
    assert (second.exit_code, second.stdout) == (
        0,
        "Table algoitny_new: there already.\n0 plans added.\n",
    )
    assert len(repositories.plans.list_plans()) == 3


def test_all_tables_of_the_layout_are_created(repositories: Repositories) -> None:
    bind_models(layout=hybrid("Algo"), region="us-east-1")
    result = run(repositories, "create", **HYBRID)
    assert result.stdout.splitlines() == [
        "Table Algo-Main: created.",
        "Table Algo-Users: created.",
        "Table Algo-Plans: created.",
        "3 plans added.",
    ]
    assert run(repositories, "diff", **HYBRID).exit_code == 0


@pytest.mark.slow
def test_the_main_table_of_the_hybrid_layout_is_scaled(repositories: Repositories) -> None:
    bind_models(layout=hybrid("Algo"), region="us-east-1")
    settings = {**HYBRID, "table_billing": None, "index_capacity": {"GSI2": {"write_max": 50}}}
    assert run(repositories, "create", **settings).exit_code == 0
    shown = run(repositories, "describe", **settings)
    lines = [line.split("  ")[0] for line in shown.stdout.splitlines()]
    assert lines.count("billing") == 3
    assert "write scaling of index GSI2 5 to 50 at 70 %" in " ".join(shown.stdout.split())
    assert shown.stdout.count("PROVISIONED") == 1
    without = run(repositories, "create", **settings, dynamodb_endpoint="http://127.0.0.1:1")
    assert (without.exit_code, without.stderr) == (1, "This endpoint has no auto scaling.\n")


def test_a_table_is_protected_unless_it_is_embedded(repositories: Repositories) -> None:
    run(repositories, "create", "--embedded")
    run(repositories, "create", environment=Environment.EMBEDDED)
    run(repositories, "create", table_protection=False)
    assert protection(repositories) == (False, False)
    run(repositories, "create")
    assert protection(repositories) == (True, True)


def test_describe_shows_the_declared_table(repositories: Repositories) -> None:
    run(repositories, "create")
    shown = run(repositories, "describe")
    assert shown.exit_code == 0
    lines = dict(line.split(maxsplit=1) for line in shown.stdout.splitlines() if "(" not in line)
    assert lines["table"] == "algoitny_test"
    assert lines["status"] == "ACTIVE"
    assert lines["stream"] == "NEW_AND_OLD_IMAGES"
    assert lines["tags"] == "Application=algoitny, Environment=production"
    assert "differs" not in shown.stdout


def test_diff_names_every_difference(repositories: Repositories) -> None:
    result = run(repositories, "diff")
    assert result.exit_code == 2
    assert result.stdout.splitlines() == [
        "algoitny_test: point-in-time recovery is False, declared True",
        "algoitny_test: deletion protection is False, declared True",
        "algoitny_test: tag Application is None, declared 'algoitny'",
        "algoitny_test: tag Environment is None, declared 'production'",
    ]
    (found,) = json.loads(run(repositories, "diff", "--json").stdout)
    assert found["table"] == "algoitny_test"
    assert found["differences"][0] == {
        "part": "point-in-time recovery",
        "found": False,
        "declared": True,
        "kind": "option",
    }
    run(repositories, "create")
    same = run(repositories, "diff")
    assert (same.exit_code, same.stdout) == (0, "algoitny_test: as declared\n")


def test_a_table_of_another_shape_is_reported(repositories: Repositories) -> None:
    other_shape("algoitny_old")
    for command in ("create", "describe", "diff"):
        result = run(repositories, command)
        assert result.exit_code == 2
        assert "key schema is" in result.output
    assert "Nothing was changed" in run(repositories, "create").stderr


def test_a_table_that_is_not_there(repositories: Repositories) -> None:
    bind_models(layout=single("algoitny_ghost"), region="us-east-1")
    result = run(repositories, "describe")
    assert (result.exit_code, result.stderr) == (1, "The table algoitny_ghost does not exist.\n")
    result = run(repositories, "diff")
    assert (result.exit_code, result.stdout) == (
        2,
        "algoitny_ghost: table is 'absent', declared 'present'\n",
    )
    result = run(repositories, "delete", "--yes", "algoitny_ghost")
    assert (result.exit_code, result.stderr) == (1, "There is no table algoitny_ghost.\n")


@pytest.mark.parametrize("typed", ["", "y\n", "algoitny\n"])
def test_delete_wants_the_name(repositories: Repositories, typed: str) -> None:
    result = run(repositories, "delete", typed=typed)
    assert result.exit_code == 1
    assert run(repositories, "describe", table_protection=False).exit_code in {0, 2}


def test_delete(repositories: Repositories) -> None:
    run(repositories, "create")
    refused = run(repositories, "delete", "--yes", "algoitny_test")
    assert (refused.exit_code, refused.stderr) == (
        1,
        "The table algoitny_test is protected against deletion: see --unprotect.\n",
    )
    done = run(repositories, "delete", "--unprotect", "--json", typed="algoitny_test\n")
    assert done.exit_code == 0
    assert json.loads(done.stdout) == {"deleted": ["algoitny_test"]}
    assert run(repositories, "describe").exit_code == 1


def test_no_table_is_deleted_unless_all_are_confirmed(repositories: Repositories) -> None:
    bind_models(layout=hybrid("Algo"), region="us-east-1")
    run(repositories, "create", "--embedded", **HYBRID)
    names = ("--yes", "Algo-Main", "--yes", "Algo-Users")
    assert run(repositories, "delete", *names, **HYBRID).exit_code == 1
    assert run(repositories, "diff", **HYBRID, environment="embedded").exit_code == 2
    assert "absent" not in run(repositories, "diff", **HYBRID).stdout
    done = run(repositories, "delete", *names, "--yes", "Algo-Plans", **HYBRID)
    assert done.stdout.splitlines() == [
        "Table Algo-Main: deleted.",
        "Table Algo-Users: deleted.",
        "Table Algo-Plans: deleted.",
    ]


@pytest.mark.parametrize(
    "command", ["create", "describe", "diff", "delete", "export", "backup list", "backup create"]
)
def test_a_store_that_is_away_is_one_line(
    repositories: Repositories, faults: Faults, command: str, tmp_path: Any
) -> None:
    for operation in ("DescribeTable", "ListBackups", "CreateBackup"):
        faults.add(operation, unreachable)
    arguments = [str(tmp_path / "copy")] if command == "export" else []
    result = run(repositories, *command.split(), *arguments)
    assert result.exit_code == 1
    assert result.stderr == "DynamoDB did not answer (ConnectTimeoutError).\n"


@pytest.mark.parametrize("command", ["create", "describe", "diff", "delete"])
def test_another_server_at_the_stores_address_is_one_line(
    repositories: Repositories, faults: Faults, command: str
) -> None:
    faults.add("DescribeTable", lambda _: {})
    result = run(repositories, command)
    assert result.exit_code == 1
    assert result.stderr == "What answers at this endpoint is not DynamoDB.\n"


def test_every_command_shows_an_example(repositories: Repositories) -> None:
    commands = ("create", "describe", "diff", "delete", "export", "restore")
    for command in (*commands, "backup create", "backup list"):
        shown = run(repositories, *command.split(), "--help")
        assert "Example" in shown.output, command
        assert f"flask table {command}" in shown.output
        assert "--json" in shown.output
    assert "Exit codes" in run(repositories, "--help").output
