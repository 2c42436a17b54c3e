"""Backups that the store keeps: a table made from one is as declared, and holds what was there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from uuid import uuid4

import pytest

from algoitny.domain.errors import NotFound, StoreRejected, StoreUnavailable
from algoitny.models import bind_models
from algoitny.models.base import TableItem
from algoitny.models.kit.keys import Key
from algoitny.models.kit.operations import get, put
from algoitny.models.kit.table_backup import (
    create_backup,
    get_backup,
    list_backups,
    restore_backup,
)
from algoitny.models.kit.table_clients import Clients
from algoitny.models.kit.table_declaration import Bounds, Provisioned, Table, Throughput
from algoitny.models.kit.table_state import describe_table, differences
from algoitny.models.layout import single
from algoitny.models.tables import StorageOptions, create_tables, declared_tables
from tests.faults import Faults
from tests.tables import forget

pytestmark = pytest.mark.slow

OPTIONS = StorageOptions(protected=True, tags={"Application": "x"}, lenient=False)

BOUNDS = Bounds(minimum=2, maximum=9)
SCALED = replace(
    OPTIONS,
    provisioned=Provisioned(table=Throughput(read=BOUNDS, write=BOUNDS)),
    has_scaling=True,
)
"""moto makes every restored table a provisioned one, and only moto has auto scaling."""


@pytest.fixture(autouse=True)
def new_tables() -> Iterator[None]:
    """Backups outlive what was in a table, and a restored one is not as others expect it."""
    forget()
    yield
    forget()


@pytest.fixture(params=["memory", pytest.param("store", marks=pytest.mark.service)])
def source(request: pytest.FixtureRequest) -> Table:
    """A table with one item."""
    request.getfixturevalue(f"{request.param}_table")
    options = OPTIONS
    if request.param == "memory":
        options = SCALED
        bind_models(layout=single("source"), region="us-east-1")
    create_tables(options)
    put(TableItem("A", "META", version=1))
    return declared_tables(options)[0]


@pytest.fixture
def clients(source: Table) -> Clients:
    return Clients(TableItem, has_scaling=True)


def elsewhere(source: Table) -> Table:
    return replace(source, name=f"algoitny-{uuid4().hex}")


def test_a_restored_table_is_as_declared(source: Table, clients: Clients) -> None:
    backup = create_backup(clients, source, "before-upgrade")
    assert (backup.name, backup.table, backup.status) == (
        "before-upgrade",
        source.name,
        "AVAILABLE",
    )
    put(TableItem("A", "META", version=2))
    faults = Faults()
    target = elsewhere(source)
    done = restore_backup(clients, backup.arn, target)
    assert (done.table, done.notes) == (target.name, ())
    state = describe_table(clients, target)
    assert state is not None
    assert differences(target, state) == ()
    faults.remove()
    (request,) = faults.sent("RestoreTableFromBackup")
    assert request["BillingModeOverride"] == state.billing
    raw = clients.tables.get_item(
        TableName=target.name, Key={"PK": {"S": "A"}, "SK": {"S": "META"}}
    )
    assert raw["Item"]["v"] == {"N": "1"}


def test_backups_are_listed_oldest_first(source: Table, clients: Clients) -> None:
    first = create_backup(clients, source, "first")
    second = create_backup(clients, source, "second")
    found = list_backups(clients, [source, elsewhere(source)])
    assert [each.arn for each in found] == [first.arn, second.arn]
    assert get_backup(clients, first.arn).table == source.name


def test_what_is_not_there(source: Table, clients: Clients) -> None:
    with pytest.raises(NotFound, match="does not exist"):
        create_backup(clients, elsewhere(source), "backup")
    arn = create_backup(clients, source, "backup").arn
    clients.tables.delete_backup(BackupArn=arn)
    with pytest.raises(NotFound):
        get_backup(clients, arn)
    with pytest.raises(NotFound):
        restore_backup(clients, arn, elsewhere(source))


def test_nothing_is_restored_over_a_table(source: Table, clients: Clients) -> None:
    arn = create_backup(clients, source, "backup").arn
    with pytest.raises(StoreRejected, match="already"):
        restore_backup(clients, arn, source)
    item = get(TableItem, Key("A", "META"))
    assert item is not None


def test_a_backup_that_is_never_ready(source: Table, clients: Clients) -> None:
    faults = Faults()

    def creating(call):
        answer = call()
        answer["BackupDescription"]["BackupDetails"]["BackupStatus"] = "CREATING"
        return answer

    faults.add("DescribeBackup", *[creating] * 5)
    with pytest.raises(StoreUnavailable, match="was not ready in time"):
        create_backup(clients, source, "backup", timeout=0)
    faults.remove()
