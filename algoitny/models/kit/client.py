"""What botocore's client is told: how to name itself, and what else to try again."""

from __future__ import annotations

import random
from typing import Any

from botocore.config import Config  # type: ignore[import-untyped]  # botocore ships no types
from botocore.session import Session  # type: ignore[import-untyped]  # see above

CONFLICT = "TransactionConflictException"
CONFLICT_TRIES = 8
"""The first one too; together within about three seconds."""
_FIRST_PAUSE, _LONGEST_PAUSE = 0.02, 1.0
_RANDOM = random.SystemRandom()


def retry_conflicts(client: Any) -> None:
    """Let the client send single writes again that a transaction on the same item was in the way
    of. Nothing happened then, and the next moment it may; botocore tells its caller at once."""
    client.meta.events.register("needs-retry.dynamodb", _pause, unique_id="conflicts")


def _pause(response: Any, attempts: int, **_: Any) -> float | None:
    """Seconds until the next try; None for an answer that has nothing to do with a conflict."""
    code = "" if response is None else response[1].get("Error", {}).get("Code", "")
    if code != CONFLICT or attempts >= CONFLICT_TRIES:
        return None
    return _RANDOM.uniform(0, min(_LONGEST_PAUSE, _FIRST_PAUSE * 2**attempts))


def name_itself(session: Session, name: str) -> None:
    """Let the clients that the session will make send this `User-Agent`, instead of one that is
    built anew for each request and tells of the machine."""
    session.set_default_client_config(Config(user_agent=name))
