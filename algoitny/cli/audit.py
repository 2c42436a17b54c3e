"""`flask audit`: who changed what."""

from __future__ import annotations

from datetime import datetime
from functools import partial

import click
from flask.cli import AppGroup

from algoitny.cli.display import gather, json_option, limit_option, show_list
from algoitny.cli.errors import one_line_errors
from algoitny.domain.clock import utc_day
from algoitny.services.container import container

audit = AppGroup("audit", help="The audit log: a line for each change that an administrator made.")


@audit.command("list")
@click.option(
    "--month",
    type=click.DateTime(["%Y-%m"]),
    help="UTC, such as 2030-01; the current one when left out.",
)
@limit_option
@json_option
def list_lines(*, month: datetime | None, limit: int, as_json: bool) -> None:
    """Print the lines of a month, newest first.

    \b
    Example:
      flask audit list --month 2030-01 --json
    """
    found = container()
    day = month.date() if month else utc_day(found.clock.now())
    with one_line_errors():
        lines, is_cut = gather(partial(found.services.admin.list_audit, day), limit)
    columns = ("at", "actor", "action", "subject", "details")
    show_list(lines, *columns, as_json=as_json, is_cut=is_cut)
