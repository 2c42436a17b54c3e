"""The event channel where the broker is Redis: news of running executions in Redis streams."""

from __future__ import annotations

import json
import threading
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast
from urllib.parse import parse_qsl, urlencode

import redis
import structlog

from algoitny import metrics
from algoitny.domain.clock import Clock
from algoitny.domain.history import HistoryRepository
from algoitny.domain.ports import LAST_SEQUENCE, Event, EventChannel
from algoitny.providers.table_channel import POLL_SECONDS, TableChannel

log = structlog.get_logger(__name__)

KEEP_SECONDS = 600
"""How long the events of an execution are kept after the last one."""

CANCELLATIONS = "algoitny:cancelled"
REMEMBERED_CANCELLATIONS = 1000

LONGEST_BLOCK = 5.0
ANSWER_SECONDS = 0.5
"""What is asked of Redis while a client waits for something else is not worth more."""
MOST_CONNECTIONS = 10_000
"""Each client that waits has one, and how many may wait is bounded elsewhere. The library's own
bound of a hundred leaves the others without news; Redis itself takes so many."""

GATHER_SECONDS = 0.025
"""After the first news of a moment more are sent together so often: a request of its own for each
test of a submission takes longer than many a test."""
FIRST_TEST = 1
"""The sequence of the news that somebody waits for most."""
LAST_SECONDS = 1.0
"""So long is waited for the last news of an execution to be sent."""

SOCKET = "redis+socket://"
PAST = "equal or smaller than the target stream top item"
"""In how Redis refuses an event that is not after the last one."""


@dataclass(frozen=True, slots=True)
class _News:
    history_id: str
    event_id: str
    fields: Mapping[str, str]


class RedisChannel:
    """A Redis stream an execution; an event's id is `<attempt>-<sequence>`. One thread sends, in
    order. Cancellations are broadcast to all workers, of which each listens with one thread."""

    def __init__(self, url: str) -> None:
        self._cancelled: deque[str] = deque(maxlen=REMEMBERED_CANCELLATIONS)
        self._listening = False
        self._lock = threading.Lock()
        self._news: list[_News] = []
        self._published = self._sent = 0
        self._is_sending = False
        self._in_a_hurry = False
        self._changed = threading.Condition()
        self._redis = _connect(url, LONGEST_BLOCK + 1)
        self._quick = _connect(url, ANSWER_SECONDS)

    def publish(
        self, history_id: str, *, attempt: int, sequence: int, kind: str, data: Mapping[str, object]
    ) -> None:
        """Best effort: a lost event delays its reader, no more. Only the last one is sent when
        this returns."""
        news = _News(history_id, f"{attempt}-{sequence}", {"kind": kind, "data": json.dumps(data)})
        with self._changed:
            self._news.append(news)
            self._published += 1
            mine = self._published
            is_last = sequence == LAST_SEQUENCE
            self._in_a_hurry = self._in_a_hurry or is_last or sequence == FIRST_TEST
            if not self._is_sending:
                self._is_sending = True
                threading.Thread(target=self._send, name="news", daemon=True).start()
            self._changed.notify_all()
            if is_last:
                self._changed.wait_for(lambda: self._sent >= mine, LAST_SECONDS)

    def _send(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._news)
                news, self._news = self._news, []
                self._in_a_hurry = False
            self._send_together(news)
            with self._changed:
                self._sent += len(news)
                self._changed.notify_all()
                self._changed.wait_for(lambda: self._in_a_hurry, GATHER_SECONDS)

    def _send_together(self, all_news: Sequence[_News]) -> None:
        try:
            with self._redis.pipeline(transaction=False) as pipe:
                for news in all_news:
                    pipe.xadd(_key(news.history_id), cast("Any", news.fields), id=news.event_id)
                for history_id in {news.history_id for news in all_news}:
                    pipe.expire(_key(history_id), KEEP_SECONDS)
                failed: list[Exception] = [
                    answer
                    for answer in pipe.execute(raise_on_error=False)
                    if isinstance(answer, redis.RedisError) and not _is_past(answer)
                ]
        except Exception as error:  # noqa: BLE001 - without this thread no event is sent any more
            failed = [error]
        if failed:
            lost = sorted({news.history_id for news in all_news})
            _tell("event lost", "send", failed[0], execution_ids=lost)

    def wait(
        self, history_id: str, *, after: str | None, timeout_seconds: float
    ) -> tuple[Event, ...]:
        block = int(min(timeout_seconds, LONGEST_BLOCK) * 1000)
        client = self._redis if block else self._quick
        try:
            # To Redis, BLOCK 0 means for ever; None is «do not block».
            answer = client.xread({_key(history_id): after or "0-0"}, block=block or None)
        except redis.RedisError as error:
            _tell("no news", "wait", error, execution_id=history_id)
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

    def announce_cancellation(self, history_id: str) -> None:
        try:
            self._quick.publish(CANCELLATIONS, history_id)
        except redis.RedisError as error:
            _tell("cancellation lost", "announce", error, execution_id=history_id)

    def is_cancelled(self, history_id: str) -> bool:
        with self._lock:
            if not self._listening:
                self._listening = True
                threading.Thread(target=self._listen, name="cancellations", daemon=True).start()
        return history_id in self._cancelled

    def _listen(self) -> None:
        while True:
            try:
                with self._redis.pubsub(ignore_subscribe_messages=True) as subscription:  # type: ignore[no-untyped-call]
                    subscription.subscribe(CANCELLATIONS)
                    while True:
                        message = subscription.get_message(timeout=LONGEST_BLOCK)
                        if message is not None:
                            self._cancelled.append(str(message["data"]))
            except Exception as error:  # noqa: BLE001 - without this thread none is heard any more
                _tell("no cancellations", "listen", error)
                _pause(1.0)


def open_channel(broker_url: str, histories: HistoryRepository, clock: Clock) -> EventChannel:
    """The channel that goes with this broker."""
    if broker_url.startswith(("redis://", "rediss://")):
        return RedisChannel(broker_url)
    if broker_url.startswith(SOCKET):
        return RedisChannel(_socket_url(broker_url))
    return TableChannel(histories, clock)


def _socket_url(broker_url: str) -> str:
    """Celery has names of its own for a socket and for its database."""
    path, _, options = broker_url.removeprefix(SOCKET).partition("?")
    named = [
        (name.replace("virtual_host", "db"), value.strip("/")) for name, value in parse_qsl(options)
    ]
    return f"unix://{path}?{urlencode(named)}"


def _connect(url: str, answer_seconds: float) -> redis.Redis:
    return redis.Redis.from_url(
        url,
        socket_connect_timeout=0.2,
        socket_timeout=answer_seconds,
        max_connections=MOST_CONNECTIONS,
        decode_responses=True,
    )


def _key(history_id: str) -> str:
    return f"algoitny:events:{history_id}"


def _pairs(answer: object) -> list[object]:
    """The protocol's two versions answer with a map or with pairs."""
    if isinstance(answer, dict):
        return [(key, [pair for chunk in value for pair in chunk]) for key, value in answer.items()]
    return cast("list[object]", answer or [])


def _is_past(error: redis.RedisError) -> bool:
    """Nothing is lost then: somebody else was first with the same event, as when two cancel, or
    told of a later attempt."""
    return isinstance(error, redis.ResponseError) and PAST in str(error)


def _tell(event: str, operation: str, error: Exception, **context: object) -> None:
    """Of an error that nobody foresaw also where it is."""
    reason = type(error).__name__
    metrics.CHANNEL_FAILURES.labels(operation, reason).inc()
    unforeseen = None if isinstance(error, redis.RedisError) else error
    log.warning(event, reason=reason, exc_info=unforeseen, **context)


def _pause(timeout_seconds: float) -> None:
    threading.Event().wait(min(timeout_seconds, POLL_SECONDS))
