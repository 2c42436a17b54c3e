"""Sends the requests that read and write items, in a fraction of the processor time of botocore.

For each request botocore walks through all values along the service's description, works out an
address that is always the same, and reads headers as if they were mail. None of that changes what
is sent: items travel as they are, bytes excepted. What happens seldom stays botocore's: which
failures are worth another try and when, where credentials come from, and the classes of errors.
See docs/decisions/the-data-plane-is-ours.md.
"""

from __future__ import annotations

import json
import os
from base64 import b64decode, b64encode
from collections.abc import Callable
from http import HTTPStatus
from http.client import responses
from time import sleep
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4
from zlib import crc32

from botocore.awsrequest import AWSPreparedRequest  # type: ignore[import-untyped]  # no types
from botocore.exceptions import (  # type: ignore[import-untyped]  # see above
    BotoCoreError,
    CredentialRetrievalError,
    HTTPClientError,
)
from botocore.hooks import first_non_none_response  # type: ignore[import-untyped]  # see above
from botocore.httpsession import get_cert_path  # type: ignore[import-untyped]  # see above
from botocore.session import Session  # type: ignore[import-untyped]  # see above
from botocore.utils import get_environ_proxies  # type: ignore[import-untyped]  # see above

from algoitny.domain.clock import Clock, SystemClock
from algoitny.models.kit.connections import Answer, Connections
from algoitny.models.kit.signature import signed_headers

_API = "DynamoDB_20120810"
OPERATIONS = (
    "BatchGetItem",
    "BatchWriteItem",
    "DeleteItem",
    "GetItem",
    "PutItem",
    "Query",
    "Scan",
    "TransactGetItems",
    "TransactWriteItems",
    "UpdateItem",
)
"""All that read or write items."""
_TRANSACTION, _TOKEN = "TransactWriteItems", "ClientRequestToken"
_CHECKSUM, _REQUEST_ID = "x-amz-crc32", "x-amzn-requestid"

_Call = Callable[[str, dict[str, Any]], dict[str, Any]]


def take_over(client: Any, session: Session, *, user_agent: str) -> None:
    """Let the client's requests that read and write items go this way; all others go as before.

    So do all of a client that has no credentials, which PynamoDB will replace by another, or whose
    way to the store is more than a connection to a host: through a proxy, or below a path.
    """
    credentials = client._request_signer._credentials  # noqa: SLF001 - botocore's seam
    endpoint = client.meta.endpoint_url
    address = urlsplit(endpoint)
    has_proxy = address.scheme in get_environ_proxies(endpoint)
    is_plain = address.path in {"", "/"} and not has_proxy
    if credentials is None or not is_plain:
        return
    certificates = session.get_config_variable("ca_bundle") or os.environ.get("REQUESTS_CA_BUNDLE")
    data_plane = DataPlane(
        client,
        credentials=credentials,
        ca_file=get_cert_path(certificates or True),
        user_agent=user_agent,
    )
    client._make_api_call = data_plane.call  # noqa: SLF001 - botocore's seam


class DataPlane:
    """One client's requests that read and write items, for as many threads as want."""

    def __init__(
        self,
        client: Any,
        *,
        credentials: Any,
        ca_file: str,
        user_agent: str,
        clock: Clock | None = None,
    ) -> None:
        config = client.meta.config
        self._botocore: _Call = client._make_api_call  # noqa: SLF001 - botocore's seam
        self._operations = {
            name: client.meta.service_model.operation_model(name) for name in OPERATIONS
        }
        self._tell: Callable[..., list[tuple[Any, Any]]] = client.meta.events.emit
        self._errors = client.exceptions
        self._url = client.meta.endpoint_url.rstrip("/") + "/"
        self._host = host_of(self._url)
        self._region: str = client._request_signer.region_name  # noqa: SLF001 - botocore's seam
        self._credentials = credentials
        self._user_agent = user_agent
        self._clock = clock or SystemClock()
        self._connections = Connections(
            self._url,
            connect_timeout=config.connect_timeout,
            read_timeout=config.read_timeout,
            kept=config.max_pool_connections,
            ca_file=ca_file,
        )

    def call(self, operation: str, arguments: dict[str, Any]) -> dict[str, Any]:
        """What botocore's client answers to the same arguments, or raises."""
        model = self._operations.get(operation)
        if model is None:
            return self._botocore(operation, arguments)
        if operation == _TRANSACTION and _TOKEN not in arguments:
            arguments = {**arguments, _TOKEN: str(uuid4())}
        body = _REQUEST.encode(arguments).encode()
        context: dict[str, Any] = {}
        answer, parsed, failure = self._try(operation, body)
        repeats = 0
        while answer is None or answer.status_code != HTTPStatus.OK:
            pauses = self._tell(
                f"needs-retry.dynamodb.{operation}",
                response=None if answer is None else (answer, parsed),
                endpoint=None,
                operation=model,
                attempts=1 + repeats,
                caught_exception=failure,
                request_dict={"context": context},
            )
            pause = first_non_none_response(pauses)
            if pause is None or pause is False:
                break
            sleep(pause)
            answer, parsed, failure = self._try(operation, body)
            repeats += 1
        if failure is not None:
            raise failure
        parsed["ResponseMetadata"]["RetryAttempts"] = repeats
        self._tell(
            f"after-call.dynamodb.{operation}",
            http_response=answer,
            parsed=parsed,
            model=model,
            context=context,
        )
        if "Error" in parsed:
            raise self._errors.from_code(parsed["Error"]["Code"])(parsed, operation)
        return parsed

    def _try(
        self, operation: str, body: bytes
    ) -> tuple[Answer | None, dict[str, Any], Exception | None]:
        """The answer and what it says, or why there is none."""
        try:
            answer = self._send(operation, body)
            return answer, _parsed(answer), None
        except BotoCoreError as error:
            return None, {}, error

    def _send(self, operation: str, body: bytes) -> Answer:
        target = f"{_API}.{operation}"
        headers = signed_headers(
            target=target,
            body=body,
            host=self._host,
            region=self._region,
            keys=self._keys(),
            now=self._clock.now(),
        )
        headers["User-Agent"] = self._user_agent
        headers["Accept-Encoding"] = "identity"
        headers["Content-Length"] = str(len(body))
        request = AWSPreparedRequest(
            "POST",
            self._url,
            {name: value.encode() for name, value in headers.items()},
            body,
            stream_output=False,
        )
        # Whoever listens may answer instead of the store, as moto does.
        answers = self._tell(f"before-send.dynamodb.{operation}", request=request)
        answered: Answer | None = first_non_none_response(answers)
        if answered is not None:
            return answered
        lines = [b"POST / HTTP/1.1"]
        lines += [name.encode() + b": " + value for name, value in request.headers.items()]
        return self._connections.exchange(b"\r\n".join((*lines, b"", body)))

    def _keys(self) -> Any:
        """Raises BotoCoreError only: botocore lets through what the way to new ones raises, such as
        of a program of the configuration that is gone, or says what is no JSON."""
        try:
            return self._credentials.get_frozen_credentials()
        except BotoCoreError:
            raise
        except Exception as error:
            raise CredentialRetrievalError(
                provider=self._credentials.method, error_msg=str(error)
            ) from error


def host_of(url: str) -> str:
    """As the header has it: with the port where it is not the scheme's own."""
    address = urlsplit(url)
    host = address.hostname or ""
    name = f"[{host}]" if ":" in host else host
    has_port = address.port not in {None, 443 if address.scheme == "https" else 80}
    return f"{name}:{address.port}" if has_port else name


def _encoded(value: object) -> str | list[Any]:
    """What JSON has no form of: bytes and sets."""
    if isinstance(value, bytes | bytearray | memoryview):
        return b64encode(value).decode()
    if isinstance(value, set | frozenset):
        return list(value)
    raise TypeError(f"DynamoDB has no form of {type(value).__name__}")


def _decoded(value: dict[str, Any]) -> dict[str, Any]:
    """A JSON object with its bytes, where it is a value of this kind. An attribute that is called
    `B` has an object of its own there, no text."""
    if len(value) == 1:
        ((kind, content),) = value.items()
        if kind == "B" and isinstance(content, str):
            return {kind: b64decode(content)}
        if kind == "BS" and isinstance(content, list) and all(isinstance(e, str) for e in content):
            return {kind: [b64decode(each) for each in content]}
    return value


_REQUEST = json.JSONEncoder(default=_encoded)
_ANSWER = json.JSONDecoder(object_hook=_decoded)


def _parsed(answer: Answer) -> dict[str, Any]:
    """What an answer says, with an `Error` where it is a refusal; as botocore gives it.

    Raises HTTPClientError for one that did not arrive as it was sent.
    """
    checksum = answer.headers.get(_CHECKSUM)
    if checksum is not None and checksum != str(crc32(answer.content)):
        raise HTTPClientError(error="the answer does not have its checksum")
    if answer.status_code == HTTPStatus.OK:
        parsed = _object_in(answer.content)
        if parsed is None:
            raise HTTPClientError(error="the answer is not JSON")
    else:
        parsed = _refusal(answer)
    parsed["ResponseMetadata"] = {
        "HTTPStatusCode": answer.status_code,
        "HTTPHeaders": answer.headers,
        "RequestId": answer.headers.get(_REQUEST_ID, ""),
    }
    return parsed


def _refusal(answer: Answer) -> dict[str, Any]:
    """Of a refusal that is no JSON, the text; of a page, which a proxy may send, the status."""
    parsed = _object_in(answer.content)
    if parsed is None:
        text = answer.content.decode(errors="replace").strip()
        parsed = {} if text.startswith("<html>") else {"message": text}
    kind = str(parsed.pop("__type", answer.status_code))
    message = parsed.get("message") or parsed.get("Message")
    parsed["Error"] = {
        "Code": kind.partition(":")[0].rpartition("#")[2],
        "Message": message or responses.get(answer.status_code, ""),
    }
    return parsed


def _object_in(content: bytes) -> dict[str, Any] | None:
    try:
        found = _ANSWER.decode(content.decode() or "{}")
    except ValueError:
        return None
    return found if isinstance(found, dict) else None
