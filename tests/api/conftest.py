"""The HTTP layer on real services and repositories; broker and event channel are in memory.

A furnished world takes a second to make, so it is made once, and each test gets a copy of it.
"""

from __future__ import annotations

import pytest
import structlog
from structlog.testing import capture_logs

from algoitny.domain.ids import UlidIds
from algoitny.repositories import build_repositories
from tests.api.world import World, make_app, make_settings
from tests.clock import FixedClock
from tests.memory import empty, kept, memory, put_back, tables


def _items():
    """Every item of the table, comparable."""
    (found,) = tables().values()
    return sorted(repr(item.to_json()) for item in found.all_items())


@pytest.fixture(scope="session")
def app():
    """Built once; each world moves into it."""
    return make_app(make_settings())


@pytest.fixture(scope="session")
def furnished():
    """What stands in every world: filled by the first one, (rows, furniture)."""
    return []


@pytest.fixture(scope="module")
def table():
    """moto's table, for a module; what is in it is each world's affair."""
    with memory():
        yield


@pytest.fixture(autouse=True)
def logged():
    """Log entries, as dictionaries; rendering them would be most of the tests' time."""
    with capture_logs(processors=[structlog.contextvars.merge_contextvars]) as entries:
        yield entries


@pytest.fixture
def make_world(app, table, furnished):
    """Make the world, for once with other settings than usual."""

    def make(**settings):
        clock = FixedClock()
        ids = UlidIds(clock)
        store = build_repositories(clock=clock, ids=ids, secret_key="s" * 40)
        if not furnished:
            put_back(empty())
            furniture = World(app, clock, ids, store, make_settings(), _items).furnish()
            furnished.extend((kept(), furniture))
        rows, furniture = furnished
        put_back(rows)
        return World(app, clock, ids, store, make_settings(**settings), _items, furniture)

    return make


@pytest.fixture
def world(make_world):
    return make_world()
