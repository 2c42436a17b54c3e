"""The contract tests know records and interfaces, and nothing of what is behind them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.imports import imported_names

ALLOWED = ("algoitny.domain", "tests.builders", "tests.clock")
MODULES = sorted(Path(__file__).parent.glob("test_*.py"))


@pytest.mark.parametrize(
    "path", [path for path in MODULES if path != Path(__file__)], ids=lambda path: path.name
)
def test_only_the_domain_is_imported(path: Path) -> None:
    imported = imported_names(path, "algoitny", "tests")
    assert [name for name in imported if not name.startswith(ALLOWED)] == []
