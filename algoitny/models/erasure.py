"""What a deleted user leaves under the user's key: no name and no address, so that the id is never
used again; and until all they owned is gone, an entry in the queue of erasures."""

from __future__ import annotations

from datetime import datetime
from typing import Self

from pynamodb.attributes import BooleanAttribute, UnicodeAttribute
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action

from algoitny.domain.clock import epoch_ms
from algoitny.domain.erasure import Erasure
from algoitny.models.base import TableItem, created_stamp
from algoitny.models.kit.attributes import InstantAttribute
from algoitny.models.kit.keys import sort_key
from algoitny.models.layout import Family
from algoitny.models.user import USER_PARTITION, user_key

QUEUE = "QUEUE#ERASE"
QUEUE_SORT = sort_key("{due:013}#{user}")


def due_before(instant: datetime) -> str:
    """A sort key above those of all entries due before the instant's millisecond."""
    return QUEUE_SORT.prefix(due=epoch_ms(instant))


class ErasureItem(TableItem):
    """`due` is also the end of a worker's lease: whoever works on it moves it into the future."""

    TYPE = "erasure"
    FAMILY = Family.USERS

    due = InstantAttribute(attr_name="lse", null=True)
    claim = UnicodeAttribute(attr_name="clm", null=True)
    keeps_public_history = BooleanAttribute(attr_name="kph", null=True)

    @classmethod
    def of(cls, user_id: str, now: datetime, *, keep_public_history: bool = False) -> Self:
        """A user deleted now, whose erasure is due at once."""
        key = user_key(user_id)
        return cls(
            key.partition,
            key.sort,
            gsi3_pk=QUEUE,
            gsi3_sk=QUEUE_SORT(due=epoch_ms(now), user=user_id),
            due=now,
            keeps_public_history=keep_public_history or None,
            updated=now,
            **created_stamp(now),
        )

    @classmethod
    def held_by(cls, claim: str) -> Condition:
        """Nobody else has claimed it since."""
        condition: Condition = (cls.entity_type == cls.TYPE) & (cls.claim == claim)
        return condition

    @classmethod
    def may_be_claimed(cls, now: datetime) -> Condition:
        """It is unfinished and due."""
        condition: Condition = (cls.entity_type == cls.TYPE) & (cls.due <= now)
        return condition

    @classmethod
    def due_at(cls, user_id: str, instant: datetime) -> list[Action]:
        """The update that lets it alone until the instant."""
        return [
            cls.due.set(instant),
            cls.gsi3_sk.set(QUEUE_SORT(due=epoch_ms(instant), user=user_id)),
        ]

    @classmethod
    def finishing(cls) -> list[Action]:
        """The update that takes it off the queue for good."""
        return [cls.gsi3_pk.remove(), cls.gsi3_sk.remove(), cls.due.remove(), cls.claim.remove()]

    @property
    def user_id(self) -> str:
        return str(USER_PARTITION.parse(self.pk)["user"])

    def record(self) -> Erasure:
        return Erasure(
            user_id=self.user_id,
            deleted_at=self.created_at,
            due_at=self.due,
            claim=self.claim,
            keeps_public_history=bool(self.keeps_public_history),
        )
