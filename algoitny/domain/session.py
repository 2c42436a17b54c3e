"""Sign-in sessions: families of refresh tokens, each replacing the one before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from algoitny.domain.user import User

GRACE = timedelta(seconds=10)
"""How long the token just replaced is refused without ending the family: two tabs of one browser
refresh at the same moment, and an answer gets lost. It is refused all the same, so whoever stole it
gains nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInSession:
    """`digest` is the SHA-256 in hex of the one refresh token that is good; `previous_digest` that
    of the one it replaced at `rotated_at`. `expires_at` is kept in whole seconds."""

    user_id: str
    family: str
    digest: str
    created_at: datetime
    rotated_at: datetime
    expires_at: datetime
    previous_digest: str | None = None


class SessionRepository(Protocol):
    """Access to sign-in sessions. An expired one is nowhere."""

    def create_session(self, session: SignInSession) -> SignInSession:
        """Raises AlreadyExists when the user has a family of this name."""
        ...

    def get_session(
        self, user_id: str, family: str, *, consistent: bool = False
    ) -> SignInSession | None: ...

    def get_session_and_user(
        self, user_id: str, family: str
    ) -> tuple[SignInSession | None, User | None]:
        """Both as they are this moment: what a request of the session needs."""
        ...

    def rotate_session(
        self, user_id: str, family: str, *, presented: str, new: str, expires_at: datetime
    ) -> SignInSession:
        """Replace the digest `presented` by `new`; of many at once, one succeeds.

        Raises NotAuthenticated when there is no such session; and, ending the whole family, when
        `presented` is not its current token. StaleVersion, ending nothing, when it was the current
        one until a few seconds ago. Call it only with a family that is known to come from a token
        of ours: any other digest ends the session. `new` must never have been used before.
        """
        ...

    def list_sessions(self, user_id: str) -> tuple[SignInSession, ...]:
        """A user's sessions, the latest rotated first."""
        ...

    def revoke_session(self, user_id: str, family: str) -> None:
        """End one; nothing when it has ended already."""
        ...

    def revoke_all(self, user_id: str) -> int:
        """End all there are; how many."""
        ...
