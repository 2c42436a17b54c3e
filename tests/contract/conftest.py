"""Every contract test runs once for each implementation of the repositories, and layout."""

from __future__ import annotations

import pytest


@pytest.fixture(
    params=[
        "memory",
        pytest.param("store", marks=pytest.mark.service),
        pytest.param("hybrid", marks=pytest.mark.service),
    ]
)
def table(request: pytest.FixtureRequest) -> None:
    """What is behind `repositories`: moto in this process, the embedded store with one table, or
    the same with three."""
    request.getfixturevalue(f"{request.param}_table")
