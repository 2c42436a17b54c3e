"""A tuned client understands answers as an untuned one does."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Iterator
from typing import Any

import botocore.session
import pytest
from botocore.awsrequest import AWSResponse
from botocore.parsers import create_parser
from hypothesis import given
from hypothesis import strategies as st

from algoitny.domain.errors import StoreUnavailable
from algoitny.models.kit import client
from algoitny.models.kit.binding import connection_of
from algoitny.models.kit.client import CONFLICT, CONFLICT_TRIES, tune
from algoitny.models.kit.operations import update
from algoitny.models.sequence import SequenceItem, sequence_key

SESSION = botocore.session.Session()
tune(SESSION, user_agent="tuned")
TUNED = SESSION.get_component("response_parser_factory").create_parser("json")
PLAIN = create_parser("json")
MODEL = SESSION.get_service_model("dynamodb")

NUMBERS = st.integers().map(str)
BYTES = st.binary(max_size=20).map(lambda data: b64encode(data).decode())


def of(kind: str, values: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return values.map(lambda value: {kind: value})


SCALARS = (
    of("S", st.text(max_size=10))
    | of("N", NUMBERS)
    | of("B", BYTES)
    | of("BOOL", st.booleans())
    | of("NULL", st.just(value=True))
    | of("SS", st.lists(st.text(max_size=5)))
    | of("NS", st.lists(NUMBERS))
    | of("BS", st.lists(BYTES))
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        of("L", st.lists(inner, max_size=3))
        | of("M", st.dictionaries(st.text(max_size=3), inner, max_size=3))
    ),
    max_leaves=5,
)
ITEMS = st.dictionaries(st.text(max_size=5), VALUES, max_size=4)


def parse(parser: Any, operation: str, answer: dict[str, Any], status: int = 200) -> Any:
    shape = MODEL.operation_model(operation).output_shape
    response = {"body": json.dumps(answer).encode(), "headers": {}, "status_code": status}
    return parser.parse(response, shape)


@pytest.mark.slow
@given(ITEMS)
def test_items_are_parsed_as_ever(item: dict[str, Any]) -> None:
    for operation, answer in (
        ("GetItem", {"Item": item}),
        ("UpdateItem", {"Attributes": item, "ConsumedCapacity": {"CapacityUnits": 1.5}}),
        ("Query", {"Items": [item, {}], "Count": 2, "LastEvaluatedKey": item}),
        ("BatchGetItem", {"Responses": {"t": [item]}, "UnprocessedKeys": {"t": {"Keys": [item]}}}),
        (
            "BatchWriteItem",
            {"UnprocessedItems": {"t": [{"PutRequest": {"Item": item}}]}},
        ),
        ("TransactGetItems", {"Responses": [{"Item": item}, {}]}),
    ):
        assert parse(TUNED, operation, answer) == parse(PLAIN, operation, answer)


@pytest.mark.parametrize(
    ("operation", "answer"),
    [
        ("DescribeTable", {"Table": {"TableName": "t", "CreationDateTime": 1741944413.5}}),
        ("ListTables", {"TableNames": ["t"]}),
        ("GetItem", {}),
    ],
)
def test_so_is_everything_else(operation: str, answer: dict[str, Any]) -> None:
    assert parse(TUNED, operation, answer) == parse(PLAIN, operation, answer)


def test_so_are_refusals() -> None:
    answer = {
        "__type": "com.amazonaws.dynamodb.v20120810#TransactionCanceledException",
        "Message": "cancelled",
        "CancellationReasons": [{"Code": "ConditionalCheckFailed", "Item": {"a": {"B": "AAE="}}}],
    }
    tuned = parse(TUNED, "TransactWriteItems", answer, 400)
    assert tuned == parse(PLAIN, "TransactWriteItems", answer, 400)
    assert tuned["Error"]["Code"] == "TransactionCanceledException"


def test_it_names_itself() -> None:
    client = SESSION.create_client(
        "dynamodb", region_name="us-east-1", aws_access_key_id="x", aws_secret_access_key="x"
    )
    sent: list[str] = []

    def note(request: Any, **_: Any) -> Any:
        sent.append(request.headers["User-Agent"].decode())
        raise ConnectionAbortedError

    client.meta.events.register("before-send.dynamodb", note)
    with pytest.raises(ConnectionAbortedError):
        client.list_tables()
    assert sent[0].startswith("tuned")


class Raw:
    """A body as botocore reads it."""

    def __init__(self, body: bytes) -> None:
        self.body = body

    def stream(self, **_: object) -> Iterator[bytes]:
        yield self.body


class InTheWay:
    """A transaction on the item that is written, for so many of the next requests."""

    def __init__(self, times: int) -> None:
        self.left = times
        self.sent = 0

    def __call__(self, **_: object) -> AWSResponse | None:
        self.sent += 1
        if self.left == 0:
            return None
        self.left -= 1
        body = json.dumps({"__type": f"com.amazonaws.dynamodb.v20120810#{CONFLICT}"}).encode()
        return AWSResponse("http://store", 400, {}, Raw(body))


@pytest.mark.parametrize("times", [3, CONFLICT_TRIES])
def test_a_write_that_a_transaction_is_in_the_way_of_is_tried_again(
    memory_table: None, monkeypatch: pytest.MonkeyPatch, times: int
) -> None:
    monkeypatch.setattr(client, "_LONGEST_PAUSE", 0.0)
    events = connection_of(SequenceItem).connection.client.meta.events
    fault = InTheWay(times)
    events.register_first("before-send.dynamodb.UpdateItem", fault)
    key, actions = sequence_key("x"), [SequenceItem.last.set(5)]
    try:
        if times < CONFLICT_TRIES:
            assert update(SequenceItem, key, actions).last == 5
            assert fault.sent == times + 1
        else:
            with pytest.raises(StoreUnavailable):
                update(SequenceItem, key, actions)
            assert fault.sent == CONFLICT_TRIES
    finally:
        events.unregister("before-send.dynamodb.UpdateItem", fault)
