"""Fixtures for all tests: a clock to move, ids, and repositories on an empty table in memory."""

from __future__ import annotations

import copy
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import pytest
from moto import mock_aws
from moto.dynamodb.models.table import Table

from algoitny.domain.ids import Ids, UlidIds
from algoitny.models import bind_models, create_table
from algoitny.repositories import Repositories, build_repositories
from tests.clock import FixedClock
from tests.faults import Faults

SECRET = "a secret of tests, long enough to sign"


def _copy_rows(table: Any, memo: dict[int, Any]) -> Any:
    """What moto needs of a table to take a transaction back: its rows.

    It copies the table once for each write of a transaction, and would copy its stream, which grows
    with every write, too: that alone is most of the time of these tests.
    """
    twin = copy.copy(table)
    twin.stream_shard = None
    twin.items = defaultdict(dict)
    for partition, rows in table.items.items():
        twin.items[partition] = {sort: copy.deepcopy(row, memo) for sort, row in rows.items()}
    return twin


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock()


@pytest.fixture
def ids(clock: FixedClock) -> Ids:
    return UlidIds(clock)


@pytest.fixture
def table(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """All models bound to an empty table of moto's, in this process. Not thread-safe."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.delenv("AWS_PROFILE", raising=False)
    monkeypatch.setattr(Table, "__deepcopy__", _copy_rows, raising=False)
    with mock_aws():
        bind_models(table_name="algoitny_test", region="us-east-1", attempts=1)
        create_table(protected=False)
        yield


@pytest.fixture
def repositories(table: None, clock: FixedClock, ids: Ids) -> Repositories:
    """All repositories on an empty table in memory."""
    return build_repositories(clock=clock, ids=ids, secret_key=SECRET)


@pytest.fixture
def faults(repositories: Repositories) -> Faults:
    """Makes the store behind `repositories` fail, and remembers what was sent to it."""
    return Faults()
