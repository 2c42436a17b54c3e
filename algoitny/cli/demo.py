"""`flask demo`: sample problems for a first look."""

from __future__ import annotations

import json
from dataclasses import asdict

import click
from flask.cli import AppGroup

from algoitny.cli.display import json_option
from algoitny.cli.errors import one_line_errors
from algoitny.services.container import container
from algoitny.services.demo import load_samples

demo = AppGroup("demo", help="Sample problems for a first look.")


@demo.command("load")
@json_option
def load(*, as_json: bool) -> None:
    """Put the sample problems into the catalogue, or bring them up to date.

    Several processes may do it at once. Exits with 1 when it cannot be done.

    \b
    Example:
      flask demo load --json
    """
    found = container()
    with one_line_errors():
        loaded = asdict(load_samples(found.problems, found.clock))
    if as_json:
        click.echo(json.dumps(loaded))
        return
    counts = [f"{len(keys)} {outcome.replace('_', ' ')}" for outcome, keys in loaded.items()]
    click.echo(f"Sample problems: {', '.join(counts)}.")
