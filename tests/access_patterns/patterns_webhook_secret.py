"""Webhook secrets."""

from __future__ import annotations

from tests.access_patterns.declaration import Call, pattern
from tests.access_patterns.world import World
from tests.realistic import GRACE

SECRET = bytes(range(120))
"""As long as an encrypted one."""


@pattern("U16", "webhook_secrets.set_webhook_secret", "Put USR#<grace> / WHS", reads=0, writes=1)
def _(world: World) -> Call:
    return lambda: world.repositories.webhook_secrets.set_webhook_secret(GRACE, SECRET)


@pattern(
    "U16b",
    "webhook_secrets.get_webhook_secret",
    "Get USR#<grace> / WHS; consistent",
    reads=1,
    writes=0,
)
def _(world: World) -> Call:
    world.repositories.webhook_secrets.set_webhook_secret(GRACE, SECRET)
    return lambda: world.repositories.webhook_secrets.get_webhook_secret(GRACE)


@pattern(
    "U16c", "webhook_secrets.delete_webhook_secret", "Delete USR#<grace> / WHS", reads=0, writes=1
)
def _(world: World) -> Call:
    world.repositories.webhook_secrets.set_webhook_secret(GRACE, SECRET)
    return lambda: world.repositories.webhook_secrets.delete_webhook_secret(GRACE)
