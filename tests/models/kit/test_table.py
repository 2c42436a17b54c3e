"""Creating the table: once, as declared, and never over a table that differs."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest

from algoitny.domain.errors import StoreUnavailable
from algoitny.models import (
    TableItem,
    bind_models,
    create_table,
    describe_table,
    table_differences,
)
from algoitny.models.kit.binding import connection_of
from algoitny.models.kit.table import SchemaDiffers, declared_schema
from tests.faults import Faults, unreachable


def client() -> Any:
    return connection_of(TableItem).connection.client


def described() -> dict[str, Any]:
    description = describe_table()
    assert description is not None
    return description


def test_keys_and_indexes_are_those_of_the_data_model() -> None:
    schema = declared_schema(TableItem)
    assert schema["KeySchema"] == [
        {"AttributeName": "PK", "KeyType": "HASH"},
        {"AttributeName": "SK", "KeyType": "RANGE"},
    ]
    indexes = {index["IndexName"]: index for index in schema["GlobalSecondaryIndexes"]}
    assert set(indexes) == {"GSI1", "GSI2", "GSI3"}
    for name, index in indexes.items():
        assert index["KeySchema"] == [
            {"AttributeName": f"{name}PK", "KeyType": "HASH"},
            {"AttributeName": f"{name}SK", "KeyType": "RANGE"},
        ]
    assert indexes["GSI1"]["Projection"] == {"ProjectionType": "ALL"}
    assert indexes["GSI2"]["Projection"]["ProjectionType"] == "INCLUDE"
    assert len(indexes["GSI2"]["Projection"]["NonKeyAttributes"]) <= 20
    assert "tp" in indexes["GSI2"]["Projection"]["NonKeyAttributes"]
    assert indexes["GSI3"]["Projection"] == {
        "ProjectionType": "INCLUDE",
        "NonKeyAttributes": ["tp", "lng", "ver"],
    }
    types = {each["AttributeType"] for each in schema["AttributeDefinitions"]}
    assert types == {"S"}
    assert len(schema["AttributeDefinitions"]) == 8


def test_a_new_table_is_as_declared(table: None) -> None:
    found = described()
    assert table_differences(found) == ()
    assert found["TimeToLive"] == {"TimeToLiveStatus": "ENABLED", "AttributeName": "ttl"}
    assert found["StreamSpecification"]["StreamViewType"] == "NEW_AND_OLD_IMAGES"
    assert found["BillingModeSummary"]["BillingMode"] == "PAY_PER_REQUEST"
    assert not found["DeletionProtectionEnabled"]
    assert create_table(protected=False) is False


def test_protection_can_be_turned_on_afterwards(table: None) -> None:
    assert create_table(protected=True, tags={"a": "b"}) is False
    found = described()
    assert found["DeletionProtectionEnabled"]
    assert found["PointInTimeRecovery"] == "ENABLED"


def test_a_protected_table_with_tags(table: None) -> None:
    bind_models(table_name="protected", region="us-east-1")
    assert describe_table() is None
    assert create_table(protected=True, tags={"Application": "x"}) is True
    found = described()
    assert found["DeletionProtectionEnabled"]
    assert found["PointInTimeRecovery"] == "ENABLED"
    tags = client().list_tags_of_resource(ResourceArn=found["TableArn"])["Tags"]
    assert tags == [{"Key": "Application", "Value": "x"}]


def test_a_table_of_another_shape_is_left_alone(table: None) -> None:
    bind_models(table_name="other-shape", region="us-east-1")
    schema = deepcopy(declared_schema(TableItem))
    (gsi2,) = [each for each in schema["GlobalSecondaryIndexes"] if each["IndexName"] == "GSI2"]
    gsi2["Projection"] = {"ProjectionType": "KEYS_ONLY"}
    client().create_table(TableName="other-shape", BillingMode="PAY_PER_REQUEST", **schema)
    with pytest.raises(SchemaDiffers) as caught:
        create_table(protected=True)
    stream, index = caught.value.differences
    assert stream == "stream is None, declared 'NEW_AND_OLD_IMAGES'"
    assert index.startswith("index GSI2 is")
    assert described()["TimeToLive"]["TimeToLiveStatus"] == "DISABLED"
    assert not described()["DeletionProtectionEnabled"]


def test_missing_indexes_and_other_keys_are_differences(table: None) -> None:
    found = described()
    less = {**found, "GlobalSecondaryIndexes": found["GlobalSecondaryIndexes"][1:]}
    assert [text.split()[:2] for text in table_differences(less)] == [["index", "GSI1"]]
    keys = [{"AttributeName": "id", "KeyType": "HASH"}]
    assert "key schema" in table_differences({**found, "KeySchema": keys})[0]
    types = [{"AttributeName": "PK", "AttributeType": "N"}]
    assert "key attributes" in table_differences({**found, "AttributeDefinitions": types})[0]


def test_a_process_that_was_slower_finds_the_table(table: None, faults: Faults) -> None:
    def not_there_yet(call: Any) -> Any:
        answer = call()
        error_of_missing = client().exceptions.ResourceNotFoundException
        raise error_of_missing(
            {"Error": {"Code": "ResourceNotFoundException"}, "Answer": answer}, "DescribeTable"
        )

    faults.add("DescribeTable", not_there_yet)
    assert create_table(protected=False) is False


def test_a_store_that_is_away(faults: Faults) -> None:
    faults.add("DescribeTable", unreachable)
    with pytest.raises(StoreUnavailable):
        create_table(protected=False)
