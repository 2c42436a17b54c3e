"""`flask stats`: repair what is counted of a user."""

from __future__ import annotations

from dataclasses import asdict

import click
from flask.cli import AppGroup

from algoitny.cli.display import json_option, to_json
from algoitny.cli.errors import one_line_errors
from algoitny.cli.user import find_user
from algoitny.services.container import container

stats = AppGroup(
    "stats",
    help="Statistics. USER is an id or an e-mail address.\n\n"
    "Exit codes: 0 done; 1 could not be done, with one line that says why; 2 wrong usage.",
)


@stats.command("rebuild")
@click.argument("name", metavar="USER")
@json_option
def rebuild(name: str, *, as_json: bool) -> None:
    """Count a user's statistics again.

    From their executions, those that they deleted, and the problems that they solved; executions
    may end meanwhile. Takes at least five seconds.

    \b
    Example:
      flask stats rebuild ada@example.org
    """
    found = container()
    with one_line_errors():
        user = find_user(found, name)
        before, after = found.stats.rebuild_user_stats(user.id)
    if as_json:
        click.echo(to_json({"id": user.id, "before": asdict(before), "after": asdict(after)}))
        return
    click.echo(
        f"{user.id}: {after.executions} executions, {after.accepted} accepted, "
        f"{after.solved} solved; " + ("as before." if before == after else "repaired.")
    )
