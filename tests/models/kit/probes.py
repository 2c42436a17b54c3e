"""Small experiments on a store: each does one thing and says in a word or two what came of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from botocore.exceptions import ClientError

from tests.models.kit.raw_table import ALL, NAME, SOME, a_thing, key

Probe = Callable[[Any], object]


def outcome(probe: Probe, client: Any) -> str:
    """What the probe says, or the code of the error that it got."""
    try:
        return str(probe(client))
    except ClientError as error:
        return str(error.response["Error"]["Code"])


def put(client: Any, item: Mapping[str, Any], **more: Any) -> str:
    client.put_item(TableName=NAME, Item=item, **more)
    return "taken"


def get(client: Any, sort: str = "1") -> dict[str, Any]:
    item: dict[str, Any] = client.get_item(TableName=NAME, Key=key(sort))["Item"]
    return item


def update(client: Any, expression: str, **values: Any) -> str:
    given = {f":{name}": value for name, value in values.items()}
    request = {"ExpressionAttributeValues": given} if given else {}
    client.update_item(TableName=NAME, Key=key(), UpdateExpression=expression, **request)
    return "taken"


def query(client: Any, **more: Any) -> Any:
    request = {
        "TableName": NAME,
        "KeyConditionExpression": "P = :p",
        "ExpressionAttributeValues": {":p": {"S": "p"}},
    }
    return client.query(**request | more)


def query_shape(client: Any, **more: Any) -> Any:
    """A query of the index that projects `x` only."""
    values = {":p": {"S": "round"}} | more.pop("values", {})
    condition = {"KeyConditionExpression": "f = :p", "ExpressionAttributeValues": values}
    return query(client, IndexName=SOME, **condition, **more)


def filter_on_what_is_not_projected(client: Any) -> object:
    put(client, a_thing(f="round", x="x", y="y"))
    found = query_shape(client, FilterExpression="y = :y", values={":y": {"S": "y"}})
    return f"{found['Count']} rows"


def projection_of_what_is_not_projected(client: Any) -> object:
    put(client, a_thing(f="round", x="x", y="y"))
    return sorted(query_shape(client, ProjectionExpression="x, y")["Items"][0])


def attributes_of_an_entry(client: Any) -> object:
    put(client, a_thing(f="round", x="x", y="y"))
    return sorted(query_shape(client)["Items"][0])


def consistent_read_of_an_index(client: Any) -> object:
    return query_shape(client, ConsistentRead=True)["Count"]


def an_item_past_400_kb(client: Any) -> object:
    return put(client, a_thing(size=400 * 1024 + 1))


def an_update_past_400_kb(client: Any) -> object:
    put(client, a_thing(size=400 * 1024))
    return update(client, "SET n = :n", n={"N": "1"})


def a_partition_key_of_2049_bytes(client: Any) -> object:
    return put(client, a_thing() | {"P": {"S": "p" * 2049}})


def a_sort_key_of_1025_bytes(client: Any) -> object:
    return put(client, a_thing("s" * 1025))


def an_index_key_of_1025_bytes(client: Any) -> object:
    return put(client, a_thing(a="old", b="b" * 1025))


def an_empty_key(client: Any) -> object:
    return put(client, a_thing(""))


def an_empty_index_key(client: Any) -> object:
    return put(client, a_thing(f=""))


def an_index_key_of_another_type(client: Any) -> object:
    return put(client, a_thing() | {"f": {"N": "1"}})


def an_empty_text(client: Any) -> object:
    return put(client, a_thing(x=""))


def an_empty_set(client: Any) -> object:
    return put(client, a_thing() | {"s": {"SS": []}})


def a_set_with_two_equal(client: Any) -> object:
    return put(client, a_thing() | {"s": {"SS": ["a", "a"]}})


def a_number_of_39_digits(client: Any) -> object:
    return put(client, a_thing() | {"n": {"N": "1" * 39}})


def a_number_as_it_comes_back(client: Any) -> object:
    put(client, a_thing() | {"n": {"N": "01.50"}})
    return get(client)["n"]["N"]


def a_number_with_an_exponent(client: Any) -> object:
    put(client, a_thing() | {"n": {"N": "1E+3"}})
    return get(client)["n"]["N"]


def the_last_of_a_set_taken_out(client: Any) -> object:
    put(client, a_thing() | {"s": {"SS": ["a"]}})
    update(client, "DELETE s :s", s={"SS": ["a"]})
    return "gone" if "s" not in get(client) else "an empty set"


def a_key_attribute_updated(client: Any) -> object:
    put(client, a_thing())
    return update(client, "SET S = :s", s={"S": "2"})


def the_same_path_twice_in_an_update(client: Any) -> object:
    return update(client, "SET x = :x, x = :y", x={"S": "1"}, y={"S": "2"})


def a_name_that_nothing_uses(client: Any) -> object:
    return put(client, a_thing(), ExpressionAttributeNames={"#x": "x"})


def a_value_that_nothing_uses(client: Any) -> object:
    values = {"ExpressionAttributeValues": {":x": {"S": "x"}}}
    return put(client, a_thing(), ConditionExpression="attribute_not_exists(P)", **values)


def a_limit_that_is_met_exactly(client: Any) -> object:
    for sort in "12":
        put(client, a_thing(sort))
    return "goes on" if "LastEvaluatedKey" in query(client, Limit=2) else "ends"


def a_page_of_more_than_1_mb(client: Any) -> object:
    for sort in "123":
        put(client, a_thing(sort, size=390 * 1024))
    found = query(client)
    return f"{found['Count']} of 3, {'goes on' if 'LastEvaluatedKey' in found else 'ends'}"


def a_count_of_what_is_filtered(client: Any) -> object:
    for sort in "123":
        put(client, a_thing(sort, x=sort))
    values = {":p": {"S": "p"}, ":x": {"S": "1"}}
    found = query(
        client, Select="COUNT", FilterExpression="x = :x", ExpressionAttributeValues=values
    )
    return f"{found['Count']} of {found['ScannedCount']}, items: {'Items' in found}"


def a_batch_get_of_101(client: Any) -> object:
    keys = [key(str(number)) for number in range(101)]
    return len(client.batch_get_item(RequestItems={NAME: {"Keys": keys}})["Responses"])


def a_batch_get_of_two_equal_keys(client: Any) -> object:
    return len(client.batch_get_item(RequestItems={NAME: {"Keys": [key(), key()]}})["Responses"])


def a_batch_write_of_26(client: Any) -> object:
    puts = [{"PutRequest": {"Item": a_thing(str(number))}} for number in range(26)]
    client.batch_write_item(RequestItems={NAME: puts})
    return "taken"


def a_batch_write_of_two_equal_keys(client: Any) -> object:
    puts = [{"PutRequest": {"Item": a_thing(x=text)}} for text in "ab"]
    client.batch_write_item(RequestItems={NAME: puts})
    return "taken"


def transact(client: Any, *entries: dict[str, Any], token: str = "token") -> str:
    client.transact_write_items(TransactItems=list(entries), ClientRequestToken=token)
    return "taken"


def t_put(sort: str, **more: Any) -> dict[str, Any]:
    return {"Put": {"TableName": NAME, "Item": a_thing(sort), **more}}


def a_transaction_of_101(client: Any) -> object:
    return transact(client, *(t_put(str(number)) for number in range(101)))


def a_transaction_with_an_item_twice(client: Any) -> object:
    return transact(client, t_put("1"), t_put("1"))


def reasons_of_a_cancelled_transaction(client: Any) -> object:
    put(client, a_thing("2"))
    try:
        transact(client, t_put("1"), t_put("2", ConditionExpression="attribute_not_exists(P)"))
    except ClientError as error:
        return [reason["Code"] for reason in error.response["CancellationReasons"]]
    return "taken"


def what_is_left_of_a_cancelled_transaction(client: Any) -> object:
    reasons_of_a_cancelled_transaction(client)
    return f"{query(client)['Count']} row"


def add_one() -> dict[str, Any]:
    return {
        "Update": {
            "TableName": NAME,
            "Key": key(),
            "UpdateExpression": "ADD n :n",
            "ExpressionAttributeValues": {":n": {"N": "1"}},
        }
    }


def a_transaction_repeated_under_its_token(client: Any) -> object:
    for _ in range(2):
        transact(client, add_one(), token="same")
    return get(client)["n"]["N"]


def another_transaction_under_the_same_token(client: Any) -> object:
    transact(client, t_put("1"), token="used")
    return transact(client, t_put("2"), token="used")


def a_key_of_an_index_removed(client: Any) -> object:
    put(client, a_thing(a="old", b="b"))
    update(client, "REMOVE a")
    values = {":p": {"S": "old"}}
    found = query(
        client, IndexName=ALL, KeyConditionExpression="a = :p", ExpressionAttributeValues=values
    )
    return f"{found['Count']} rows"


def all_probes() -> dict[str, Probe]:
    """By name; a probe takes the client and nothing else, and is not one of the tools above."""
    tools = {"outcome", "put", "get", "update", "query", "query_shape", "transact", "all_probes"}
    return {
        name: value
        for name, value in globals().items()
        if callable(value)
        and getattr(value, "__module__", "") == __name__
        and name not in tools | {"t_put", "add_one", "Probe"}
    }
