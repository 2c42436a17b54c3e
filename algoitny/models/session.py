"""Sign-in sessions: rows beside the user's."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Self

from pynamodb.attributes import UnicodeAttribute
from pynamodb.expressions.update import Action

from algoitny.domain.session import SignInSession
from algoitny.models.base import TableItem, created_stamp
from algoitny.models.kit.attributes import InstantAttribute
from algoitny.models.kit.keys import Key, sort_key
from algoitny.models.layout import Family
from algoitny.models.user import USER_PARTITION

SESSION_SORT = sort_key("SES#{family}")


def session_key(user_id: str, family: str) -> Key:
    return Key(USER_PARTITION(user=user_id), SESSION_SORT(family=family))


class SessionItem(TableItem):
    TYPE = "session"
    FAMILY = Family.USERS

    digest = UnicodeAttribute(attr_name="dig")
    previous = UnicodeAttribute(attr_name="prv", null=True)
    rotated = InstantAttribute(attr_name="rot")

    @classmethod
    def of(cls, session: SignInSession) -> Self:
        key = session_key(session.user_id, session.family)
        return cls(
            key.partition,
            key.sort,
            digest=session.digest,
            previous=session.previous_digest,
            rotated=session.rotated_at,
            expires=int(session.expires_at.timestamp()),
            **created_stamp(session.created_at),
        )

    @classmethod
    def rotating(
        cls, presented: str, new: str, *, now: datetime, expires: datetime
    ) -> list[Action]:
        """The update that makes `new` the token that is good."""
        return [
            cls.digest.set(new),
            cls.previous.set(presented),
            cls.rotated.set(now),
            cls.expires.set(int(expires.timestamp())),
        ]

    def record(self) -> SignInSession:
        return SignInSession(
            user_id=str(USER_PARTITION.parse(self.pk)["user"]),
            family=str(SESSION_SORT.parse(self.sk)["family"]),
            digest=self.digest,
            previous_digest=self.previous,
            created_at=self.created_at,
            rotated_at=self.rotated,
            expires_at=datetime.fromtimestamp(self.expires, UTC),
        )
