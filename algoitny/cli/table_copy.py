"""`flask table backup|restore|export`: copies of the tables, and tables made from copies."""

from __future__ import annotations

import json
import math
from dataclasses import asdict, replace
from pathlib import Path

import click
from flask.cli import AppGroup, with_appcontext

from algoitny.cli.display import json_option, progress_bar
from algoitny.cli.errors import DIFFERS, fail, one_line_errors
from algoitny.cli.table import storage
from algoitny.models.kit.table import TableDiffers
from algoitny.models.kit.table_backup import (
    Backup,
    create_backup,
    get_backup,
    list_backups,
    restore_backup,
)
from algoitny.models.kit.table_declaration import Table
from algoitny.models.kit.table_export import ExportedTable, export_tables
from algoitny.models.kit.table_import import import_tables, read_manifest
from algoitny.models.kit.table_state import describe_table
from algoitny.models.tables import declared_tables, table_clients

backup = AppGroup("backup", help="Backups that DynamoDB keeps.")


def _number(_: click.Context, parameter: click.Parameter, value: float | None) -> float | None:
    if value is not None and math.isnan(value):
        raise click.BadParameter("nan is not a number.", param=parameter)
    return value


rate_option = click.option(
    "--rate",
    type=click.FloatRange(min=0, min_open=True),
    callback=_number,
    help="Capacity units a second, of all threads together. Without it, as fast as possible.",
)


@backup.command("create")
@click.option("--name", default="algoitny", show_default=True, help="What the backups are called.")
@click.option(
    "--timeout",
    type=click.FloatRange(min=0),
    callback=_number,
    default=600.0,
    show_default=True,
    help="Seconds to wait for each.",
)
@json_option
def backup_create(*, name: str, timeout: float, as_json: bool) -> None:
    """Back up every table of the layout and wait until the backups can be restored.

    \b
    Example:
      flask table backup create --name before-upgrade
    """
    options = storage()
    with one_line_errors():
        clients = table_clients(options)
        made = [
            create_backup(clients, each, name, timeout=timeout) for each in declared_tables(options)
        ]
    _show_backups(made, as_json=as_json)


@backup.command("list")
@json_option
def backup_list(*, as_json: bool) -> None:
    """List the backups of the layout's tables, oldest first.

    \b
    Example:
      flask table backup list --json
    """
    options = storage()
    with one_line_errors():
        found = list_backups(table_clients(options), declared_tables(options))
    _show_backups(found, as_json=as_json)


@click.command("restore")
@click.option("--backup", "arn", metavar="ARN", help="Make a new table from this backup.")
@click.option("--to", "name", metavar="NAME", help="The new table's name.")
@click.option("--as", "label", metavar="LABEL", help="Which table it is: main, users or plans.")
@click.option(
    "--from-export",
    "folder",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    help="Write this folder's items into the tables, which `create --empty` made.",
)
@click.option("--merge", is_flag=True, help="Overwrite what the tables hold.")
@rate_option
@json_option
@with_appcontext
def restore(
    *,
    arn: str | None,
    name: str | None,
    label: str | None,
    folder: Path | None,
    merge: bool,
    rate: float | None,
    as_json: bool,
) -> None:
    """Make a new table from a backup, or fill empty tables from an export.

    A table from a backup gets back what backups do not hold: expiry, stream, point-in-time
    recovery, tags, scaling, deletion protection. An export is checked before anything is written;
    what was written is read again and compared with it. After a failure halfway: --merge.

    \b
    Examples:
      flask table restore --backup arn:aws:dynamodb:… --to algoitny_restored
      flask table restore --from-export /backups/2026-01-31
    """
    if (arn is None) == (folder is None):
        raise click.UsageError("Give one of --backup and --from-export.")
    if folder is not None:
        _import(folder, merge=merge, rate=rate, as_json=as_json)
    elif arn is None or name is None:
        raise click.UsageError("A table from a backup needs a new name: --to NAME.")
    else:
        _restore_backup(arn, name, label, as_json=as_json)


@click.command("export")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option(
    "--segments", type=click.IntRange(1, 1000), default=4, show_default=True, help="Threads."
)
@rate_option
@json_option
@with_appcontext
def export(*, folder: Path, segments: int, rate: float | None, as_json: bool) -> None:
    """Write every item of all tables into a new FOLDER: DynamoDB JSON lines, zstd, a manifest.

    The folder appears when it is complete. An export is no snapshot: what is written meanwhile may
    be in it or not.

    \b
    Example:
      flask table export /backups/2026-01-31 --segments 4 --rate 200
    """
    options = storage()
    tables = declared_tables(options)
    with one_line_errors():
        clients = table_clients(options)
        found = [describe_table(clients, each) for each in tables]
        if None in found:
            fail(f"The table {tables[found.index(None)].name} does not exist.")
        about = sum(state.description.get("ItemCount", 0) for state in found if state)
        with progress_bar("Exporting", about) as progress:
            exported = export_tables(
                clients, tables, folder, segments=segments, rate=rate, progress=progress
            )
    _show_tables(exported, folder, as_json=as_json)


COPY_COMMANDS = (backup, restore, export)


def _restore_backup(arn: str, name: str, label: str | None, *, as_json: bool) -> None:
    options = storage()
    with one_line_errors():
        clients = table_clients(options)
        declared = _declared_for(get_backup(clients, arn), label, declared_tables(options))
        try:
            done = restore_backup(
                clients, arn, replace(declared, name=name), lenient=options.lenient
            )
        except TableDiffers as error:
            for difference in error.differences:
                click.echo(difference, err=True)
            fail(f"{name} was made from the backup, but it is not as declared.", DIFFERS)
    if as_json:
        click.echo(json.dumps({"table": done.table, "backup": arn, "left_out": done.notes}))
        return
    left_out = "".join(f"; no {note} at this endpoint" for note in done.notes)
    click.echo(f"Table {done.table}: restored{left_out}.")


def _declared_for(found: Backup, label: str | None, tables: tuple[Table, ...]) -> Table:
    """Which of the layout's tables a backup is of."""
    fitting = [
        each
        for each in tables
        if each.label == label or (label is None and each.name == found.table)
    ]
    if not fitting:
        labels = ", ".join(each.label for each in tables)
        fail(f"The backup is of {found.table}: say with --as which table that is ({labels}).")
    return fitting[0]


def _import(folder: Path, *, merge: bool, rate: float | None, as_json: bool) -> None:
    options = storage()
    with one_line_errors():
        total = sum(each.items for each in read_manifest(folder))
        with progress_bar("Restoring", total) as progress:
            done = import_tables(
                table_clients(options),
                declared_tables(options),
                folder,
                merge=merge,
                rate=rate,
                progress=progress,
            )
    _show_tables(done, folder, as_json=as_json)


def _show_backups(found: list[Backup] | tuple[Backup, ...], *, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps([asdict(each) for each in found], default=str))
        return
    for each in found:
        click.echo(f"{each.created_at:%Y-%m-%d %H:%M}  {each.table}  {each.name}  {each.status}")
        click.echo(f"  {each.arn}")


def _show_tables(done: tuple[ExportedTable, ...], folder: Path, *, as_json: bool) -> None:
    if as_json:
        tables = [
            {"label": each.label, "items": each.items, "digest": each.digest} for each in done
        ]
        click.echo(json.dumps({"folder": str(folder), "tables": tables}))
        return
    for each in done:
        click.echo(f"{each.label}: {each.items} items, digest {each.digest[:16]}…")
