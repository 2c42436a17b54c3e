"""What every item of the table has: keys, three sparse indexes, type, stamps, version, expiry."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from pynamodb.attributes import UnicodeAttribute
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action
from pynamodb.indexes import AllProjection, GlobalSecondaryIndex, IncludeProjection
from pynamodb.models import Model

from algoitny.domain.clock import epoch_us, from_epoch_us
from algoitny.models.kit.attributes import InstantAttribute, IntAttribute, whole_milliseconds
from algoitny.models.kit.keys import Key
from algoitny.models.layout import Family

GSI2_ATTRIBUTES = [
    # What one line of the public timeline shows …
    *("tp", "pid", "lng", "crt", "upd", "sta", "ver", "uidt", "ptt", "psc", "fsc", "toc"),
    *("tms", "mem"),
    # … and one line of a platform's problems, whose platform and number stand in the key.
    *("tit", "iid", "tag", "tcc", "tl", "ml"),
]
"""AWS projects at most 20 attributes that are not keys into an index."""

GSI3_ATTRIBUTES = ["tp", "lng", "ver"]


class Gsi1(GlobalSecondaryIndex[Any]):  # type: ignore[no-untyped-call]  # PynamoDB's hook
    """Sign-in by e-mail, a user's history, problem lists."""

    class Meta:
        index_name = "GSI1"
        projection = AllProjection()

    gsi1_pk = UnicodeAttribute(hash_key=True, attr_name="GSI1PK")
    gsi1_sk = UnicodeAttribute(range_key=True, attr_name="GSI1SK")


class Gsi2(GlobalSecondaryIndex[Any]):  # type: ignore[no-untyped-call]  # PynamoDB's hook
    """Public timeline, users by plan, problems by platform; sparse.

    Not KEYS_ONLY: a timeline of 20 lines would cost 20 further reads.
    """

    class Meta:
        index_name = "GSI2"
        projection = IncludeProjection(GSI2_ATTRIBUTES)

    gsi2_pk = UnicodeAttribute(hash_key=True, attr_name="GSI2PK")
    gsi2_sk = UnicodeAttribute(range_key=True, attr_name="GSI2SK")


class Gsi3(GlobalSecondaryIndex[Any]):  # type: ignore[no-untyped-call]  # PynamoDB's hook
    """Work that is due, executions of a problem, usage and solved markers by day; sparse."""

    class Meta:
        index_name = "GSI3"
        projection = IncludeProjection(GSI3_ATTRIBUTES)

    gsi3_pk = UnicodeAttribute(hash_key=True, attr_name="GSI3PK")
    gsi3_sk = UnicodeAttribute(range_key=True, attr_name="GSI3SK")


class TableItem(Model):
    """Root of all entities. Not a discriminator model: that adds a filter to every query, while
    here each query's key range holds one entity only."""

    class Meta:
        table_name = "algoitny_main"

    TYPE: ClassVar[str] = ""
    FAMILY: ClassVar[Family] = Family.MAIN
    """Which table it is in, where the layout has several."""

    pk = UnicodeAttribute(hash_key=True, attr_name="PK")
    sk = UnicodeAttribute(range_key=True, attr_name="SK")
    gsi1_pk = UnicodeAttribute(attr_name="GSI1PK", null=True)
    gsi1_sk = UnicodeAttribute(attr_name="GSI1SK", null=True)
    gsi2_pk = UnicodeAttribute(attr_name="GSI2PK", null=True)
    gsi2_sk = UnicodeAttribute(attr_name="GSI2SK", null=True)
    gsi3_pk = UnicodeAttribute(attr_name="GSI3PK", null=True)
    gsi3_sk = UnicodeAttribute(attr_name="GSI3SK", null=True)
    entity_type = UnicodeAttribute(attr_name="tp", null=True)
    created = InstantAttribute(attr_name="crt", null=True)
    created_microseconds = IntAttribute(attr_name="cru", null=True)
    updated = InstantAttribute(attr_name="upd", null=True)
    version = IntAttribute(attr_name="v", null=True)
    expires = IntAttribute(attr_name="ttl", null=True)

    gsi1 = Gsi1()
    gsi2 = Gsi2()
    gsi3 = Gsi3()

    def __init__(
        self,
        hash_key: Any = None,
        range_key: Any = None,
        _user_instantiated: bool = True,  # noqa: FBT001 - PynamoDB's signature
        **attributes: Any,
    ) -> None:
        if _user_instantiated:
            attributes.setdefault("entity_type", self.TYPE)
        super().__init__(hash_key, range_key, _user_instantiated, **attributes)

    @property
    def key(self) -> Key:
        """The primary key."""
        return Key(self.pk, self.sk)

    @property
    def created_at(self) -> datetime:
        """Milliseconds, and the microseconds within them where they were stored."""
        return from_epoch_us(epoch_us(self.created) + (self.created_microseconds or 0))

    @property
    def updated_at(self) -> datetime:
        """Milliseconds; never before `created_at`, which may have microseconds of the same one."""
        return max(self.updated or self.created, self.created_at)

    @classmethod
    def absent(cls) -> Condition:
        """There is no such item."""
        return cls.pk.does_not_exist()

    @classmethod
    def present(cls) -> Condition:
        """There is such an item."""
        return cls.pk.exists()

    @classmethod
    def absent_or_expired(cls, now: datetime) -> Condition:
        """There is none, or one past its time: the store removes expired rows days later."""
        expired = cls.expires < int(now.timestamp())
        condition: Condition = cls.pk.does_not_exist() | expired
        return condition

    @classmethod
    def typed(cls) -> Action:
        """Sets the type: part of every update that may create its row."""
        return cls.entity_type.set(cls.TYPE)

    def is_expired(self, now: datetime) -> bool:
        """Past its time, so absent, whatever the store still returns."""
        return self.expires is not None and self.expires < int(now.timestamp())


def changed_at(now: datetime, created_at: datetime) -> datetime:
    """When a record changed, as `updated_at` will be read."""
    return max(whole_milliseconds(now), created_at)


def created_stamp(instant: datetime) -> dict[str, Any]:
    """`crt` and, where there are microseconds within the millisecond, `cru`."""
    within = epoch_us(instant) % 1000
    return {"created": instant, "created_microseconds": within or None}
