"""Webhook secrets."""

from __future__ import annotations

from algoitny.domain.repositories import Repositories
from algoitny.domain.webhook_secret import WebhookSecret
from tests.clock import FixedClock


def test_a_secret_is_kept_replaced_and_deleted(
    repositories: Repositories, clock: FixedClock
) -> None:
    secrets = repositories.webhook_secrets
    assert secrets.get_webhook_secret("ann") is None
    assert secrets.get_webhook_secret("") is None
    secrets.set_webhook_secret("ann", b"\x00\xff first")
    clock.advance(1)
    second = secrets.set_webhook_secret("ann", b"\x00\xff second")
    assert second == WebhookSecret(
        user_id="ann", encrypted=b"\x00\xff second", updated_at=clock.now()
    )
    assert secrets.get_webhook_secret("ann") == second
    assert secrets.get_webhook_secret("bob") is None
    secrets.delete_webhook_secret("ann")
    secrets.delete_webhook_secret("ann")
    assert secrets.get_webhook_secret("ann") is None
