"""Who an outside identity provider says somebody is, and signing in at its own pages."""

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


class IdentityProvider(Protocol):
    """Lets a browser sign in at its own pages and sends it back with a code: OpenID Connect's
    authorisation code flow (RFC 6749, 4.1) with PKCE (RFC 7636)."""

    def address(self, *, state: str, nonce: str, challenge: str) -> str:
        """Where the browser has to go. It comes back with `state`; `nonce` will be in the token,
        and the code is good for who knows what `challenge` is the SHA-256 of."""
        ...

    def identify(self, code: str, *, verifier: str, nonce: str) -> Identity:
        """Who came back with this code, which is good once.

        Raises NotAuthenticated, Unavailable when the provider cannot be asked, and Overloaded when
        too many of its answers are waited for.
        """
        ...
