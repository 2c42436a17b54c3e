"""Fixtures for all tests: a clock to move, ids, and repositories on an empty table in memory."""

from __future__ import annotations

import gc
import os
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from algoitny.domain.clock import SystemClock
from algoitny.domain.ids import Ids, UlidIds
from algoitny.domain.patience import Patience
from algoitny.domain.repositories import Repositories
from algoitny.models.layout import Layout, hybrid, single
from algoitny.repositories import build_repositories
from tests.broker import running_redis
from tests.clock import FixedClock
from tests.faults import Faults
from tests.memory import empty, memory, put_back
from tests.skips import (
    pytest_collectreport,
    pytest_runtest_logreport,
    pytest_sessionfinish,
    pytest_terminal_summary,
)
from tests.store import running_store
from tests.tables import empty_tables
from tests.waiting import leave_midnight_behind

__all__ = [
    "pytest_collectreport",
    "pytest_runtest_logreport",
    "pytest_sessionfinish",
    "pytest_terminal_summary",
]

SLOW_FOLDERS = ("repositories", "access_patterns")
"""Each of their tests talks to the table a lot; what callers rely on is in `contract`."""

SECRET = "a secret of tests, long enough to sign"


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """What is collected stays; to look through it for garbage was a sixth of the time of tests."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep whole folders out of the fast part."""
    here = Path(__file__).parent
    for item in items:
        if any(item.path.is_relative_to(here / folder) for folder in SLOW_FOLDERS):
            item.add_marker(pytest.mark.slow)


# A machine that is busy with other things is no reason to fail, nor what chance finds in another's
# change: the examples are the same each time. `--hypothesis-profile search` looks for new ones.
settings.register_profile("search", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("same", settings.get_profile("search"), derandomize=True)
settings.load_profile("same")


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock()


@pytest.fixture
def ids(clock: FixedClock) -> Ids:
    return UlidIds(clock)


@pytest.fixture
def within_a_day() -> None:
    """The test begins and ends on one day of the machine's clock."""
    leave_midnight_behind()


@pytest.fixture
def memory_table() -> Iterator[None]:
    """All models bound to an empty table of moto's, in this process. Not thread-safe."""
    with memory():
        put_back(empty())
        yield


@pytest.fixture
def table(request: pytest.FixtureRequest) -> None:
    """The table behind `repositories`: moto's, or the one that a test's `on_store_too` names."""
    request.getfixturevalue(f"{getattr(request, 'param', 'memory')}_table")


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
    """The name of an empty table in the store; all models of this process are bound to it."""
    return empty_tables(store_endpoint, single).main


@pytest.fixture
def hybrid_table(store_endpoint: str) -> Layout:
    """Three empty tables in the store; the models of this process are bound to them."""
    return empty_tables(store_endpoint, hybrid)


@pytest.fixture
def stored(store_table: str) -> Repositories:
    """All repositories on a new table in the store, with the machine's own clock."""
    clock = SystemClock()
    return build_repositories(clock=clock, ids=UlidIds(clock), secret_key=SECRET)
