"""Idempotency keys: the first request that used one, for a day."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from typing import Self

from pynamodb.attributes import UnicodeAttribute

from algoitny.domain.idempotency import IdempotencyKey
from algoitny.models.base import TableItem, created_stamp
from algoitny.models.kit.attributes import CompressedJSONAttribute
from algoitny.models.kit.keys import Key, partition_key
from algoitny.models.user import UNIQUE

IDEMPOTENCY_PARTITION = partition_key("IDK#{user}#{digest}")
LIFETIME = timedelta(hours=24)


def idempotency_key(user_id: str, key: str) -> Key:
    """Keys are the client's text of any length and kind, so only their digest is part of ours."""
    digest = hashlib.sha256(key.encode(errors="surrogatepass")).hexdigest()
    return Key(IDEMPOTENCY_PARTITION(user=user_id, digest=digest), UNIQUE)


class IdempotencyItem(TableItem):
    TYPE = "idempotency"

    route = UnicodeAttribute(attr_name="rte")
    body_digest = UnicodeAttribute(attr_name="bdy")
    answer = CompressedJSONAttribute(attr_name="ans")

    @classmethod
    def of(cls, user_id: str, key: IdempotencyKey, now: datetime) -> Self:
        row = idempotency_key(user_id, key.key)
        return cls(
            row.partition,
            row.sort,
            route=key.route,
            body_digest=key.body_digest,
            answer=dict(key.answer),
            expires=int((now + LIFETIME).timestamp()),
            **created_stamp(now),
        )

    def record(self, key: str) -> IdempotencyKey:
        return IdempotencyKey(
            key=key, route=self.route, body_digest=self.body_digest, answer=self.answer
        )
