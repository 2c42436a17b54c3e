"""Requests that read and write items say, hear and refuse what botocore's own do."""

from __future__ import annotations

import json
import re
from http.client import responses
from typing import Any
from uuid import UUID

import pytest
from botocore.awsrequest import AWSResponse
from botocore.exceptions import (
    ClientError,
    HTTPClientError,
)
from hypothesis import given
from hypothesis import strategies as st

from algoitny.models.kit.data_plane import take_over
from tests.models.kit.botocores import (
    AGENT,
    API,
    OLD,
    REASONS,
    Raw,
    Told,
    a_session,
    make_client,
    on_the_wire,
    refusal,
)

pytestmark = pytest.mark.usefixtures("pauses", "no_settings_of_this_machine")


@pytest.fixture(scope="module")
def told() -> tuple[Told, Told]:
    """Ours and botocore's."""
    return Told(is_ours=True), Told(is_ours=False)


NUMBERS = st.integers().map(str)
NAMES = st.sampled_from(
    ["B", "BS", "S", "L", "M", "NULL", "__type", "Error", "Item", "message", "ResponseMetadata"]
) | st.text(max_size=5)


def of(kind: str, values: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return values.map(lambda value: {kind: value})


SCALARS = (
    of("S", st.text(max_size=10))
    | of("N", NUMBERS)
    | of("B", st.binary(max_size=20))
    | of("BOOL", st.booleans())
    | of("NULL", st.just(value=True))
    | of("SS", st.lists(st.text(max_size=5)))
    | of("NS", st.lists(NUMBERS))
    | of("BS", st.lists(st.binary(max_size=5)))
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        of("L", st.lists(inner, max_size=3)) | of("M", st.dictionaries(NAMES, inner, max_size=3))
    ),
    max_leaves=5,
)
ITEMS = st.dictionaries(NAMES, VALUES, max_size=4)
TABLES = st.sampled_from(["table", "B", "BS", "S", "M", "Error"])


UNITS = {"TableName": "t", "CapacityUnits": 1.5, "Table": {"CapacityUnits": 1.5}}


def exchanges(item: dict[str, Any], table: str) -> dict[str, tuple[dict[str, Any], Any]]:
    """Arguments and answer of each operation by its name, with the item wherever one may be."""
    here: dict[str, Any] = {"TableName": table}
    keys = {"ExpressionAttributeNames": {"#B": "B"}, "ExpressionAttributeValues": item}
    everywhere = {
        **here,
        "ConditionExpression": "#B = :b",
        "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
        **keys,
    }
    change = {**everywhere, "Key": item, "UpdateExpression": "SET #B = :b"}
    page = {"Items": [item, {}, item], "Count": 3, "ScannedCount": 4, "LastEvaluatedKey": item}
    writes = {table: [{"PutRequest": {"Item": item}}, {"DeleteRequest": {"Key": item}}]}
    reads = {table: {"Keys": [item, item], "ConsistentRead": True, "ProjectionExpression": "B"}}
    actions = [
        {"Put": {**everywhere, "Item": item}},
        {"Update": change},
        {"Delete": {**everywhere, "Key": item}},
        {"ConditionCheck": {**everywhere, "Key": item}},
    ]
    return {
        "GetItem": (
            {**here, "Key": item, "ConsistentRead": True, "ReturnConsumedCapacity": "TOTAL"},
            {"Item": item, "ConsumedCapacity": UNITS},
        ),
        "PutItem": ({**everywhere, "Item": item}, {"Attributes": item}),
        "UpdateItem": (change, {"Attributes": item, "ConsumedCapacity": UNITS}),
        "DeleteItem": ({**everywhere, "Key": item}, {}),
        "Query": (
            {**here, **keys, "Limit": 3, "ScanIndexForward": False, "ExclusiveStartKey": item},
            page,
        ),
        "Scan": ({**here, **keys, "Segment": 0, "TotalSegments": 2}, page),
        "BatchGetItem": (
            {"RequestItems": reads},
            {
                "Responses": {table: [item, {}]},
                "UnprocessedKeys": reads,
                "ConsumedCapacity": [UNITS],
            },
        ),
        "BatchWriteItem": (
            {"RequestItems": writes},
            {
                "UnprocessedItems": writes,
                "ItemCollectionMetrics": {table: [{"ItemCollectionKey": item}]},
            },
        ),
        "TransactGetItems": (
            {"TransactItems": [{"Get": {**here, "Key": item}}]},
            {"Responses": [{"Item": item}, {}]},
        ),
        "TransactWriteItems": (
            {"TransactItems": actions, "ClientRequestToken": "token"},
            {"ConsumedCapacity": [UNITS, UNITS]},
        ),
    }


def check_both_ways(told: tuple[Told, Told], item: dict[str, Any], table: str) -> None:
    for operation, (arguments, said) in exchanges(item, table).items():
        ours, botocores = (each.answer(operation, on_the_wire(said), **arguments) for each in told)
        compare_requests(*(each.sent.pop() for each in told))
        compare_metadata(ours, botocores)
        assert ours == botocores


def compare_requests(ours: Any, botocores: Any) -> None:
    assert (ours.method, ours.url) == (botocores.method, botocores.url)
    assert json.loads(ours.body) == json.loads(botocores.body)
    assert int(ours.headers["Content-Length"]) == len(ours.body)
    for header in ("X-Amz-Target", "Content-Type"):
        assert ours.headers[header] == botocores.headers[header]
    scopes = [
        re.sub(rb"/\d{8}/|Signature=.*", b"", each.headers["Authorization"])
        for each in (ours, botocores)
    ]
    assert scopes[0] == scopes[1]


def compare_metadata(ours: dict[str, Any], botocores: dict[str, Any]) -> None:
    """And let go of it."""
    mine, theirs = (each.pop("ResponseMetadata") for each in (ours, botocores))
    for name in ("HTTPStatusCode", "RetryAttempts"):
        assert mine[name] == theirs[name]
    assert mine["RequestId"] == theirs.get("RequestId", mine["RequestId"]) == "an id"


CURIOUS: dict[str, dict[str, Any]] = {
    "nothing": {},
    "one called B": {"B": {"S": "AAAA"}},
    "one called BS": {"BS": {"S": "AAAA"}},
    "a map with them": {"m": {"M": {"B": {"B": b"\0"}, "x": {"M": {"BS": {"BS": [b"\0"]}}}}}},
    "lists called so": {"BS": {"L": []}, "M": {"M": {"BS": {"L": [{"S": "AAAA"}]}}}},
    "empty ones": {"a": {"BS": []}, "b": {"B": b""}, "c": {"M": {}}, "d": {"S": ""}},
    "those of the protocol": {
        name: {"S": "AAAA"} for name in ("__type", "Error", "message", "ResponseMetadata")
    },
    "bytes": {"a": {"B": bytes(range(256))}, "b": {"BS": [b"\xff", b"a"]}},
    "text": {"é\u2028\x00\U0001f600": {"S": '"\\\n\u2029é\x7f\U0001f600'}},
}


@pytest.mark.parametrize("table", ["table", "B", "BS"])
@pytest.mark.parametrize("item", CURIOUS.values(), ids=CURIOUS)
def test_curious_items_travel_as_ever(
    told: tuple[Told, Told], item: dict[str, Any], table: str
) -> None:
    check_both_ways(told, item, table)


@pytest.mark.slow
@given(item=ITEMS, table=TABLES)
def test_any_items_travel_as_ever(
    told: tuple[Told, Told], item: dict[str, Any], table: str
) -> None:
    check_both_ways(told, item, table)


def test_sets_tuples_and_any_bytes_travel_as_ever(told: tuple[Told, Told]) -> None:
    item = {
        "a": {"SS": {"one"}},
        "b": {"NS": frozenset({"1"})},
        "c": {"B": bytearray(b"\0")},
        "d": {"BS": (b"\1", b"\2")},
    }
    for each in told:
        each.answer("PutItem", b"{}", TableName="t", Item=item)
    compare_requests(*(each.sent.pop() for each in told))


def test_what_no_item_can_hold_is_not_sent(told: tuple[Told, Told]) -> None:
    ours, _ = told
    with pytest.raises(TypeError, match="object"):
        ours.answer("PutItem", b"{}", TableName="t", Item={"a": {"S": object()}})
    assert not ours.sent


def test_no_body_is_an_empty_answer(told: tuple[Told, Told]) -> None:
    answers = [each.answer("DeleteItem", b"", TableName="t", Key={}) for each in told]
    compare_metadata(*answers)
    assert answers == [{}, {}]


def test_a_transaction_has_a_token_of_its_own(told: tuple[Told, Told]) -> None:
    tokens = set()
    for each in told:
        for _ in range(2):
            each.answer("TransactWriteItems", b"{}", TransactItems=[])
            sent = json.loads(each.sent.pop().body)
            tokens.add(UUID(sent.pop("ClientRequestToken")))
            assert sent == {"TransactItems": []}
    assert len(tokens) == 4


@pytest.mark.parametrize(
    ("region", "endpoint"),
    [
        ("eu-west-1", None),
        ("cn-north-1", None),
        ("us-gov-west-1", None),
        ("local", None),
        ("local", "http://localhost:8000"),
        ("eu-west-1", "http://localhost:8000/"),
        ("eu-west-1", "https://STORE:443"),
        ("eu-west-1", "http://[::1]:8000"),
    ],
)
def test_it_is_sent_to_where_botocore_sends_it(region: str, endpoint: str | None) -> None:
    client = make_client(endpoint, region=region, is_ours=False)
    sent: list[Any] = []

    def note(request: Any, **_: object) -> AWSResponse:
        sent.append(request)
        return AWSResponse(request.url, 200, {}, Raw(b"{}"))

    client.meta.events.register("before-send.dynamodb", note)
    client.scan(TableName="t")
    take_over(client, a_session(), user_agent=AGENT)
    client.scan(TableName="t")
    botocores, ours = sent
    compare_requests(ours, botocores)
    assert ours.headers["User-Agent"] == AGENT.encode()


# Refusals.


REFUSALS: dict[str, tuple[int, bytes]] = {
    "with a name space": (400, refusal(f"{API}#ResourceNotFoundException", message="no")),
    "without": (400, refusal("ResourceNotFoundException", message="no")),
    "with where to read of it": (400, refusal("ValidationException:http://x/#y", message="no")),
    "with both": (400, refusal(f"{API}#InternalServerError:http://x/#y", message="no")),
    "of a great message": (400, refusal(f"{API}#ValidationException", Message="No")),
    "of two messages": (400, refusal("x#ValidationException", message="a", Message="b")),
    "without a message": (400, refusal(f"{API}#ValidationException")),
    "a condition": (
        400,
        refusal(f"{API}#ConditionalCheckFailedException", message="The condition", Item=OLD),
    ),
    "a transaction": (
        400,
        refusal(f"{API}#TransactionCanceledException", Message="no", CancellationReasons=REASONS),
    ),
    "throttled": (400, refusal(f"{API}#ProvisionedThroughputExceededException", message="slow")),
    "without a type": (400, b'{"message": "no"}'),
    "an empty object": (400, b"{}"),
    "no body": (400, b""),
    "a failure without a body": (503, b""),
    "a blank failure": (500, b" \n"),
    "a failure in JSON": (500, refusal(f"{API}#InternalServerError", message="oh")),
    "a page": (502, b"<html><body>Bad Gateway</body></html>"),
    "a page to an error of ours": (400, b"<html><body>Bad Request</body></html>"),
    "text": (503, b"upstream connect error"),
    "a redirect": (301, b""),
    "another redirect": (307, b"moved"),
    "too large": (413, b"too much"),
}


@pytest.mark.parametrize(("status", "body"), REFUSALS.values(), ids=REFUSALS)
@pytest.mark.parametrize("operation", ["PutItem", "TransactWriteItems"])
def test_a_refusal_is_botocores(
    told: tuple[Told, Told], operation: str, status: int, body: bytes
) -> None:
    ours, botocores = (each.answer(operation, body, status) for each in told)
    for each, error in zip(told, (ours, botocores), strict=True):
        assert isinstance(error, ClientError)
        assert isinstance(error, each.client.exceptions.from_code(error.response["Error"]["Code"]))
    assert type(ours).__name__ == type(botocores).__name__
    message, theirs = (each.response["Error"].pop("Message") for each in (ours, botocores))
    # Where botocore has nothing to say, or a page, the status says it.
    says_nothing = not theirs or theirs.startswith("<html>")
    assert message == (responses[status] if says_nothing else theirs)
    assert ours.operation_name == botocores.operation_name
    compare_metadata(ours.response, botocores.response)
    assert {name: ours.response[name] for name in botocores.response} == botocores.response


@pytest.mark.parametrize(
    "body", [b"\xff\xfe", b"[]", b"null", b'"text"', b'{"a": {"B": "?"}}', b"[1"], ids=repr
)
def test_a_refusal_that_says_nothing_is_one_all_the_same(
    told: tuple[Told, Told], body: bytes
) -> None:
    """botocore fails over these, or takes them for more."""
    ours, _ = told
    error = ours.answer("PutItem", body, 500)
    assert isinstance(error, ClientError)
    assert error.response["Error"]["Code"] == "500"


@pytest.mark.parametrize("body", [b"<html>", b"[]", b"null", b'{"Item": ', b"\xff"], ids=repr)
def test_what_is_no_answer_is_not_taken_for_one(told: tuple[Told, Told], body: bytes) -> None:
    """botocore takes it for an item that is not there."""
    ours, _ = told
    with pytest.raises(HTTPClientError):
        ours.answer("GetItem", body)


def test_whoever_answers_instead_may_raise(told: tuple[Told, Told]) -> None:
    ours, _ = told

    def refuse(**_: object) -> None:
        raise ZeroDivisionError

    events = ours.client.meta.events
    events.register_first("before-send.dynamodb.Scan", refuse)
    with pytest.raises(ZeroDivisionError):
        ours.answer("Scan", b"{}")
    events.unregister("before-send.dynamodb.Scan", refuse)
