"""API tokens: found by the digest of their secret, listed by user."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Self

from pynamodb.attributes import UnicodeAttribute, UnicodeSetAttribute
from pynamodb.expressions.condition import Condition

from algoitny.domain.token import USE_NOTED_EVERY, ApiToken, Scope
from algoitny.models.base import TableItem, created_stamp
from algoitny.models.kit.attributes import InstantAttribute
from algoitny.models.kit.keys import Key, partition_key, sort_key
from algoitny.models.layout import Family
from algoitny.models.user import USER_PARTITION

TOKEN_PARTITION = partition_key("TOK#{digest}")
META = "META"
LISTED = sort_key("TOK#{token}")
"""The sort key in the list: ids are ULIDs, so it sorts by time."""


def token_key(digest: str) -> Key:
    return Key(TOKEN_PARTITION(digest=digest), META)


def user_tokens(user_id: str) -> str:
    """GSI1: a user's tokens, beside the executions where both are in one table."""
    return USER_PARTITION(user=user_id)


class TokenItem(TableItem):
    TYPE = "token"
    FAMILY = Family.USERS

    user_id = UnicodeAttribute(attr_name="uid")
    name = UnicodeAttribute(attr_name="nm")
    scopes = UnicodeSetAttribute(attr_name="scp", null=True)
    last_used = InstantAttribute(attr_name="lus", null=True)

    @classmethod
    def of(cls, token: ApiToken) -> Self:
        key = token_key(token.digest)
        return cls(
            key.partition,
            key.sort,
            gsi1_pk=user_tokens(token.user_id),
            gsi1_sk=LISTED(token=token.id),
            user_id=token.user_id,
            name=token.name,
            scopes={scope.value for scope in token.scopes} or None,
            last_used=token.last_used_at,
            # Cut before it is a float, which may round the last microsecond up into no year at all.
            expires=None
            if token.expires_at is None
            else int(token.expires_at.replace(microsecond=0).timestamp()),
            **created_stamp(token.created_at),
        )

    @classmethod
    def use_not_noted(cls, now: datetime) -> Condition:
        """It is there, and its last use noted is long enough ago."""
        long_ago = cls.last_used.does_not_exist() | (cls.last_used <= now - USE_NOTED_EVERY)
        condition: Condition = cls.present() & long_ago
        return condition

    def record(self) -> ApiToken:
        return ApiToken(
            id=str(LISTED.parse(self.gsi1_sk)["token"]),
            user_id=self.user_id,
            name=self.name,
            digest=str(TOKEN_PARTITION.parse(self.pk)["digest"]),
            scopes=frozenset(Scope(scope) for scope in self.scopes or ()),
            created_at=self.created_at,
            expires_at=None if self.expires is None else datetime.fromtimestamp(self.expires, UTC),
            last_used_at=self.last_used,
        )
