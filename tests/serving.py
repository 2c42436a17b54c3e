"""A server of a test's own, on a port that was free when it was chosen."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import psutil

from algoitny.embedded.ports import LOOPBACK, choose, is_free
from tests.waiting import wait_until

Process = subprocess.Popen[bytes]


@contextmanager
def serving(
    command: Callable[[int], Sequence[Any]], port: int | None = None, **options: Any
) -> Iterator[tuple[Process, int]]:
    """It and its port, once it listens there; killed in the end when it still runs. Without a
    `port` it gets another one where somebody took the first before it did."""
    while True:
        chosen = port or choose(None)
        with subprocess.Popen(command(chosen), stdout=subprocess.DEVNULL, **options) as process:
            try:
                wait_until(
                    lambda process=process, chosen=chosen: (
                        process.poll() is not None or _listens(process, chosen)
                    ),
                    "the server listens",
                )
                if process.poll() is None:
                    yield process, chosen
                    return
            finally:
                process.kill()
        is_taken = port is None and not is_free(LOOPBACK, chosen)
        assert is_taken, f"the server ended: {process.returncode}"


def _listens(process: Process, port: int) -> bool:
    """Whether it is this one that does."""
    try:
        connections = psutil.Process(process.pid).net_connections()
    except psutil.Error:  # it has just ended
        return False
    return any(
        found.status == psutil.CONN_LISTEN and found.laddr.port == port for found in connections
    )
