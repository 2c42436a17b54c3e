"""Runs `flask …` in this process, on the repositories of a test."""

from __future__ import annotations

from click.testing import Result
from flask import Flask
from structlog.testing import capture_logs

from algoitny.app import build_container
from algoitny.cli import register_commands
from algoitny.domain.clock import Clock
from algoitny.domain.repositories import Repositories
from algoitny.services.container import EXTENSION
from algoitny.setting_values import Environment
from algoitny.settings import Settings
from tests.clock import FixedClock
from tests.services.world import QueueDouble


def run_command(
    repositories: Repositories, *arguments: str, typed: str = "", clock: Clock | None = None
) -> Result:
    """`typed` is what is answered to questions."""
    app = Flask(__name__)
    settings = Settings(environment=Environment.EMBEDDED, secret_key="s" * 40)
    register_commands(app, settings)
    app.extensions[EXTENSION] = build_container(
        settings, clock=clock or FixedClock(), repositories=repositories, queue=QueueDouble()
    )
    # A process logs to standard error; what a test's does is up to structlog's default.
    with capture_logs():
        return app.test_cli_runner().invoke(args=list(arguments), input=typed)
