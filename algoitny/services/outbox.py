"""Delivering what is in the outbox: each webhook until its receiver took it, or for about a day.

At least once: a worker that dies after sending leaves the message in the outbox, and its receiver
gets it again under the same id.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

import structlog

from algoitny.domain.clock import Clock, rfc3339
from algoitny.domain.errors import (
    AlgoItnyError,
    InvalidInput,
    StaleAttempt,
    StoreRejected,
    Unavailable,
)
from algoitny.domain.history import History, HistoryRepository
from algoitny.domain.outbox import Delivery, OutboxRepository
from algoitny.providers.webhook import NotDelivered

log = structlog.get_logger(__name__)

PAUSES = tuple(timedelta(seconds=seconds) for seconds in (10, 60, 300, 1800, 7200, 21_600, 43_200))
"""Between one try and the next; after the last one it is given up."""

LEASE_SECONDS = 60.0
"""Longer than finding a receiver and telling it may take."""

LOOKED_AT = 500
AT_ONCE = 16
OF_ONE_USER = 8
"""In one pass: one user's slow receiver shall not hold up what the others wait for."""
STEP_BACK = timedelta(seconds=60)
"""What is over that comes later by so much, when so many are due that not all are looked at."""

EVENT = "execution.ended"


class Sender(Protocol):
    """What this service needs of `algoitny.providers.webhook.WebhookSender`."""

    def send(self, url: str, body: bytes, *, message_id: str, secret: str) -> None: ...


class Secrets(Protocol):
    """What it needs of `algoitny.services.webhook_secret.WebhookSecretService`."""

    def open(self, user_id: str) -> str | None: ...


@dataclass(slots=True)
class DeliveryReport:
    """What one pass did."""

    delivered: int = 0
    postponed: int = 0
    given_up: int = 0


class OutboxService:
    """One pass every few seconds; passes of several workers may overlap."""

    def __init__(
        self,
        *,
        outbox: OutboxRepository,
        histories: HistoryRepository,
        secrets: Secrets,
        sender: Sender,
        clock: Clock,
    ) -> None:
        self._outbox = outbox
        self._histories = histories
        self._secrets = secrets
        self._sender = sender
        self._clock = clock

    def deliver(self) -> DeliveryReport:
        """Try what is due, once each. Raises Unavailable when that cannot be read."""
        report = DeliveryReport()
        due = self._outbox.list_due(limit=LOOKED_AT)
        if not due:
            return report
        chosen, left = _fair(due)
        with ThreadPoolExecutor(min(AT_ONCE, len(due)), thread_name_prefix="webhook") as pool:
            if len(due) == LOOKED_AT:
                # Those of others may all stand behind.
                list(pool.map(self._step_back, left))
            outcomes = Counter(pool.map(self._try, chosen))
        report.delivered = outcomes["delivered"]
        report.postponed = outcomes["postponed"]
        report.given_up = outcomes["given up"]
        log.info("webhooks", **outcomes)
        return report

    def _step_back(self, due: Delivery) -> None:
        later = self._clock.now() + STEP_BACK
        with suppress(StaleAttempt, Unavailable):
            self._outbox.reschedule(due, due_at=later, error=due.error)

    def _try(self, due: Delivery) -> str:
        """What became of it, in a word."""
        try:
            delivery = self._outbox.claim(due, lease_seconds=LEASE_SECONDS)
        except (StaleAttempt, Unavailable):
            return "left"
        try:
            return self._send(delivery)
        except StaleAttempt:
            # It took longer than the lease: whoever has it now tells it again.
            return "left"
        except Unavailable as error:
            log.warning("webhook interrupted", delivery=_message_id(delivery), reason=error.detail)
            return "left"

    def _send(self, delivery: Delivery) -> str:
        history = self._histories.get_history(delivery.history_id, consistent=True)
        if history is None or not history.state.ended:
            # Deleted; or being judged again, whose end will be told under an id of its own.
            self._outbox.done(delivery)
            return "dropped"
        try:
            self._sender.send(
                delivery.url,
                _body(delivery, history),
                message_id=_message_id(delivery),
                secret=self._secret(delivery.user_id),
            )
        except (InvalidInput, StoreRejected) as error:
            return self._give_up(delivery, error)
        except NotDelivered as error:
            return self._postpone(delivery, error)
        self._outbox.done(delivery)
        return "delivered"

    def _secret(self, user_id: str) -> str:
        secret = self._secrets.open(user_id)
        if secret is None:
            raise InvalidInput("There is no secret to sign with.")
        return secret

    def _postpone(self, delivery: Delivery, error: AlgoItnyError) -> str:
        if delivery.attempt > len(PAUSES):
            return self._give_up(delivery, error)
        due = self._clock.now() + PAUSES[delivery.attempt - 1]
        self._outbox.reschedule(delivery, due_at=due, error=error.detail)
        return "postponed"

    def _give_up(self, delivery: Delivery, error: AlgoItnyError) -> str:
        self._outbox.give_up(delivery, error=error.detail)
        return "given up"


def _fair(due: Sequence[Delivery]) -> tuple[list[Delivery], list[Delivery]]:
    """Those of this pass, and those that are too many of one user."""
    taken: Counter[str] = Counter()
    chosen: list[Delivery] = []
    left: list[Delivery] = []
    for delivery in due:
        taken[delivery.user_id] += 1
        (chosen if taken[delivery.user_id] <= OF_ONE_USER else left).append(delivery)
    return chosen, left


def _message_id(delivery: Delivery) -> str:
    """The same for every try. Without a dot, which separates the parts that are signed."""
    return f"{delivery.history_id}-{delivery.id}"


def _body(delivery: Delivery, history: History) -> bytes:
    data = {
        "id": history.id,
        "platform": history.problem.platform,
        "problem_number": history.problem.number,
        "language": history.language,
        **history.ending(),
    }
    message = {"type": EVENT, "timestamp": rfc3339(delivery.created_at), "data": data}
    return json.dumps(message, separators=(",", ":")).encode()
