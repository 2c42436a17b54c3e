"""One running stack for all tests of this folder: starting it is what takes time."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from algoitny.domain.clock import SystemClock
from tests.providers.fake_google import FakeGoogle, serving_google
from tests.providers.google_keys import Signer
from tests.stack.running import Client, Stack
from tests.waiting import leave_midnight_behind

ADMIN = "admin@example.org"


@pytest.fixture(autouse=True)
def _within_a_day() -> None:
    """Whoever looks at what a plan has left finds what the test used up itself."""
    leave_midnight_behind()


@pytest.fixture(scope="session")
def google() -> Iterator[FakeGoogle]:
    """Where the stack's users sign in."""
    with serving_google("", Signer(), SystemClock()) as server:
        yield server


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory, google: FakeGoogle) -> Iterator[Stack]:
    folder: Path = tmp_path_factory.mktemp("stack")
    running = Stack(folder / "data", ADMIN_EMAILS=ADMIN, WEBHOOKS_TO_PRIVATE="true")
    running.environment["PUBLIC_URL"] = running.base
    running.environment |= {name.upper(): value for name, value in google.settings.items()}
    google.redirect_uri = f"{running.base}/api/auth/google/callback/"
    with running.running():
        yield running


@pytest.fixture(scope="session")
def client(stack: Stack) -> Client:
    return stack.client()


@pytest.fixture(scope="session")
def admin(client: Client) -> Client:
    return client.signed_in(ADMIN)
