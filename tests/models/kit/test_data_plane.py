"""Requests that read and write items say, hear, refuse and try again what botocore's own do."""

from __future__ import annotations

import json
import re
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import cache
from http.client import responses
from pathlib import Path
from ssl import PROTOCOL_TLS_SERVER, SSLContext
from typing import Any
from uuid import UUID
from zlib import crc32

import botocore.session
import pytest
from botocore.awsrequest import AWSResponse
from botocore.config import Config
from botocore.credentials import RefreshableCredentials
from botocore.exceptions import (
    ClientError,
    ConnectionClosedError,
    EndpointConnectionError,
    HTTPClientError,
    LoginRefreshRequired,
    NoCredentialsError,
    ReadTimeoutError,
    SSLError,
    UnauthorizedSSOTokenError,
)
from botocore.retries.quota import RetryQuota
from hypothesis import given
from hypothesis import strategies as st
from pynamodb.attributes import BinaryAttribute, UnicodeAttribute
from pynamodb.exceptions import PutError, VerboseClientError
from pynamodb.models import Model

from algoitny.domain.errors import Conflict, NotFound, StoreRejected, StoreUnavailable
from algoitny.embedded.ports import choose
from algoitny.models.kit import data_plane
from algoitny.models.kit.binding import Binding, bind, connection_of
from algoitny.models.kit.capacity import collect_capacity
from algoitny.models.kit.data_plane import DataPlane, take_over
from algoitny.models.kit.errors import store_errors
from tests.certificates import certificate
from tests.clock import FixedClock
from tests.models.kit.scripted import (
    Server,
    Turn,
    answer,
    echoes,
    hangs_up,
    is_silent,
    says,
    scripted,
)

AGENT = "a-test"
ATTEMPTS = 4
API = "com.amazonaws.dynamodb.v20120810"


@cache
def a_session() -> botocore.session.Session:
    """One for all, which has read botocore's descriptions."""
    session = botocore.session.Session()
    session.set_credentials("key", "secret")
    return session


def make_client(
    endpoint: str | None,
    *,
    session: botocore.session.Session | None = None,
    is_ours: bool = True,
    attempts: int = 1,
    region: str = "eu-west-1",
) -> Any:
    """As PynamoDB makes one, whose way `is_ours` or botocore's."""
    session = session or a_session()
    config = Config(
        parameter_validation=False,
        connect_timeout=60,
        read_timeout=60,
        retries={"total_max_attempts": attempts, "mode": "standard"},
    )
    client = session.create_client("dynamodb", region, endpoint_url=endpoint, config=config)
    if is_ours:
        take_over(client, session, user_agent=AGENT)
    return client


def is_taken(client: Any) -> bool:
    return isinstance(client._make_api_call.__self__, DataPlane)


@pytest.fixture(autouse=True)
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """How long was waited before each repeated request, without waiting for it."""
    taken: list[float] = []
    monkeypatch.setattr(data_plane, "sleep", taken.append)
    return taken


@pytest.fixture(autouse=True)
def _no_settings_of_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    for scheme in ("http", "https", "all", "no"):
        monkeypatch.delenv(f"{scheme}_proxy", raising=False)
        monkeypatch.delenv(f"{scheme}_proxy".upper(), raising=False)
    monkeypatch.delenv("AWS_CA_BUNDLE", raising=False)
    monkeypatch.delenv("REQUESTS_CA_BUNDLE", raising=False)


# What is sent and understood: both ways, with answers that never were on a wire.


class Raw:
    """A body as botocore reads it."""

    def __init__(self, body: bytes) -> None:
        self.body = body

    def stream(self, **_: object) -> Iterator[bytes]:
        yield self.body


class Told:
    """A client with somebody who notes its requests and answers them."""

    def __init__(self, *, is_ours: bool, **options: Any) -> None:
        self.client = make_client("http://127.0.0.1:8000", is_ours=is_ours, **options)
        assert is_taken(self.client) == is_ours
        self.client.meta.events.register("before-send.dynamodb", self._answer)
        self.sent: list[Any] = []
        self.status, self.body = 200, b"{}"
        self.headers = {"x-amzn-RequestId": "an id"}

    def _answer(self, request: Any, **_: object) -> AWSResponse:
        self.sent.append(request)
        return AWSResponse(request.url, self.status, self.headers, Raw(self.body))

    def answer(self, operation: str, body: bytes, status: int = 200, **arguments: Any) -> Any:
        """What the caller gets, or the error that is raised."""
        self.status, self.body = status, body
        try:
            return self.client._make_api_call(operation, arguments)
        except ClientError as error:
            return error


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


def on_the_wire(answer: object) -> bytes:
    return json.dumps(answer, default=lambda data: b64encode(data).decode()).encode()


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


def refusal(kind: str, **more: Any) -> bytes:
    return on_the_wire({"__type": kind, **more})


OLD = {"k": {"S": "x"}, "B": {"B": b"\0\xff"}, "s": {"BS": [b"\1"]}}
REASONS = [
    {"Code": "None"},
    {"Code": "ConditionalCheckFailed", "Message": "no", "Item": OLD},
    {"Code": "ItemCollectionSizeLimitExceeded", "Message": "no"},
]
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


def test_success_gives_back_what_may_be_tried_again(pauses: list[float]) -> None:
    """botocore lets a client repeat a hundred requests more than succeed."""
    told = Told(is_ours=True, attempts=2)

    def every_other_fails(**_: object) -> None:
        told.status = 200 if len(told.sent) % 2 else 500

    told.client.meta.events.register_first("before-send.dynamodb", every_other_fails)
    for _ in range(150):
        assert told.client.scan(TableName="t")["ResponseMetadata"]["RetryAttempts"] == 1
    assert len(pauses) == 150


# What is tried again, and what comes of it: over sockets.


class Thing(Model):
    class Meta:
        table_name = "things"

    key = UnicodeAttribute(hash_key=True)
    data = BinaryAttribute(legacy_encoding=False, null=True)


@pytest.fixture(scope="module")
def running() -> Iterator[Server]:
    with scripted() as server, pytest.MonkeyPatch.context() as patch:
        patch.setenv("NO_PROXY", "*")
        binding = Binding(
            region="eu-west-1", endpoint=server.url, attempts=ATTEMPTS, read_timeout=60.0
        )
        bind({"things": [Thing]}, binding)
        yield server


def its_client() -> Any:
    return connection_of(Thing).connection.client


def its_plane() -> DataPlane:
    plane: DataPlane = its_client()._make_api_call.__self__
    return plane


@pytest.fixture
def server(running: Server, monkeypatch: pytest.MonkeyPatch) -> Server:
    its_plane()._connections.close()
    running.play()
    # The client may repeat so many requests only; other tests' are not this one's business.
    monkeypatch.setattr(RetryQuota, "acquire", lambda *_: True)
    return running


def put() -> Any:
    return its_client().put_item(TableName="things", Item={"key": {"S": "x"}})


DONE = says(
    answer(b'{"Attributes": {"key": {"S": "old"}}, "ConsumedCapacity": {"CapacityUnits": 1}}')
)
THROTTLED = says(answer(refusal(f"{API}#ProvisionedThroughputExceededException"), 400))
BROKEN = says(answer(b"", 500))


def with_checksum(body: bytes, checksum: int) -> Turn:
    return says(answer(body, headers={"X-Amz-CRC32": checksum}))


ANSWER = answer(b'{"Attributes": {}}')
PASSING: dict[str, Turn] = {
    "a failure": BROKEN,
    "an unavailable service": says(answer(b"<html>", 503)),
    "throttled": THROTTLED,
    "throttled all the same": says(answer(refusal(f"{API}#ThrottlingException"), 400)),
    "a conflict": says(answer(refusal(f"{API}#TransactionConflictException"), 400)),
    "closed at once": hangs_up,
    "closed in the head": says(ANSWER[:20], closes=True),
    "closed in the body": says(ANSWER[:-1], closes=True),
    "a wrong checksum": with_checksum(b'{"Attributes": {}}', 1),
    "a checksum that is none": says(answer(headers={"x-amz-crc32": "one"})),
    "no JSON": says(answer(b"<html>hello</html>")),
    "two answers": says(ANSWER + ANSWER),
}


@pytest.mark.parametrize("turn", PASSING.values(), ids=PASSING)
def test_what_another_moment_may_change_is_tried_again(
    server: Server, pauses: list[float], turn: Turn
) -> None:
    server.play(turn, turn, DONE)
    with collect_capacity() as consumed:
        done = put()
    assert done["Attributes"] == {"key": {"S": "old"}}
    assert done["ResponseMetadata"]["RetryAttempts"] == 2
    assert (consumed.requests, consumed.errors, consumed.wcu) == (3, 0, 1)
    assert consumed.operations == ["PutItem"]
    assert len(pauses) == 2
    assert all(pause >= 0 for pause in pauses)


@pytest.mark.parametrize(
    ("turn", "raised"),
    [
        (BROKEN, ClientError),
        (THROTTLED, ClientError),
        (hangs_up, ConnectionClosedError),
        (says(ANSWER[:-1], closes=True), ConnectionClosedError),
        (with_checksum(b'{"Attributes": {}}', 1), HTTPClientError),
        (says(answer(b"<html>")), HTTPClientError),
    ],
    ids=["failure", "throttled", "closed", "cut", "checksum", "no JSON"],
)
def test_in_the_end_it_is_given_up(server: Server, turn: Turn, raised: type[Exception]) -> None:
    server.play(*[turn] * ATTEMPTS, DONE)
    with pytest.raises(raised):
        put()
    assert server.left == 1
    server.play(*[turn] * ATTEMPTS, DONE)
    with pytest.raises(StoreUnavailable), store_errors():
        put()
    assert server.left == 1


def test_the_last_refusal_tells_how_often_it_was_tried(server: Server) -> None:
    server.play(*[BROKEN] * ATTEMPTS)
    with collect_capacity() as consumed, pytest.raises(ClientError) as caught:
        put()
    assert "reached max retries: 3" in str(caught.value)
    assert caught.value.response["ResponseMetadata"]["RetryAttempts"] == ATTEMPTS - 1
    assert (consumed.requests, consumed.errors) == (ATTEMPTS, 1)


@pytest.mark.parametrize(
    ("turn", "expected"),
    [
        (says(answer(refusal(f"{API}#ValidationException"), 400)), StoreRejected),
        (says(answer(refusal(f"{API}#ConditionalCheckFailedException"), 400)), Conflict),
        (says(answer(refusal(f"{API}#ResourceNotFoundException"), 400)), StoreUnavailable),
        (says(answer(b"", 413)), StoreRejected),
        (says(answer(b"", 307, {"Location": "http://127.0.0.1:1/"})), StoreRejected),
    ],
    ids=["invalid", "condition", "no table", "too large", "redirect"],
)
def test_what_no_other_moment_changes_is_not_tried_again(
    server: Server, pauses: list[float], turn: Turn, expected: type[Exception]
) -> None:
    server.play(turn, DONE)
    with pytest.raises(expected), store_errors():
        put()
    assert (server.left, pauses) == (1, [])


def test_a_store_that_never_answers_is_given_up(server: Server, pauses: list[float]) -> None:
    connections = its_plane()._connections
    server.play(*[is_silent] * ATTEMPTS)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(connections, "_read_timeout", 0.02)
        with pytest.raises(ReadTimeoutError):
            put()
        assert (len(server.requests), len(pauses)) == (ATTEMPTS, ATTEMPTS - 1)
        server.play(is_silent, DONE)
        with store_errors():
            assert put()["ResponseMetadata"]["RetryAttempts"] == 1
    connections.close()


def test_a_store_that_is_not_there_is_given_up(pauses: list[float]) -> None:
    client = make_client(f"http://127.0.0.1:{choose(None)}", attempts=ATTEMPTS)
    with pytest.raises(EndpointConnectionError):
        client.scan(TableName="t")
    assert len(pauses) == ATTEMPTS - 1
    with pytest.raises(StoreUnavailable), store_errors():
        client.scan(TableName="t")


def test_a_right_checksum_is_taken(server: Server, pauses: list[float]) -> None:
    body = b'{"Attributes": {"key": {"S": "new"}}}'
    server.play(with_checksum(body, crc32(body)))
    assert put()["Attributes"] == {"key": {"S": "new"}}
    assert not pauses


def test_a_refusal_that_was_damaged_is_no_refusal(server: Server) -> None:
    body = refusal(f"{API}#ConditionalCheckFailedException")
    server.play(says(answer(body, 400, {"x-amz-crc32": crc32(body) + 1})), DONE)
    assert put()["ResponseMetadata"]["RetryAttempts"] == 1


def test_a_repeated_request_is_the_same_and_signed_anew(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = FixedClock()
    monkeypatch.setattr(its_plane(), "_clock", clock)
    monkeypatch.setattr(data_plane, "sleep", lambda _: clock.advance(seconds=1))
    server.play(BROKEN, hangs_up, BROKEN, DONE)
    its_client().transact_write_items(TransactItems=[])
    (body,) = {request.body for request in server.requests}
    assert UUID(json.loads(body)["ClientRequestToken"])
    for header in ("x-amz-date", "authorization"):
        assert len({request.headers[header] for request in server.requests}) == ATTEMPTS - 1
    for request in server.requests:
        assert request.headers["host"] == f"127.0.0.1:{server.port}"
        assert request.headers["user-agent"] == Binding(region="").user_agent
        assert request.path == "/"


def test_pynamodbs_errors_have_what_dynamodb_said(server: Server) -> None:
    cancelled = refusal(
        f"{API}#TransactionCanceledException", Message="no", CancellationReasons=REASONS
    )
    server.play(says(answer(cancelled, 400, {"x-amzn-RequestId": "an id"})))
    connection = connection_of(Thing).connection
    with pytest.raises(VerboseClientError) as caught:
        connection.dispatch("TransactWriteItems", {"TransactItems": []})
    assert "an id" in str(caught.value)
    assert caught.value.response["Error"] == {
        "Code": "TransactionCanceledException",
        "Message": "no",
    }
    none, failed, _ = caught.value.cancellation_reasons
    assert none is None
    assert (failed.code, failed.message, failed.raw_item) == ("ConditionalCheckFailed", "no", OLD)


def test_pynamodbs_models_write_and_read_bytes(server: Server) -> None:
    server.play(echoes, echoes)
    Thing("x", data=b"\0\xff").save()
    sent = json.loads(server.requests[0].body)
    assert sent["Item"] == {"key": {"S": "x"}, "data": {"B": "AP8="}}
    server.play(says(answer(on_the_wire({"Item": {"key": {"S": "x"}, "data": {"B": b"\1"}}}))))
    assert Thing.get("x").data == b"\1"
    server.play(says(answer(b"{}")))
    with pytest.raises(NotFound), store_errors():
        Thing.get("x")
    old = refusal(f"{API}#ConditionalCheckFailedException", message="no", Item=OLD)
    server.play(says(answer(old, 400)))
    with pytest.raises(PutError) as caught:
        Thing("x").save(Thing.key.does_not_exist())
    assert caught.value.cause_response_code == "ConditionalCheckFailedException"


# Which clients are taken over, and as whom they speak.


@pytest.mark.parametrize(
    ("environment", "endpoint", "expected"),
    [
        ({}, "http://store:8000", True),
        ({}, "http://store:8000/", True),
        ({}, "http://store:8000/below", False),
        ({"HTTP_PROXY": "http://proxy"}, "http://store", False),
        ({"https_proxy": "proxy:3128"}, None, False),
        ({"HTTPS_PROXY": "http://proxy"}, "http://store", True),
        ({"NO_PROXY": "other"}, "http://store", True),
        ({"HTTP_PROXY": "http://proxy", "NO_PROXY": "store"}, "http://store", True),
        ({"HTTP_PROXY": "http://proxy", "NO_PROXY": "other"}, "http://store", False),
    ],
)
def test_only_what_leads_straight_to_the_store_is_ours(
    monkeypatch: pytest.MonkeyPatch,
    environment: dict[str, str],
    endpoint: str | None,
    expected: bool,
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert is_taken(make_client(endpoint)) == expected


def test_a_proxy_is_gone_through(monkeypatch: pytest.MonkeyPatch) -> None:
    with scripted() as proxy:
        monkeypatch.setenv("HTTP_PROXY", proxy.url)
        client = make_client("http://store.example:8000")
        proxy.play(DONE)
        assert client.put_item(TableName="t", Item={})["Attributes"] == {"key": {"S": "old"}}
        (request,) = proxy.requests
        assert request.path == "http://store.example:8000/"
        assert request.headers["host"] == "store.example:8000"


def test_a_store_below_a_path_is_found() -> None:
    with scripted() as server:
        client = make_client(f"{server.url}/below")
        server.play(DONE)
        assert client.put_item(TableName="t", Item={})["Attributes"] == {"key": {"S": "old"}}
        assert server.requests[0].path.startswith("/below")


def test_what_neither_reads_nor_writes_items_goes_as_before(server: Server) -> None:
    server.play(says(answer(b'{"TableNames": ["things"]}')))
    assert its_client().list_tables()["TableNames"] == ["things"]
    assert server.requests[0].headers["x-amz-target"].endswith(".ListTables")


def test_without_credentials_nothing_is_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    session = botocore.session.Session()
    monkeypatch.setattr(session, "get_credentials", lambda: None)
    with scripted() as server:
        client = make_client(server.url, session=session)
        with pytest.raises(NoCredentialsError):
            client.scan(TableName="t")
        with pytest.raises(StoreUnavailable), store_errors():
            client.scan(TableName="t")
        assert not server.requests


def test_credentials_that_change_are_asked_for_each_request() -> None:
    given = iter("abc")

    def refreshed() -> dict[str, str]:
        name = next(given)
        now = datetime.now(UTC)
        return {
            "access_key": f"key-{name}",
            "secret_key": "secret",
            "token": f"token-{name}",
            # Too soon for botocore, which asks for others at once.
            "expiry_time": (now + timedelta(seconds=700)).isoformat(),
        }

    session = a_session()
    credentials = RefreshableCredentials.create_from_metadata(
        refreshed(), refreshed, "a test", advisory_timeout=800, mandatory_timeout=60
    )
    session._credentials = credentials
    with scripted() as server:
        client = make_client(server.url, session=session)
        for _ in range(2):
            client.scan(TableName="t")
        tokens = [request.headers["x-amz-security-token"] for request in server.requests]
        keys = [request.headers["authorization"] for request in server.requests]
    assert tokens == ["token-b", "token-c"]
    assert ["key-b/" in keys[0], "key-c/" in keys[1]] == [True, True]


@pytest.mark.parametrize(
    "failure",
    [
        FileNotFoundError(2, "aws-login"),
        ValueError("no JSON"),
        LoginRefreshRequired(),
        UnauthorizedSSOTokenError(),
    ],
    ids=lambda failure: type(failure).__name__,
)
def test_credentials_that_cannot_be_renewed_are_no_error_of_ours(failure: Exception) -> None:
    def refreshed() -> dict[str, str]:
        raise failure

    now = datetime.now(UTC)
    session = botocore.session.Session()
    session._credentials = RefreshableCredentials(
        "key", "secret", None, now - timedelta(seconds=1), refreshed, "a program"
    )
    with scripted() as server:
        client = make_client(server.url, session=session)
        with pytest.raises(StoreUnavailable), store_errors():
            client.scan(TableName="t")
        assert not server.requests


@contextmanager
def over_tls(folder: Path) -> Iterator[tuple[Server, Path]]:
    trusted = certificate(folder, "localhost")
    context = SSLContext(PROTOCOL_TLS_SERVER)
    context.load_cert_chain(trusted)
    with scripted(context) as server:
        yield server, trusted


@pytest.mark.parametrize("variable", ["AWS_CA_BUNDLE", "REQUESTS_CA_BUNDLE"])
def test_whom_to_trust_is_said_as_to_botocore(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    with over_tls(tmp_path) as (server, trusted):
        with pytest.raises(SSLError):
            make_client(server.url).scan(TableName="t")
        monkeypatch.setenv(variable, str(trusted))
        make_client(server.url).scan(TableName="t")
        monkeypatch.setenv(variable, str(tmp_path / "none"))
        client = make_client(server.url)
        with pytest.raises(StoreUnavailable), store_errors():
            client.scan(TableName="t")
        assert len(server.requests) == 1
