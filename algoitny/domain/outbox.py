"""The outbox of webhooks: what is to be told to a user's server, kept until it was told.

A delivery is written in the transaction that ends an execution, so that none is lost and none is
sent for an ending that did not happen.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from algoitny.domain.history import History


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One message, about one execution. `attempt` counts claims; `due_at` is when it is to be
    tried, or, while somebody tries, when others may: it then is the end of their lease."""

    id: str
    history_id: str
    user_id: str
    url: str
    event: str
    attempt: int = 0
    due_at: datetime
    error: str = ""
    created_at: datetime


def delivery_of(ended: History) -> Delivery | None:
    """What an ending tells; None when nobody asked. Its id is natural: one for each attempt."""
    if ended.webhook_url is None or ended.user_id is None:
        return None
    return Delivery(
        id=f"{ended.attempt:04}",
        history_id=ended.id,
        user_id=ended.user_id,
        url=ended.webhook_url,
        event=f"execution.{ended.state.value.lower()}",
        due_at=ended.updated_at,
        created_at=ended.updated_at,
    )


class OutboxRepository(Protocol):
    """Access to the outbox."""

    def put(self, delivery: Delivery) -> None:
        """Add one outside of an ending, e.g. a test message; the same again is success. Raises
        AlreadyExists when another has its id."""
        ...

    def get(self, history_id: str, delivery_id: str) -> Delivery | None:
        """Also one that was given up. Read consistently."""
        ...

    def list_due(self, *, limit: int = 100) -> Sequence[Delivery]:
        """Due by now, longest first, read consistently."""
        ...

    def claim(self, delivery: Delivery, *, lease_seconds: float) -> Delivery:
        """Take one that is due, so that nobody else tries it until the lease ends; `attempt` + 1.
        Raises StaleAttempt: somebody else has it, or it is done."""
        ...

    def reschedule(self, delivery: Delivery, *, due_at: datetime, error: str) -> Delivery:
        """It did not arrive (`error` says why, 200 bytes): due again then. Raises StaleAttempt."""
        ...

    def done(self, delivery: Delivery) -> None:
        """It arrived: remove it. Nothing when it is not there any more, or another attempt has
        it, which will tell the receiver the same message once more."""
        ...

    def give_up(self, delivery: Delivery, *, error: str) -> Delivery:
        """Never try it again; kept for 30 days for its user to see. Giving up again is success.
        Raises StaleAttempt."""
        ...
