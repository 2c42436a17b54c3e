"""`flask user`: look at accounts, give them plans and rights, erase one."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from functools import partial

import click
from flask.cli import AppGroup

from algoitny.cli.actor import at_shell, yes_option
from algoitny.cli.display import gather, json_option, limit_option, show_list, to_json
from algoitny.cli.errors import one_line_errors
from algoitny.domain.clock import rfc3339
from algoitny.domain.errors import NotFound
from algoitny.domain.user import User
from algoitny.services.container import Container, container

user = AppGroup(
    "user",
    help="Accounts: list, show, change, erase. USER is an id or an e-mail address.\n\n"
    "Exit codes: 0 done; 1 could not be done, with one line that says why; 2 wrong usage.",
)


@user.command("list")
@click.option("--plan", help="On this plan only.")
@limit_option
@json_option
def list_users(*, plan: str | None, limit: int, as_json: bool) -> None:
    """Print accounts by plan, oldest first.

    \b
    Example:
      flask user list --plan Pro --json
    """
    found = container()
    with one_line_errors():
        users, is_cut = gather(partial(found.users.list_users, plan=plan), limit)
    users = [_as_it_holds(found, account) for account in users]
    columns = ("id", "email", "name", "plan", "is_active", "is_admin")
    show_list(users, *columns, as_json=as_json, is_cut=is_cut)


@user.command("show")
@click.argument("name", metavar="USER")
@json_option
def show(name: str, *, as_json: bool) -> None:
    """Print what is known of an account; of an erased one, how far that is.

    \b
    Example:
      flask user show ada@example.org --json
    """
    found = container()
    with one_line_errors():
        known = _show(found, name)
    if as_json:
        click.echo(json.dumps(known))
        return
    for field, value in known.items():
        click.echo(f"{field}: {value}")


@user.command("erase")
@click.argument("name", metavar="USER")
@yes_option
@json_option
def erase(name: str, *, yes: bool, as_json: bool) -> None:
    """Delete an account at once, and all that it owns in the background.

    A worker needs about ten minutes at least; `flask user show ID` says when nothing is left.

    \b
    Example:
      flask user erase ada@example.org
    """
    found = container()
    with one_line_errors():
        account = find_user(found, name)
        if not yes:
            question = f"Erase {account.email} ({account.id}) with everything they own, for ever?"
            click.confirm(question, abort=True, err=True)
        found.services.admin.erase_user(account.id, actor=at_shell())
    message = f"{account.id} is deleted; what they own is being erased."
    click.echo(json.dumps({"id": account.id, "deleted": True}) if as_json else message)


@user.command("plan")
@click.argument("name", metavar="USER")
@click.argument("plan")
@json_option
def give_plan(name: str, plan: str, *, as_json: bool) -> None:
    """Put an account on a plan.

    \b
    Example:
      flask user plan ada@example.org Pro
    """
    _change(name, f"is on the plan {plan}", as_json=as_json, plan=plan)


@user.command("admin")
@click.argument("name", metavar="USER")
@click.option("--revoke", is_flag=True, help="Take the right away.")
@json_option
def make_admin(name: str, *, revoke: bool, as_json: bool) -> None:
    """Make somebody an administrator, or no longer one.

    \b
    Examples:
      flask user admin ada@example.org
      flask user admin ada@example.org --revoke
    """
    outcome = "is no longer an administrator" if revoke else "is an administrator"
    _change(name, outcome, as_json=as_json, is_admin=not revoke)


@user.command("deactivate")
@click.argument("name", metavar="USER")
@yes_option
@json_option
def deactivate(name: str, *, yes: bool, as_json: bool) -> None:
    """Refuse somebody at once, on every device and with every token. Nothing of theirs is lost.

    \b
    Example:
      flask user deactivate ada@example.org --yes
    """
    if not yes:
        with one_line_errors():
            account = find_user(container(), name)
        click.confirm(f"Sign out and refuse {account.email} ({account.id})?", abort=True, err=True)
    _change(name, "is deactivated", as_json=as_json, is_active=False)


@user.command("activate")
@click.argument("name", metavar="USER")
@json_option
def activate(name: str, *, as_json: bool) -> None:
    """Let a deactivated account in again.

    \b
    Example:
      flask user activate ada@example.org
    """
    _change(name, "is active", as_json=as_json, is_active=True)


def _change(
    name: str,
    outcome: str,
    *,
    as_json: bool,
    plan: str | None = None,
    is_active: bool | None = None,
    is_admin: bool | None = None,
) -> None:
    found = container()
    with one_line_errors():
        account = found.services.admin.change_user(
            find_user(found, name).id,
            actor=at_shell(),
            plan=plan,
            is_active=is_active,
            is_admin=is_admin,
        )
    shown = asdict(_as_it_holds(found, account))
    click.echo(to_json(shown) if as_json else f"{account.email} {outcome}.")


def find_user(found: Container, name: str) -> User:
    """By id or e-mail address. Raises NotFound."""
    account = found.users.get_user_by_id(name, consistent=True)
    account = account or found.users.get_user_by_email(name)
    if account is None:
        raise NotFound(f"There is no user {name}.")
    return account


def _as_it_holds(found: Container, account: User) -> User:
    """With the rights that the settings give, of which the record says nothing."""
    is_admin = account.is_admin or found.services.users.is_named_admin(account)
    return replace(account, is_admin=is_admin)


def _show(found: Container, name: str) -> dict[str, object]:
    erasure = found.erasures.get_erasure(name)
    if erasure is not None:
        return {
            "id": erasure.user_id,
            "deleted_at": rfc3339(erasure.deleted_at),
            "erased": erasure.due_at is None,
        }
    fields = asdict(_as_it_holds(found, find_user(found, name)))
    for field in ("created_at", "updated_at", "last_sign_in_at"):
        fields[field] = fields[field] and rfc3339(fields[field])
    return fields
