"""Who runs a command, and whether they mean it."""

from __future__ import annotations

import getpass
import os

import click

yes_option = click.option("--yes", is_flag=True, help="Do not ask for confirmation.")


def at_shell() -> str:
    """Who does this, for the audit log: the machine's user."""
    try:
        return f"shell:{getpass.getuser()}"
    except (KeyError, OSError):
        # A container may run under a number that has no name.
        return f"shell:{os.getuid()}"
