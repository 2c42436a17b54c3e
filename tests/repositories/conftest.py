"""Every repository test runs twice: on moto in this process, and on the embedded store."""

from __future__ import annotations

import pytest


@pytest.fixture(params=["memory", pytest.param("store", marks=pytest.mark.service)])
def table(request: pytest.FixtureRequest) -> None:
    """The table behind `repositories`."""
    request.getfixturevalue(f"{request.param}_table")
