"""Tables in a store, empty for each test; making them anew takes longer than most tests."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import uuid4

from algoitny.models import TableItem, bind_models, bound_tables
from algoitny.models.kit.binding import connection_of
from algoitny.models.layout import Layout
from algoitny.models.tables import StorageOptions, create_tables, declared_tables
from tests.binding import bound_again

FEW = 200
"""Rows of a table; of more, a new table is there sooner than the old one is empty."""

BATCH = 25

Kind = Callable[[str], Layout]

_layouts: dict[tuple[str, Kind], Layout] = {}


def empty_tables(endpoint: str, kind: Kind) -> Layout:
    """All models bound to tables without a row: `kind` is `single` or `hybrid`."""
    layout = _layouts.get((endpoint, kind))
    if layout is None or not _emptied(endpoint, layout):
        layout = _layouts[endpoint, kind] = kind(f"AlgoItny-{uuid4().hex}")
        _bound(endpoint, layout)
        _create_lasting_tables()
    return layout


def forget() -> None:
    """The next test gets new tables: of these there are backups, or they are changed themselves."""
    _layouts.clear()


def _bound(endpoint: str, layout: Layout) -> None:
    bound_again(
        (endpoint, layout),
        partial(bind_models, layout=layout, region="us-east-1", endpoint=endpoint),
    )


def _emptied(endpoint: str, layout: Layout) -> bool:
    """Whether there were few enough rows to delete them."""
    _bound(endpoint, layout)
    client = _client()
    for table in bound_tables():
        found = client.scan(
            TableName=table, ProjectionExpression="PK, SK", Limit=FEW, ConsistentRead=True
        )
        if "LastEvaluatedKey" in found:
            return False
        rows = [{"DeleteRequest": {"Key": key}} for key in found["Items"]]
        for first in range(0, len(rows), BATCH):
            client.batch_write_item(RequestItems={table: rows[first : first + BATCH]})
    return True


def _create_lasting_tables() -> None:
    """Rows stay although their time is over: a test's clock stands in a year long past, and the
    store goes by its own."""
    create_tables()
    for table in declared_tables(StorageOptions()):
        _client().update_time_to_live(
            TableName=table.name,
            TimeToLiveSpecification={
                "Enabled": False,
                "AttributeName": table.options.ttl_attribute,
            },
        )


def _client() -> Any:
    return connection_of(TableItem).connection.client
