"""Webhook secrets: one opaque row a user."""

from __future__ import annotations

from algoitny.domain.clock import Clock
from algoitny.domain.webhook_secret import WebhookSecret
from algoitny.models.kit.attributes import whole_milliseconds
from algoitny.models.kit.operations import delete, get, put
from algoitny.models.webhook_secret import WebhookSecretItem, webhook_secret_key


class DynamoWebhookSecretRepository:
    """Implements `WebhookSecretRepository`."""

    def __init__(self, *, clock: Clock) -> None:
        self._clock = clock

    def set_webhook_secret(self, user_id: str, encrypted: bytes) -> WebhookSecret:
        """One Put; 1 WCU. Repeating it changes nothing but the time."""
        now = whole_milliseconds(self._clock.now())
        secret = WebhookSecret(user_id=user_id, encrypted=encrypted, updated_at=now)
        put(WebhookSecretItem.of(secret))
        return secret

    def get_webhook_secret(self, user_id: str) -> WebhookSecret | None:
        """One consistent Get; 1 RCU: messages are signed with the secret that was shown last, and
        one that seems to have none is given up."""
        if not user_id:
            return None
        item = get(WebhookSecretItem, webhook_secret_key(user_id), consistent=True)
        return None if item is None else item.record()

    def delete_webhook_secret(self, user_id: str) -> None:
        """One Delete; 1 WCU."""
        if user_id:
            delete(WebhookSecretItem, webhook_secret_key(user_id))
