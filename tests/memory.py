"""moto's tables in this process: bound to, kept as bytes, put back."""

from __future__ import annotations

import copy
import pickle
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

import pytest
from moto import mock_aws
from moto.backends import get_backend
from moto.dynamodb.models.table import Table

from algoitny.models import bind_models
from algoitny.models.layout import single
from algoitny.models.tables import create_tables
from tests.binding import bound_again

ACCOUNT = "123456789012"
REGION = "us-east-1"


@contextmanager
def memory() -> Iterator[None]:
    """All models bound to moto's tables, of which there are none yet. Not thread-safe."""
    with pytest.MonkeyPatch.context() as patch, mock_aws():
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            patch.setenv(name, "testing")
        patch.delenv("AWS_PROFILE", raising=False)
        patch.setattr(Table, "__deepcopy__", _copy_rows, raising=False)
        bound_again("memory", _bind)
        yield


def _bind() -> None:
    bind_models(layout=single("algoitny_test"), region=REGION, attempts=1)


def tables() -> Any:
    """moto's tables by name."""
    return _store().tables


def kept() -> bytes:
    """All tables and rows, for `put_back`."""
    return pickle.dumps(tables())


def put_back(content: bytes) -> None:
    """In place of what is there."""
    _store().tables = pickle.loads(content)


@cache
def empty() -> bytes:
    """The declared tables without a row; made at first, where there must be none yet."""
    create_tables()
    return kept()


def _store() -> Any:
    return get_backend("dynamodb")[ACCOUNT][REGION]


def _copy_rows(table: Any, memo: dict[int, Any]) -> Any:
    """What moto needs of a table to take a transaction back: its rows.

    It copies the table once for each write of a transaction, would copy its stream, which grows
    with every write, too, and measures a row anew with each attribute that it copies: that alone
    would be most of the time of the tests.
    """
    twin = copy.copy(table)
    twin.stream_shard = None
    twin.items = defaultdict(dict)
    for partition, rows in table.items.items():
        twin.items[partition] = {sort: _copy_row(row, memo) for sort, row in rows.items()}
    return twin


def _copy_row(row: Any, memo: dict[int, Any]) -> Any:
    twin = copy.copy(row)
    twin.attrs = type(row.attrs)()
    for name, value in row.attrs.items():
        scalar = isinstance(value.value, str | bytes | bool)
        dict.__setitem__(twin.attrs, name, value if scalar else copy.deepcopy(value, memo))
    return twin
