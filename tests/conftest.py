"""Fixtures for all tests: a clock to move, ids, and repositories on an empty table in memory."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from moto import mock_aws

from algoitny.domain.ids import Ids, UlidIds
from algoitny.models import bind_models, create_table
from algoitny.repositories import Repositories, build_repositories
from tests.clock import FixedClock

SECRET = "a secret of tests, long enough to sign"


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
    with mock_aws():
        bind_models(table_name="algoitny_test", region="us-east-1", attempts=1)
        create_table(protected=False)
        yield


@pytest.fixture
def repositories(table: None, clock: FixedClock, ids: Ids) -> Repositories:
    """All repositories on an empty table in memory."""
    return build_repositories(clock=clock, ids=ids, secret_key=SECRET)
