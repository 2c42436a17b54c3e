"""Creating tables: once, as declared, and never over one of another structure."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import replace
from typing import Any

import pytest

from algoitny.domain.errors import StoreUnavailable
from algoitny.models import MODELS, bind_models
from algoitny.models.base import TableItem
from algoitny.models.kit.table import TableDiffers, TableProtected, delete_table, ensure_table
from algoitny.models.kit.table_clients import Clients, MissingApi
from algoitny.models.kit.table_declaration import Table, declared_schema
from algoitny.models.kit.table_state import Kind, TableState, describe_table, differences
from algoitny.models.layout import hybrid, single
from algoitny.models.tables import StorageOptions, create_tables, declared_tables
from tests.faults import Faults, _client_error, unreachable

pytestmark = pytest.mark.slow

PROTECTED = StorageOptions(protected=True, tags={"Application": "x"}, lenient=False)


def declared(options: StorageOptions | None = None) -> Table:
    return declared_tables(options or StorageOptions())[0]


def described(table: Table | None = None) -> TableState:
    state = describe_table(Clients(TableItem), table or declared())
    assert state is not None
    return state


def client() -> Any:
    return Clients(TableItem).tables


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


def test_the_tables_of_all_families_have_the_same_keys_and_indexes() -> None:
    schemas = [declared_schema(model) for model in MODELS]
    assert all(schema == schemas[0] for schema in schemas)


def test_a_new_table_is_as_declared(table: None) -> None:
    assert differences(declared(), described()) == ()
    state = described()
    assert (state.expires_by, state.stream) == ("ttl", "NEW_AND_OLD_IMAGES")
    assert state.billing == "PAY_PER_REQUEST"
    assert (state.protected, state.recovery) == (False, False)
    assert [each.made for each in create_tables()] == [False]


def test_the_hybrid_layout_has_three(table: None) -> None:
    bind_models(layout=hybrid("Algo"), region="us-east-1")
    made = create_tables(PROTECTED)
    assert [(each.table, each.made, each.notes) for each in made] == [
        ("Algo-Main", True, ()),
        ("Algo-Users", True, ()),
        ("Algo-Plans", True, ()),
    ]
    for each in declared_tables(PROTECTED):
        assert differences(each, described(each)) == ()
    assert [each.label for each in declared_tables(PROTECTED)] == ["main", "users", "plans"]


def test_what_is_not_as_declared_can_be_set_afterwards(table: None) -> None:
    bind_models(layout=single("bare"), region="us-east-1")
    wanted = declared(PROTECTED)
    client().create_table(TableName="bare", BillingMode="PAY_PER_REQUEST", **wanted.schema)
    found = differences(wanted, described())
    assert {each.part for each in found} == {
        "stream",
        "time to live",
        "point-in-time recovery",
        "deletion protection",
        "tag Application",
    }
    assert {each.kind for each in found} == {Kind.OPTION}
    assert [each.made for each in create_tables(PROTECTED)] == [False]
    assert differences(wanted, described()) == ()


def test_more_protection_than_declared_is_reported_and_left(table: None) -> None:
    create_tables(PROTECTED)
    found = differences(declared(), described())
    assert [(each.part, each.kind) for each in found] == [
        ("point-in-time recovery", Kind.SURPLUS),
        ("deletion protection", Kind.SURPLUS),
    ]
    assert [each.made for each in create_tables()] == [False]
    assert described().protected


def test_a_table_of_another_structure_is_left_alone(table: None) -> None:
    bind_models(layout=single("other-shape"), region="us-east-1")
    schema = deepcopy(declared_schema(TableItem))
    (gsi2,) = [each for each in schema["GlobalSecondaryIndexes"] if each["IndexName"] == "GSI2"]
    gsi2["Projection"] = {"ProjectionType": "KEYS_ONLY"}
    client().create_table(TableName="other-shape", BillingMode="PAY_PER_REQUEST", **schema)
    before = described()
    with pytest.raises(TableDiffers) as caught:
        create_tables(PROTECTED)
    structure = [each for each in caught.value.differences if each.kind is Kind.STRUCTURE]
    assert [each.part for each in structure] == ["index GSI2"]
    assert str(structure[0]).startswith("index GSI2 is (")
    assert described() == before


def test_indexes_keys_and_billing_are_compared(table: None) -> None:
    state, wanted = described(), declared()

    def parts(**changes: Any) -> list[str]:
        changed = replace(state, description={**state.description, **changes})
        return [each.part for each in differences(wanted, changed)]

    indexes = state.description["GlobalSecondaryIndexes"]
    assert parts(GlobalSecondaryIndexes=indexes[1:]) == ["index GSI1"]
    more = {**indexes[0], "IndexName": "GSI9"}
    assert parts(GlobalSecondaryIndexes=[*indexes, more]) == ["index GSI9"]
    assert parts(KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}]) == ["key schema"]
    types = [{"AttributeName": "PK", "AttributeType": "N"}]
    assert parts(AttributeDefinitions=types) == ["key attributes"]
    assert parts(BillingModeSummary={"BillingMode": "PROVISIONED"}) == ["billing"]
    assert parts(StreamSpecification={"StreamViewType": "KEYS_ONLY"}) == ["stream"]


def test_a_setting_that_does_not_take_is_an_error(table: None, faults: Faults) -> None:
    wanted = declared(PROTECTED)
    faults.add("UpdateContinuousBackups", lambda _: {})
    with pytest.raises(TableDiffers, match="point-in-time recovery is False"):
        ensure_table(Clients(TableItem), wanted, timeout=0)


def test_another_process_that_sets_the_same_is_no_error(table: None, faults: Faults) -> None:
    def busy(call: Any) -> Any:
        call()
        raise _client_error("ResourceInUseException", 400)

    faults.add("UpdateTable", busy)
    faults.add("TagResource", busy)
    assert [each.made for each in create_tables(PROTECTED)] == [False]


def test_a_table_too_young_for_recovery_is_asked_again(table: None, faults: Faults) -> None:
    def too_young(_: Any) -> Any:
        raise _client_error("ContinuousBackupsUnavailableException", 400)

    faults.add("UpdateContinuousBackups", too_young, too_young)
    assert [each.made for each in create_tables(PROTECTED)] == [False]
    assert described().recovery is True


def test_an_endpoint_without_an_api_is_an_error_or_a_note(table: None, faults: Faults) -> None:
    def no_such_operation(_: Any) -> Any:
        raise _client_error("UnknownOperationException", 400)

    faults.add("DescribeContinuousBackups", *[no_such_operation] * 2)
    with pytest.raises(MissingApi, match="This endpoint has no point-in-time recovery"):
        create_tables(PROTECTED)
    faults.add("DescribeContinuousBackups", *[no_such_operation] * 2)
    (done,) = create_tables(replace(PROTECTED, lenient=True))
    assert done.notes == ("point-in-time recovery",)
    assert described().protected


def test_a_process_that_was_slower_finds_the_table(table: None, faults: Faults) -> None:
    def not_there_yet(call: Any) -> Any:
        call()
        raise _client_error("ResourceNotFoundException", 400)

    faults.add("DescribeTable", not_there_yet)
    assert [each.made for each in create_tables()] == [False]


def test_a_table_that_never_becomes_ready(table: None, faults: Faults) -> None:
    def creating(call: Any) -> Any:
        answer = call()
        answer["Table"]["TableStatus"] = "CREATING"
        return answer

    faults.add("DescribeTable", *[creating] * 4)
    with pytest.raises(StoreUnavailable, match="was not ready in time"):
        ensure_table(Clients(TableItem), declared(), timeout=0)


def test_a_store_that_is_away(faults: Faults) -> None:
    faults.add("DescribeTable", unreachable)
    with pytest.raises(StoreUnavailable):
        create_tables()


def test_deleting(table: None) -> None:
    create_tables(PROTECTED)
    clients, wanted = Clients(TableItem), declared()
    with pytest.raises(TableProtected):
        delete_table(clients, wanted)
    assert delete_table(clients, wanted, unprotect=True)
    assert describe_table(clients, wanted) is None
    assert not delete_table(clients, wanted)
