"""A process that answers DynamoDB's requests with what was recorded: a store that costs nothing.

What a client spends on a request can so be measured apart from what a store spends on it. Answers
of one operation are given in turn, whatever is asked.
"""

from __future__ import annotations

import json
import multiprocessing
import socketserver
import threading
from base64 import b64encode
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import cycle
from typing import Any
from zlib import crc32

LOOPBACK = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Responder:
    """Where it listens, and how it is told what to answer."""

    endpoint: str
    _orders: Any

    def answer_with(self, answers: Sequence[tuple[str, dict[str, Any]]]) -> None:
        """From now on these, (operation, answer), of each operation over and over."""
        by_operation: dict[str, list[bytes]] = {}
        for operation, answer in answers:
            by_operation.setdefault(operation, []).append(_response(answer))
        self._orders.send(by_operation)
        self._orders.recv()


@contextmanager
def running_responder() -> Iterator[Responder]:
    """A responder while the block runs."""
    context = multiprocessing.get_context("spawn")
    orders, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(theirs,), daemon=True)
    process.start()
    try:
        yield Responder(f"http://{LOOPBACK}:{orders.recv()}", orders)
    finally:
        process.terminate()
        process.join()


def _response(answer: dict[str, Any]) -> bytes:
    body = json.dumps(answer, default=lambda data: b64encode(data).decode()).encode()
    head = (
        "HTTP/1.1 200 OK\r\nContent-Type: application/x-amz-json-1.0\r\n"
        f"Content-Length: {len(body)}\r\nx-amz-crc32: {crc32(body)}\r\n"
        "x-amzn-RequestId: 0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789ABCDEF\r\n\r\n"
    )
    return head.encode() + body


def _serve(orders: Any) -> None:
    answers: dict[str, Iterator[bytes]] = {}

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            while line := self.rfile.readline():
                headers: dict[bytes, bytes] = {}
                while line not in {b"\r\n", b""}:
                    name, _, value = line.partition(b":")
                    headers[name.lower()] = value.strip()
                    line = self.rfile.readline()
                self.rfile.read(int(headers.get(b"content-length", 0)))
                operation = headers[b"x-amz-target"].decode().rpartition(".")[2]
                self.wfile.write(next(answers[operation]))

    socketserver.ThreadingTCPServer.daemon_threads = True
    with socketserver.ThreadingTCPServer((LOOPBACK, 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        orders.send(server.server_address[1])
        while True:
            try:
                recorded = orders.recv()
            except EOFError:
                return
            answers.clear()
            answers.update({operation: cycle(each) for operation, each in recorded.items()})
            orders.send(len(answers))
