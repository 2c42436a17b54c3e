"""Every pattern sends what it declares, costs what it may, and is in the document as measured."""

from __future__ import annotations

from collections import Counter
from dataclasses import fields
from typing import Any

import pytest

from algoitny.domain.ids import Ids
from algoitny.domain.repositories import Repositories
from algoitny.models import TableItem
from algoitny.models.kit.accounting import TableSchema
from algoitny.models.kit.binding import connection_of
from tests.access_patterns.declaration import Pattern, all_patterns
from tests.access_patterns.document import PATH, ROWS, docstrings, document, row
from tests.access_patterns.running import Measured, run
from tests.access_patterns.world import World
from tests.clock import FixedClock

PATTERNS = all_patterns()


@pytest.fixture
def table(memory_table: None) -> None:
    """What is sent does not depend on who answers."""


@pytest.mark.parametrize("pattern", PATTERNS, ids=lambda pattern: pattern.id)
def test_pattern(
    pattern: Pattern,
    repositories: Repositories,
    clock: FixedClock,
    ids: Ids,
    pytestconfig: pytest.Config,
) -> None:
    measured = run(pattern, World(repositories, clock, ids))
    assert measured.sends == pattern.sends
    assert measured.reads <= pattern.reads
    assert measured.writes <= pattern.writes
    assert filters_beyond_the_index(measured) == set()
    assert docstrings(pattern, repositories)[0]
    line = row(pattern, measured, repositories)
    rows = pytestconfig.stash.get(ROWS, None)
    if rows is None:
        assert line in PATH.read_text(encoding="utf-8").splitlines(), "run make docs"
    else:
        rows[pattern.id] = line


def filters_beyond_the_index(measured: Measured) -> set[str]:
    """Attributes that a filter names and the index does not hold: DynamoDB refuses it, local stores
    do not."""
    connection = connection_of(TableItem)
    client: Any = connection.connection.client
    description = client.describe_table(TableName=connection.table_name)["Table"]
    indexes = {index.name: index for index in TableSchema.of(description).indexes}
    found: set[str] = set()
    for charge in measured.charges:
        index = indexes.get(charge.request.get("IndexName", ""))
        if index is not None and index.projected is not None:
            names = charge.request.get("ExpressionAttributeNames", {})
            found |= set(names.values()) - index.projected
    return found


def test_the_document_has_the_rows_in_order_and_nothing_else(pytestconfig: pytest.Config) -> None:
    if ROWS in pytestconfig.stash:
        pytest.skip("the document is being written")
    text = PATH.read_text(encoding="utf-8")
    rows = {line.split(" ")[1]: line for line in text.splitlines() if line.startswith("| ")}
    assert rows.keys() - {"#"} == {pattern.id for pattern in PATTERNS}, "run make docs"
    assert text == document(PATTERNS, rows), "run make docs"


def test_every_method_has_a_row(repositories: Repositories) -> None:
    methods = {
        f"{field.name}.{name}"
        for field in fields(repositories)
        for name, member in vars(type(getattr(repositories, field.name))).items()
        if callable(member) and not name.startswith("_")
    }
    assert {pattern.method for pattern in PATTERNS} == methods


def test_ids_are_unique() -> None:
    counts = Counter(pattern.id for pattern in PATTERNS)
    assert [name for name, count in counts.items() if count > 1] == []
