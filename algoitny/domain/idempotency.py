"""A client's key for one request, stored with the work that the request starts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class IdempotencyKey:
    """A client's key for one request: `route` and `body_digest` tell a repeat from a misuse.

    `answer` is the first answer's body, replayed to the repeats.
    """

    key: str
    route: str
    body_digest: str
    answer: Mapping[str, object]
