"""Personal API tokens: secrets that act for a user within scopes. Only a digest is ever stored."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from algoitny.domain.page import Page

USE_NOTED_EVERY = timedelta(minutes=1)
"""How exact `last_used_at` is: noting every use would be a write for every read."""


class Scope(StrEnum):
    """What a token may do."""

    EXECUTE = "execute"
    READ = "read"
    REGISTER = "register"
    ADMIN = "admin"


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiToken:
    """`digest` is the SHA-256 of the secret in hex. `expires_at` is kept in whole seconds; without
    one the token holds until it is revoked."""

    id: str
    user_id: str
    name: str
    digest: str
    scopes: frozenset[Scope]
    created_at: datetime
    expires_at: datetime | None = None
    last_used_at: datetime | None = None


def digest_of(secret: str) -> str:
    """What is stored of a secret: SHA-256, in hex. Enough for secrets that are long and random."""
    return hashlib.sha256(secret.encode(errors="surrogatepass")).hexdigest()


class TokenRepository(Protocol):
    """Access to API tokens. An expired token is nowhere. Whether the user may still act is not
    looked at here."""

    def create_token(self, token: ApiToken) -> ApiToken:
        """Raises AlreadyExists when the digest is taken."""
        ...

    def get_token(self, digest: str) -> ApiToken | None:
        """The token with this secret's digest, as of this moment."""
        ...

    def list_tokens(
        self, user_id: str, *, limit: int = 20, cursor: str | None = None
    ) -> Page[ApiToken]:
        """A user's tokens, newest first."""
        ...

    def note_use(self, token: ApiToken) -> ApiToken:
        """The token as used now; written only when the last use noted is a minute ago."""
        ...

    def revoke_token(self, user_id: str, token_id: str) -> None:
        """The token is refused from then on. Raises NotFound, also for another user's."""
        ...
