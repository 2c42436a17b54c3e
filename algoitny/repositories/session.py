"""Sign-in sessions: one row a family, beside its user's, which each rotation changes."""

from __future__ import annotations

from datetime import datetime

from algoitny.domain.clock import Clock
from algoitny.domain.errors import (
    AlreadyExists,
    Conflict,
    NotAuthenticated,
    StaleVersion,
    StoreUnavailable,
)
from algoitny.domain.patience import Patience
from algoitny.domain.session import GRACE, SignInSession
from algoitny.domain.user import User
from algoitny.models.kit.attributes import whole_milliseconds
from algoitny.models.kit.operations import delete, get, query_all, update
from algoitny.models.session import SESSION_SORT, SessionItem, session_key
from algoitny.models.user import USER_PARTITION, UserItem, user_key
from algoitny.repositories.outcome import put_or_find
from algoitny.repositories.pair import get_two
from algoitny.repositories.user_change import user_of


class DynamoSessionRepository:
    """Implements `SessionRepository`."""

    def __init__(self, *, clock: Clock, patience: Patience) -> None:
        self._clock = clock
        self._patience = patience

    def create_session(self, session: SignInSession) -> SignInSession:
        """One Put; 1 WCU. Raises AlreadyExists."""
        item = SessionItem.of(session)
        created = item.record()
        put_or_find(
            item,
            condition=SessionItem.absent_or_expired(self._clock.now()),
            refused=AlreadyExists,
            own=lambda stored: stored.record() == created,
        )
        return created

    def get_session(
        self, user_id: str, family: str, *, consistent: bool = False
    ) -> SignInSession | None:
        """One Get; 0.5 RCU, 1 when consistent."""
        if not user_id or not family:
            return None
        item = get(SessionItem, session_key(user_id, family), consistent=consistent)
        return None if item is None or item.is_expired(self._clock.now()) else item.record()

    def get_session_and_user(
        self, user_id: str, family: str
    ) -> tuple[SignInSession | None, User | None]:
        """One consistent BatchGet; 2 RCU."""
        if not user_id or not family:
            return None, None
        session, user = get_two(
            (SessionItem, session_key(user_id, family)),
            (UserItem, user_key(user_id)),
            patience=self._patience,
            consistent=True,
        )
        if session is None or session.is_expired(self._clock.now()):
            return None, user_of(user)
        return session.record(), user_of(user)

    def rotate_session(
        self, user_id: str, family: str, *, presented: str, new: str, expires_at: datetime
    ) -> SignInSession:
        """One Update; 1 WCU. Refused, one Get, and one Delete where the family ends.

        Raises NotAuthenticated, StaleVersion.
        """
        if not user_id or not family:
            raise NotAuthenticated
        now = whole_milliseconds(self._clock.now())
        try:
            return update(
                SessionItem,
                session_key(user_id, family),
                SessionItem.rotating(presented, new, now=now, expires=expires_at),
                condition=(SessionItem.digest == presented)
                & (SessionItem.expires >= int(now.timestamp())),
            ).record()
        except (Conflict, StoreUnavailable) as error:
            session = self.get_session(user_id, family, consistent=True)
            if session is not None and session.digest == new:
                # Nobody else has this token: an earlier try of ours has happened after all.
                return session
            if isinstance(error, StoreUnavailable):
                raise
        if session is None:
            raise NotAuthenticated("The session has ended.")
        if presented == session.previous_digest and now <= session.rotated_at + GRACE:
            raise StaleVersion("The session was renewed a moment ago.")
        self.revoke_session(user_id, family)
        raise NotAuthenticated("A used token was shown again; the session has ended.")

    def list_sessions(self, user_id: str) -> tuple[SignInSession, ...]:
        """One consistent Query of the user's partition; 1 RCU per 4 KB."""
        now = self._clock.now()
        sessions = [item.record() for item in self._rows(user_id) if not item.is_expired(now)]
        return tuple(sorted(sessions, key=lambda session: session.rotated_at, reverse=True))

    def revoke_session(self, user_id: str, family: str) -> None:
        """One Delete; 1 WCU."""
        if user_id and family:
            delete(SessionItem, session_key(user_id, family))

    def revoke_all(self, user_id: str) -> int:
        """One consistent Query, a Delete each; a rotation on its way finds no row to change."""
        now = self._clock.now()
        rows = self._rows(user_id)
        for item in rows:
            delete(SessionItem, item.key)
        return sum(not item.is_expired(now) for item in rows)

    @staticmethod
    def _rows(user_id: str) -> tuple[SessionItem, ...]:
        return query_all(
            SessionItem,
            USER_PARTITION(user=user_id),
            sort=SessionItem.sk.startswith(SESSION_SORT.prefix()),
            consistent=True,
        )
