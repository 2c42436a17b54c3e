"""Webhook secrets: one row beside the user's, opaque."""

from __future__ import annotations

from typing import Self

from pynamodb.attributes import BinaryAttribute

from algoitny.domain.webhook_secret import WebhookSecret
from algoitny.models.base import TableItem, created_stamp
from algoitny.models.kit.keys import Key
from algoitny.models.layout import Family
from algoitny.models.user import USER_PARTITION

WEBHOOK_SECRET = "WHS"  # noqa: S105 - a sort key


def webhook_secret_key(user_id: str) -> Key:
    return Key(USER_PARTITION(user=user_id), WEBHOOK_SECRET)


class WebhookSecretItem(TableItem):
    TYPE = "webhook_secret"
    FAMILY = Family.USERS

    encrypted = BinaryAttribute(attr_name="enc", legacy_encoding=False)

    @classmethod
    def of(cls, secret: WebhookSecret) -> Self:
        key = webhook_secret_key(secret.user_id)
        return cls(
            key.partition,
            key.sort,
            encrypted=secret.encrypted,
            updated=secret.updated_at,
            **created_stamp(secret.updated_at),
        )

    def record(self) -> WebhookSecret:
        return WebhookSecret(
            user_id=str(USER_PARTITION.parse(self.pk)["user"]),
            encrypted=self.encrypted,
            updated_at=self.updated_at,
        )
