"""Fixtures for all tests: a clock to move, ids, and repositories on an empty table in memory."""

from __future__ import annotations

import copy
import os
from collections import defaultdict
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from moto import mock_aws
from moto.dynamodb.models.table import Table

from algoitny.domain.clock import SystemClock
from algoitny.domain.ids import Ids, UlidIds
from algoitny.models import TableItem, bind_models, create_table
from algoitny.models.kit.patience import Patience
from algoitny.repositories import Repositories, build_repositories
from tests.broker import running_redis
from tests.clock import FixedClock
from tests.faults import Faults
from tests.store import running_store

SECRET = "a secret of tests, long enough to sign"


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


@pytest.fixture(scope="session", autouse=True)
def quick_transactions() -> Iterator[None]:
    """See `_copy_rows`."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Table, "__deepcopy__", _copy_rows, raising=False)
        yield


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock()


@pytest.fixture
def ids(clock: FixedClock) -> Ids:
    return UlidIds(clock)


_bound: dict[str, Any] = {}


@pytest.fixture
def memory_table(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """All models bound to an empty table of moto's, in this process. Not thread-safe."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.delenv("AWS_PROFILE", raising=False)
    with mock_aws():
        if TableItem._connection is None or TableItem._connection is not _bound.get("connection"):
            # Making a client takes longer than most tests; moto empties what it talks to.
            bind_models(table_name="algoitny_test", region="us-east-1", attempts=1)
            _bound["connection"] = TableItem._connection
        create_table(protected=False)
        yield


@pytest.fixture
def table(memory_table: None) -> None:
    """The table behind `repositories`; a folder of tests may put another in its place."""


@pytest.fixture
def repositories(table: None, clock: FixedClock, ids: Ids) -> Repositories:
    """All repositories on an empty table in memory. They try again at once."""
    patience = Patience(clock=clock, sleep=lambda _: None)
    return build_repositories(clock=clock, ids=ids, secret_key=SECRET, patience=patience)


@pytest.fixture
def faults(repositories: Repositories) -> Iterator[Faults]:
    """Makes the store behind `repositories` fail, and remembers what was sent to it."""
    faults = Faults()
    yield faults
    faults.remove()


@pytest.fixture(scope="session")
def store_endpoint(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The embedded store, empty, in a process of its own; DYNAMODB_ENDPOINT's instead when that is
    set, so that the same tests run against any other."""
    given = os.environ.get("DYNAMODB_ENDPOINT")
    if given:
        yield given
        return
    with running_store(tmp_path_factory.mktemp("store")) as endpoint:
        yield endpoint


@pytest.fixture(scope="session")
def broker_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A Redis, empty, in a process of its own."""
    with running_redis(tmp_path_factory.mktemp("redis")) as address:
        yield address


@pytest.fixture
def store_table(store_endpoint: str) -> str:
    """The name of a new table in the store; all models of this process are bound to it."""
    name = f"algoitny-{uuid4().hex}"
    bind_models(table_name=name, region="us-east-1", endpoint=store_endpoint)
    create_table(protected=False)
    return name


@pytest.fixture
def stored(store_table: str) -> Repositories:
    """All repositories on a new table in the store, with the machine's own clock."""
    clock = SystemClock()
    return build_repositories(clock=clock, ids=UlidIds(clock), secret_key=SECRET)
