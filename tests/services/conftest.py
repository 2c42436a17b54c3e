from __future__ import annotations

import pytest

from algoitny.domain.ids import Ids
from algoitny.domain.repositories import Repositories
from tests.clock import FixedClock
from tests.services.world import World


@pytest.fixture
def world(repositories: Repositories, clock: FixedClock, ids: Ids) -> World:
    return World(store=repositories, clock=clock, ids=ids)
