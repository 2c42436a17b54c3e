"""Page cursors: signed, bound to the list that issued them, valid for a day."""

from __future__ import annotations

import hashlib
import json
from datetime import timedelta

from itsdangerous import BadData, URLSafeSerializer

from algoitny.domain.clock import Clock
from algoitny.domain.errors import InvalidCursor

Position = dict[str, str]
"""Where a list goes on: attribute names and values of the last item that was used."""

LIFETIME = timedelta(days=1)
_LONGEST = 8192


class Cursors:
    """Issues and opens cursors.

    A scope names the pattern, the owner and the filters of a list: a cursor opens only under the
    scope it was issued for. Its content is signed, not encrypted: never put a secret in it.
    """

    def __init__(self, secret_key: str, clock: Clock) -> None:
        self._serializer = URLSafeSerializer(secret_key, salt="page-cursor")
        self._clock = clock

    def issue(self, scope: tuple[str, ...], position: Position | None) -> str | None:
        """A cursor for the page after `position`; None, the end of the list, for None."""
        if position is None:
            return None
        # The expiry is part of the content: a time stamp would be refused by every machine whose
        # clock is a second behind the one that issued it.
        expires = int((self._clock.now() + LIFETIME).timestamp())
        cursor = self._serializer.dumps([expires, _digest(scope), position])
        return cursor if isinstance(cursor, str) else cursor.decode()

    def open(self, scope: tuple[str, ...], cursor: str | None) -> Position | None:
        """The position in a cursor. Raises InvalidCursor: forged, cut, expired, of another list."""
        if cursor is None:
            return None
        try:
            if len(cursor) > _LONGEST:
                raise InvalidCursor
            expires, digest, position = self._serializer.loads(cursor)
        except (BadData, ValueError, TypeError):
            raise InvalidCursor from None
        if digest != _digest(scope) or expires < self._clock.now().timestamp():
            raise InvalidCursor
        return {str(name): str(value) for name, value in position.items()}


def _digest(scope: tuple[str, ...]) -> str:
    return hashlib.sha256(json.dumps(scope).encode()).hexdigest()[:16]
