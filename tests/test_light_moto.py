"""The moto of the tests answers as moto does; `models/kit/test_local_stores.py` asks it more."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError
from moto import mock_aws

from tests.light_moto import lighten
from tests.models.kit.raw_table import ALL, NAME, create_raw_table, key, raw_client

pytestmark = pytest.mark.slow

OF_EVERY_TYPE = {
    "a": {"S": "old"},
    "b": {"S": "b"},
    "empty": {"S": ""},
    "bytes": {"B": b"\x00\xff"},
    "some bytes": {"BS": [b"1", b"2"]},
    "texts": {"SS": ["x", "y"]},
    "numbers": {"NS": ["1", "2.5"]},
    "amount": {"N": "12"},
    "flag": {"BOOL": False},
    "nothing": {"NULL": True},
    "list": {"L": [{"N": "1"}, {"M": {"of": {"L": []}}}, {"B": b"\x01"}]},
    "map": {"M": {"deep": {"M": {"er": {"SS": ["z"]}}}, "empty": {"M": {}}}},
}
PUT = {"TableName": NAME, "Item": key() | OF_EVERY_TYPE}
SAME = {"TableName": NAME, "Key": key()}
OTHER = {"TableName": NAME, "Key": key("2")}
COUNTED = {
    "UpdateExpression": "SET #n = if_not_exists(#n, :none) + :one, #l = list_append(#l, :more), "
    "#m.deep.er = :x REMOVE #f, #l[0] ADD texts :x DELETE numbers :two",
    "ConditionExpression": "attribute_exists(P) AND (#n < :many OR NOT begins_with(a, :old)) "
    "AND #n BETWEEN :none AND :many AND a IN (:old, :one)",
    "ExpressionAttributeNames": {"#n": "amount", "#l": "list", "#m": "map", "#f": "flag"},
    "ExpressionAttributeValues": {
        ":none": {"N": "0"},
        ":one": {"N": "1"},
        ":many": {"N": "100"},
        ":two": {"NS": ["2.5"]},
        ":old": {"S": "old"},
        ":x": {"SS": ["new"]},
        ":more": {"L": [{"S": "last"}]},
    },
}
TWICE = {
    "UpdateExpression": "SET #a = :x REMOVE #a",
    "ExpressionAttributeNames": {"#a": "c"},
    "ExpressionAttributeValues": {":x": {"S": "x"}},
}
IS_NEW = {"ConditionExpression": "attribute_not_exists(P)"}
BOTH = {NAME: {"Keys": [key(), key("2"), key("none")]}}
OF_P = {
    "TableName": NAME,
    "KeyConditionExpression": "P = :p AND S BETWEEN :s AND :t",
    "ExpressionAttributeValues": {":p": {"S": "p"}, ":s": {"S": "1"}, ":t": {"S": "3"}},
}
OF_ALL = {
    "TableName": NAME,
    "IndexName": ALL,
    "KeyConditionExpression": "a = :a",
    "FilterExpression": "size(texts) > :n",
    "ExpressionAttributeValues": {":a": {"S": "old"}, ":n": {"N": "1"}},
}
RESULTS = ("NONE", "ALL_OLD", "ALL_NEW", "UPDATED_OLD", "UPDATED_NEW")
REQUESTS: list[tuple[str, dict[str, Any]]] = [
    ("put_item", PUT),
    ("put_item", PUT | {"Item": key() | OF_EVERY_TYPE | {"b": {"S": ""}}}),
    ("put_item", PUT | IS_NEW | {"ReturnValuesOnConditionCheckFailure": "ALL_OLD"}),
    ("get_item", SAME),
    (
        "get_item",
        SAME
        | {"ProjectionExpression": "#m.deep, amount", "ExpressionAttributeNames": {"#m": "map"}},
    ),
    ("get_item", OTHER),
    *(("update_item", SAME | COUNTED | {"ReturnValues": wanted}) for wanted in RESULTS),
    ("update_item", SAME | TWICE),
    ("update_item", OTHER | COUNTED),
    ("update_item", SAME | {"UpdateExpression": "SET amount = :x"}),
    ("update_item", SAME | {"UpdateExpression": "SET SET"}),
    ("batch_write_item", {"RequestItems": {NAME: [{"PutRequest": {"Item": key("2")}}]}}),
    ("batch_get_item", {"RequestItems": BOTH, "ReturnConsumedCapacity": "TOTAL"}),
    ("query", OF_P | {"Limit": 1}),
    ("query", OF_P | {"ScanIndexForward": False, "ExclusiveStartKey": key("2")}),
    ("query", OF_P | {"Select": "COUNT"}),
    ("query", OF_ALL | {"ReturnConsumedCapacity": "INDEXES"}),
    ("scan", {"TableName": NAME, "FilterExpression": "attribute_exists(texts)"}),
    ("transact_get_items", {"TransactItems": [{"Get": SAME}, {"Get": OTHER}]}),
    (
        "transact_write_items",
        {
            "TransactItems": [
                {"Update": SAME | COUNTED},
                {"Delete": OTHER | IS_NEW},
                {"Put": PUT | {"Item": key("3")}},
            ]
        },
    ),
    (
        "transact_write_items",
        {
            "TransactItems": [
                {"Update": SAME | COUNTED},
                {"Delete": OTHER},
                {"Put": PUT | {"Item": key("3")}},
                {"ConditionCheck": {"TableName": NAME, "Key": key("4"), **IS_NEW}},
            ]
        },
    ),
    ("put_item", PUT | {"Item": key("5") | {"z": {"S": "z" * 405_000}}}),
    ("delete_item", SAME | {"ReturnValues": "ALL_OLD"}),
    ("scan", {"TableName": NAME}),
    ("describe_time_to_live", {"TableName": NAME}),
    ("query", OF_P | {"TableName": "none"}),
]


def answers() -> list[Any]:
    """Of a new table, to each request in turn."""
    with mock_aws():
        client = raw_client()
        create_raw_table(client)
        return [answer(client, *request) for request in REQUESTS]


def answer(client: Any, method: str, request: dict[str, Any]) -> Any:
    try:
        given = getattr(client, method)(**request)
    except ClientError as error:
        given = error.response
    return {name: value for name, value in given.items() if name != "ResponseMetadata"} | {
        "status": given["ResponseMetadata"]["HTTPStatusCode"]
    }


def test_it_answers_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    expected = answers()
    lighten(monkeypatch)
    for request, given, wanted in zip(REQUESTS, answers(), expected, strict=True):
        assert given == wanted, request
    assert {answer["status"] for answer in expected} == {200, 400}
