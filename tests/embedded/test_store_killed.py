"""`kill -9` of the store at the moment of an acknowledgement: what was answered is there again."""

from __future__ import annotations

import itertools
import resource
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import BotoCoreError, ClientError

from tests.store import Store, running

pytestmark = [pytest.mark.service, pytest.mark.slow]

TABLE = "killed"
ROUNDS = 12
WRITERS = 2
"""Threads for each kind of write."""

NOTHING = {"n": {"N": "0"}}

_naming = threading.Lock()
Row = dict[str, Any]


def create(client: Any, name: str = TABLE) -> None:
    client.create_table(
        TableName=name,
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[
            {"AttributeName": name, "AttributeType": "S"} for name in ("p", "s", "g")
        ],
        KeySchema=[
            {"AttributeName": "p", "KeyType": "HASH"},
            {"AttributeName": "s", "KeyType": "RANGE"},
        ],
        GlobalSecondaryIndexes=[
            {
                "IndexName": "index",
                "KeySchema": [{"AttributeName": "g", "KeyType": "HASH"}],
                "Projection": {"ProjectionType": "ALL"},
            }
        ],
    )


def key(partition: str, sort: str) -> Row:
    return {"p": {"S": partition}, "s": {"S": sort}}


def row(partition: str, sort: str, **others: Any) -> Row:
    return key(partition, sort) | {"g": {"S": f"by {partition}"}} | others


def rows(client: Any, partition: str, index: str | None = None) -> dict[str, Row]:
    """Of a partition, by sort key; from the index where it is asked for."""
    name, value = ("g", f"by {partition}") if index else ("p", partition)
    pages = client.get_paginator("query").paginate(
        TableName=TABLE,
        KeyConditionExpression=f"{name} = :value",
        ExpressionAttributeValues={":value": {"S": value}},
        **({"IndexName": index} if index else {}),
    )
    return {item["s"]["S"]: item for page in pages for item in page["Items"]}


@dataclass(frozen=True)
class Kind:
    """A kind of write. `check` gets the names that were acknowledged, and those of which nobody can
    know, because the store was gone before it answered."""

    write: Callable[[Any, str], object]
    check: Callable[[Any, set[str], set[str]], None]


def put(client: Any, name: str) -> None:
    client.put_item(TableName=TABLE, Item=row("puts", name))


def check_puts(client: Any, acknowledged: set[str], unknown: set[str]) -> None:
    stored = rows(client, "puts").keys()
    assert acknowledged <= stored <= acknowledged | unknown
    assert rows(client, "puts", "index").keys() == stored


def delete(client: Any, name: str) -> None:
    """The name is acknowledged once its row is gone again."""
    client.put_item(TableName=TABLE, Item=row("deletes", name))
    client.delete_item(TableName=TABLE, Key=key("deletes", name))


def check_deletes(client: Any, acknowledged: set[str], unknown: set[str]) -> None:
    assert rows(client, "deletes").keys() <= unknown


def count(client: Any, name: str) -> None:
    client.update_item(
        TableName=TABLE,
        Key=key("counters", "one"),
        UpdateExpression="ADD n :one",
        ExpressionAttributeValues={":one": {"N": "1"}},
    )


def check_count(client: Any, acknowledged: set[str], unknown: set[str]) -> None:
    counted = int(rows(client, "counters").get("one", NOTHING)["n"]["N"])
    assert len(acknowledged) <= counted <= len(acknowledged) + len(unknown)


def batch(client: Any, name: str) -> None:
    requests = [{"PutRequest": {"Item": row("batches", f"{name}/{n}")}} for n in range(5)]
    assert not client.batch_write_item(RequestItems={TABLE: requests})["UnprocessedItems"]


def check_batches(client: Any, acknowledged: set[str], unknown: set[str]) -> None:
    parts = Counter(sort.split("/")[0] for sort in rows(client, "batches"))
    assert set(parts.values()) <= {5}
    assert acknowledged <= parts.keys() <= acknowledged | unknown


def transact(client: Any, name: str) -> None:
    """Two rows and the count of them."""
    puts = [
        {"Put": {"TableName": TABLE, "Item": row("transactions", f"{name}/{half}")}}
        for half in "ab"
    ]
    update = {
        "TableName": TABLE,
        "Key": key("transactions", "count"),
        "UpdateExpression": "ADD n :two",
        "ExpressionAttributeValues": {":two": {"N": "2"}},
    }
    client.transact_write_items(ClientRequestToken=name, TransactItems=[*puts, {"Update": update}])


def check_transactions(client: Any, acknowledged: set[str], unknown: set[str]) -> None:
    found = rows(client, "transactions")
    counted = int(found.pop("count", NOTHING)["n"]["N"])
    halves = Counter(sort.split("/")[0] for sort in found)
    assert set(halves.values()) <= {2}
    assert counted == len(found)
    assert acknowledged <= halves.keys() <= acknowledged | unknown
    # A client that lost the answer, or saw none, sends the same again: nothing is done twice.
    for name in [*sorted(acknowledged)[-3:], *(halves.keys() & unknown)]:
        transact(client, name)
    counted_again = rows(client, "transactions").get("count", NOTHING)
    assert int(counted_again["n"]["N"]) == counted


def execute(client: Any, name: str) -> None:
    insert = f"INSERT INTO \"{TABLE}\" VALUE {{'p': 'statements', 's': ?, 'g': 'by statements'}}"
    client.execute_transaction(
        TransactStatements=[
            {"Statement": insert, "Parameters": [{"S": f"{name}/{half}"}]} for half in "ab"
        ]
    )


def check_statements(client: Any, acknowledged: set[str], unknown: set[str]) -> None:
    halves = Counter(sort.split("/")[0] for sort in rows(client, "statements"))
    assert set(halves.values()) <= {2}
    assert acknowledged <= halves.keys() <= acknowledged | unknown


KINDS = (
    Kind(put, check_puts),
    Kind(delete, check_deletes),
    Kind(count, check_count),
    Kind(batch, check_batches),
    Kind(transact, check_transactions),
    Kind(execute, check_statements),
)


class Writers:
    """Threads that write until the store is gone, and remember what it acknowledged."""

    def __init__(self, client: Any, kind: Kind, round_: int) -> None:
        self.begun: set[str] = set()
        self.acknowledged: set[str] = set()
        self._names = (f"{round_:02}-{n:05}" for n in itertools.count())
        self._threads = [
            threading.Thread(target=self._run, args=(client, kind)) for _ in range(WRITERS)
        ]
        for thread in self._threads:
            thread.start()

    def _run(self, client: Any, kind: Kind) -> None:
        while True:
            with _naming:
                name = next(self._names)
            self.begun.add(name)
            try:
                kind.write(client, name)
            except (BotoCoreError, ClientError):
                return
            self.acknowledged.add(name)

    def wait(self) -> None:
        for thread in self._threads:
            thread.join()


def test_what_was_acknowledged_outlives_kills(tmp_path: Path) -> None:
    acknowledged: dict[Kind, set[str]] = {kind: set() for kind in KINDS}
    unknown: dict[Kind, set[str]] = {kind: set() for kind in KINDS}
    for round_ in range(ROUNDS + 1):
        with running(tmp_path) as store:
            client = store.client()
            if round_ == 0:
                create(client)
            for kind in KINDS if round_ else ():
                kind.check(client, acknowledged[kind], unknown[kind])
            if round_ == ROUNDS:
                break
            writers = {kind: Writers(client, kind, round_) for kind in KINDS}
            # At the very moment at which one kind of write is acknowledged for the nth time.
            watched = writers[KINDS[round_ % len(KINDS)]].acknowledged
            while len(watched) <= round_ * 3:
                assert store.process.poll() is None
            store.kill()
            for kind, ended in writers.items():
                ended.wait()
                acknowledged[kind] |= ended.acknowledged
                unknown[kind] |= ended.begun - ended.acknowledged
    assert all(len(names) > ROUNDS for names in acknowledged.values())


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with running(tmp_path) as store:
        create(store.client())
        yield store


def after_a_kill(store: Store, folder: Path, look: Callable[[Any], Any]) -> tuple[Any, Any]:
    """What `look` sees before and after."""
    before = look(store.client())
    store.kill()
    with running(folder) as again:
        return before, look(again.client())


def test_what_is_set_of_a_table(store: Store, tmp_path: Path) -> None:
    client = store.client()
    arn = client.describe_table(TableName=TABLE)["Table"]["TableArn"]
    client.put_item(TableName=TABLE, Item=row("a", "b"))
    client.update_table(
        TableName=TABLE,
        StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"},
        DeletionProtectionEnabled=True,
    )
    client.update_table(
        TableName=TABLE,
        AttributeDefinitions=[{"AttributeName": "h", "AttributeType": "S"}],
        GlobalSecondaryIndexUpdates=[
            {
                "Create": {
                    "IndexName": "second",
                    "KeySchema": [{"AttributeName": "h", "KeyType": "HASH"}],
                    "Projection": {"ProjectionType": "KEYS_ONLY"},
                }
            }
        ],
    )
    client.update_time_to_live(
        TableName=TABLE, TimeToLiveSpecification={"Enabled": True, "AttributeName": "ttl"}
    )
    client.update_continuous_backups(
        TableName=TABLE, PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": True}
    )
    client.tag_resource(ResourceArn=arn, Tags=[{"Key": k, "Value": "v"} for k in ("one", "two")])
    client.untag_resource(ResourceArn=arn, TagKeys=["one"])

    def look(client: Any) -> list[Any]:
        pitr = client.describe_continuous_backups(TableName=TABLE)["ContinuousBackupsDescription"]
        return [
            client.describe_table(TableName=TABLE)["Table"],
            client.describe_time_to_live(TableName=TABLE)["TimeToLiveDescription"],
            client.list_tags_of_resource(ResourceArn=arn)["Tags"],
            pitr["PointInTimeRecoveryDescription"]["PointInTimeRecoveryStatus"],
        ]

    before, after = after_a_kill(store, tmp_path, look)
    assert after == before
    assert before[0]["StreamSpecification"]["StreamViewType"] == "NEW_IMAGE"
    assert len(before[0]["GlobalSecondaryIndexes"]) == 2
    assert before[0]["ItemCount"] == 1
    assert before[2] == [{"Key": "two", "Value": "v"}]
    assert before[3] == "ENABLED"


def test_tables_that_come_and_go(store: Store, tmp_path: Path) -> None:
    client = store.client()
    for name in ("gone", "again"):
        create(client, name)
        client.put_item(TableName=name, Item=row("a", "old"))
        client.delete_table(TableName=name)
    create(client, "again")
    client.put_item(TableName="again", Item=row("a", "new"))
    backup = client.create_backup(TableName="again", BackupName="kept")["BackupDetails"]
    client.delete_item(TableName="again", Key=key("a", "new"))
    client.restore_table_from_backup(TargetTableName="restored", BackupArn=backup["BackupArn"])

    def look(client: Any) -> list[Any]:
        tables = client.list_tables()["TableNames"]
        return [
            {name: client.scan(TableName=name)["Items"] for name in tables},
            client.list_backups()["BackupSummaries"],
        ]

    before, after = after_a_kill(store, tmp_path, look)
    assert after == before
    assert before[0] == {TABLE: [], "again": [], "restored": [row("a", "new")]}
    assert len(before[1]) == 1


def test_a_snapshot_holds_the_same(store: Store, tmp_path: Path) -> None:
    client = store.client()
    for n in range(120):
        client.put_item(TableName=TABLE, Item=row(f"many {n % 3}", f"{n:03}"))
    transact(client, "once")
    before = client.scan(TableName=TABLE)["Items"]
    assert store.stop() == 0
    assert (tmp_path / "snapshot").exists()
    with running(tmp_path) as again:
        client = again.client()
        transact(client, "once")
        assert client.scan(TableName=TABLE)["Items"] == before
        client.put_item(TableName=TABLE, Item=row("after", "it"))
        again.kill()
    with running(tmp_path) as again:
        assert len(again.client().scan(TableName=TABLE)["Items"]) == len(before) + 1


def test_without_room_writes_are_refused_and_reads_go_on(store: Store, tmp_path: Path) -> None:
    client = store.client()
    client.put_item(TableName=TABLE, Item=row("a", "before", n={"N": "1"}))
    size = max(tmp_path.glob("journal-*")).stat().st_size
    resource.prlimit(store.process.pid, resource.RLIMIT_FSIZE, (size + 10, size + 10))
    change = {
        "Key": key("a", "before"),
        "UpdateExpression": "ADD n :one",
        "ExpressionAttributeValues": {":one": {"N": "1"}},
    }
    for write in (
        lambda: client.put_item(TableName=TABLE, Item=row("a", "after")),
        lambda: client.update_item(TableName=TABLE, **change),
        lambda: client.delete_table(TableName=TABLE),
    ):
        with pytest.raises(ClientError, match="cannot write its journal") as caught:
            write()
        assert caught.value.response["Error"]["Code"] == "InternalServerError"
        assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 500
        # Nothing of it shows, before a restart as after.
        assert rows(client, "a") == {"before": row("a", "before", n={"N": "1"})}
    before, after = after_a_kill(store, tmp_path, lambda client: rows(client, "a"))
    assert after == before


def test_damaged_data_is_not_started_with(store: Store, tmp_path: Path) -> None:
    for n in range(3):
        store.client().put_item(TableName=TABLE, Item=row("a", str(n)))
    store.kill()
    path = max(tmp_path.glob("journal-*"))
    damaged = path.read_bytes().replace(b"GlobalSecondaryIndexes", b"GlobalSecondaryIndexez", 1)
    path.write_bytes(damaged)
    with pytest.raises(AssertionError, match="the server ended: 1"), running(tmp_path):
        """It ends."""
    assert path.read_bytes() == damaged
