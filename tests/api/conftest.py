"""The HTTP layer on real services and repositories; broker and event channel are in memory.

A furnished world takes a second to make, so it is made once, and each test gets a copy of it.
"""

from __future__ import annotations

import pickle

import pytest
import structlog
from moto import mock_aws
from moto.backends import get_backend
from structlog.testing import capture_logs

from algoitny.domain.ids import UlidIds
from algoitny.models import bind_models, create_table
from algoitny.repositories import build_repositories
from tests.api.world import World, make_app, make_settings
from tests.clock import FixedClock

ACCOUNT = "123456789012"
REGION = "us-east-1"


def _tables():
    return get_backend("dynamodb")[ACCOUNT][REGION]


def _items():
    """Every item of the table, comparable."""
    (found,) = _tables().tables.values()
    return sorted(repr(item.to_json()) for item in found.all_items())


@pytest.fixture(scope="session")
def app():
    """Built once; each world moves into it."""
    return make_app(make_settings())


@pytest.fixture(scope="session")
def furnished():
    """What stands in every world: filled by the first one, (tables, furniture)."""
    return []


@pytest.fixture(scope="module")
def table():
    """moto's table, for a module; what is in it is each world's affair."""
    with pytest.MonkeyPatch.context() as environment, mock_aws():
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            environment.setenv(name, "testing")
        bind_models(table_name="algoitny_test", region=REGION, attempts=1)
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
            create_table(protected=False)
            furniture = World(app, clock, ids, store, make_settings(), _items).furnish()
            furnished.extend((pickle.dumps(_tables().tables), furniture))
        tables, furniture = furnished
        _tables().tables = pickle.loads(tables)
        return World(app, clock, ids, store, make_settings(**settings), _items, furniture)

    return make


@pytest.fixture
def world(make_world):
    return make_world()
