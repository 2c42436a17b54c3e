"""A Redis of a test's own."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import redis

from algoitny.embedded.broker import find_server, url, write_configuration
from tests.serving import serving
from tests.waiting import wait_until

SECRET = "s" * 40


@contextmanager
def running_redis(folder: Path, port: int | None = None) -> Iterator[str]:
    """Its URL, while it runs."""
    server = find_server()
    assert server is not None, "there is no redis-server on this machine"

    def command(port: int) -> list[Path]:
        return [server, write_configuration(folder, port, SECRET)]

    with serving(command, port, stderr=subprocess.DEVNULL) as (_, found):
        address = url(found, SECRET)
        wait_until(lambda: _answers(address), "the broker answers")
        yield address


def _answers(address: str) -> bool:
    try:
        return bool(redis.Redis.from_url(address).ping())
    except redis.ConnectionError:
        return False
