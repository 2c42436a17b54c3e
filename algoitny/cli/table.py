"""`flask table`: make the DynamoDB table ready, and show how it is.

Keys and indexes come from the models; nothing is decided here.
"""

from __future__ import annotations

import json
import sys
from typing import Any

import click
from flask import current_app
from flask.cli import AppGroup

from algoitny.domain.errors import AlgoItnyError
from algoitny.domain.plan import STANDARD_PLANS
from algoitny.models import create_table, describe_table, table_differences
from algoitny.models.kit.table import SchemaDiffers
from algoitny.services.container import container
from algoitny.settings import Settings

FAILED = 1
DIFFERS = 2

table = AppGroup("table", help="The DynamoDB table: create it, look at it.")


@table.command("create")
@click.option(
    "--embedded",
    is_flag=True,
    help="Without point-in-time recovery and deletion protection. Implied by ENVIRONMENT=embedded.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of a line.")
def create(*, embedded: bool, as_json: bool) -> None:
    """Create the table unless it is there, wait for it, and add the standard plans it lacks.

    Several processes may do it at once. Exits with 2 when a table is there that differs from what
    the models declare: nothing is changed then.

    \b
    Example:
      flask table create
    """
    settings: Settings = current_app.extensions["algoitny_settings"]
    protected = not (embedded or settings.embedded)
    tags = {"Application": "algoitny", "Environment": settings.environment.value}
    try:
        made = create_table(protected=protected, tags=tags)
        plans = container().plans.create_missing(STANDARD_PLANS)
    except SchemaDiffers as error:
        for difference in error.differences:
            click.echo(difference, err=True)
        click.echo("Nothing was changed: migrate the table, or name another.", err=True)
        sys.exit(DIFFERS)
    except AlgoItnyError as error:
        click.echo(error.detail, err=True)
        sys.exit(FAILED)
    if as_json:
        click.echo(json.dumps({"table": settings.table_name, "created": made, "plans": plans}))
        return
    done = "created" if made else "there already"
    click.echo(f"Table {settings.table_name}: {done}; {plans} plans added.")


@table.command("describe")
@click.option("--json", "as_json", is_flag=True, help="Print DynamoDB's own description.")
def describe(*, as_json: bool) -> None:
    """Show the table's state, and whether it is what the models declare (exit code 2: it is not).

    \b
    Example:
      flask table describe --json
    """
    settings: Settings = current_app.extensions["algoitny_settings"]
    try:
        found = describe_table()
    except AlgoItnyError as error:
        click.echo(error.detail, err=True)
        sys.exit(FAILED)
    if found is None:
        click.echo(f"The table {settings.table_name} does not exist.", err=True)
        sys.exit(FAILED)
    differences = table_differences(found)
    if as_json:
        click.echo(json.dumps({**found, "Differences": differences}, default=str))
    else:
        for name, value in _lines(found):
            click.echo(f"{name:24}{value}")
        for difference in differences:
            click.echo(f"differs: {difference}")
    if differences:
        sys.exit(DIFFERS)


def _lines(found: dict[str, Any]) -> list[tuple[str, object]]:
    indexes = found.get("GlobalSecondaryIndexes") or ()
    stream = found.get("StreamSpecification") or {}
    billing = found.get("BillingModeSummary") or {}
    return [
        ("table", found.get("TableName")),
        ("status", found.get("TableStatus")),
        ("items (about)", found.get("ItemCount")),
        ("bytes (about)", found.get("TableSizeBytes")),
        ("billing", billing.get("BillingMode", "PROVISIONED")),
        ("stream", stream.get("StreamViewType", "off")),
        ("time to live", found["TimeToLive"].get("AttributeName", "off")),
        ("point-in-time recovery", found["PointInTimeRecovery"].lower()),
        ("deletion protection", "on" if found.get("DeletionProtectionEnabled") else "off"),
        *(
            (f"index {index['IndexName']}", index["Projection"]["ProjectionType"])
            for index in sorted(indexes, key=lambda index: index["IndexName"])
        ),
    ]
