"""The secrets that webhooks are signed with: one a user, shown once, stored sealed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from algoitny.domain.access import Caller
from algoitny.domain.errors import InvalidInput
from algoitny.domain.webhook_secret import WebhookSecretRepository
from algoitny.providers.seal import Seal
from algoitny.providers.webhook import POINTER, WebhookSender, new_secret


@dataclass(frozen=True, slots=True, kw_only=True)
class NewSecret:
    """A secret, which its owner sees this once."""

    secret: str
    updated_at: datetime


class WebhookSecretService:
    """Makes, replaces and removes secrets, and says who may name a webhook's address."""

    def __init__(
        self, *, secrets: WebhookSecretRepository, seal: Seal, sender: WebhookSender
    ) -> None:
        self._secrets = secrets
        self._seal = seal
        self._sender = sender

    def make(self, caller: Caller) -> NewSecret:
        """A new secret; the one before, if any, signs nothing any more."""
        secret = new_secret()
        stored = self._secrets.set_webhook_secret(caller.user.id, self._seal.close(secret))
        return NewSecret(secret=secret, updated_at=stored.updated_at)

    def made_at(self, caller: Caller) -> datetime | None:
        """When the caller's secret was made; None when there is none."""
        stored = self._secrets.get_webhook_secret(caller.user.id)
        return None if stored is None else stored.updated_at

    def delete(self, caller: Caller) -> None:
        """Remove the secret; messages that were not delivered yet are given up."""
        self._secrets.delete_webhook_secret(caller.user.id)

    def check_webhook(self, caller: Caller, url: str) -> None:
        """Raises InvalidInput for what cannot be a receiver's address, and for a caller who has no
        secret to sign with."""
        self._sender.check(url)
        if self._secrets.get_webhook_secret(caller.user.id) is None:
            raise InvalidInput.field(
                POINTER,
                "There is no secret to sign with: make one with POST /api/account/webhook-secret/.",
            )

    def open(self, user_id: str) -> str | None:
        """The secret itself; None when there is none. Raises StoreRejected."""
        stored = self._secrets.get_webhook_secret(user_id)
        return None if stored is None else self._seal.open(stored.encrypted)
