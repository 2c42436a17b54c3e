"""Publishing: what a message holds, and that a broker that is down or hangs holds nobody up."""

from __future__ import annotations

import json
import socket
import threading
import uuid
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from pathlib import Path

import pytest
import redis
import structlog
from celery import Celery
from kombu import pools

from algoitny.domain.clock import SystemClock
from algoitny.domain.errors import QueueUnavailable
from algoitny.embedded.ports import choose
from algoitny.providers import queue as publishing
from algoitny.providers.queue import BREAK_AFTER, BREAK_SECONDS, CeleryQueue, make_celery
from tests.broker import running_redis
from tests.clock import FixedClock
from tests.waiting import PATIENCE_SECONDS

RABBITMQ = "amqp://guest:guest@127.0.0.1:5672//"
HISTORY_ID = "01ARZ3NDEKTSV4RRFFQ69G5FAV"


class Refusing(BaseHTTPRequestHandler):
    """SQS, as it answers those who may not."""

    def do_POST(self) -> None:
        body = b'{"__type": "com.amazonaws.sqs#AccessDenied", "message": "No."}'
        self.send_response(403)
        self.send_header("Content-Type", "application/x-amz-json-1.0")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Quietly."""


@pytest.fixture
def refusing_url() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Refusing) as server:
        threading.Thread(target=server.serve_forever).start()
        yield f"sqs://key:secret@127.0.0.1:{server.server_port}//"
        server.shutdown()


@pytest.fixture
def hanging_url() -> Iterator[str]:
    """Something that accepts connections and never says a word."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(16)
        yield f"redis://127.0.0.1:{listener.getsockname()[1]}/0"


@pytest.fixture
def broker_url(broker_url: str) -> str:
    """With nothing in it that other tests left."""
    with redis.Redis.from_url(broker_url) as broker:
        broker.flushdb()
    return broker_url


def patient(url: str) -> Celery:
    """A busy machine may keep a broker from answering for longer than a client would wait."""
    celery = make_celery(url, socket_timeout=PATIENCE_SECONDS)
    options = celery.conf.broker_transport_options
    for name in options.keys() & {"socket_connect_timeout", "connect_timeout"}:
        options[name] = PATIENCE_SECONDS
    celery.conf.broker_connection_timeout = PATIENCE_SECONDS
    return celery


@pytest.mark.service
def test_a_message_carries_ids_only(broker_url: str) -> None:
    queue = CeleryQueue(patient(broker_url), SystemClock())
    assert queue.waiting_executions() == 0
    with structlog.contextvars.bound_contextvars(request_id="r-1", user_id="u-1"):
        queue.enqueue_execution(HISTORY_ID)
    assert queue.waiting_executions() == 1
    queue.check()
    client = redis.Redis.from_url(broker_url)
    message = json.loads(client.lpop("execute"))  # type: ignore[arg-type]
    assert message["headers"]["request_id"] == "r-1"
    assert message["content-type"] == "application/json"
    assert "u-1" not in json.dumps(message)
    assert message["headers"]["argsrepr"] == f"['{HISTORY_ID}', 0]"


@pytest.mark.service
def test_who_is_connected_needs_no_new_connection_for_the_first_message(broker_url: str) -> None:
    client = redis.Redis.from_url(broker_url)

    def connections() -> int:
        return int(client.info("stats")["total_connections_received"])  # type: ignore[index]

    pools.reset()  # other tests' connections would do
    before = connections()
    queue = CeleryQueue(patient(broker_url), SystemClock())
    queue.connect()
    connected = connections()
    assert connected > before
    queue.enqueue_execution(HISTORY_ID)
    assert connections() == connected


@pytest.fixture(params=["redis", "rabbitmq"])
def empty_queue(
    request: pytest.FixtureRequest, broker_url: str, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Celery]:
    """Of executions, on a broker that knows priorities; of a name of its own, because RabbitMQ is
    the machine's."""
    url = broker_url if request.param == "redis" else RABBITMQ
    if request.param == "rabbitmq" and not answers(5672):
        pytest.skip("RabbitMQ is not running: apt-get install rabbitmq-server")
    monkeypatch.setattr(publishing, "EXECUTE", f"execute-{uuid.uuid4().hex}")
    celery = patient(url)
    with celery.connection_for_write() as connection:
        waiting = celery.amqp.queues[publishing.EXECUTE](connection.default_channel)
        waiting.declare()
        yield celery
        waiting.delete()
        waiting.exchange.delete()


def answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@pytest.mark.service
def test_users_take_turns(empty_queue: Celery) -> None:
    queue = CeleryQueue(empty_queue, SystemClock())
    for user in "aaab":
        queue.enqueue_execution(f"{user}", user_id=user)
    queue.enqueue_run("b", user_id="b")
    assert queue.waiting_executions() == 5
    taken = []
    with empty_queue.connection_for_read() as connection:
        waiting = empty_queue.amqp.queues[publishing.EXECUTE](connection.default_channel)
        while (message := waiting.get(no_ack=True)) is not None:
            taken.append(message.payload[0][0])
    assert taken == ["a", "b", "a", "b", "a"]


@pytest.mark.service
def test_runs_wait_in_the_queue_of_executions(broker_url: str) -> None:
    queue = CeleryQueue(patient(broker_url), SystemClock())
    client = redis.Redis.from_url(broker_url)
    queue.enqueue_run(HISTORY_ID, postponed=2)
    message = json.loads(client.lpop("execute"))  # type: ignore[arg-type]
    assert message["headers"]["task"] == "algoitny.run_code"
    assert message["headers"]["argsrepr"] == f"['{HISTORY_ID}', 2]"
    assert message["headers"]["eta"] is not None


@pytest.mark.service
def test_a_postponed_message_waits_longer_each_time(broker_url: str) -> None:
    queue = CeleryQueue(patient(broker_url), SystemClock())
    client = redis.Redis.from_url(broker_url)
    etas = []
    for postponed in (1, 2, 3, 20):
        queue.enqueue_execution(HISTORY_ID, postponed=postponed)
        etas.append(json.loads(client.lpop("execute"))["headers"]["eta"])  # type: ignore[arg-type]
    assert all(earlier < later for earlier, later in pairwise(etas))


@pytest.mark.parametrize("scheme", ["redis", "amqp"])
def test_a_broker_that_is_down_is_a_clear_error(scheme: str) -> None:
    queue = CeleryQueue(make_celery(f"{scheme}://127.0.0.1:{choose(None)}//"), SystemClock())
    with pytest.raises(QueueUnavailable):
        queue.enqueue_execution(HISTORY_ID)
    with pytest.raises(QueueUnavailable):
        queue.check()
    with pytest.raises(QueueUnavailable):
        queue.connect()
    assert queue.waiting_executions() is None


@pytest.mark.service
def test_a_redis_that_takes_no_writes_is_a_clear_error(tmp_path: Path) -> None:
    with running_redis(tmp_path) as url:
        queue = CeleryQueue(make_celery(url), SystemClock())
        redis.Redis.from_url(url).config_set("maxmemory", 1)
        with pytest.raises(QueueUnavailable):
            queue.connect()
        with pytest.raises(QueueUnavailable):
            queue.enqueue_execution(HISTORY_ID)


def test_an_sqs_that_refuses_is_a_clear_error(refusing_url: str) -> None:
    queue = CeleryQueue(make_celery(refusing_url), SystemClock())
    with pytest.raises(QueueUnavailable):
        queue.connect()
    with pytest.raises(QueueUnavailable):
        queue.check()
    with pytest.raises(QueueUnavailable):
        queue.enqueue_execution(HISTORY_ID)
    assert queue.waiting_executions() is None


@pytest.mark.slow
def test_an_sqs_that_hangs_is_not_waited_for(hanging_url: str) -> None:
    """A web process asks before it serves: it is killed when that takes a minute."""
    url = hanging_url.replace("redis://", "sqs://key:secret@")
    queue = CeleryQueue(make_celery(url), SystemClock())
    with pytest.raises(QueueUnavailable):
        queue.connect()


def test_after_a_few_failures_it_says_no_at_once(hanging_url: str) -> None:
    clock = FixedClock()
    celery = make_celery(hanging_url)
    queue = CeleryQueue(celery, clock)
    tries = 0
    real = celery.send_task

    def counted(*args: object, **kwargs: object) -> object:
        nonlocal tries
        tries += 1
        return real(*args, **kwargs)  # type: ignore[arg-type]

    celery.send_task = counted  # type: ignore[method-assign, assignment]
    for _ in range(BREAK_AFTER + 5):
        with pytest.raises(QueueUnavailable):
            queue.enqueue_execution(HISTORY_ID)
    assert tries == BREAK_AFTER
    clock.advance(BREAK_SECONDS)
    with pytest.raises(QueueUnavailable):
        queue.enqueue_execution(HISTORY_ID)
    assert tries == BREAK_AFTER + 1
