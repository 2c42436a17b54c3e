"""An embedded store of a test's own."""

from __future__ import annotations

import os
import socket
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from algoitny.embedded import store
from algoitny.embedded.ports import LOOPBACK, choose


@contextmanager
def running_store(folder: Path) -> Iterator[str]:
    """Its endpoint, while it runs."""
    port = choose(None)
    with subprocess.Popen(
        store.command(port, folder),
        env=os.environ | dict(store.environment(port, folder)),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as server:
        try:
            _wait_until_it_listens(port)
            yield f"http://{LOOPBACK}:{port}"
        finally:
            server.terminate()
            server.wait(timeout=20)


def _wait_until_it_listens(port: int) -> None:
    for _ in range(1500):
        with socket.socket() as probe:
            if probe.connect_ex((LOOPBACK, port)) == 0:
                return
        threading.Event().wait(0.02)
    raise AssertionError(f"nothing listens on port {port}")
