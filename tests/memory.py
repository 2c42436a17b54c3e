"""moto's tables in this process: bound to, kept as bytes, put back."""

from __future__ import annotations

import copyreg
import pickle
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

import pytest
from moto import mock_aws
from moto.backends import get_backend
from moto.dynamodb.models.dynamo_type import LimitedSizeDict

from algoitny.models import bind_models
from algoitny.models.layout import single
from algoitny.models.tables import create_tables
from tests.binding import bound_again
from tests.light_moto import lighten

ACCOUNT = "123456789012"
REGION = "us-east-1"


@contextmanager
def memory() -> Iterator[None]:
    """All models bound to moto's tables, of which there are none yet. Not thread-safe."""
    with pytest.MonkeyPatch.context() as patch:
        lighten(patch)
        patch.delenv("AWS_PROFILE", raising=False)
        with mock_aws():
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
    """The declared tables without a row; made at first, where there must be none yet.

    Nobody reads their streams, which grow with every write.
    """
    create_tables()
    for table in tables().values():
        table.stream_shard = None
    return kept()


def _store() -> Any:
    return get_backend("dynamodb")[ACCOUNT][REGION]


def _attributes(given: dict[str, Any]) -> LimitedSizeDict:
    attributes = LimitedSizeDict()
    dict.update(attributes, given)
    return attributes


# Rows that were stored once need not be measured again, attribute by attribute.
copyreg.pickle(LimitedSizeDict, lambda given: (_attributes, (dict(given),)))
