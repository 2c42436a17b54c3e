"""Idempotency keys: kept in the transaction that stores what was asked for, or alone when nothing
was to be stored; found by repeats."""

from __future__ import annotations

from datetime import datetime

from algoitny.domain.errors import DuplicateRequest
from algoitny.domain.idempotency import IdempotencyKey
from algoitny.models.idempotency import IdempotencyItem, idempotency_key
from algoitny.models.kit.operations import get, put
from algoitny.models.kit.transaction import Transaction


def keep_request(
    transaction: Transaction,
    user_id: str,
    request: IdempotencyKey | None,
    *,
    created_at: datetime,
    now: datetime,
) -> None:
    """Let the transaction be refused as DuplicateRequest when the key was used before. Declare it
    first: of several refusals this one is the answer."""
    if request is not None:
        transaction.put(
            IdempotencyItem.of(user_id, request, created_at),
            condition=IdempotencyItem.absent_or_expired(now),
            refused=DuplicateRequest,
        )


def keep_request_alone(user_id: str, request: IdempotencyKey, *, now: datetime) -> None:
    """Raises DuplicateRequest."""
    put(
        IdempotencyItem.of(user_id, request, now),
        condition=IdempotencyItem.absent_or_expired(now),
        refused=DuplicateRequest,
    )


def find_request(user_id: str, key: str, now: datetime) -> IdempotencyKey | None:
    """The first request that used the key, as the store has it this moment."""
    item = get(IdempotencyItem, idempotency_key(user_id, key), consistent=True)
    return None if item is None or item.is_expired(now) else item.record(key)
