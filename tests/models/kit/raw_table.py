"""A small table without models, to compare what is charged with what was worked out by hand."""

from __future__ import annotations

from typing import Any

import boto3

NAME = "things"
KEYS_ONLY, SOME, ALL = "by-colour", "by-shape", "by-age"


def create_raw_table(client: Any) -> None:
    """`P`, `S`, and an index of each kind of projection: of `c`, of `f`, of `a` and `b`."""
    client.create_table(
        TableName=NAME,
        BillingMode="PAY_PER_REQUEST",
        KeySchema=_keys("P", "S"),
        AttributeDefinitions=[
            {"AttributeName": name, "AttributeType": "S"} for name in ("P", "S", "c", "f", "a", "b")
        ],
        GlobalSecondaryIndexes=[
            _index(KEYS_ONLY, ("c", "S"), {"ProjectionType": "KEYS_ONLY"}),
            _index(SOME, ("f", "S"), {"ProjectionType": "INCLUDE", "NonKeyAttributes": ["x"]}),
            _index(ALL, ("a", "b"), {"ProjectionType": "ALL"}),
        ],
    )


def raw_client(endpoint: str | None = None) -> Any:
    """A bare botocore client; of a store at `endpoint`, or of moto's."""
    return boto3.client(
        "dynamodb",
        region_name="us-east-1",
        endpoint_url=endpoint,
        aws_access_key_id="local",
        aws_secret_access_key="local",
    )


def a_thing(sort: str = "1", *, size: int | None = None, **text: str) -> dict[str, Any]:
    """An item of the partition `p`; with `size`, filled up to so many bytes by attribute `z`."""
    item: dict[str, Any] = {"P": {"S": "p"}, "S": {"S": sort}}
    item |= {name: {"S": value} for name, value in text.items()}
    if size is not None:
        used = sum(len(name) + len(value["S"]) for name, value in item.items())
        item["z"] = {"S": "z" * (size - used - 1)}
    return item


def key(sort: str = "1") -> dict[str, Any]:
    return a_thing(sort)


def _index(name: str, keys: tuple[str, str], projection: dict[str, Any]) -> dict[str, Any]:
    return {"IndexName": name, "KeySchema": _keys(*keys), "Projection": projection}


def _keys(partition: str, sort: str) -> list[dict[str, str]]:
    return [
        {"AttributeName": partition, "KeyType": "HASH"},
        {"AttributeName": sort, "KeyType": "RANGE"},
    ]
