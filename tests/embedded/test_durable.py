"""The journal in front of ministack's DynamoDB, case by case; any requests in any order are in
`test_durable_requests`."""

from __future__ import annotations

import asyncio
import os
import resource
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from algoitny.embedded.durable import TOKENS, DurableDynamoDB
from tests.embedded.ministack import SCHEMA, Call, image, key, ministack, read_again, serve, write


@pytest.fixture
def service() -> Iterator[Any]:
    with ministack() as module:
        yield module


def test_a_snapshot_in_passing_is_right_whatever_is_written_meanwhile(
    service: Any, tmp_path: Path
) -> None:
    async def visit(durable: DurableDynamoDB, call: Call) -> dict[str, Any]:
        for name in ("first", "second"):
            await call("CreateTable", TableName=name, **SCHEMA)
            for n in range(300):
                await call("PutItem", TableName=name, Item=key(f"{n:03}"))

        async def others() -> None:
            n = 0
            while not writing.done():
                pair = [
                    write("first", key(f"{n % 300:03}"), "Update"),
                    write("second", key(f"{299 - n % 300:03}"), "Delete" if n % 2 else "Update"),
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
            await call("PutItem", TableName="first", Item=key(str(n % 5)) | {"n": {"N": str(n)}})
            # How much is written meanwhile is up to the disk.
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
            "Item": key("a"),
            "ConditionExpression": "attribute_not_exists(k)",
        }
        first = asyncio.create_task(call("PutItem", **new))
        refused = asyncio.create_task(call("PutItem", **new))
        read = await call("GetItem", TableName="first", Key=key("a"))
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
        await call("PutItem", TableName="first", Item=key("a"))
        before = image(service)
        (file,) = (path for path in os.scandir(tmp_path) if path.name.startswith("journal-"))
        size = file.stat().st_size
        soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (size + 9, hard))
        try:
            pair = [write("first", key("a"), "Delete"), write("first", key("b"), "Update")]
            answer = await call("TransactWriteItems", TransactItems=pair)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        assert answer["status"] == 500
        assert answer["__type"] == "InternalServerError"
        assert image(service) == before
        # There is room again, but nobody can know for how long.
        answer = await call("PutItem", TableName="first", Item=key("b"))
        assert answer["status"] == 500
        assert (await call("GetItem", TableName="first", Key=key("a")))["Item"] == key("a")

    serve(service, tmp_path, visit)


def test_a_store_that_does_not_know_what_it_holds_serves_nobody(
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
            await call("PutItem", TableName="first", Item=key("a"))
        monkeypatch.undo()

    serve(service, tmp_path, visit)


def test_expired_rows_go_and_renewed_ones_stay(service: Any, tmp_path: Path) -> None:
    async def visit(_: DurableDynamoDB, call: Call) -> dict[str, Any]:
        await call("CreateTable", TableName="first", **SCHEMA)
        ttl = {"Enabled": True, "AttributeName": "ttl"}
        await call("UpdateTimeToLive", TableName="first", TimeToLiveSpecification=ttl)
        past, future = ({"ttl": {"N": str(int(time.time()) + s)}} for s in (-9, 900))
        for name in ("expired", "renewed"):
            await call("PutItem", TableName="first", Item=key(name) | past)
        (table,) = service._tables.all_values()

        def reap() -> None:
            """As ministack's thread does, which has looked at the rows before."""
            for name in ("expired", "renewed"):
                service._remove_item(table, name, "__no_sort__")

        renewing = asyncio.create_task(
            call("PutItem", TableName="first", Item=key("renewed") | future)
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
        put = [write("first", key("a"), "Put")]
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
