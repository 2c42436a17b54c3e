"""Repeated requests: the same key and body get the first answer again."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from algoitny.domain.errors import DuplicateRequest, KeyReused
from algoitny.domain.history import HistoryRepository
from algoitny.domain.idempotency import IdempotencyKey

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Repeatable:
    """What tells a repeat from another request: the client's key, the route, what it asks for."""

    key: str
    route: str
    body_digest: str

    @classmethod
    def of(cls, route: str, *, key: str | None, body_digest: str) -> Repeatable | None:
        """None without a key: then a repeat cannot be told from a new request."""
        return None if key is None else cls(key=key, route=route, body_digest=body_digest)

    def with_answer(self, answer: Mapping[str, object]) -> IdempotencyKey:
        """The key with its answer, as it is stored with the work that the request starts."""
        return IdempotencyKey(
            key=self.key, route=self.route, body_digest=self.body_digest, answer=answer
        )


def once(
    histories: HistoryRepository,
    user_id: str,
    request: Repeatable | None,
    work: Callable[[], T],
    replay: Callable[[Mapping[str, object]], T],
) -> T:
    """What `work` gives, or `replay` makes of the answer to the first request of this key: it was
    there before, or has come while this one worked. Raises KeyReused, and what `work` does."""
    if first := _first_answer(histories, user_id, request):
        return replay(first)
    try:
        return work()
    except DuplicateRequest:
        first = _first_answer(histories, user_id, request)
        if not first:
            raise
        return replay(first)


def _first_answer(
    histories: HistoryRepository, user_id: str, request: Repeatable | None
) -> Mapping[str, object] | None:
    """The answer to the first request of this key; None when this is the first, or has no key.
    Raises KeyReused when the first one asked for something else."""
    if request is None:
        return None
    first = histories.find_request(user_id, request.key)
    if first is None:
        return None
    if (first.route, first.body_digest) != (request.route, request.body_digest):
        raise KeyReused.field("/headers/Idempotency-Key", "This key was used for another request.")
    return first.answer
