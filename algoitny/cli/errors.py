"""How commands fail: one line on standard error, and an exit code; never a traceback."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

import click

from algoitny.domain.errors import AlgoItnyError

FAILED = 1
DIFFERS = 2
"""What is there is not what is declared. Click uses the same for options that are wrong."""


def fail(message: str, code: int = FAILED) -> NoReturn:
    click.echo(message, err=True)
    sys.exit(code)


@contextmanager
def one_line_errors() -> Iterator[None]:
    """The product's errors, and the file system's, end the command with 1."""
    try:
        yield
    except AlgoItnyError as error:
        fail(error.detail or error.title)
    except OSError as error:
        fail(f"{error.filename or 'The file system'}: {error.strerror or error}.")
