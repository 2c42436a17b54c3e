"""`flask user show|erase`: what they print, ask and do."""

from __future__ import annotations

import json

import pytest
from click.testing import Result

from algoitny.domain.clock import rfc3339
from algoitny.domain.plan import STANDARD_PLANS
from algoitny.domain.repositories import Repositories
from algoitny.domain.user import User
from tests.builders import a_session, a_user
from tests.cli.commands import run_command
from tests.clock import FixedClock
from tests.faults import Faults, unreachable


@pytest.fixture
def ada(repositories: Repositories, clock: FixedClock) -> User:
    return repositories.users.create_user(a_user(clock, email="ada@example.org"))


def run(repositories: Repositories, *arguments: str, typed: str = "") -> Result:
    return run_command(repositories, "user", *arguments, typed=typed)


def test_an_account_is_shown_by_id_and_by_address(repositories: Repositories, ada: User) -> None:
    for name in (ada.id, "ADA@example.org"):
        shown = json.loads(run(repositories, "show", name, "--json").stdout)
        assert shown["created_at"] == rfc3339(ada.created_at)
        assert (shown["id"], shown["email"], shown["plan"]) == (ada.id, ada.email, "Free")
    assert f"id: {ada.id}\n" in run(repositories, "show", ada.id).stdout


def test_nobody(repositories: Repositories) -> None:
    for command in ("show", "erase"):
        result = run(repositories, command, "ghost")
        assert result.exit_code == 1
        assert result.stderr == "There is no user ghost.\n"


def test_erasing_asks_first(repositories: Repositories, ada: User) -> None:
    refused = run(repositories, "erase", "ada@example.org", typed="n\n")
    assert refused.exit_code == 1
    assert repositories.users.get_user_by_id(ada.id) == ada
    assert refused.stdout == "", "the question is no part of what is piped"
    erased = run(repositories, "erase", "ada@example.org", typed="y\n")
    assert erased.exit_code == 0
    assert "with everything they own" in erased.stderr
    assert repositories.users.get_user_by_id(ada.id) is None
    assert repositories.erasures.list_due() == (ada.id,)


def test_an_erasure_is_in_the_audit_log_without_the_person(
    repositories: Repositories, clock: FixedClock, ada: User
) -> None:
    run(repositories, "erase", ada.email, "--yes")
    (line,) = repositories.audit.list_month(clock.now().date()).items
    assert (line.action, line.subject, line.details) == ("user.erase", f"user {ada.id}", {})


def test_an_erasure_is_shown_until_it_is_done(repositories: Repositories, ada: User) -> None:
    result = run(repositories, "erase", ada.id, "--yes", "--json")
    assert json.loads(result.stdout) == {"id": ada.id, "deleted": True}
    shown = json.loads(run(repositories, "show", ada.id, "--json").stdout)
    assert (shown["id"], shown["erased"]) == (ada.id, False)
    repositories.erasures.finish(repositories.erasures.claim(ada.id, lease_seconds=60))
    assert "erased: True\n" in run(repositories, "show", ada.id).stdout


def test_a_store_that_is_away(repositories: Repositories, ada: User, faults: Faults) -> None:
    faults.add("TransactWriteItems", unreachable)
    result = run(repositories, "erase", ada.id, "--yes")
    assert result.exit_code == 1
    assert "did not answer" in result.stderr


def test_accounts_are_listed_by_plan(repositories: Repositories, ada: User) -> None:
    repositories.plans.create_missing(STANDARD_PLANS)
    listed = json.loads(run(repositories, "list", "--json").stdout)["items"]
    assert [user["email"] for user in listed] == [ada.email]
    assert listed[0]["created_at"] == rfc3339(ada.created_at)
    assert json.loads(run(repositories, "list", "--plan", "Pro", "--json").stdout) == {"items": []}
    assert ada.email.partition("@")[0] in run(repositories, "list").stdout


def test_a_list_says_that_it_is_cut(repositories: Repositories, clock: FixedClock) -> None:
    repositories.plans.create_missing(STANDARD_PLANS)
    for _ in range(3):
        repositories.users.create_user(a_user(clock))
    cut = run(repositories, "list", "--limit", "2", "--json")
    assert len(json.loads(cut.stdout)["items"]) == 2
    assert "--limit" in cut.stderr
    assert run(repositories, "list", "--limit", "3", "--plan", "Free", "--json").stderr == ""


def test_plan_and_rights(repositories: Repositories, clock: FixedClock, ada: User) -> None:
    repositories.plans.create_missing(STANDARD_PLANS)
    assert (
        run(repositories, "plan", ada.email, "Pro").stdout == f"{ada.email} is on the plan Pro.\n"
    )
    changed = json.loads(run(repositories, "admin", ada.id, "--json").stdout)
    assert (changed["plan"], changed["is_admin"]) == ("Pro", True)
    assert run(repositories, "admin", ada.id, "--revoke").exit_code == 0
    stored = repositories.users.get_user_by_id(ada.id, consistent=True)
    assert stored is not None
    assert stored.is_admin is False
    lines = repositories.audit.list_month(clock.now().date()).items
    assert [line.action for line in lines] == ["user.update"] * 3
    assert all(line.actor.startswith("shell:") for line in lines)
    nowhere = run(repositories, "plan", ada.id, "None")
    assert (nowhere.exit_code, nowhere.stderr) == (1, "There is no such plan.\n")


def test_an_administrator_by_the_settings_is_shown_as_one(
    repositories: Repositories, ada: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    repositories.plans.create_missing(STANDARD_PLANS)
    monkeypatch.setenv("ADMIN_EMAILS", "Ada@example.org")
    assert json.loads(run(repositories, "show", ada.id, "--json").stdout)["is_admin"] is True
    (listed,) = json.loads(run(repositories, "list", "--json").stdout)["items"]
    assert listed["is_admin"] is True
    changed = json.loads(run(repositories, "plan", ada.id, "Pro", "--json").stdout)
    assert changed["is_admin"] is True
    stored = repositories.users.get_user_by_id(ada.id, consistent=True)
    assert stored is not None
    assert stored.is_admin is False, "the right goes with the setting"


def test_deactivating_asks_first(repositories: Repositories, clock: FixedClock, ada: User) -> None:
    repositories.plans.create_missing(STANDARD_PLANS)
    repositories.sessions.create_session(a_session(clock, user_id=ada.id))
    assert run(repositories, "deactivate", ada.id, typed="n\n").exit_code == 1
    assert len(repositories.sessions.list_sessions(ada.id)) == 1
    asked = run(repositories, "deactivate", ada.id, "--json", typed="y\n")
    assert json.loads(asked.stdout)["is_active"] is False
    assert ada.email in asked.stderr, "the question is no part of what is piped"
    assert repositories.sessions.list_sessions(ada.id) == ()
    again = json.loads(run(repositories, "deactivate", ada.id, "--yes", "--json").stdout)
    assert again["is_active"] is False
    assert run(repositories, "activate", ada.id).stdout == f"{ada.email} is active.\n"


@pytest.mark.parametrize("command", ["plan", "admin", "deactivate", "activate"])
def test_changes_of_nobody(repositories: Repositories, command: str) -> None:
    more = ["Pro"] if command == "plan" else []
    result = run(repositories, command, "ghost", *more)
    assert (result.exit_code, result.stderr) == (1, "There is no user ghost.\n")
