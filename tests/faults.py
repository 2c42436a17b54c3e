"""Makes the store fail in the ways that no local store does by itself.

A fault replaces one request of the client that the models share, as botocore's caller sees it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from botocore.exceptions import ClientError, ConnectTimeoutError, ReadTimeoutError

from algoitny.models import TableItem
from algoitny.models.kit.binding import connection_of

Call = Callable[[], Any]
Fault = Callable[[Call], Any]


class Faults:
    """Faults wait per operation, in the order they were added; requests beyond them pass."""

    def __init__(self) -> None:
        client: Any = connection_of(TableItem).connection.client
        self._client = client
        self._real = client._make_api_call
        self._waiting: list[tuple[str, Fault]] = []
        self.requests: list[tuple[str, dict[str, Any]]] = []
        client._make_api_call = self._call

    def remove(self) -> None:
        """Let the client alone."""
        self._client._make_api_call = self._real

    def add(self, operation: str, *faults: Fault) -> None:
        self._waiting += [(operation, fault) for fault in faults]

    def forget(self) -> None:
        """Let the requests to come pass."""
        self._waiting.clear()

    @property
    def left(self) -> int:
        """Faults that nothing has run into."""
        return len(self._waiting)

    def sent(self, operation: str) -> list[dict[str, Any]]:
        """The requests of one operation, as they were sent."""
        return [request for name, request in self.requests if name == operation]

    def _call(self, operation: str, request: dict[str, Any]) -> Any:
        self.requests.append((operation, request))
        for position, (name, fault) in enumerate(self._waiting):
            if name == operation:
                del self._waiting[position]
                return fault(lambda: self._real(operation, request))
        return self._real(operation, request)


def throttled(_: Call) -> Any:
    """Refused before anything happened."""
    raise _client_error("ProvisionedThroughputExceededException", 400)


def broken(_: Call) -> Any:
    """A 500 before anything happened."""
    raise _client_error("InternalServerError", 500)


def unreachable(_: Call) -> Any:
    """No connection, so nothing happened."""
    raise ConnectTimeoutError(endpoint_url="http://store")


def answer_lost(call: Call) -> Any:
    """It happened, but the answer did not arrive, and botocore's own tries were used up."""
    call()
    raise ReadTimeoutError(endpoint_url="http://store")


def answer_lost_and_repeated(call: Call) -> Any:
    """It happened, the answer did not arrive, and botocore sent the request again."""
    call()
    return call()


LOST: tuple[Fault, ...] = (answer_lost, answer_lost_and_repeated)
"""It happened, and nobody was told."""

NOTHING_HAPPENED: tuple[Fault, ...] = (throttled, broken, unreachable)


def conflict(*codes: str) -> Fault:
    """A transaction cancelled with these reasons."""

    def fault(_: Call) -> Any:
        error = _client_error("TransactionCanceledException", 400)
        error.response["CancellationReasons"] = [{"Code": code} for code in codes]
        raise error

    return fault


def _client_error(code: str, status: int) -> Any:
    response: Any = {
        "Error": {"Code": code, "Message": "injected"},
        "ResponseMetadata": {"HTTPStatusCode": status},
    }
    return ClientError(response, "injected")
