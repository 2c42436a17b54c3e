"""The HTTP layer on real services; broker and event channel are in memory."""

from __future__ import annotations

import pytest

from tests.api.memory import Repositories
from tests.api.world import World, make_settings
from tests.api.world import make_app as make_app_of


class FakeClock:
    def __init__(self):
        from datetime import UTC, datetime

        self.instant = datetime(2026, 3, 4, 5, 6, 7, 89, tzinfo=UTC)
        self.seconds = 1000.0

    def now(self):
        return self.instant

    def monotonic(self):
        return self.seconds

    def advance(self, seconds):
        from datetime import timedelta

        self.instant += timedelta(seconds=seconds)
        self.seconds += seconds


class FakeIds:
    def __init__(self):
        self.count = 0

    def new(self):
        self.count += 1
        return f"01{self.count:024d}"


@pytest.fixture
def clock():
    return FakeClock()


@pytest.fixture
def ids():
    return FakeIds()


@pytest.fixture
def repositories(clock, ids):
    return Repositories(clock)


@pytest.fixture
def make_world(clock, ids, repositories):
    """Build a world with other settings than usual."""
    return lambda **settings: World(make_settings(**settings), clock, ids, repositories)


@pytest.fixture
def make_app(clock, ids, repositories):
    """Build the app alone with other settings, also such that nobody can sign in."""
    return lambda **settings: make_app_of(make_settings(**settings), clock, ids, repositories)


@pytest.fixture
def world(make_world):
    return make_world()
