"""`flask table`: make the DynamoDB tables ready, compare them with what is declared, delete them.

Nothing is decided here: keys and indexes come from the models, options from the settings, and
what is done with them from `algoitny.models.kit.table`. Copies are in `table_copy`.
"""

from __future__ import annotations

import json
import sys
from dataclasses import replace

import click
from flask import current_app
from flask.cli import AppGroup

from algoitny.cli.display import json_option
from algoitny.cli.errors import DIFFERS, FAILED, fail, one_line_errors
from algoitny.domain.plan import STANDARD_PLANS
from algoitny.models.kit.table import TableDiffers, delete_table
from algoitny.models.kit.table_declaration import Table
from algoitny.models.kit.table_state import (
    Difference,
    Kind,
    TableState,
    describe_table,
    differences,
)
from algoitny.models.tables import StorageOptions, create_tables, declared_tables, table_clients
from algoitny.services.container import container
from algoitny.settings import Settings
from algoitny.storage import storage_options

table = AppGroup(
    "table",
    help="The DynamoDB tables: create, compare, delete, back up, restore, export.\n\n"
    "Exit codes: 0 done; 1 could not be done, with one line that says why; 2 what is there "
    "differs from what is declared, or an option is wrong.",
)


def storage() -> StorageOptions:
    """What this process's settings declare."""
    settings: Settings = current_app.extensions["algoitny_settings"]
    return storage_options(settings)


@table.command("create")
@click.option(
    "--embedded",
    is_flag=True,
    help="No point-in-time recovery and deletion protection. Implied by ENVIRONMENT=embedded.",
)
@click.option("--empty", is_flag=True, help="Leave the standard plans out: to restore into.")
@json_option
def create(*, embedded: bool, empty: bool, as_json: bool) -> None:
    """Create the tables that are not there, wait for them, set what of stream, expiry, protection,
    tags and scaling is not as declared, and add the standard plans that are missing.

    Several processes may do it at once. Exits with 2 when a table is there that differs in keys,
    indexes or billing: that one is not changed.

    \b
    Example:
      flask table create
    """
    options = storage()
    if embedded:
        options = replace(options, protected=False, lenient=True)
    with one_line_errors():
        try:
            done = create_tables(options)
        except TableDiffers as error:
            for difference in error.differences:
                click.echo(difference, err=True)
            if any(difference.kind is Kind.STRUCTURE for difference in error.differences):
                fail("Nothing was changed: migrate the table, or name another.", DIFFERS)
            fail("The table could not be made as declared.", DIFFERS)
        plans = 0 if empty else container().plans.create_missing(STANDARD_PLANS)
    if as_json:
        tables = [
            {"table": each.table, "created": each.made, "left_out": each.notes} for each in done
        ]
        click.echo(json.dumps({"tables": tables, "plans": plans}))
        return
    for each in done:
        what = "created" if each.made else "there already"
        left_out = "".join(f"; no {note} at this endpoint" for note in each.notes)
        click.echo(f"Table {each.table}: {what}{left_out}.")
    click.echo(f"{plans} plans added.")


@table.command("describe")
@json_option
def describe(*, as_json: bool) -> None:
    """Show the tables' state. Exits with 1 when one is not there, with 2 when one is not as
    declared.

    \b
    Example:
      flask table describe --json
    """
    found = _look()
    if as_json:
        click.echo(json.dumps([_json_of(each, state) for each, state in found], default=str))
    for declared, state in found:
        if state is None:
            click.echo(f"The table {declared.name} does not exist.", err=True)
        elif not as_json:
            for name, value in _lines(state):
                click.echo(f"{name:30}{value}")
            for difference in differences(declared, state):
                click.echo(f"differs: {difference}")
    if any(state is None for _, state in found):
        sys.exit(FAILED)
    if any(differences(declared, state) for declared, state in found if state is not None):
        sys.exit(DIFFERS)


@table.command("diff")
@json_option
def diff(*, as_json: bool) -> None:
    """Compare the tables with everything that is declared: keys, indexes, projections, stream,
    expiry, billing, capacity, scaling, point-in-time recovery, deletion protection, tags.

    Exits with 2 on a difference, a table that is not there included.

    \b
    Example:
      flask table diff
    """
    differ = False
    answer: list[dict[str, object]] = []
    for declared, state in _look():
        found = _differences(declared, state)
        differ = differ or bool(found)
        unknown = () if state is None else state.missing
        answer.append(
            {
                "table": declared.name,
                "differences": [_json_of_difference(each) for each in found],
                "not_compared": unknown,
            }
        )
        if as_json:
            continue
        for each in found:
            click.echo(f"{declared.name}: {each}")
        for what in unknown:
            click.echo(f"{declared.name}: {what} not compared: this endpoint has none")
        if not found:
            click.echo(f"{declared.name}: as declared")
    if as_json:
        click.echo(json.dumps(answer))
    if differ:
        sys.exit(DIFFERS)


@table.command("delete")
@click.option("--yes", "confirmed", multiple=True, metavar="NAME", help="Do not ask about NAME.")
@click.option("--unprotect", is_flag=True, help="Turn deletion protection off first.")
@json_option
def delete(*, confirmed: tuple[str, ...], unprotect: bool, as_json: bool) -> None:
    """Delete the tables and all that is in them. Each table's name must be typed, or given with
    --yes, before the first is deleted.

    \b
    Example:
      flask table delete --yes algoitny_main --unprotect
    """
    found = _look()
    there = [(declared, state) for declared, state in found if state is not None]
    if not there:
        fail(f"There is no table {' or '.join(declared.name for declared, _ in found)}.")
    for declared, state in there:
        if state.protected and not unprotect:
            fail(f"The table {declared.name} is protected against deletion: see --unprotect.")
    for declared, state in there:
        if declared.name not in confirmed:
            _ask(declared, state)
    clients = table_clients(storage())
    deleted = []
    with one_line_errors():
        for declared, _ in there:
            delete_table(clients, declared, unprotect=unprotect)
            deleted.append(declared.name)
            if not as_json:
                click.echo(f"Table {declared.name}: deleted.")
    if as_json:
        click.echo(json.dumps({"deleted": deleted}))


def _ask(declared: Table, state: TableState) -> None:
    click.echo(
        f"{declared.name} has about {state.description.get('ItemCount', 0)} items.", err=True
    )
    typed = click.prompt(
        "Type the table's name to delete it", default="", show_default=False, err=True
    )
    if typed != declared.name:
        fail("Nothing was deleted.")


def _look() -> list[tuple[Table, TableState | None]]:
    options = storage()
    with one_line_errors():
        clients = table_clients(options)
        return [(each, describe_table(clients, each)) for each in declared_tables(options)]


def _differences(declared: Table, state: TableState | None) -> tuple[Difference, ...]:
    if state is None:
        return (Difference("table", "absent", "present", Kind.OPTION),)
    return differences(declared, state)


def _json_of_difference(difference: Difference) -> dict[str, object]:
    return {
        "part": difference.part,
        "found": difference.found,
        "declared": difference.declared,
        "kind": difference.kind.value,
    }


def _json_of(declared: Table, state: TableState | None) -> dict[str, object]:
    if state is None:
        return {"Label": declared.label, "TableName": declared.name, "Exists": False}
    return {
        "Label": declared.label,
        "Exists": True,
        **state.description,
        "TimeToLive": state.expiry,
        "PointInTimeRecovery": state.recovery,
        "Tags": state.tags,
        "AutoScaling": state.scaling,
        "Differences": [_json_of_difference(each) for each in differences(declared, state)],
    }


def _lines(state: TableState) -> list[tuple[str, object]]:
    found = state.description
    recovery = {None: "unknown", True: "on", False: "off"}[state.recovery]
    indexes = sorted(found.get("GlobalSecondaryIndexes") or (), key=lambda each: each["IndexName"])
    return [
        ("table", found.get("TableName")),
        ("status", found.get("TableStatus")),
        ("items (about)", found.get("ItemCount")),
        ("bytes (about)", found.get("TableSizeBytes")),
        ("billing", state.billing),
        ("stream", state.stream or "off"),
        ("time to live", state.expires_by or "off"),
        ("point-in-time recovery", recovery),
        ("deletion protection", "on" if state.protected else "off"),
        ("tags", ", ".join(f"{key}={value}" for key, value in (state.tags or {}).items())),
        *(
            (f"index {index['IndexName']}", index["Projection"]["ProjectionType"])
            for index in indexes
        ),
        *(sorted((state.scaling or {}).items())),
    ]
