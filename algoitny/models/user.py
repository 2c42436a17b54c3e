"""Users, and the locks that keep an e-mail and a Google subject unique."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self

from pynamodb.attributes import BooleanAttribute, UnicodeAttribute
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action

from algoitny.domain.user import User, fold_email
from algoitny.models.base import TableItem, created_stamp
from algoitny.models.kit.attributes import InstantAttribute
from algoitny.models.kit.keys import Key, partition_key
from algoitny.models.kit.versions import unchanged_since
from algoitny.models.layout import Family

USER_PARTITION = partition_key("USR#{user}")
EMAIL_PARTITION = partition_key("EMAIL#{email}")
GOOGLE_PARTITION = partition_key("GID#{subject}")
PLAN_USERS = partition_key("PLAN#{plan}")
META = "META"
UNIQUE = "UNQ"

_ATTRIBUTES = {
    "email": "email",
    "google_id": "google_id",
    "name": "name",
    "picture": "picture",
    "plan": "plan",
    "is_active": "is_active",
    "is_admin": "is_admin",
    "last_sign_in_at": "last_sign_in",
}
"""Fields of the record that may change, and the attributes that keep them."""


def user_key(user_id: str) -> Key:
    return Key(USER_PARTITION(user=user_id), META)


def email_lock_key(email: str) -> Key:
    return Key(email_partition(email), UNIQUE)


def google_lock_key(subject: str) -> Key:
    return Key(GOOGLE_PARTITION(subject=subject), UNIQUE)


def lock_keys(user: User) -> list[Key]:
    """The locks that a user holds."""
    keys = [email_lock_key(user.email)]
    return keys if user.google_id is None else [*keys, google_lock_key(user.google_id)]


def email_partition(email: str) -> str:
    """One key for all spellings of an address."""
    return EMAIL_PARTITION(email=fold_email(email))


class UserItem(TableItem):
    TYPE = "user"
    FAMILY = Family.USERS

    email = UnicodeAttribute(attr_name="em")
    name = UnicodeAttribute(attr_name="nm")
    picture = UnicodeAttribute(attr_name="pic", null=True)
    google_id = UnicodeAttribute(attr_name="gid", null=True)
    is_active = BooleanAttribute(attr_name="act")
    is_admin = BooleanAttribute(attr_name="adm", null=True)
    plan = UnicodeAttribute(attr_name="plan")
    last_sign_in = InstantAttribute(attr_name="lgn", null=True)

    @classmethod
    def present(cls) -> Condition:
        """There is such a user: not nobody, and not what a deleted one leaves under the key."""
        return cls.entity_type == cls.TYPE

    @classmethod
    def changing(cls, changes: Mapping[str, Any]) -> list[Action]:
        """The update that gives fields of the record these values (None removes one), and the
        index keys that are made of them theirs."""
        actions: list[Action] = []
        for field, value in changes.items():
            attribute: Any = getattr(cls, _ATTRIBUTES[field])
            actions.append(attribute.remove() if value is None else attribute.set(value))
        if "email" in changes:
            actions.append(cls.gsi1_pk.set(email_partition(changes["email"])))
        if "plan" in changes:
            actions.append(cls.gsi2_pk.set(PLAN_USERS(plan=changes["plan"])))
        return actions

    @classmethod
    def unchanged_since(cls, version: int) -> Condition:
        """There is such a user, of this version."""
        condition: Condition = cls.present() & unchanged_since(cls.version, version)
        return condition

    @classmethod
    def of(cls, user: User) -> Self:
        key = user_key(user.id)
        return cls(
            key.partition,
            key.sort,
            gsi1_pk=email_partition(user.email),
            gsi1_sk=key.partition,
            gsi2_pk=PLAN_USERS(plan=user.plan),
            gsi2_sk=key.partition,
            email=user.email,
            name=user.name,
            picture=user.picture,
            google_id=user.google_id,
            is_active=user.is_active,
            is_admin=user.is_admin,
            plan=user.plan,
            last_sign_in=user.last_sign_in_at,
            updated=user.updated_at,
            version=user.version,
            **created_stamp(user.created_at),
        )

    def record(self) -> User:
        return User(
            id=str(USER_PARTITION.parse(self.pk)["user"]),
            email=self.email,
            name=self.name,
            plan=self.plan,
            picture=self.picture,
            google_id=self.google_id,
            is_active=self.is_active,
            is_admin=bool(self.is_admin),
            last_sign_in_at=self.last_sign_in,
            created_at=self.created_at,
            updated_at=self.updated_at,
            version=self.version,
        )


class UniqueLockItem(TableItem):
    """Whoever holds it owns the value in its key."""

    TYPE = "lock"
    FAMILY = Family.USERS

    user_id = UnicodeAttribute(attr_name="uid")

    @classmethod
    def of(cls, key: Key, user_id: str) -> Self:
        return cls(key.partition, key.sort, user_id=user_id)

    @classmethod
    def held_by(cls, user_id: str) -> Condition:
        return cls.user_id == user_id
