"""`flask leaderboard`: count now what is counted on schedule."""

from __future__ import annotations

from dataclasses import asdict

import click
from flask.cli import AppGroup

from algoitny.cli.actor import at_shell
from algoitny.cli.display import json_option, to_json
from algoitny.cli.errors import one_line_errors
from algoitny.services.container import container

leaderboard = AppGroup(
    "leaderboard",
    help="Leaderboards.\n\n"
    "Exit codes: 0 done; 1 could not be done, with one line that says why; 2 wrong usage.",
)


@leaderboard.command("count")
@json_option
def count(*, as_json: bool) -> None:
    """Count and publish what is due.

    Workers do this every few minutes; here is one run by hand.

    \b
    Example:
      flask leaderboard count
    """
    with one_line_errors():
        report = container().services.ranking.run(at_shell())
    if as_json:
        click.echo(to_json(asdict(report)))
    elif report.busy:
        click.echo("A worker is already counting.")
    else:
        click.echo(f"{report.published} published, {report.unchanged} unchanged")
