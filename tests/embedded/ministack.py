"""Ministack's DynamoDB behind the journal, in this process, and requests to send to it."""

from __future__ import annotations

import asyncio
import importlib
import json
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

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
    """The image after a restart that finds only the files."""
    service.reset()
    DurableDynamoDB(service, folder)._read()
    return image(service)


ADD = {
    "UpdateExpression": "ADD n :one",
    "ExpressionAttributeValues": {":one": {"N": "1"}},
}


def key(k: str) -> dict[str, Any]:
    return {"k": {"S": k}}


def write(table: str, row: dict[str, Any], kind: str) -> dict[str, Any]:
    """One write of a transaction: `Put`, `Delete` (of what is there) or `Update`."""
    if kind == "Put":
        return {"Put": {"TableName": table, "Item": row}}
    of_row = {"k": row["k"]}
    if kind == "Delete":
        exists = {"ConditionExpression": "attribute_exists(k)"}
        return {"Delete": {"TableName": table, "Key": of_row} | exists}
    return {"Update": {"TableName": table, "Key": of_row} | ADD}
