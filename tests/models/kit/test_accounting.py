"""The accountant against cases worked out by hand from AWS's published rules."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from math import ceil
from typing import Any

import pytest
from botocore.exceptions import ClientError
from hypothesis import given
from hypothesis import strategies as st
from moto import mock_aws

from algoitny.models.kit.accounting import (
    Accountant,
    Charge,
    IndexSchema,
    Place,
    index_units,
    read_units,
    write_units,
)
from algoitny.models.kit.sizes import RawItem, item_size
from tests.models.kit.raw_table import (
    ALL,
    KEYS_ONLY,
    NAME,
    SOME,
    a_thing,
    create_raw_table,
    key,
    raw_client,
)

TABLE = Place(NAME)
KB = 1024


@pytest.fixture(scope="module")
def client() -> Iterator[Any]:
    with mock_aws():
        client = raw_client()
        create_raw_table(client)
        yield client


@pytest.fixture(autouse=True)
def _empty(client: Any) -> None:
    for item in client.scan(TableName=NAME)["Items"]:
        client.delete_item(TableName=NAME, Key={"P": item["P"], "S": item["S"]})


def charge(client: Any, operation: str, **request: Any) -> Charge:
    """What one request costs; a refusal is one, too."""
    with Accountant(client) as accountant, suppress(ClientError):
        getattr(client, operation)(**request)
    (charge,) = accountant.charges
    return charge


def put(client: Any, item: dict[str, Any]) -> Charge:
    return charge(client, "put_item", TableName=NAME, Item=item)


@pytest.mark.parametrize(
    ("size", "consistent", "units"),
    [
        (100, False, 0.5),
        (4 * KB, False, 0.5),
        (4 * KB + 1, False, 1),
        (4 * KB, True, 1),
        (8 * KB + 1, True, 3),
        (None, False, 0.5),
        (None, True, 1),
    ],
)
def test_a_get_costs_by_size_and_consistency(
    client: Any, size: int | None, consistent: bool, units: float
) -> None:
    if size is not None:
        put(client, a_thing(size=size))
    got = charge(client, "get_item", TableName=NAME, Key=key(), ConsistentRead=consistent)
    assert got.reads == {TABLE: units}
    assert got.writes == {}


def test_a_projection_saves_nothing(client: Any) -> None:
    put(client, a_thing(size=9 * KB, c="red"))
    request = {"TableName": NAME, "ProjectionExpression": "c"}
    assert charge(client, "get_item", **request, Key=key()).read_units == 1.5


def test_a_batch_get_rounds_each_item_and_pays_for_the_missing(client: Any) -> None:
    put(client, a_thing("1", size=100))
    put(client, a_thing("2", size=4 * KB + 1))
    keys = [key("1"), key("2"), key("3")]
    got = charge(client, "batch_get_item", RequestItems={NAME: {"Keys": keys}})
    assert got.reads == {TABLE: 0.5 + 1 + 0.5}


def test_a_transactional_read_costs_twice_a_consistent_one(client: Any) -> None:
    put(client, a_thing(size=4 * KB + 1))
    gets = [{"Get": {"TableName": NAME, "Key": key(sort)}} for sort in ("1", "2")]
    assert charge(client, "transact_get_items", TransactItems=gets).reads == {TABLE: 4 + 2}


def query(client: Any, **more: Any) -> Charge:
    request = {
        "TableName": NAME,
        "KeyConditionExpression": "#p = :p",
        "ExpressionAttributeNames": {"#p": "P"},
        "ExpressionAttributeValues": {":p": {"S": "p"}},
    }
    for name, value in more.items():
        request[name] = (request.get(name, {}) | value) if isinstance(value, dict) else value
    return charge(client, "query", **request)


def test_a_query_sums_what_it_examined_and_rounds_once(client: Any) -> None:
    for number in range(5):
        put(client, a_thing(str(number), size=KB, c="red" if number else "blue"))
    assert query(client).reads == {TABLE: 1}  # 5 KB
    assert query(client, Limit=4).reads == {TABLE: 0.5}
    assert query(client, ConsistentRead=True).reads == {TABLE: 2}
    assert query(client, Select="COUNT").reads == {TABLE: 1}
    filtered = query(
        client,
        FilterExpression="#c = :c",
        ExpressionAttributeNames={"#c": "c"},
        ExpressionAttributeValues={":c": {"S": "blue"}},
    )
    assert filtered.reads == {TABLE: 1}


def test_a_query_that_finds_nothing_costs_the_least(client: Any) -> None:
    assert query(client).reads == {TABLE: 0.5}


def test_a_query_of_an_index_reads_its_entries(client: Any) -> None:
    for number in range(5):
        put(client, a_thing(str(number), size=2 * KB, f="round", x="x", a="old", b=str(number)))
    of = {"ExpressionAttributeValues": {":p": {"S": "round"}}}
    of_all = {"ExpressionAttributeValues": {":p": {"S": "old"}}}
    some = query(client, IndexName=SOME, ExpressionAttributeNames={"#p": "f"}, **of)
    whole = query(client, IndexName=ALL, ExpressionAttributeNames={"#p": "a"}, **of_all)
    assert some.reads == {Place(NAME, SOME): 0.5}
    assert whole.reads == {Place(NAME, ALL): 1.5}


def test_a_scan_pays_for_every_row(client: Any) -> None:
    for number in range(5):
        put(client, a_thing(str(number), size=KB))
    request = {
        "FilterExpression": "#c = :c",
        "ExpressionAttributeNames": {"#c": "c"},
        "ExpressionAttributeValues": {":c": {"S": "blue"}},
    }
    assert charge(client, "scan", TableName=NAME, **request).reads == {TABLE: 1}


@pytest.mark.parametrize(
    ("before", "after", "units"),
    [(None, 100, 1), (None, KB, 1), (None, KB + 1, 2), (3 * KB, 100, 3), (100, 3 * KB, 3)],
)
def test_a_put_costs_by_the_larger_of_old_and_new(
    client: Any, before: int | None, after: int, units: int
) -> None:
    if before is not None:
        put(client, a_thing(size=before))
    assert put(client, a_thing(size=after)).writes == {TABLE: units}


def test_an_update_costs_the_whole_item_before_or_after(client: Any) -> None:
    put(client, a_thing(size=3 * KB))
    change = {"UpdateExpression": "SET n = :n", "ExpressionAttributeValues": {":n": {"N": "1"}}}
    updated = charge(client, "update_item", TableName=NAME, Key=key(), **change)
    removed = charge(
        client, "update_item", TableName=NAME, Key=key(), UpdateExpression="REMOVE z, n"
    )
    assert updated.writes == {TABLE: 4}  # a few bytes over 3 KB
    assert removed.writes == {TABLE: 4}


def test_a_delete_costs_the_item_and_something_when_there_is_none(client: Any) -> None:
    put(client, a_thing(size=2 * KB))
    assert charge(client, "delete_item", TableName=NAME, Key=key()).writes == {TABLE: 2}
    assert charge(client, "delete_item", TableName=NAME, Key=key()).writes == {TABLE: 1}


def test_a_refused_condition_is_paid(client: Any) -> None:
    absent = {"TableName": NAME, "ConditionExpression": "attribute_not_exists(P)"}
    put(client, a_thing(size=2 * KB, c="red"))
    refused = charge(client, "put_item", Item=a_thing(size=3 * KB, c="blue"), **absent)
    assert refused.refused
    assert refused.writes == {TABLE: 3}
    smaller = charge(client, "put_item", Item=a_thing(size=100), **absent)
    assert smaller.writes == {TABLE: 2}


def test_what_the_store_would_not_hear_costs_nothing(client: Any) -> None:
    bad = charge(client, "put_item", TableName=NAME, Item={"P": {"S": "p"}})
    assert bad.refused
    assert bad.write_units == bad.read_units == 0


def test_a_batch_write_is_the_sum_of_its_writes(client: Any) -> None:
    put(client, a_thing("2", size=2 * KB, c="red"))
    requests = [
        {"PutRequest": {"Item": a_thing("1", size=KB + 1, c="red")}},
        {"DeleteRequest": {"Key": key("2")}},
        {"DeleteRequest": {"Key": key("3")}},
    ]
    got = charge(client, "batch_write_item", RequestItems={NAME: requests})
    assert got.writes == {TABLE: 2 + 2 + 1, Place(NAME, KEYS_ONLY): 1 + 1}


def transact(client: Any, *entries: dict[str, Any], token: str = "t") -> Charge:
    return charge(
        client, "transact_write_items", TransactItems=list(entries), ClientRequestToken=token
    )


def test_a_transaction_doubles_its_table_and_not_its_indexes(client: Any) -> None:
    put(client, a_thing("2", size=2 * KB))
    got = transact(
        client,
        {"Put": {"TableName": NAME, "Item": a_thing("1", size=KB + 1, a="old", b="b")}},
        {
            "ConditionCheck": {
                "TableName": NAME,
                "Key": key("2"),
                "ConditionExpression": "attribute_exists(P)",
            }
        },
        {"Delete": {"TableName": NAME, "Key": key("3")}},
    )
    assert got.writes == {TABLE: 2 * (2 + 2 + 1), Place(NAME, ALL): 2}


def test_a_cancelled_transaction_pays_for_every_item(client: Any) -> None:
    put(client, a_thing("2", size=2 * KB))
    got = transact(
        client,
        {"Put": {"TableName": NAME, "Item": a_thing("1", size=KB + 1, c="red")}},
        {
            "Put": {
                "TableName": NAME,
                "Item": a_thing("2"),
                "ConditionExpression": "attribute_not_exists(P)",
            }
        },
    )
    assert got.refused
    assert got.writes == {TABLE: 2 * (2 + 2)}


def test_a_transaction_repeated_under_its_token_only_reads(client: Any) -> None:
    entry = {"Put": {"TableName": NAME, "Item": a_thing(size=KB + 1)}}
    with Accountant(client) as accountant:
        for _ in range(2):
            client.transact_write_items(TransactItems=[entry], ClientRequestToken="same")
    first, second = accountant.charges
    assert (first.write_units, first.read_units) == (4, 0)
    assert (second.write_units, second.read_units) == (0, 2)


def test_what_an_index_takes_of_a_write(client: Any) -> None:
    place = Place(NAME, SOME)
    assert place not in put(client, a_thing(c="red")).writes
    assert put(client, a_thing(f="round")).writes[place] == 1  # appears
    assert place not in put(client, a_thing(f="round", c="red")).writes  # not projected
    assert put(client, a_thing(f="round", x="x")).writes[place] == 1  # projected
    assert put(client, a_thing(f="square", x="x")).writes[place] == 2  # its key
    assert put(client, a_thing(size=5 * KB)).writes[place] == 1  # disappears, small


def test_an_index_pays_for_its_own_size(client: Any) -> None:
    place = Place(NAME, ALL)
    put(client, a_thing(size=3 * KB, a="old", b="b"))
    moved = put(client, a_thing(size=KB, a="new", b="b"))
    assert moved.writes == {TABLE: 3, place: 3 + 1}


def test_the_client_is_left_as_it_was(client: Any) -> None:
    with Accountant(client) as outer:
        with Accountant(client) as inner:
            client.get_item(TableName=NAME, Key=key())
        client.get_item(TableName=NAME, Key=key())
    client.get_item(TableName=NAME, Key=key())
    assert len(inner.charges) == 1
    assert outer.charges[-1].operation == "GetItem"
    assert "_make_api_call" not in vars(client)


TEXT = st.dictionaries(st.sampled_from("fxy"), st.text("ab", min_size=1, max_size=2000), max_size=3)
ITEMS = st.none() | TEXT.map(lambda text: a_thing(**text))
INDEX = IndexSchema(name="i", keys=("f", "S"), projected=frozenset("PSfx"))


@given(ITEMS, ITEMS)
def test_an_index_never_takes_more_than_both_entries(
    before: RawItem | None, after: RawItem | None
) -> None:
    units = index_units(INDEX, before, after)
    old, new = INDEX.entry(before), INDEX.entry(after)
    both = [write_units(each) for each in (old, new) if each is not None]
    assert units <= sum(both)
    assert (units == 0) == (old == new)
    assert units == index_units(INDEX, after, before)
    assert index_units(INDEX, before, before) == 0


@given(st.integers(0, 10**6), st.sampled_from([0.5, 1.0, 2.0]))
def test_reading_more_never_costs_less(size: int, rate: float) -> None:
    assert read_units(size, rate) <= read_units(size + 1, rate)
    assert read_units(size, rate) >= rate * size / 4096
    assert read_units(size, rate) < rate * (size / 4096 + 1) or size == 0


@given(ITEMS, ITEMS)
def test_a_write_costs_the_larger(one: RawItem | None, other: RawItem | None) -> None:
    sizes = [item_size(item) for item in (one, other) if item is not None]
    assert write_units(one, other) == max([1, *(ceil(size / 1024) for size in sizes)])
