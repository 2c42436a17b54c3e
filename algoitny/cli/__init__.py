"""`flask …` commands and the context of `flask shell`. No rule of the product lives here."""

from __future__ import annotations

from typing import Any

from flask import Flask

from algoitny.cli.demo import demo
from algoitny.cli.display import as_table
from algoitny.cli.judge import judge
from algoitny.cli.table import table
from algoitny.models import MODELS
from algoitny.services.container import container
from algoitny.settings import Settings


def register_commands(app: Flask, settings: Settings) -> None:
    """Add the command groups, and give `flask shell` the repositories, services and models."""
    app.extensions["algoitny_settings"] = settings
    for group in (table, demo, judge):
        app.cli.add_command(group)
    app.shell_context_processor(lambda: _shell_context(app))


def _shell_context(app: Flask) -> dict[str, Any]:
    found = container(app)
    return {
        **{model.__name__: model for model in MODELS},
        "users": found.users,
        "plans": found.plans,
        "problems": found.problems,
        "histories": found.histories,
        "hints": found.hints,
        "usage": found.usage,
        "stats": found.stats,
        "services": found.services,
        "as_table": as_table,
    }
