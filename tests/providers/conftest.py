from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.broker import running_redis


@pytest.fixture(scope="session")
def broker_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with running_redis(tmp_path_factory.mktemp("redis")) as address:
        yield address
