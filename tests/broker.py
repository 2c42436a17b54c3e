"""A Redis of a test's own."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import redis

from algoitny.embedded.broker import find_server, url, write_configuration
from algoitny.embedded.ports import choose
from tests.waiting import wait_until

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
            wait_until(lambda: _answers(url(port, SECRET)), "the broker answers")
            yield url(port, SECRET)
        finally:
            server.terminate()


def _answers(address: str) -> bool:
    try:
        return bool(redis.Redis.from_url(address).ping())
    except redis.ConnectionError:
        return False
