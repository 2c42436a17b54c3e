"""Runs `flask table` in this process, on the tables that the test has bound."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from click.testing import Result
from flask import Flask

from algoitny.cli import register_commands
from algoitny.domain.repositories import Repositories
from algoitny.services.container import EXTENSION
from algoitny.settings import Settings

SETTINGS: dict[str, Any] = {"secret_key": "s" * 40, "table_name": "algoitny_test"}


def run(repositories: Repositories, *arguments: str, typed: str = "", **settings: Any) -> Result:
    """`flask table …`; `typed` is what is answered to questions."""
    app = Flask(__name__)
    register_commands(app, Settings(**SETTINGS | settings))
    app.extensions[EXTENSION] = SimpleNamespace(plans=repositories.plans)
    return app.test_cli_runner().invoke(args=["table", *arguments], input=typed)
