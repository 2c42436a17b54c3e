"""Transactions: all of several writes or none, and the right error when it is none.

Every write names the error that its refusal means. DynamoDB answers a cancelled transaction with
one reason per write, in the order they were sent, which here is the order they were declared
(PynamoDB's own TransactWrite sends checks, deletes, puts, updates, whatever the order of calls).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from botocore.exceptions import ClientError  # type: ignore[import-untyped]  # ships none
from pynamodb.connection import TableConnection
from pynamodb.constants import ITEM, KEY
from pynamodb.exceptions import VerboseClientError
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action
from pynamodb.models import Model

from algoitny.domain.errors import AlgoItnyError, Conflict, StoreRejected, StoreUnavailable
from algoitny.domain.patience import Patience
from algoitny.models.kit.binding import connection_of
from algoitny.models.kit.errors import (
    STORE_ERRORS,
    TRANSACTION_CANCELLED,
    error_code,
    store_errors,
    translate,
)
from algoitny.models.kit.keys import Key
from algoitny.models.kit.operations import Refusal, key_of
from algoitny.models.kit.sizes import check_item, check_transaction
from algoitny.models.kit.wire import dump

_CONTENTION = frozenset({"TransactionConflict", "ProvisionedThroughputExceeded", "ThrottlingError"})
_IN_PROGRESS = frozenset({"TransactionInProgressException", "TransactionConflictException"})


class Transaction:
    """Collects writes, then sends them under one request token over all tries, botocore's included:
    DynamoDB carries a token out once, however often it hears it (for ten minutes).

    When several writes are refused, the one declared first decides the error.
    """

    def __init__(self, *, token: str, patience: Patience) -> None:
        self._token = token
        self._patience = patience
        self._writes: list[dict[str, Any]] = []
        self._refusals: list[Refusal] = []
        self._sizes: list[int] = []
        self._connection: TableConnection | None = None

    def check(
        self, model: type[Model], key: Key, condition: Condition, *, refused: Refusal = Conflict
    ) -> None:
        """Go on only if the condition holds for an item that is not written."""
        self._add(model, "ConditionCheck", refused, self._keyed(model, key, condition=condition))

    def put(
        self, item: Model, *, condition: Condition | None = None, refused: Refusal = Conflict
    ) -> None:
        """Write a whole item. Raises TooLarge."""
        with store_errors():
            raw = dump(item)
        size = check_item(raw)
        key = key_of(item)
        request = connection_of(type(item)).get_operation_kwargs(
            key.partition, range_key=key.sort, key=ITEM, attributes=raw, condition=condition
        )
        self._add(type(item), "Put", refused, request, size)

    def update(
        self,
        model: type[Model],
        key: Key,
        actions: Sequence[Action],
        *,
        condition: Condition | None = None,
        refused: Refusal = Conflict,
    ) -> None:
        """Apply update expressions; makes the item when there is none and the condition allows.

        Raises TooLarge.
        """
        request = self._keyed(model, key, condition=condition, actions=list(actions))
        size = check_item(request.get("ExpressionAttributeValues", {}))
        self._add(model, "Update", refused, request, size)

    def delete(
        self,
        model: type[Model],
        key: Key,
        *,
        condition: Condition | None = None,
        refused: Refusal = Conflict,
    ) -> None:
        """Remove an item."""
        self._add(model, "Delete", refused, self._keyed(model, key, condition=condition))

    def commit(self, *, written: Callable[[], bool] = lambda: False) -> None:
        """Send it. Conflicts with other transactions are tried again, with jitter.

        `written` tells whether an earlier try of the very same writes has happened after all: it
        is asked, and believed, before a refusal or an unknown outcome becomes an error.
        Raises what the refused write declared; StoreUnavailable; TooLarge.
        """
        check_transaction(self._sizes)
        failure = self._send()
        if failure is not None and not written():
            raise failure()

    def _send(self) -> Callable[[], AlgoItnyError] | None:
        assert self._connection is not None, "a transaction without writes"  # noqa: S101 - a bug
        request = {"TransactItems": self._writes, "ClientRequestToken": self._token}
        failure: Callable[[], AlgoItnyError] | None = None
        for _ in self._patience.rounds():
            try:
                self._connection.connection.dispatch("TransactWriteItems", dict(request))
            except STORE_ERRORS as error:
                failure, again = self._judge(error)
                if not again:
                    return failure
            else:
                return None
        return failure

    def _judge(self, error: Exception) -> tuple[Callable[[], AlgoItnyError], bool]:
        """The error that an answer means, and whether another try may do better."""
        code = error_code(error)
        if code in _IN_PROGRESS:
            return lambda: StoreUnavailable("Others are writing the same rows."), True
        if code != TRANSACTION_CANCELLED:
            own = translate(error)
            return lambda: own, False
        codes = _reasons(error)
        again = any(code in _CONTENTION for code in codes)
        for position, code in enumerate(codes):
            if code == "ConditionalCheckFailed" and position < len(self._refusals):
                return self._refusals[position], again
        if again:
            return lambda: StoreUnavailable("Others are writing the same rows."), True
        kinds = ", ".join(sorted({code for code in codes if code != "None"})) or "no reason"
        return lambda: StoreRejected(f"The transaction was cancelled: {kinds}."), False

    def _keyed(
        self,
        model: type[Model],
        key: Key,
        *,
        condition: Condition | None,
        actions: list[Action] | None = None,
    ) -> dict[str, Any]:
        return connection_of(model).get_operation_kwargs(
            key.partition, range_key=key.sort, key=KEY, condition=condition, actions=actions
        )

    def _add(
        self,
        model: type[Model],
        kind: str,
        refused: Refusal,
        request: dict[str, Any],
        size: int = 0,
    ) -> None:
        # Any table's connection can carry a transaction over several tables of one region.
        self._connection = self._connection or connection_of(model)
        self._writes.append({kind: request})
        self._refusals.append(refused)
        self._sizes.append(size)


def _reasons(error: Exception) -> list[str]:
    """One code per write, in order; `None` for those that did not refuse."""
    if isinstance(error, VerboseClientError):
        return ["None" if reason is None else reason.code for reason in error.cancellation_reasons]
    if isinstance(error, ClientError):
        reasons: Sequence[Any] = error.response.get("CancellationReasons", ())
        return [str(reason.get("Code", "None")) for reason in reasons]
    return []
