"""Which requests are sent again, and what comes of it: to a server that misbehaves."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from uuid import UUID
from zlib import crc32

import pytest
from botocore.exceptions import (
    ClientError,
    ConnectionClosedError,
    EndpointConnectionError,
    HTTPClientError,
    ReadTimeoutError,
)
from botocore.retries.quota import RetryQuota
from pynamodb.attributes import BinaryAttribute, UnicodeAttribute
from pynamodb.exceptions import PutError, VerboseClientError
from pynamodb.models import Model

from algoitny.domain.errors import Conflict, NotFound, StoreRejected, StoreUnavailable
from algoitny.embedded.ports import choose
from algoitny.models.kit import data_plane
from algoitny.models.kit.binding import Binding, bind, connection_of
from algoitny.models.kit.capacity import collect_capacity
from algoitny.models.kit.data_plane import DataPlane
from algoitny.models.kit.errors import store_errors
from tests.clock import FixedClock
from tests.models.kit.botocores import (
    API,
    DONE,
    OLD,
    REASONS,
    Told,
    make_client,
    on_the_wire,
    refusal,
)
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

pytestmark = pytest.mark.usefixtures("pauses", "no_settings_of_this_machine")


ATTEMPTS = 4


def test_success_gives_back_what_may_be_tried_again(pauses: list[float]) -> None:
    """botocore lets a client repeat a hundred requests more than succeed."""
    told = Told(is_ours=True, attempts=2)

    def every_other_fails(**_: object) -> None:
        told.status = 200 if len(told.sent) % 2 else 500

    told.client.meta.events.register_first("before-send.dynamodb", every_other_fails)
    for _ in range(150):
        assert told.client.scan(TableName="t")["ResponseMetadata"]["RetryAttempts"] == 1
    assert len(pauses) == 150


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


def test_what_neither_reads_nor_writes_items_goes_as_before(server: Server) -> None:
    server.play(says(answer(b'{"TableNames": ["things"]}')))
    assert its_client().list_tables()["TableNames"] == ["things"]
    assert server.requests[0].headers["x-amz-target"].endswith(".ListTables")
