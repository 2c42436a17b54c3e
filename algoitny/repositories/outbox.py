"""The outbox of webhooks: each delivery tried by one at a time, and removed when it arrived."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from pynamodb.expressions.condition import Condition

from algoitny.domain.clock import Clock
from algoitny.domain.errors import AlreadyExists, Conflict, StaleAttempt
from algoitny.domain.ids import Ids
from algoitny.domain.outbox import Delivery
from algoitny.domain.patience import Patience
from algoitny.models.kit.attributes import whole_milliseconds
from algoitny.models.kit.keys import Key
from algoitny.models.kit.operations import delete, get
from algoitny.models.kit.sizes import cut
from algoitny.models.outbox import (
    ERROR_BYTES,
    GIVEN_UP_LIFETIME,
    WEBHOOK_QUEUE,
    DeliveryItem,
    delivery_key,
    due_after,
)
from algoitny.repositories.outcome import put_or_find, update_or_find
from algoitny.repositories.queue import queued


class DynamoOutboxRepository:
    """Implements `OutboxRepository`."""

    def __init__(self, *, clock: Clock, ids: Ids, patience: Patience) -> None:
        self._clock = clock
        self._ids = ids
        self._patience = patience

    def put(self, delivery: Delivery) -> None:
        """One conditional Put; 2 WCU with the index. Raises AlreadyExists."""
        put_or_find(
            DeliveryItem.of(delivery),
            condition=DeliveryItem.absent_or_expired(self._clock.now()),
            refused=lambda: AlreadyExists("There is another delivery of this id."),
            own=lambda item: (
                (item.user_id, item.url, item.event)
                == (delivery.user_id, delivery.url, delivery.event)
            ),
        )

    def get(self, history_id: str, delivery_id: str) -> Delivery | None:
        """One consistent Get; 1 RCU."""
        item = get(DeliveryItem, delivery_key(history_id, delivery_id), consistent=True)
        return None if item is None or item.is_expired(self._clock.now()) else item.record()

    def list_due(self, *, limit: int = 100) -> Sequence[Delivery]:
        """Queries of GSI3, then BatchGets of the rows; 1 RCU each."""
        now = self._clock.now()
        items = queued(
            DeliveryItem,
            WEBHOOK_QUEUE,
            sort=DeliveryItem.gsi3_sk < due_after(now),
            limit=limit,
            patience=self._patience,
        )
        # The index lags: who claimed one meanwhile has it.
        return [item.record() for item in items if item.gsi3_pk and item.due <= now]

    def claim(self, delivery: Delivery, *, lease_seconds: float) -> Delivery:
        """One Update; 3 WCU with the index. Raises StaleAttempt."""
        now = self._clock.now()
        claim = self._ids.new()
        return update_or_find(
            DeliveryItem,
            _key(delivery),
            [
                *DeliveryItem.due_at(
                    delivery.history_id,
                    whole_milliseconds(now + timedelta(seconds=lease_seconds)),
                ),
                DeliveryItem.claim.set(claim),
                DeliveryItem.attempt.add(1),
            ],
            condition=_is(delivery) & (DeliveryItem.due <= now),
            refused=_overtaken,
            own=lambda item: item.claim == claim,
        ).record()

    def reschedule(self, delivery: Delivery, *, due_at: datetime, error: str) -> Delivery:
        """One Update; 3 WCU with the index. Raises StaleAttempt."""
        return update_or_find(
            DeliveryItem,
            _key(delivery),
            [
                *DeliveryItem.due_at(delivery.history_id, due_at),
                DeliveryItem.error.set(cut(error, ERROR_BYTES)),
                DeliveryItem.claim.remove(),
            ],
            condition=_is(delivery),
            refused=_overtaken,
            own=lambda item: _is_as(item, delivery) and item.due == whole_milliseconds(due_at),
        ).record()

    def done(self, delivery: Delivery) -> None:
        """One Delete; 2 WCU with the index."""
        try:
            delete(DeliveryItem, _key(delivery), condition=_is(delivery))
        except Conflict:
            return

    def give_up(self, delivery: Delivery, *, error: str) -> Delivery:
        """One Update; 2 WCU with the index. Raises StaleAttempt."""
        until = self._clock.now() + GIVEN_UP_LIFETIME
        return update_or_find(
            DeliveryItem,
            _key(delivery),
            [
                DeliveryItem.error.set(cut(error, ERROR_BYTES)),
                DeliveryItem.expires.set(int(until.timestamp())),
                DeliveryItem.claim.remove(),
                DeliveryItem.gsi3_pk.remove(),
                DeliveryItem.gsi3_sk.remove(),
            ],
            condition=_is(delivery),
            refused=_overtaken,
            own=lambda item: item.attempt == delivery.attempt and item.gsi3_pk is None,
        ).record()


def _key(delivery: Delivery) -> Key:
    return delivery_key(delivery.history_id, delivery.id)


def _is(delivery: Delivery) -> Condition:
    """It is still to be delivered, and nobody claimed it since."""
    condition: Condition = (
        DeliveryItem.attempt == delivery.attempt
    ) & DeliveryItem.gsi3_pk.exists()
    return condition


def _is_as(item: DeliveryItem, delivery: Delivery) -> bool:
    return item.attempt == delivery.attempt and item.gsi3_pk is not None


def _overtaken() -> StaleAttempt:
    return StaleAttempt("Another attempt has the delivery, or it is done.")
