"""API tokens: one row each, found by the digest of its secret; listed by user."""

from __future__ import annotations

from dataclasses import replace

from algoitny.domain.clock import Clock
from algoitny.domain.errors import AlreadyExists, Conflict, NotFound
from algoitny.domain.page import Page
from algoitny.domain.token import USE_NOTED_EVERY, ApiToken
from algoitny.models.base import Gsi1
from algoitny.models.kit.attributes import whole_milliseconds
from algoitny.models.kit.cursor import Cursors
from algoitny.models.kit.operations import delete, get, query, update
from algoitny.models.token import LISTED, TokenItem, token_key, user_tokens
from algoitny.repositories.outcome import put_or_find


class DynamoTokenRepository:
    """Implements `TokenRepository`."""

    def __init__(self, *, clock: Clock, cursors: Cursors) -> None:
        self._clock = clock
        self._cursors = cursors

    def create_token(self, token: ApiToken) -> ApiToken:
        """One Put; 2 WCU with its index. Raises AlreadyExists."""
        item = TokenItem.of(token)
        created = item.record()
        put_or_find(
            item,
            condition=TokenItem.absent_or_expired(self._clock.now()),
            refused=AlreadyExists,
            own=lambda stored: stored.record() == created,
        )
        return created

    def get_token(self, digest: str) -> ApiToken | None:
        """One consistent Get; 1 RCU: what was revoked a moment ago opens nothing."""
        item = get(TokenItem, token_key(digest), consistent=True) if digest else None
        return None if item is None or item.is_expired(self._clock.now()) else item.record()

    def list_tokens(
        self, user_id: str, *, limit: int = 20, cursor: str | None = None
    ) -> Page[ApiToken]:
        """One Query of GSI1; 0.5 RCU per 4 KB. A page with expired ones is short."""
        scope = ("list_tokens", user_id)
        part = query(
            TokenItem,
            user_tokens(user_id),
            index=Gsi1,
            sort=TokenItem.gsi1_sk.startswith(LISTED.prefix()),
            forward=False,
            limit=limit,
            start=self._cursors.open(scope, cursor),
        )
        now = self._clock.now()
        return Page(
            tuple(item.record() for item in part.items if not item.is_expired(now)),
            self._cursors.issue(scope, part.position),
        )

    def note_use(self, token: ApiToken) -> ApiToken:
        """Nothing, or once a minute one Update; 2 WCU with its index."""
        now = whole_milliseconds(self._clock.now())
        if token.last_used_at is not None and now < token.last_used_at + USE_NOTED_EVERY:
            return token
        try:
            return update(
                TokenItem,
                token_key(token.digest),
                [TokenItem.last_used.set(now)],
                condition=TokenItem.use_not_noted(now),
            ).record()
        except Conflict:
            # Another request has noted its own use, or the token is gone.
            return replace(token, last_used_at=now)

    def revoke_token(self, user_id: str, token_id: str) -> None:
        """One Query of GSI1 for the digest, one Delete; 0.5 RCU, 2 WCU. Raises NotFound."""
        if not user_id or not token_id:
            raise NotFound("No such token.")
        found = query(
            TokenItem,
            user_tokens(user_id),
            index=Gsi1,
            sort=TokenItem.gsi1_sk == LISTED(token=token_id),
        ).items
        if not found or found[0].is_expired(self._clock.now()):
            raise NotFound("No such token.")
        delete(TokenItem, found[0].key)
