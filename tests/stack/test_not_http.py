"""Requests that never reach the application are answered as problems too."""

from __future__ import annotations

import json
import socket

import pytest

from tests.stack.running import Client, Stack
from tests.waiting import wait_until

pytestmark = pytest.mark.stack


@pytest.mark.parametrize(
    "request_line",
    ["GET /%s HTTP/1.1" % ("x" * 9000), "GET / HTTP/9.9", "nonsense"],
    ids=["long", "version", "nonsense"],
)
def test_what_is_not_http_is_a_problem_document(stack: Stack, request_line: str) -> None:
    with socket.create_connection(("127.0.0.1", stack.port), timeout=20) as connection:
        connection.sendall(request_line.encode() + b"\r\nHost: x\r\n\r\n")
        answer = b""
        while part := connection.recv(65536):
            answer += part
    head, _, body = answer.partition(b"\r\n\r\n")
    assert b"application/problem+json" in head
    problem = json.loads(body)
    assert 400 <= problem["status"] < 600
    assert f"\r\nX-Request-Id: {problem['instance']}\r\n".encode() in head + b"\r\n"
    wait_until(lambda: problem["instance"] in stack.log.read_text(), "it is in the log")


def test_a_long_cursor_is_named(client: Client) -> None:
    answer = client.get("/api/problems/?cursor=" + "x" * 5000)
    assert answer.status == 400
    assert answer.body["type"].endswith("#invalid-cursor")
