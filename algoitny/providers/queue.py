"""Hands work to Celery's queues by task name; knows nothing of the tasks themselves."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import structlog
from amqp.exceptions import AMQPError
from botocore.exceptions import BotoCoreError, ClientError  # type: ignore[import-untyped]
from celery import Celery
from kombu import Exchange
from kombu import Queue as Declared
from kombu.exceptions import OperationalError
from redis import RedisError

from algoitny.domain.clock import Clock
from algoitny.domain.errors import QueueUnavailable
from algoitny.providers.turns import LAST_TURN, Turns

log = structlog.get_logger(__name__)

EXECUTE = "execute"
HINTS = "hints"
JOBS = "jobs"
SWEEP = "sweep"
WEBHOOKS = "webhooks"

EXECUTE_TASK = "algoitny.execute_code"
RUN_TASK = "algoitny.run_code"
HINT_TASK = "algoitny.generate_hint"
SWEEP_TASK = "algoitny.sweep"
REJUDGE_TASK = "algoitny.rejudge"
ERASE_TASK = "algoitny.erase"
RANK_TASK = "algoitny.rank"
WEBHOOK_TASK = "algoitny.deliver_webhooks"

BREAK_AFTER = 3
BREAK_SECONDS = 2.0
LONGEST_DELAY = 10.0

SQS_SECONDS = 1.0
"""For a connection, and more than others to answer: SQS is far away, and a consumer's request is
held there for as long as there is no message."""

BROKER_ERRORS = (OperationalError, OSError, RedisError, AMQPError, BotoCoreError, ClientError)
"""Celery gives most of them a name of its own, but not all: not what a full Redis, or one that must
not be written to, says when a queue is declared, nor what SQS refuses."""


class Breaker:
    """After a few failures in a row, says no at once for a moment instead of making each request
    wait for a broker that hangs."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._failures = 0
        self._open_until = 0.0

    @property
    def is_open(self) -> bool:
        with self._lock:
            return self._clock.monotonic() < self._open_until

    def succeeded(self) -> None:
        with self._lock:
            self._failures = 0

    def failed(self) -> None:
        with self._lock:
            self._failures += 1
            if self._failures >= BREAK_AFTER:
                self._open_until = self._clock.monotonic() + BREAK_SECONDS


class CeleryQueue:
    """Publishes messages; the connection's time-outs are set by `make_celery`."""

    def __init__(self, celery: Celery, clock: Clock) -> None:
        self._celery = celery
        self._breaker = Breaker(clock)
        self._turns = Turns(clock)
        self._first_is_highest = celery.conf.broker_url.startswith("amqp")

    def enqueue_execution(
        self, history_id: str, *, user_id: str | None = None, postponed: int = 0
    ) -> None:
        self._send_in_turn(EXECUTE_TASK, history_id, user_id, postponed)

    def enqueue_run(self, run_id: str, *, user_id: str | None = None, postponed: int = 0) -> None:
        self._send_in_turn(RUN_TASK, run_id, user_id, postponed)

    def enqueue_hint(self, history_id: str, level: int, prompt_version: int) -> None:
        self._send(HINT_TASK, HINTS, [history_id, level, prompt_version], None)

    def waiting_executions(self) -> int | None:
        """Messages in the execute queue, where the broker can count them."""
        try:
            with self._celery.connection_for_read() as connection:
                channel: Any = connection.default_channel
                try:
                    return int(channel.queue_declare(EXECUTE, passive=True)[1])
                except connection.channel_errors:
                    return 0  # a queue that nobody has used yet, or (Redis) an empty one
        except BROKER_ERRORS as error:
            log.debug("queue not counted", reason=type(error).__name__)
            return None

    def connect(self) -> None:
        """The pooled connection that messages go over, the queue of executions, and what Celery
        loads when it is first used."""
        _ = self._celery.backend, self._celery.amqp.send_task_message
        with _answering(), self._celery.producer_or_acquire() as producer:
            self._celery.amqp.queues[EXECUTE](producer.channel).declare()

    def check(self) -> None:
        """Returns when the broker answers; raises QueueUnavailable within about a second."""
        if self._breaker.is_open:
            raise QueueUnavailable("The broker failed a moment ago.")
        with _answering(), self._celery.connection_for_write() as connection:
            connection.ensure_connection(
                max_retries=1, interval_start=0, interval_step=0, timeout=1
            )

    def _send_in_turn(self, task: str, work_id: str, user_id: str | None, postponed: int) -> None:
        turn = self._turns.next(user_id)
        # 0 comes first in Celery's queues on Redis, and last in RabbitMQ's. SQS has no priorities.
        priority = LAST_TURN - turn if self._first_is_highest else turn
        self._send(task, EXECUTE, [work_id, postponed], _delay(postponed), priority)

    def _send(
        self,
        task: str,
        queue: str,
        args: list[Any],
        delay: float | None,
        priority: int | None = None,
    ) -> None:
        if self._breaker.is_open:
            raise QueueUnavailable("The broker failed a moment ago.")
        request_id = structlog.contextvars.get_contextvars().get("request_id")
        try:
            self._celery.send_task(
                task,
                args=args,
                queue=queue,
                countdown=delay,
                priority=priority,
                headers={"request_id": request_id} if request_id else None,
                retry=False,
                ignore_result=True,
            )
        except BROKER_ERRORS as error:
            self._breaker.failed()
            raise QueueUnavailable(
                f"The broker did not accept the message: {type(error).__name__}."
            ) from error
        self._breaker.succeeded()


@contextmanager
def _answering() -> Iterator[None]:
    """Turns a broker that does not answer into QueueUnavailable."""
    try:
        yield
    except BROKER_ERRORS as error:
        raise QueueUnavailable(f"No answer: {type(error).__name__}.") from error


def _delay(postponed: int) -> float | None:
    """Seconds; grows with each time that the work had to wait."""
    return min(0.5 * 2 ** (postponed - 1), LONGEST_DELAY) if postponed else None


def make_celery(
    broker_url: str, *, region: str = "us-east-1", socket_timeout: float = 0.5
) -> Celery:
    """A Celery app for this broker. Messages are JSON; time-outs (seconds) are short for those who
    publish, because a submission is safe in the table before: a broker that hangs must not hang
    the request. `region` is for SQS."""
    celery = Celery("algoitny", broker=broker_url)
    celery.conf.update(
        task_serializer="json",
        accept_content=["json"],
        task_ignore_result=True,
        # There are no results: what stands for their store may be any thread's.
        result_backend_thread_safe=True,
        task_create_missing_queues=True,
        task_default_queue=SWEEP,
        task_queues=[_queue_of_executions(broker_url)],
        broker_connection_timeout=0.5,
        broker_connection_retry_on_startup=True,
        broker_transport_options=_transport_options(broker_url, region, socket_timeout),
    )
    return celery


def _queue_of_executions(broker_url: str) -> Declared:
    """RabbitMQ keeps priorities in queues that are declared with them only."""
    most = LAST_TURN if broker_url.startswith("amqp") else None
    return Declared(EXECUTE, Exchange(EXECUTE), routing_key=EXECUTE, max_priority=most)


def _transport_options(broker_url: str, region: str, socket_timeout: float) -> dict[str, Any]:
    if broker_url.startswith("redis"):
        return {
            "socket_connect_timeout": 0.2,
            "socket_timeout": socket_timeout,
            "max_retries": 0,
            "visibility_timeout": 3600,
            "priority_steps": list(range(LAST_TURN + 1)),
        }
    if broker_url.startswith("sqs"):
        return {
            "visibility_timeout": 3600,
            "region": region,
            # A host is named for a local stand-in only, which has no certificate.
            "is_secure": not urlsplit(broker_url).hostname,
            # Else a request that nobody answers is waited for, and sent again, for minutes.
            "client-config": {
                "connect_timeout": SQS_SECONDS,
                "read_timeout": SQS_SECONDS + socket_timeout,
                # The second is for a connection that was closed meanwhile.
                "retries": {"total_max_attempts": 2, "mode": "standard"},
            },
            "wait_time_seconds": 10,
            "polling_interval": 0.1,
        }
    return {"confirm_publish": True, "connect_timeout": 0.5, "max_retries": 0}
