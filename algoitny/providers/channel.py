"""The event channel: news of running executions, in a Redis stream where the broker is Redis.

Elsewhere nothing carries news, and who waits reads the table a few times a second.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping
from typing import Any, cast

import redis
import structlog

from algoitny.domain.ports import Event, EventChannel

log = structlog.get_logger(__name__)

KEEP_SECONDS = 600
"""How long the events of an execution are kept after the last one."""

LONGEST_BLOCK = 5.0
POLL_SECONDS = 0.25


class PollingChannel:
    """No news: a waiting client looks again after a moment."""

    def publish(
        self, history_id: str, *, attempt: int, sequence: int, kind: str, data: Mapping[str, object]
    ) -> None:
        """There is nobody to tell."""

    def wait(
        self,
        history_id: str,  # noqa: ARG002 - the interface's
        *,
        after: str | None,  # noqa: ARG002 - the interface's
        timeout_seconds: float,
    ) -> tuple[Event, ...]:
        _pause(timeout_seconds)
        return ()


class RedisChannel:
    """A Redis stream an execution; an event's id is `<attempt>-<sequence>`."""

    def __init__(self, url: str) -> None:
        self._redis = redis.Redis.from_url(
            url,
            socket_connect_timeout=0.2,
            socket_timeout=LONGEST_BLOCK + 1,
            decode_responses=True,
        )

    def publish(
        self, history_id: str, *, attempt: int, sequence: int, kind: str, data: Mapping[str, object]
    ) -> None:
        """Best effort: a lost event delays its reader, no more."""
        key = _key(history_id)
        fields = {"kind": kind, "data": json.dumps(data)}
        try:
            with self._redis.pipeline(transaction=False) as pipe:
                pipe.xadd(key, cast("Any", fields), id=f"{attempt}-{sequence}")
                pipe.expire(key, KEEP_SECONDS)
                pipe.execute()
        except redis.RedisError as error:
            log.warning("event lost", execution_id=history_id, reason=type(error).__name__)

    def wait(
        self, history_id: str, *, after: str | None, timeout_seconds: float
    ) -> tuple[Event, ...]:
        block = int(min(timeout_seconds, LONGEST_BLOCK) * 1000)
        try:
            # To Redis, BLOCK 0 means for ever; None is «do not block».
            answer = self._redis.xread({_key(history_id): after or "0-0"}, block=block or None)
        except redis.RedisError as error:
            log.warning("no news", execution_id=history_id, reason=type(error).__name__)
            _pause(timeout_seconds)
            return ()
        streams = cast("list[tuple[str, list[tuple[str, dict[str, str]]]]]", _pairs(answer))
        return tuple(
            Event(
                id=event_id,
                attempt=int(event_id.partition("-")[0]),
                kind=fields["kind"],
                data=json.loads(fields["data"]),
            )
            for _, events in streams
            for event_id, fields in events
        )


def open_channel(broker_url: str) -> EventChannel:
    """The channel that goes with this broker."""
    if broker_url.startswith(("redis://", "rediss://", "redis+socket://", "unix://")):
        return RedisChannel(broker_url)
    return PollingChannel()


def _key(history_id: str) -> str:
    return f"algoitny:events:{history_id}"


def _pairs(answer: object) -> list[object]:
    """The protocol's two versions answer with a map or with pairs."""
    if isinstance(answer, dict):
        return [(key, [pair for chunk in value for pair in chunk]) for key, value in answer.items()]
    return cast("list[object]", answer or [])


def _pause(timeout_seconds: float) -> None:
    threading.Event().wait(min(timeout_seconds, POLL_SECONDS))
