"""The outbox of webhooks: a row beside the execution that it tells of, listed by when it is due."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Self

from pynamodb.attributes import UnicodeAttribute
from pynamodb.expressions.update import Action as Change

from algoitny.domain.clock import epoch_ms
from algoitny.domain.outbox import Delivery
from algoitny.models.base import TableItem, created_stamp
from algoitny.models.history import HISTORY_PARTITION
from algoitny.models.kit.attributes import InstantAttribute, IntAttribute
from algoitny.models.kit.keys import Key, sort_key

WEBHOOK_SORT = sort_key("WHK#{id}")
WEBHOOK_QUEUE = "QUEUE#WHK"
DUE_SORT = sort_key("{due:013}#{history}")

ERROR_BYTES = 200
GIVEN_UP_LIFETIME = timedelta(days=30)


def delivery_key(history_id: str, delivery_id: str) -> Key:
    return Key(HISTORY_PARTITION(history=history_id), WEBHOOK_SORT(id=delivery_id))


def due_after(instant: datetime) -> str:
    """A sort key above those of all that are due at the instant or before, below all others."""
    return f"{epoch_ms(instant) + 1:013d}"


class DeliveryItem(TableItem):
    """`claim` tells one claim's write from another's."""

    TYPE = "delivery"

    user_id = UnicodeAttribute(attr_name="uid")
    url = UnicodeAttribute(attr_name="whu")
    event = UnicodeAttribute(attr_name="evt")
    attempt = IntAttribute(attr_name="att")
    due = InstantAttribute(attr_name="due")
    error = UnicodeAttribute(attr_name="err", null=True)
    claim = UnicodeAttribute(attr_name="clm", null=True)

    @classmethod
    def of(cls, delivery: Delivery) -> Self:
        """A new delivery; what a transaction puts that ends an execution."""
        key = delivery_key(delivery.history_id, delivery.id)
        return cls(
            key.partition,
            key.sort,
            gsi3_pk=WEBHOOK_QUEUE,
            gsi3_sk=DUE_SORT(due=epoch_ms(delivery.due_at), history=delivery.history_id),
            user_id=delivery.user_id,
            url=delivery.url,
            event=delivery.event,
            attempt=0,
            due=delivery.due_at,
            **created_stamp(delivery.created_at),
        )

    @classmethod
    def due_at(cls, history_id: str, instant: datetime) -> list[Change]:
        """The update that lists it under another instant."""
        return [
            cls.due.set(instant),
            cls.gsi3_sk.set(DUE_SORT(due=epoch_ms(instant), history=history_id)),
        ]

    def record(self) -> Delivery:
        return Delivery(
            id=str(WEBHOOK_SORT.parse(self.sk)["id"]),
            history_id=str(HISTORY_PARTITION.parse(self.pk)["history"]),
            user_id=self.user_id,
            url=self.url,
            event=self.event,
            attempt=self.attempt,
            due_at=self.due,
            error=self.error or "",
            created_at=self.created_at,
        )
