"""Ministack's DynamoDB behind the journal, in this process: after any writes, reading the files
brings back the memory that was."""

from __future__ import annotations

import asyncio
import importlib
import json
import os
import resource
import tempfile
import threading
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from algoitny.embedded.durable import SETTINGS, TOKENS, DurableDynamoDB

Call = Callable[..., Awaitable[dict[str, Any]]]
SCHEMA = {
    "BillingMode": "PAY_PER_REQUEST",
    "AttributeDefinitions": [{"AttributeName": name, "AttributeType": "S"} for name in "kg"],
    "KeySchema": [{"AttributeName": "k", "KeyType": "HASH"}],
    "GlobalSecondaryIndexes": [
        {
            "IndexName": "index",
            "KeySchema": [{"AttributeName": "g", "KeyType": "HASH"}],
            "Projection": {"ProjectionType": "ALL"},
        }
    ],
}


@contextmanager
def ministack() -> Iterator[Any]:
    """Its module, empty and as it came; left so, too."""
    module = importlib.import_module("ministack.services.dynamodb")
    original = dict(vars(module))
    module.reset()
    try:
        yield module
    finally:
        original["reset"]()
        vars(module).update(original)


@pytest.fixture
def service() -> Iterator[Any]:
    with ministack() as module:
        yield module


def serve(service: Any, folder: Path, visit: Callable[[DurableDynamoDB, Call], Any]) -> Any:
    """Load, install, and await `visit(durable, call)`; nothing is left running or written."""

    async def live() -> Any:
        durable = DurableDynamoDB(service, folder)
        durable.load()
        durable.install()

        async def call(action: str, **data: Any) -> dict[str, Any]:
            target = {"x-amz-target": f"DynamoDB_20120810.{action}"}
            status, _, body = await service.handle_request(
                "POST", "/", target, json.dumps(data).encode(), {}
            )
            return {"status": status} | json.loads(body)

        try:
            return await visit(durable, call)
        finally:
            durable._journal.close()

    before = dict(vars(service))
    try:
        return asyncio.run(live())
    finally:
        vars(service).update(before)


def image(service: Any) -> dict[str, Any]:
    """All of its memory that is to be kept."""
    kept = {
        name: {
            scope: {k: v for k, v in value.items() if k != "_index_members"}
            if isinstance(value, dict)
            else value
            for scope, value in getattr(service, f"_{name}").all_items()
        }
        for name in (*SETTINGS, TOKENS)
    }
    copied: dict[str, Any] = json.loads(
        json.dumps({name: {str(s): v for s, v in found.items()} for name, found in kept.items()})
    )
    return copied


def read_again(service: Any, folder: Path) -> dict[str, Any]:
    service.reset()
    DurableDynamoDB(service, folder)._read()
    return image(service)


KEYS = st.sampled_from("abc")
TABLES = st.sampled_from(["first", "second"])
ROW = st.builds(lambda k, g: {"k": {"S": k}, "g": {"S": g}}, KEYS, st.sampled_from("xy"))
ADD = {
    "UpdateExpression": "ADD n :one",
    "ExpressionAttributeValues": {":one": {"N": "1"}},
}


def _key(k: str) -> dict[str, Any]:
    return {"k": {"S": k}}


def _write(table: str, row: dict[str, Any], kind: str) -> dict[str, Any]:
    if kind == "Put":
        return {"Put": {"TableName": table, "Item": row}}
    key = {"k": row["k"]}
    if kind == "Delete":
        exists = {"ConditionExpression": "attribute_exists(k)"}
        return {"Delete": {"TableName": table, "Key": key} | exists}
    return {"Update": {"TableName": table, "Key": key} | ADD}


REQUESTS = st.one_of(
    st.tuples(st.just("CreateTable"), st.builds(lambda t: {"TableName": t} | SCHEMA, TABLES)),
    st.tuples(
        st.just("DeleteTable") | st.just("DescribeTable"),
        st.fixed_dictionaries({"TableName": TABLES}),
    ),
    st.tuples(st.just("PutItem"), st.fixed_dictionaries({"TableName": TABLES, "Item": ROW})),
    st.tuples(
        st.just("DeleteItem"),
        st.builds(lambda t, k: {"TableName": t, "Key": _key(k)}, TABLES, KEYS),
    ),
    st.tuples(
        st.just("UpdateItem"),
        st.builds(lambda t, k: {"TableName": t, "Key": _key(k)} | ADD, TABLES, KEYS),
    ),
    st.tuples(
        st.just("TransactWriteItems"),
        st.builds(
            lambda token, writes: {"ClientRequestToken": token, "TransactItems": writes},
            st.sampled_from(["one", "two"]),
            st.lists(
                st.builds(_write, TABLES, ROW, st.sampled_from(["Put", "Delete", "Update"])),
                min_size=1,
                max_size=3,
            ),
        ),
    ),
    st.tuples(
        st.just("BatchWriteItem"),
        st.builds(
            lambda table, row, k: {
                "RequestItems": {
                    table: [
                        {"PutRequest": {"Item": row}},
                        {"DeleteRequest": {"Key": _key(k)}},
                    ]
                }
            },
            TABLES,
            ROW,
            KEYS,
        ),
    ),
    st.tuples(
        st.just("ExecuteTransaction"),
        st.builds(
            lambda table, keys: {
                "TransactStatements": [
                    {"Statement": f"INSERT INTO \"{table}\" VALUE {{'k': '{k}'}}"} for k in keys
                ]
            },
            TABLES,
            st.lists(KEYS, min_size=1, max_size=2),
        ),
    ),
    st.tuples(
        st.just("UpdateTimeToLive"),
        st.builds(
            lambda t, on: {
                "TableName": t,
                "TimeToLiveSpecification": {"Enabled": on, "AttributeName": "ttl"},
            },
            TABLES,
            st.booleans(),
        ),
    ),
    st.tuples(
        st.just("CreateBackup"),
        st.builds(lambda t: {"TableName": t, "BackupName": "kept"}, TABLES),
    ),
    st.tuples(st.just("snapshot"), st.just({})),
)


@pytest.mark.slow
@given(st.lists(REQUESTS, min_size=3, max_size=14))
@settings(max_examples=60, deadline=None)
def test_the_files_are_the_memory(requests: list[tuple[str, dict[str, Any]]]) -> None:
    async def visit(durable: DurableDynamoDB, call: Call) -> dict[str, Any]:
        created = await call("CreateTable", TableName="first", **SCHEMA)
        assert created["status"] == 200
        for action, data in requests:
            if action == "snapshot":
                await durable._shorten()
            else:
                await call(action, **data)
        return image(service)

    with ministack() as service, tempfile.TemporaryDirectory() as folder:
        memory = serve(service, Path(folder), visit)
        assert read_again(service, Path(folder)) == memory


def test_a_snapshot_in_passing_is_right_whatever_is_written_meanwhile(
    service: Any, tmp_path: Path
) -> None:
    async def visit(durable: DurableDynamoDB, call: Call) -> dict[str, Any]:
        for name in ("first", "second"):
            await call("CreateTable", TableName=name, **SCHEMA)
            for n in range(300):
                await call("PutItem", TableName=name, Item=_key(f"{n:03}"))

        async def others() -> None:
            n = 0
            while not writing.done():
                pair = [
                    _write("first", _key(f"{n % 300:03}"), "Update"),
                    _write("second", _key(f"{299 - n % 300:03}"), "Delete" if n % 2 else "Update"),
                ]
                await call("TransactWriteItems", TransactItems=pair)
                n += 1
                await asyncio.sleep(0)
                if n == 3:
                    await call("DeleteTable", TableName="second")
                    await call("CreateTable", TableName="second", **SCHEMA)

        writing = asyncio.create_task(durable._shorten())
        await others()
        assert (tmp_path / "snapshot").exists()
        return image(service)

    memory = serve(service, tmp_path, visit)
    assert len(memory["tables"]) == 2
    assert read_again(service, tmp_path) == memory


def test_the_journal_stays_bounded(service: Any, tmp_path: Path) -> None:
    async def visit(durable: DurableDynamoDB, call: Call) -> dict[str, Any]:
        durable._journal._longest_bytes = 4000
        await call("CreateTable", TableName="first", **SCHEMA)
        for n in range(400):
            await call("PutItem", TableName="first", Item=_key(str(n % 5)) | {"n": {"N": str(n)}})
        if durable._snapshot:
            await durable._snapshot
        return image(service)

    memory = serve(service, tmp_path, visit)
    assert sum(path.stat().st_size for path in tmp_path.iterdir()) < 30_000
    assert read_again(service, tmp_path) == memory


def test_nothing_is_answered_before_it_is_synced(
    service: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    let_go = threading.Event()
    monkeypatch.setattr("os.fdatasync", lambda _: let_go.wait(30))

    async def visit(_: DurableDynamoDB, call: Call) -> None:
        let_go.set()
        await call("CreateTable", TableName="first", **SCHEMA)
        let_go.clear()
        new = {
            "TableName": "first",
            "Item": _key("a"),
            "ConditionExpression": "attribute_not_exists(k)",
        }
        first = asyncio.create_task(call("PutItem", **new))
        refused = asyncio.create_task(call("PutItem", **new))
        read = await call("GetItem", TableName="first", Key=_key("a"))
        assert read["status"] == 200
        assert not first.done()
        # What it was told rests on the first one's write.
        assert not refused.done()
        let_go.set()
        assert (await first)["status"] == 200
        assert "ConditionalCheckFailed" in (await refused)["__type"]

    serve(service, tmp_path, visit)


def test_what_cannot_be_written_did_not_happen(service: Any, tmp_path: Path) -> None:
    async def visit(_: DurableDynamoDB, call: Call) -> None:
        await call("CreateTable", TableName="first", **SCHEMA)
        await call("PutItem", TableName="first", Item=_key("a"))
        before = image(service)
        (file,) = (path for path in os.scandir(tmp_path) if path.name.startswith("journal-"))
        size = file.stat().st_size
        soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (size + 9, hard))
        try:
            pair = [_write("first", _key("a"), "Delete"), _write("first", _key("b"), "Update")]
            answer = await call("TransactWriteItems", TransactItems=pair)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        assert answer["status"] == 500
        assert answer["__type"] == "InternalServerError"
        assert image(service) == before
        # There is room again, but nobody can know for how long.
        answer = await call("PutItem", TableName="first", Item=_key("b"))
        assert answer["status"] == 500
        assert (await call("GetItem", TableName="first", Key=_key("a")))["Item"] == _key("a")

    serve(service, tmp_path, visit)


def test_a_store_that_knows_not_what_it_has_serves_nobody(
    service: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Ended(BaseException):
        pass

    def end(_: int) -> None:
        raise Ended

    def damaged() -> None:
        raise OSError("the disk is gone")

    async def visit(store: DurableDynamoDB, call: Call) -> None:
        await call("CreateTable", TableName="first", **SCHEMA)
        monkeypatch.setattr(store, "_read", damaged)
        monkeypatch.setattr(store._journal, "append", lambda _: damaged())
        monkeypatch.setattr("algoitny.embedded.durable.os._exit", end)
        with pytest.raises(Ended):
            await call("PutItem", TableName="first", Item=_key("a"))
        monkeypatch.undo()

    serve(service, tmp_path, visit)


def test_expired_rows_go_and_renewed_ones_stay(service: Any, tmp_path: Path) -> None:
    async def visit(_: DurableDynamoDB, call: Call) -> dict[str, Any]:
        await call("CreateTable", TableName="first", **SCHEMA)
        ttl = {"Enabled": True, "AttributeName": "ttl"}
        await call("UpdateTimeToLive", TableName="first", TimeToLiveSpecification=ttl)
        past, future = ({"ttl": {"N": str(int(time.time()) + s)}} for s in (-9, 900))
        for name in ("expired", "renewed"):
            await call("PutItem", TableName="first", Item=_key(name) | past)
        (table,) = service._tables.all_values()

        def reap() -> None:
            """As ministack's thread does, which has looked at the rows before."""
            for name in ("expired", "renewed"):
                service._remove_item(table, name, "__no_sort__")

        renewing = asyncio.create_task(
            call("PutItem", TableName="first", Item=_key("renewed") | future)
        )
        thread = threading.Thread(target=reap)
        thread.start()
        thread.join()
        assert set(table["items"]) == {"expired", "renewed"}
        await renewing
        assert set(table["items"]) == {"renewed"}
        return image(service)

    memory = serve(service, tmp_path, visit)
    assert read_again(service, tmp_path) == memory


def test_old_tokens_are_forgotten(service: Any, tmp_path: Path) -> None:
    async def visit(_: DurableDynamoDB, call: Call) -> None:
        await call("CreateTable", TableName="first", **SCHEMA)
        put = [_write("first", _key("a"), "Put")]
        await call("TransactWriteItems", TransactItems=put, ClientRequestToken="once")

    serve(service, tmp_path, visit)
    assert len(read_again(service, tmp_path)[TOKENS]) == 1
    service._TXN_TOKEN_TTL = 0
    assert read_again(service, tmp_path)[TOKENS] == {}


def test_ministack_neither_saves_nor_forgets_on_its_own(service: Any, tmp_path: Path) -> None:
    async def visit(_: DurableDynamoDB, call: Call) -> None:
        await call("CreateTable", TableName="first", **SCHEMA)
        service.reset()
        service.load_persisted_state({"tables": {"other": {}}})
        assert service.get_state() is None
        assert (await call("ListTables"))["TableNames"] == ["first"]

    serve(service, tmp_path, visit)
