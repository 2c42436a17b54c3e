"""`python -m tests.access_patterns`: runs all patterns and writes docs/access-patterns.md."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.access_patterns.declaration import all_patterns
from tests.access_patterns.document import PATH, ROWS, document

HERE = Path(__file__).parent


class _Collector:
    """Takes the rows from the tests, which have the tables to run them on."""

    def pytest_configure(self, config: pytest.Config) -> None:
        config.stash[ROWS] = {}

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        rows = session.config.stash[ROWS]
        if session.testsfailed == 0 and rows:
            PATH.write_text(document(all_patterns(), rows), encoding="utf-8")


if __name__ == "__main__":
    sys.exit(
        pytest.main(
            ["-q", "-p", "no:cacheprovider", "-k", "test_pattern", str(HERE)],
            plugins=[_Collector()],
        )
    )
