"""Which names stand for a secret, whose value is neither logged nor kept."""

from __future__ import annotations

import re

REDACTED = "[redacted]"

_WORDS = frozenset(
    {"authorization", "cookie", "credential", "credentials", "jwt", "passwd", "password", "secret"}
    | {"token", "verifier"}
)
_NAMES = frozenset({"api_key", "code", "secret_key", "source", "source_code"})
"""Whole names; `status_code` and `exit_code` are no secrets, a learner's `code` is."""


def names_secret(name: str) -> bool:
    """Whether a value of this name is to be hidden; `authToken` and `auth-token` alike."""
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower().replace("-", "_")
    return words in _NAMES or not _WORDS.isdisjoint(words.split("_"))
