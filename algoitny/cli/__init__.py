"""`flask …` commands and the context of `flask shell`. No rule of the product lives here."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from flask import Flask

from algoitny.cli.audit import audit
from algoitny.cli.demo import demo
from algoitny.cli.display import as_table
from algoitny.cli.job import jobs
from algoitny.cli.judge import judge
from algoitny.cli.leaderboard import leaderboard
from algoitny.cli.plan import plan
from algoitny.cli.problem import problem
from algoitny.cli.rejudge import rejudge
from algoitny.cli.stats import stats
from algoitny.cli.table import table
from algoitny.cli.table_copy import COPY_COMMANDS
from algoitny.cli.user import user
from algoitny.domain.repositories import Repositories
from algoitny.models import MODELS
from algoitny.services.container import container
from algoitny.settings import Settings


def register_commands(app: Flask, settings: Settings) -> None:
    """Add the command groups, and give `flask shell` the repositories, services and models."""
    app.extensions["algoitny_settings"] = settings
    for command in COPY_COMMANDS:
        table.add_command(command)
    judge.add_command(rejudge)
    for group in (table, demo, judge, user, plan, problem, jobs, leaderboard, stats, audit):
        app.cli.add_command(group)
    app.shell_context_processor(lambda: _shell_context(app))


def _shell_context(app: Flask) -> dict[str, Any]:
    found = container(app)
    return {
        **{model.__name__: model for model in MODELS},
        **{field.name: getattr(found.repositories, field.name) for field in fields(Repositories)},
        "services": found.services,
        "as_table": as_table,
    }
