"""The event channel: in order, resumable, best effort."""

from __future__ import annotations

import socket
import subprocess
import threading
import uuid
from pathlib import Path
from unittest.mock import Mock

import pytest
import redis
from prometheus_client import REGISTRY

from algoitny.domain.clock import SystemClock
from algoitny.domain.ports import LAST_SEQUENCE, Event
from algoitny.embedded.broker import find_server
from algoitny.embedded.ports import choose
from algoitny.providers.channel import RedisChannel, open_channel
from algoitny.providers.queue import CeleryQueue, make_celery
from tests.waiting import PATIENCE_SECONDS, wait_until


def publish(channel: RedisChannel, history_id: str, attempt: int, sequence: int) -> None:
    channel.publish(
        history_id, attempt=attempt, sequence=sequence, kind="test", data={"index": sequence}
    )


@pytest.fixture
def history_id() -> str:
    return uuid.uuid4().hex


@pytest.fixture
def broker_url(broker_url: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """One that a busy machine may keep from answering for longer than a client would wait."""
    for name in ("LONGEST_BLOCK", "ANSWER_SECONDS", "LAST_SECONDS"):
        monkeypatch.setattr(f"algoitny.providers.channel.{name}", PATIENCE_SECONDS)
    return broker_url


@pytest.mark.service
def test_events_come_in_order_and_resume(broker_url: str, history_id: str) -> None:
    channel = RedisChannel(broker_url)
    assert channel.wait(history_id, after=None, timeout_seconds=0) == ()
    for sequence in range(3):
        publish(channel, history_id, 1, sequence)
    publish(channel, uuid.uuid4().hex, 1, 9)
    publish(channel, history_id, 2, 0)
    events = wait_until(
        lambda: (found := channel.wait(history_id, after="0-0", timeout_seconds=60))[3:] and found,
        "all have come",
    )
    assert [event.id for event in events] == ["1-0", "1-1", "1-2", "2-0"]
    assert events[-1] == Event(id="2-0", attempt=2, kind="test", data={"index": 0})
    later = channel.wait(history_id, after="1-1", timeout_seconds=60)
    assert [event.id for event in later] == ["1-2", "2-0"]


@pytest.mark.service
def test_a_redis_behind_a_socket_carries_events_too(tmp_path: Path, history_id: str) -> None:
    """By the address that Celery takes."""
    server = find_server()
    assert server is not None
    path = tmp_path / "redis.sock"
    arguments = ("--port", "0", "--unixsocket", str(path), "--save", "", "--dir", str(tmp_path))
    with subprocess.Popen([server, *arguments], stdout=subprocess.DEVNULL) as process:
        try:
            wait_until(path.exists, "the server listens")
            url = f"redis+socket://{path}?virtual_host=1"
            CeleryQueue(make_celery(url), SystemClock()).connect()
            channel = open_channel(url, Mock(), SystemClock())
            channel.publish(history_id, attempt=1, sequence=LAST_SEQUENCE, kind="done", data={})
            assert channel.wait(history_id, after=None, timeout_seconds=60)
            events = redis.Redis(unix_socket_path=str(path), db=1).keys("algoitny:events:*")
            assert events == [f"algoitny:events:{history_id}".encode()]
        finally:
            process.terminate()


@pytest.mark.service
def test_who_waits_is_woken(broker_url: str, history_id: str) -> None:
    channel = RedisChannel(broker_url)
    found: list[tuple[Event, ...]] = []
    waiting = threading.Thread(
        target=lambda: found.append(channel.wait(history_id, after=None, timeout_seconds=60))
    )
    waiting.start()
    publish(channel, history_id, 1, 0)
    waiting.join()
    assert [event.id for event in found[0]] == ["1-0"]


@pytest.mark.service
def test_two_hundred_wait_at_once(broker_url: str, history_id: str) -> None:
    channel, stop = RedisChannel(broker_url), threading.Event()

    def wait() -> None:
        # Again and again: a machine that is busy does not connect so many in a moment.
        while not stop.is_set() and not channel.wait(history_id, after=None, timeout_seconds=60):
            pass

    for _ in range(200):
        threading.Thread(target=wait, daemon=True).start()
    try:
        with redis.Redis.from_url(broker_url) as broker:
            wait_until(lambda: broker.info("clients")["blocked_clients"] >= 200, "all wait")
    finally:
        stop.set()
        publish(RedisChannel(broker_url), history_id, 1, 0)


@pytest.mark.service
def test_the_first_test_does_not_wait_for_others(
    broker_url: str, history_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("algoitny.providers.channel.GATHER_SECONDS", 3600)
    channel = RedisChannel(broker_url)
    publish(channel, history_id, 1, 0)
    assert [event.id for event in channel.wait(history_id, after=None, timeout_seconds=60)] == [
        "1-0"
    ]
    publish(channel, history_id, 1, 1)
    first = channel.wait(history_id, after="1-0", timeout_seconds=60)
    assert [event.id for event in first] == ["1-1"]
    publish(channel, history_id, 1, 2)
    assert channel.wait(history_id, after="1-1", timeout_seconds=0.1) == ()


@pytest.mark.service
def test_a_late_event_of_an_old_attempt_is_dropped(broker_url: str, history_id: str) -> None:
    channel = RedisChannel(broker_url)
    publish(channel, history_id, 2, 0)
    publish(channel, history_id, 1, 5)
    publish(channel, history_id, 2, LAST_SEQUENCE)
    events = channel.wait(history_id, after=None, timeout_seconds=0.1)
    assert [event.id for event in events] == ["2-0", f"2-{LAST_SEQUENCE}"]


@pytest.mark.service
def test_an_event_that_another_was_first_with_is_not_lost(broker_url: str, history_id: str) -> None:
    before = failures("send", "ResponseError")
    for _ in range(3):
        publish(RedisChannel(broker_url), history_id, 1, LAST_SEQUENCE)
    channel = RedisChannel(broker_url)
    assert len(channel.wait(history_id, after=None, timeout_seconds=0)) == 1
    assert failures("send", "ResponseError") == before
    with redis.Redis.from_url(broker_url) as broker:
        broker.set(f"algoitny:events:{history_id}", "no stream", ex=60)
    publish(channel, history_id, 2, LAST_SEQUENCE)
    assert failures("send", "ResponseError") == before + 1


@pytest.mark.service
def test_with_the_last_event_all_are_sent(broker_url: str, history_id: str) -> None:
    channel = RedisChannel(broker_url)
    for attempt in range(1, 6):
        sequences = [*range(20), LAST_SEQUENCE]
        for sequence in sequences:
            publish(channel, history_id, attempt, sequence)
        events = channel.wait(history_id, after=f"{attempt - 1}-{2**63}", timeout_seconds=0)
        assert [event.id for event in events] == [f"{attempt}-{number}" for number in sequences]


def test_a_channel_that_is_down_stops_nobody(history_id: str) -> None:
    channel = RedisChannel(f"redis://127.0.0.1:{choose(None)}/0")
    publish(channel, history_id, 1, 0)
    publish(channel, history_id, 1, LAST_SEQUENCE)
    assert channel.wait(history_id, after=None, timeout_seconds=0.05) == ()


@pytest.mark.slow
@pytest.mark.parametrize("asked", ["status", "cancel"])
def test_a_channel_that_hangs_holds_no_answer(
    history_id: str, monkeypatch: pytest.MonkeyPatch, asked: str
) -> None:
    monkeypatch.setattr("algoitny.providers.channel.LONGEST_BLOCK", 3600)
    answered = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as mute:
        channel = RedisChannel(f"redis://127.0.0.1:{mute.getsockname()[1]}/0")

        def ask() -> None:
            if asked == "status":
                assert channel.wait(history_id, after=None, timeout_seconds=0) == ()
            else:
                channel.announce_cancellation(history_id)
            answered.set()

        threading.Thread(target=ask, daemon=True).start()
        assert answered.wait(timeout=60)


def failures(operation: str, reason: str = "MemoryError") -> float:
    labels = {"operation": operation, "reason": reason}
    return REGISTRY.get_sample_value("algoitny_channel_failures_total", labels) or 0.0


def test_an_error_that_nobody_foresaw_stops_no_later_news(
    history_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    channel = RedisChannel(f"redis://127.0.0.1:{choose(None)}/0")
    tried: list[object] = []

    def pipeline(**_: object) -> None:
        tried.append(None)
        raise MemoryError

    monkeypatch.setattr(channel._redis, "pipeline", pipeline)
    before = failures("send")
    for attempt in (1, 2):
        publish(channel, history_id, attempt, LAST_SEQUENCE)
    assert len(tried) == 2
    assert failures("send") == before + 2


def test_an_error_that_nobody_foresaw_stops_no_later_cancellation(
    history_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    channel = RedisChannel(f"redis://127.0.0.1:{choose(None)}/0")
    tried: list[object] = []

    def pubsub(**_: object) -> None:
        tried.append(None)
        if len(tried) < 3:
            raise MemoryError
        threading.Event().wait()  # as long as this process lives

    monkeypatch.setattr("algoitny.providers.channel.POLL_SECONDS", 0.0)
    monkeypatch.setattr(channel._redis, "pubsub", pubsub)
    before = failures("listen")
    assert not channel.is_cancelled(history_id)
    wait_until(lambda: len(tried) == 3, "it listens again")
    assert failures("listen") == before + 2
