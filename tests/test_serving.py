"""A test's own server gets a port of its own."""

from __future__ import annotations

import socket
import subprocess
import sys

import pytest

from algoitny.embedded.ports import LOOPBACK, choose
from tests import serving

pytestmark = pytest.mark.service


def command(port: int) -> list[str]:
    return [sys.executable, "-m", "http.server", "--bind", LOOPBACK, str(port)]


def test_a_port_that_somebody_took_meanwhile_is_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server((LOOPBACK, 0)) as taken:
        ports = [taken.getsockname()[1], choose(None)]
        left = list(ports)
        monkeypatch.setattr(serving, "choose", lambda _: left.pop(0))
        with serving.serving(command, stderr=subprocess.DEVNULL) as (process, port):
            assert process.poll() is None
            assert port == ports[1]


def test_a_server_that_ends_is_told() -> None:
    with (
        pytest.raises(AssertionError, match="the server ended: 3"),
        serving.serving(lambda _: [sys.executable, "-c", "raise SystemExit(3)"]),
    ):
        pytest.fail("there is none")
