"""A Redis of a test's own."""

from __future__ import annotations

import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import redis

from algoitny.embedded.broker import find_server, url, write_configuration
from algoitny.embedded.ports import choose

SECRET = "s" * 40


@contextmanager
def running_redis(folder: Path, port: int | None = None) -> Iterator[str]:
    """Its URL, while it runs."""
    port = port or choose(None)
    server = find_server()
    assert server is not None, "there is no redis-server on this machine"
    configuration = write_configuration(folder, port, SECRET)
    with subprocess.Popen(
        [server, configuration], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as server:
        try:
            _wait_until_it_answers(url(port, SECRET))
            yield url(port, SECRET)
        finally:
            server.terminate()


def _wait_until_it_answers(address: str) -> None:
    client = redis.Redis.from_url(address)
    for _ in range(500):
        try:
            client.ping()
        except redis.ConnectionError:
            threading.Event().wait(0.02)
        else:
            return
    raise AssertionError(f"no answer from {address}")
