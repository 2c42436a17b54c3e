"""The secret that a user's webhooks are signed with, as it is kept: encrypted by the caller."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookSecret:
    """`encrypted` is opaque here."""

    user_id: str
    encrypted: bytes
    updated_at: datetime


class WebhookSecretRepository(Protocol):
    """Access to webhook secrets, one a user."""

    def set_webhook_secret(self, user_id: str, encrypted: bytes) -> WebhookSecret:
        """Store it, in place of the one before."""
        ...

    def get_webhook_secret(self, user_id: str) -> WebhookSecret | None: ...

    def delete_webhook_secret(self, user_id: str) -> None:
        """Nothing when there is none."""
        ...
