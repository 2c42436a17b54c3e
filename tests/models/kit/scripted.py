"""A server on loopback that does what a script says: answers, wrong answers, and none."""

from __future__ import annotations

import socket
import ssl
import threading
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import NamedTuple


class Request(NamedTuple):
    """What arrived, on which of the connections; header names in lower case."""

    connection: int
    path: str
    headers: dict[str, str]
    body: bytes


class Served:
    """One connection, whose next request begins to arrive."""

    def __init__(self, server: Server, number: int, peer: socket.socket) -> None:
        self.server, self.number, self.peer = server, number, peer

    def request(self) -> Request:
        """Read it whole."""
        received = bytearray()
        while b"\r\n\r\n" not in received:
            received += self._more()
        head, _, body = received.partition(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").split("\r\n")
        split = (line.partition(": ") for line in lines)
        headers = {name.lower(): value for name, _, value in split}
        while len(body) < int(headers["content-length"]):
            body += self._more()
        request = Request(self.number, first.split(" ")[1], headers, bytes(body))
        self.server.requests.append(request)
        return request

    def _more(self) -> bytes:
        received = self.peer.recv(65536)
        if not received:
            raise ConnectionAbortedError
        return received


Turn = Callable[[Served], bool | None]
"""Deals with one request; true when the connection stays open."""


class Server:
    """Takes a turn of the script for each request that begins to arrive; after the last, and
    without a script, a request is answered with its own body."""

    def __init__(self, tls: ssl.SSLContext | None = None, family: int = socket.AF_INET) -> None:
        host = "::1" if family == socket.AF_INET6 else "127.0.0.1"
        self._listener = socket.create_server((host, 0), family=family)
        self.port: int = self._listener.getsockname()[1]
        self.requests: list[Request] = []
        self.accepted = 0
        self._tls = tls
        self._turns: deque[Turn] = deque()
        self._open: set[socket.socket] = set()
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def url(self) -> str:
        """By name over TLS, for that is what certificates are of."""
        return f"https://localhost:{self.port}" if self._tls else f"http://127.0.0.1:{self.port}"

    def play(self, *turns: Turn) -> None:
        """Forget all before, and do this next."""
        self.requests = []
        self.accepted = 0
        self._turns = deque(turns)

    @property
    def left(self) -> int:
        """Turns that no request has come for."""
        return len(self._turns)

    def stop(self) -> None:
        for each in (self._listener, *self._open):
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def hang_up(self) -> None:
        """Close all connections, as a server does with those that nobody has used for long."""
        for each in list(self._open):
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                peer, _ = self._listener.accept()
                self.accepted += 1
                served = threading.Thread(
                    target=self._serve, args=(self.accepted, peer), daemon=True
                )
                served.start()

    def _serve(self, number: int, peer: socket.socket) -> None:
        # Who does not trust a certificate, or is gone, is gone.
        with suppress(OSError):
            if self._tls is not None:
                peer = self._tls.wrap_socket(peer, server_side=True)
            self._open.add(peer)
            served = Served(self, number, peer)
            # `recv` of a TLS socket knows no flags; there is something when there is below.
            while socket.socket.recv(peer, 1, socket.MSG_PEEK):
                turn = self._turns.popleft() if self._turns else echoes
                if not turn(served):
                    break
        self._open.discard(peer)
        peer.close()


@contextmanager
def scripted(tls: ssl.SSLContext | None = None, family: int = socket.AF_INET) -> Iterator[Server]:
    server = Server(tls, family)
    try:
        yield server
    finally:
        server.stop()


def answer(
    body: bytes = b"{}", status: int = 200, headers: Mapping[str, object] | None = None
) -> bytes:
    """A whole one, as a server writes it that means well."""
    lines = [f"HTTP/1.1 {status} Reason", "Content-Type: application/x-amz-json-1.0"]
    lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
    lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join([*lines, "", ""]).encode() + body


def echoes(served: Served) -> bool:
    served.peer.sendall(answer(served.request().body))
    return True


def says(*parts: bytes, closes: bool = False) -> Turn:
    """Read the request, send the parts one by one, and close the connection or not."""

    def turn(served: Served) -> bool:
        served.request()
        served.peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for part in parts:
            served.peer.sendall(part)
        return not closes

    return turn


def hangs_up(_: Served) -> bool:
    """Close it without having read anything."""
    return False


def is_silent(served: Served) -> bool:
    """Read the request and never answer."""
    served.request()
    while served.peer.recv(1):
        pass
    return False
