"""`flask table backup|restore|export`: a restore drilled from beginning to end."""

from __future__ import annotations

import json
import stat
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from algoitny.domain.history_results import Results
from algoitny.domain.plan import STANDARD_PLANS
from algoitny.domain.repositories import Repositories
from algoitny.models import bind_models
from algoitny.models.layout import Layout, single
from algoitny.setting_values import Environment
from tests.builders import KEY, a_problem, a_user, admitted, an_outcome, running, some_tests
from tests.cli.tables import run
from tests.clock import FixedClock
from tests.tables import forget

pytestmark = pytest.mark.slow

EMBEDDED: dict[str, Any] = {"environment": Environment.EMBEDDED}


@pytest.fixture(autouse=True)
def new_tables() -> Iterator[None]:
    """Backups outlive what was in a table, and a restored one is not as others expect it."""
    forget()
    yield
    forget()


@pytest.fixture(
    params=[
        "memory",
        pytest.param("store", marks=pytest.mark.service),
        pytest.param("hybrid", marks=pytest.mark.service),
    ]
)
def table(request: pytest.FixtureRequest) -> dict[str, Any]:
    """What is behind `repositories`, as settings."""
    given = request.getfixturevalue(f"{request.param}_table")
    if isinstance(given, Layout):
        prefix = given.main.removesuffix("-Main")
        return {"table_layout": "hybrid", "table_prefix": prefix, "table_billing": "on_demand"}
    return {"table_name": given or "algoitny_test"}


@pytest.fixture
def furnished(repositories: Repositories, clock: FixedClock) -> Callable[[], list[object]]:
    """Rows of every family; the call reads all of them back through the repositories."""
    repositories.plans.create_missing(STANDARD_PLANS)
    user = repositories.users.create_user(a_user(clock, google_id="g-1", picture="café"))
    repositories.problems.create_problem(a_problem(clock, statement="Add two numbers.\n" * 500))
    repositories.problems.replace_testcases(KEY, some_tests(30, mark=b"\x00\xff"))
    judged = running(repositories, clock, user_id=user.id, is_code_public=True)
    repositories.histories.put_results(judged, Results(tests=(), compile_message="voilà"))
    solved = repositories.histories.complete(judged, an_outcome())
    waiting = admitted(repositories, clock, user_id=user.id)

    def read() -> list[object]:
        return [
            repositories.plans.list_plans(),
            repositories.users.get_user_by_id(user.id),
            repositories.users.get_user_by_email(user.email),
            repositories.users.get_user_by_google_id("g-1"),
            repositories.problems.get_problem_with_testcases(KEY),
            repositories.histories.get_history(solved.id),
            repositories.histories.get_history(waiting.id),
            repositories.histories.get_results(solved),
            repositories.histories.list_user_history(user.id).items,
            repositories.histories.list_public_history().items,
            repositories.stats.get_user_stats(user.id),
        ]

    return read


def test_a_restore_from_an_export(
    repositories: Repositories,
    table: dict[str, Any],
    furnished: Callable[[], list[object]],
    tmp_path: Path,
) -> None:
    before = furnished()
    settings = {**EMBEDDED, **table}
    folder = str(tmp_path / "copy")
    # moto in this process takes one thread at a time.
    segments = "1" if table.get("table_name") == "algoitny_test" else "3"
    exported = run(repositories, "export", folder, "--segments", segments, "--json", **settings)
    assert exported.exit_code == 0, exported.output
    tables = json.loads(exported.stdout)["tables"]
    assert sum(each["items"] for each in tables) > 30

    refused = run(repositories, "restore", "--from-export", folder, **settings)
    assert refused.exit_code == 1
    assert "is not empty; --merge writes over it" in refused.stderr

    names = [
        each["table"] for each in json.loads(run(repositories, "diff", "--json", **settings).stdout)
    ]
    confirmed = [argument for name in names for argument in ("--yes", name)]
    assert run(repositories, "delete", *confirmed, **settings).exit_code == 0
    assert run(repositories, "create", "--empty", **settings).exit_code == 0
    restored = run(repositories, "restore", "--from-export", folder, **settings)
    assert restored.exit_code == 0, restored.output
    assert furnished() == before

    again = run(repositories, "export", folder + "-2", "--segments", segments, "--json", **settings)
    assert json.loads(again.stdout)["tables"] == tables


@pytest.mark.service
@pytest.mark.parametrize("table", ["store"], indirect=True)
def test_a_restore_from_a_backup(
    repositories: Repositories,
    table: dict[str, Any],
    store_endpoint: str,
    furnished: Callable[[], list[object]],
) -> None:
    before = furnished()
    made = run(repositories, "backup", "create", "--name", "drill", "--json", **table)
    assert made.exit_code == 0, made.output
    (backup,) = json.loads(made.stdout)
    assert json.loads(run(repositories, "backup", "list", "--json", **table).stdout) == [backup]
    repositories.plans.create_missing([replace(STANDARD_PLANS[0], name="Later")])

    name = f"{table['table_name']}-restored"
    restored = run(repositories, "restore", "--backup", backup["arn"], "--to", name, **table)
    assert (restored.exit_code, restored.stdout) == (0, f"Table {name}: restored.\n")
    bind_models(layout=single(name), region="us-east-1", endpoint=store_endpoint)
    same = run(repositories, "diff", table_name=name)
    assert (same.exit_code, same.stdout) == (0, f"{name}: as declared\n")
    assert furnished() == before
    # Now the backup's table is none of the layout's.
    again = ("restore", "--backup", backup["arn"], "--to", f"{name}-2")
    refused = run(repositories, *again, table_name=name)
    assert refused.exit_code == 1
    assert "say with --as which table that is (main)" in refused.stderr
    assert run(repositories, *again, "--as", "main", table_name=name).exit_code == 0
    taken = run(repositories, *again, "--as", "main", table_name=name)
    assert (taken.exit_code, taken.stderr) == (1, f"There is a table {name}-2 already.\n")


@pytest.mark.parametrize("table", ["memory"], indirect=True)
def test_a_copy_is_nobody_elses(
    repositories: Repositories, table: dict[str, Any], tmp_path: Path
) -> None:
    folder = tmp_path / "copy"
    assert run(repositories, "export", str(folder), "--segments", "1", **table).exit_code == 0
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


@pytest.mark.parametrize("table", ["memory"], indirect=True)
def test_what_cannot_be_done_is_one_line(repositories: Repositories, tmp_path: Path) -> None:
    result = run(repositories, "export", str(tmp_path))
    assert (result.exit_code, result.stderr) == (1, f"{tmp_path} is there already.\n")
    result = run(repositories, "export", "/proc/copy")
    assert result.exit_code == 1
    assert result.stderr.startswith("/proc/.copy.")
    assert result.stderr.count("\n") == 1
    result = run(repositories, "restore", "--from-export", str(tmp_path))
    assert (result.exit_code, result.stderr) == (
        1,
        f"{tmp_path} has no manifest.json: it is not a finished export.\n",
    )
    arn = "arn:aws:dynamodb:us-east-1:123456789012:table/x/backup/01489173575360-b308cd7d"
    result = run(repositories, "restore", "--backup", arn, "--to", "other")
    assert (result.exit_code, result.stderr) == (1, f"The backup {arn} does not exist.\n")
    bind_models(layout=single("algoitny_ghost"), region="us-east-1")
    for command in (["export", str(tmp_path / "copy")], ["backup", "create"]):
        result = run(repositories, *command)
        assert (result.exit_code, result.stderr) == (
            1,
            "The table algoitny_ghost does not exist.\n",
        )


@pytest.mark.parametrize("table", ["memory"], indirect=True)
@pytest.mark.parametrize(
    "arguments",
    [(), ("--backup", "arn"), ("--backup", "arn", "--from-export", "."), ("--from-export", "no")],
)
def test_wrong_options_exit_with_2(repositories: Repositories, arguments: tuple[str, ...]) -> None:
    assert run(repositories, "restore", *arguments).exit_code == 2


@pytest.mark.parametrize(
    "arguments", [["export", "copy", "--rate", "nan"], ["backup", "create", "--timeout", "nan"]]
)
def test_what_is_no_number_is_a_wrong_option(
    repositories: Repositories, arguments: list[str]
) -> None:
    done = run(repositories, *arguments, **EMBEDDED)
    assert done.exit_code == 2
    assert "nan is not a number" in done.output
