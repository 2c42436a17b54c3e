"""Who an outside identity provider says somebody is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """A verified account elsewhere. `subject` never changes; the e-mail, which may, is verified."""

    subject: str
    email: str
    name: str | None = None
    picture: str | None = None


class IdentityVerifier(Protocol):
    """Tells a genuine token from any other."""

    def verify(self, token: str, *, nonce: str | None = None) -> Identity:
        """Whose token it is; a `nonce` must then be in it.

        Raises NotAuthenticated, and Unavailable when the provider's keys cannot be had.
        """
        ...
