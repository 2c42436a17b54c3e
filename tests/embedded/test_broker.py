"""The embedded broker: behind a password, and its messages outlive a kill."""

from __future__ import annotations

import asyncio
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import redis

from algoitny.embedded import broker, ports
from tests.waiting import wait_until

SECRET = "s" * 40
PING = f"AUTH {broker.password(SECRET)}\r\nPING\r\n".encode()


@contextmanager
def running(folder: Path) -> Iterator[tuple[int, subprocess.Popen[bytes]]]:
    port = ports.choose(None)
    configuration = broker.write_configuration(folder, port, SECRET)
    with subprocess.Popen(
        [broker.find_server(), configuration], stdout=subprocess.DEVNULL
    ) as process:
        try:

            def up() -> bool:
                return asyncio.run(ports.answers(ports.LOOPBACK, port, PING, b"+OK\r\n+PONG"))

            wait_until(up, "the broker answers")
            yield port, process
        finally:
            process.kill()


@pytest.mark.service
def test_messages_outlive_a_kill(tmp_path: Path) -> None:
    with running(tmp_path) as (port, process):
        client = redis.Redis.from_url(broker.url(port, SECRET))
        client.lpush("execute", "one")
        # What is acknowledged is synced within a second; a killed process, unlike a machine
        # without power, loses nothing that the kernel has.
        process.kill()
        process.wait()
    with running(tmp_path) as (port, _):
        client = redis.Redis.from_url(broker.url(port, SECRET))
        assert client.lrange("execute", 0, -1) == [b"one"]


@pytest.mark.service
def test_nobody_gets_in_without_the_password(tmp_path: Path) -> None:
    def answers(question: bytes, expected: bytes) -> bool:
        return asyncio.run(ports.answers(ports.LOOPBACK, port, question, expected))

    with running(tmp_path) as (port, _):
        assert answers(b"PING\r\n", b"-NOAUTH")
        wrong = broker.password("t" * 40).encode()
        assert answers(b"AUTH " + wrong + b"\r\n", b"-WRONGPASS")
        assert redis.Redis.from_url(broker.url(port, SECRET)).ping()


def test_the_machines_server_is_used_where_no_wheel_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = tmp_path / "redis-server"
    server.touch(mode=0o755)
    monkeypatch.setattr(broker.importlib.util, "find_spec", lambda _: None)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert broker.find_server() == server
