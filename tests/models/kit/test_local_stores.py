"""Where the local stores are not as DynamoDB is documented, as far as it matters to us.

docs/decisions/local-stores.md says how we guard. A difference that a newer version has mended, or
made, fails here.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import pytest
from botocore.exceptions import ClientError
from moto import mock_aws

from algoitny.models.kit.accounting import Accountant, Charge
from tests.light_moto import lighten
from tests.models.kit import probes
from tests.models.kit.probes import add_one, all_probes, outcome, t_put
from tests.models.kit.raw_table import ALL, NAME, a_thing, create_raw_table, key, raw_client

pytestmark = pytest.mark.slow

INVALID = "ValidationException"


@dataclass(frozen=True)
class Says:
    """What DynamoDB documents; what a local store does instead, None where it does the same."""

    dynamodb: str
    moto: str | None = None
    embedded: str | None = None


EXPECTED = {
    "filter_on_what_is_not_projected": Says(INVALID, "0 rows", "1 rows"),
    "projection_of_what_is_not_projected": Says(INVALID, "['x']", "['x']"),
    "attributes_of_an_entry": Says("['P', 'S', 'f', 'x']"),
    "consistent_read_of_an_index": Says(INVALID),
    "an_item_past_400_kb": Says(INVALID),
    "an_update_past_400_kb": Says(INVALID),
    "a_partition_key_of_2049_bytes": Says(INVALID),
    "a_sort_key_of_1025_bytes": Says(INVALID),
    "an_index_key_of_1025_bytes": Says(INVALID, embedded="taken"),
    "an_empty_key": Says(INVALID),
    "an_empty_index_key": Says(INVALID),
    "an_index_key_of_another_type": Says(INVALID, moto="taken"),
    "an_empty_text": Says("taken"),
    "an_empty_set": Says(INVALID),
    "a_set_with_two_equal": Says(INVALID, moto="taken"),
    "a_number_of_39_digits": Says(INVALID, moto="taken"),
    "a_number_as_it_comes_back": Says("1.5", moto="01.50"),
    "a_number_with_an_exponent": Says("1000", moto="1E+3"),
    "the_last_of_a_set_taken_out": Says("gone"),
    "a_key_attribute_updated": Says(INVALID),
    "the_same_path_twice_in_an_update": Says(INVALID, embedded="taken"),
    "a_name_that_nothing_uses": Says(INVALID),
    "a_value_that_nothing_uses": Says(INVALID, moto="taken"),
    "a_limit_that_is_met_exactly": Says("goes on", moto="ends"),
    "a_page_of_more_than_1_mb": Says("2 of 3, goes on"),
    "a_count_of_what_is_filtered": Says("1 of 3, items: False"),
    "a_batch_get_of_101": Says(INVALID),
    "a_batch_get_of_two_equal_keys": Says(INVALID),
    "a_batch_write_of_26": Says(INVALID, moto="taken"),
    "a_batch_write_of_two_equal_keys": Says(INVALID, moto="taken"),
    "a_transaction_of_101": Says(INVALID),
    "a_transaction_with_an_item_twice": Says(INVALID),
    "reasons_of_a_cancelled_transaction": Says("['None', 'ConditionalCheckFailed']"),
    "what_is_left_of_a_cancelled_transaction": Says("1 row"),
    "a_transaction_repeated_under_its_token": Says("1", moto="2"),
    "another_transaction_under_the_same_token": Says(
        "IdempotentParameterMismatchException", moto="taken"
    ),
    "a_key_of_an_index_removed": Says("0 rows"),
}


@pytest.fixture(params=["as it is", "light"])
def moto_client(request: pytest.FixtureRequest) -> Iterator[Any]:
    """Also as most tests have it, see `tests/light_moto.py`."""
    with pytest.MonkeyPatch.context() as patch:
        if request.param == "light":
            lighten(patch)
        with mock_aws():
            yield with_table(raw_client())


@pytest.fixture
def embedded_client(store_endpoint: str) -> Any:
    return with_table(raw_client(store_endpoint))


def with_table(client: Any) -> Any:
    with suppress(ClientError):
        client.delete_table(TableName=NAME)
    create_raw_table(client)
    return client


def test_every_probe_is_expected() -> None:
    assert all_probes().keys() == EXPECTED.keys()


@pytest.mark.parametrize("name", EXPECTED)
def test_moto(moto_client: Any, name: str) -> None:
    says = EXPECTED[name]
    assert outcome(getattr(probes, name), moto_client) == (says.moto or says.dynamodb)


@pytest.mark.service
@pytest.mark.parametrize("name", EXPECTED)
def test_the_embedded_store(embedded_client: Any, name: str) -> None:
    says = EXPECTED[name]
    assert outcome(getattr(probes, name), embedded_client) == (says.embedded or says.dynamodb)


def charges(client: Any) -> dict[str, Charge]:
    """One request of each kind, on items of several units."""
    kb = 1024
    big = a_thing("1", size=9 * kb, f="round", x="x", a="old", b="b")
    other = a_thing("3", size=3 * kb, f="round")
    condition = {
        "KeyConditionExpression": "P = :p",
        "ExpressionAttributeValues": {":p": {"S": "p"}},
    }
    on_index = {
        "KeyConditionExpression": "a = :p",
        "ExpressionAttributeValues": {":p": {"S": "old"}},
    }
    requests: dict[str, tuple[str, dict[str, Any]]] = {
        "put": ("put_item", {"Item": big}),
        "put of the same again": ("put_item", {"Item": big}),
        "get": ("get_item", {"Key": key()}),
        "consistent get": ("get_item", {"Key": key(), "ConsistentRead": True}),
        "get of nothing": ("get_item", {"Key": key("none")}),
        "batch get": ("batch_get_item", {"RequestItems": {NAME: {"Keys": [key(), key("none")]}}}),
        "query": ("query", condition),
        "query of an index": ("query", on_index | {"IndexName": ALL}),
        "update of an index key": (
            "update_item",
            {
                "Key": key(),
                "UpdateExpression": "SET f = :f",
                "ExpressionAttributeValues": {":f": {"S": "square"}},
            },
        ),
        "update of what no index has": (
            "update_item",
            {"Key": key("2"), "UpdateExpression": "SET y = :y"}
            | {"ExpressionAttributeValues": {":y": {"S": "y"}}},
        ),
        "batch write": (
            "batch_write_item",
            {"RequestItems": {NAME: [{"PutRequest": {"Item": other}}]}},
        ),
        "transaction": (
            "transact_write_items",
            {"TransactItems": [t_put("4"), add_one()], "ClientRequestToken": "first"},
        ),
        "delete": ("delete_item", {"Key": key()}),
    }
    measured = {}
    for name, (method, request) in requests.items():
        if "RequestItems" not in request and "TransactItems" not in request:
            request = {"TableName": NAME, **request}  # noqa: PLW2901 - the same request, completed
        with Accountant(client) as accountant:
            getattr(client, method)(**request, ReturnConsumedCapacity="INDEXES")
        (measured[name],) = accountant.charges
    return measured


def reported(charge: Charge) -> float:
    """The store's own figure, of the table and its indexes."""
    parts = charge.reported if isinstance(charge.reported, list) else [charge.reported or {}]
    return float(sum(part.get("CapacityUnits", 0) for part in parts))


def disagreements(client: Any) -> dict[str, tuple[float, float]]:
    """(by AWS's rules, by the store), where the two are not the same."""
    found = {}
    for name, charge in charges(client).items():
        ours, theirs = charge.read_units + charge.write_units, reported(charge)
        if ours != theirs:
            found[name] = (ours, theirs)
    return found


READS = {"get", "consistent get", "batch get", "query", "query of an index"}


@pytest.mark.service
def test_the_embedded_store_counts_writes_as_we_do(embedded_client: Any) -> None:
    """Every write to the unit, indexes and transactions too; of reads, it does not see sizes."""
    assert disagreements(embedded_client).keys() == READS


def test_moto_counts_requests_not_units(moto_client: Any) -> None:
    agreeing = charges(moto_client).keys() - disagreements(moto_client).keys()
    assert agreeing == {"get of nothing", "batch get"}
