"""Runs once after the store's start: the table and the sample problems, in one process because
loading the application is what takes time. Both commands change nothing that is right already."""

from __future__ import annotations

import sys

import click
from flask.cli import ScriptInfo

from algoitny.app import create_app
from algoitny.domain.errors import StoreUnavailable

COMMANDS = (("table", "create", "--embedded"), ("demo", "load"))


def main() -> int:
    """The exit code: of the first command that fails, else 0."""
    try:
        app = create_app()
    except StoreUnavailable as error:
        click.echo(error.detail, err=True)
        return 1
    for command in COMMANDS:
        info = ScriptInfo(create_app=lambda: app)
        try:
            code = app.cli.main(list(command), "flask", standalone_mode=False, obj=info)
        except click.ClickException as error:
            error.show()
            return error.exit_code
        if isinstance(code, int) and code:
            return code
    return 0


if __name__ == "__main__":
    sys.exit(main())
