"""Signing in with a browser at an identity provider's own pages.

What was begun is remembered by the browser that began it, in a sealed ticket: nothing is stored
before somebody has signed in, and what another browser brings back is refused.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
from dataclasses import asdict, dataclass
from datetime import timedelta

import structlog

from algoitny.domain.access import Caller
from algoitny.domain.clock import Clock
from algoitny.domain.errors import NotAuthenticated, NotFound, StoreRejected, Unavailable
from algoitny.domain.identity import IdentityProvider
from algoitny.providers.seal import Seal
from algoitny.services.user import UserService

log = structlog.get_logger(__name__)

TICKET_LIFE = timedelta(minutes=10)

SECRET_BYTES = 32
"""Of state, nonce and verifier; 43 characters, the fewest that RFC 7636 wants of a verifier."""

CANCELLED = "access_denied"
_ERRORS = frozenset(
    {"invalid_request", "invalid_scope", "server_error", "temporarily_unavailable"}
    | {"unauthorized_client", "unsupported_response_type"}
)
"""RFC 6749, 4.1.2.1. Others are not logged by name: a browser may say anything."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """A sign-in that was begun. `next` is where the browser wants to be in the end; `expires_at`
    is in seconds since 1970."""

    state: str
    nonce: str
    verifier: str
    next: str
    expires_at: float


class SignInService:
    """Sends browsers to the identity provider, and takes them back."""

    def __init__(
        self,
        *,
        users: UserService,
        provider: IdentityProvider | None,
        seal: Seal,
        clock: Clock,
    ) -> None:
        self._users = users
        self._provider = provider
        self._seal = seal
        self._clock = clock

    def begin(self, next_path: str) -> tuple[str, str]:
        """Where to send the browser, and the ticket that it has to keep. Raises NotFound where
        this is not set up."""
        provider = self._require_provider()
        attempt = Attempt(
            state=secrets.token_urlsafe(SECRET_BYTES),
            nonce=secrets.token_urlsafe(SECRET_BYTES),
            verifier=secrets.token_urlsafe(SECRET_BYTES),
            next=next_path,
            expires_at=(self._clock.now() + TICKET_LIFE).timestamp(),
        )
        address = provider.address(
            state=attempt.state, nonce=attempt.nonce, challenge=challenge_of(attempt.verifier)
        )
        return address, self._seal.close(json.dumps(asdict(attempt))).decode()

    def resume(self, ticket: str, state: str) -> Attempt:
        """What this browser began. Raises NotFound as `begin` does, and NotAuthenticated when it
        began nothing, something else, or that too long ago: the code that came along may be
        another person's, sent to sign this browser in as them (RFC 6749, 10.12)."""
        self._require_provider()
        try:
            attempt = Attempt(**json.loads(self._seal.open(ticket.encode())))
        except StoreRejected:
            raise _not_begun() from None
        if not hmac.compare_digest(attempt.state.encode(), state.encode()):
            raise _not_begun()
        if self._clock.now().timestamp() >= attempt.expires_at:
            raise _not_begun()
        return attempt

    def finish(self, attempt: Attempt, *, code: str | None, error: str | None) -> Caller | None:
        """Who has signed in, created at the first time; None when they cancelled.

        Raises NotAuthenticated; Unavailable when the provider has other troubles or cannot be
        asked; Overloaded.
        """
        if error == CANCELLED:
            return None
        if error is not None or code is None:
            reason = error if error in _ERRORS else "other"
            log.warning("the identity provider let nobody in", reason=reason)
            raise Unavailable("Google cannot sign you in at the moment; start again.")
        provider = self._require_provider()
        identity = provider.identify(code, verifier=attempt.verifier, nonce=attempt.nonce)
        return self._users.sign_in_with(identity)

    def _require_provider(self) -> IdentityProvider:
        if self._provider is None:
            raise NotFound("Signing in at Google's pages is not set up here.")
        return self._provider


def challenge_of(verifier: str) -> str:
    """The PKCE code challenge of a verifier (RFC 7636, 4.2: S256)."""
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def _not_begun() -> NotAuthenticated:
    return NotAuthenticated(
        "This browser did not start this sign-in, or did so more than ten minutes ago; start again."
    )
