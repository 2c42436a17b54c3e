"""Clients of botocore's whose way to the store is ours, or its own."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Iterator
from functools import cache
from typing import Any

import botocore.session
from botocore.awsrequest import AWSResponse
from botocore.config import Config
from botocore.exceptions import ClientError

from algoitny.models.kit.data_plane import DataPlane, take_over
from tests.models.kit.scripted import answer, says

AGENT = "a-test"
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


def on_the_wire(answer: object) -> bytes:
    return json.dumps(answer, default=lambda data: b64encode(data).decode()).encode()


def refusal(kind: str, **more: Any) -> bytes:
    return on_the_wire({"__type": kind, **more})


OLD = {"k": {"S": "x"}, "B": {"B": b"\0\xff"}, "s": {"BS": [b"\1"]}}
REASONS = [
    {"Code": "None"},
    {"Code": "ConditionalCheckFailed", "Message": "no", "Item": OLD},
    {"Code": "ItemCollectionSizeLimitExceeded", "Message": "no"},
]
DONE = says(
    answer(b'{"Attributes": {"key": {"S": "old"}}, "ConsumedCapacity": {"CapacityUnits": 1}}')
)
