"""Signing in and staying so: sessions whose refresh tokens rotate, and personal API tokens.

What a token looks like is the API's affair; here it is a text of which the digest is stored.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime

import structlog

from algoitny.domain.access import Caller
from algoitny.domain.clock import Clock
from algoitny.domain.errors import InvalidInput, NotAuthenticated, NotFound, StaleVersion
from algoitny.domain.identity import IdentityVerifier
from algoitny.domain.ids import Ids
from algoitny.domain.page import Page
from algoitny.domain.session import SessionRepository, SignInSession
from algoitny.domain.token import ApiToken, Scope, TokenRepository, digest_of
from algoitny.services.user import UserService

log = structlog.get_logger(__name__)

TOKEN_PREFIX = "itny_"  # noqa: S105 - what every API token begins with, so that scanners know one
TOKEN_BYTES = 32
MOST_TOKENS = 50
"""API tokens that a user may have; more are a mistake, and every one is a door."""


@dataclass(frozen=True, slots=True)
class NewToken:
    """An API token and its secret, which is shown this once."""

    token: ApiToken
    secret: str


class SessionService:
    """Sessions and API tokens of users."""

    def __init__(
        self,
        *,
        users: UserService,
        sessions: SessionRepository,
        tokens: TokenRepository,
        identities: IdentityVerifier | None,
        clock: Clock,
        ids: Ids,
    ) -> None:
        self._users = users
        self._sessions = sessions
        self._tokens = tokens
        self._identities = identities
        self._clock = clock
        self._ids = ids

    def sign_in_with_google(self, token: str, *, nonce: str | None) -> Caller:
        """The user with this Google account. Raises NotAuthenticated, Unavailable (Google's keys),
        and NotFound where signing in with Google is not set up."""
        if self._identities is None:
            raise NotFound("Signing in with Google is not set up here.")
        return self._users.sign_in_with(self._identities.verify(token, nonce=nonce))

    def begin(self, user_id: str, family: str, *, refresh: str, expires_at: datetime) -> None:
        """A new session, whose first refresh token is `refresh`."""
        now = self._clock.now()
        self._sessions.create_session(
            SignInSession(
                user_id=user_id,
                family=family,
                digest=digest_of(refresh),
                created_at=now,
                rotated_at=now,
                expires_at=expires_at,
            )
        )

    def caller(self, user_id: str, family: str) -> Caller:
        """Who makes a request of this session. Raises NotAuthenticated once it has ended."""
        session, user = self._sessions.get_session_and_user(user_id, family)
        if session is None:
            raise NotAuthenticated("This session has ended; sign in again.")
        return self._users.admit(user)

    def rotate(
        self, user_id: str, family: str, *, presented: str, new: str, expires_at: datetime
    ) -> Caller:
        """Exchange a refresh token for a new one. Raises NotAuthenticated; when the presented one
        was used before, which only a thief or a victim does, the session has ended with it."""
        caller = self._users.caller(user_id)
        try:
            self._sessions.rotate_session(
                user_id,
                family,
                presented=digest_of(presented),
                new=digest_of(new),
                expires_at=expires_at,
            )
        except StaleVersion:
            raise NotAuthenticated("This refresh token was exchanged a moment ago.") from None
        except NotAuthenticated:
            log.warning("refresh token refused", user_id=user_id)
            raise
        return caller

    def end(self, user_id: str, family: str) -> None:
        """Sign out; nothing happens when the session has ended already."""
        self._sessions.revoke_session(user_id, family)

    def token_caller(self, secret: str) -> tuple[Caller, frozenset[Scope]]:
        """Whom an API token acts for, and what it may do. Raises NotAuthenticated."""
        token = self._tokens.get_token(digest_of(secret))
        if token is None:
            raise NotAuthenticated("The API token is not valid any more.")
        caller = self._users.caller(token.user_id)
        self._tokens.note_use(token)
        return caller, token.scopes

    def create_token(
        self,
        caller: Caller,
        *,
        name: str,
        scopes: frozenset[Scope],
        expires_at: datetime | None,
    ) -> NewToken:
        """Raises InvalidInput: a scope that the user lacks, an expiry in the past, too many."""
        if Scope.ADMIN in scopes and not caller.is_admin:
            raise InvalidInput.field(
                "/scopes", "Only an administrator's token may have the scope admin."
            )
        if expires_at is not None and expires_at <= self._clock.now():
            raise InvalidInput.field("/expires_at", "This is in the past.")
        if len(self._tokens.list_tokens(caller.user.id, limit=MOST_TOKENS).items) >= MOST_TOKENS:
            raise InvalidInput(f"You have {MOST_TOKENS} tokens; revoke one first.")
        secret = TOKEN_PREFIX + secrets.token_urlsafe(TOKEN_BYTES)
        token = ApiToken(
            id=self._ids.new(),
            user_id=caller.user.id,
            name=name,
            digest=digest_of(secret),
            scopes=scopes,
            created_at=self._clock.now(),
            expires_at=expires_at,
        )
        return NewToken(self._tokens.create_token(token), secret)

    def list_tokens(self, caller: Caller, *, limit: int, cursor: str | None) -> Page[ApiToken]:
        """The caller's tokens, newest first."""
        return self._tokens.list_tokens(caller.user.id, limit=limit, cursor=cursor)

    def revoke_token(self, caller: Caller, token_id: str) -> None:
        """Refuse the token from now on. Raises NotFound."""
        self._tokens.revoke_token(caller.user.id, token_id)
