"""What an owner has registered just now: one row beside the user's."""

from __future__ import annotations

from datetime import datetime, timedelta

from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action

from algoitny.domain.clock import epoch_ms, from_epoch_us
from algoitny.domain.problem import ProblemKey, Registrations
from algoitny.models.base import TableItem
from algoitny.models.kit.attributes import CompressedJSONAttribute
from algoitny.models.kit.keys import Key
from algoitny.models.kit.versions import counted_up, unchanged_since
from algoitny.models.layout import Family
from algoitny.models.user import USER_PARTITION

REGISTRATIONS = "REG"
LISTED_AFTER = timedelta(minutes=1)
"""After as long every index has a new problem."""


def registrations_key(user_id: str) -> Key:
    return Key(USER_PARTITION(user=user_id), REGISTRATIONS)


class RegistrationsItem(TableItem):
    """The version counts every registration."""

    TYPE = "registrations"
    FAMILY = Family.USERS

    recent = CompressedJSONAttribute(attr_name="rec")

    @classmethod
    def unchanged(cls, known: Registrations) -> Condition:
        """Nothing was registered since."""
        return unchanged_since(cls.version, known.version) if known.version else cls.absent()

    @classmethod
    def followed_by(cls, known: Registrations, key: ProblemKey, now: datetime) -> list[Action]:
        """The update that adds a registration."""
        made = {**known.recent, key: now}
        rows = [[one.platform, one.number, epoch_ms(at)] for one, at in made.items()]
        return [cls.recent.set(rows), counted_up(cls.version), cls.typed()]

    def record(self, *, now: datetime) -> Registrations:
        made = {
            ProblemKey(platform=platform, number=number): from_epoch_us(ms * 1000)
            for platform, number, ms in self.recent
        }
        return Registrations(
            owner_id=str(USER_PARTITION.parse(self.pk)["user"]),
            version=self.version or 0,
            recent={key: at for key, at in made.items() if at > now - LISTED_AFTER},
        )
