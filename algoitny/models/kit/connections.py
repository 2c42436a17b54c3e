"""Kept connections to the store's endpoint, and one request and its answer over one of them.

Only what DynamoDB's protocol needs: a POST whose answer is read whole. Failures are botocore's own
exceptions, so that whoever repeats requests or translates errors knows them.
"""

from __future__ import annotations

import os
import select
import socket
import ssl
from collections import deque
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from http.client import HTTPConnection, HTTPSConnection
from urllib.parse import urlsplit

from botocore.exceptions import (  # type: ignore[import-untyped]  # botocore ships no types
    ConnectionClosedError,
    ConnectTimeoutError,
    EndpointConnectionError,
    ReadTimeoutError,
    SSLError,
)
from httptools import HttpParserError, HttpParserUpgrade, HttpResponseParser

_RECEIVED_AT_ONCE = 128 * 1024


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back; header names in lower case."""

    status_code: int
    headers: Mapping[str, str]
    content: bytes


class Connections:
    """Connections to one endpoint, for as many threads as want one; time-outs in seconds.

    At most `kept` stay open while nobody uses them. A process that was forked opens its own.
    """

    def __init__(
        self,
        endpoint: str,
        *,
        connect_timeout: float,
        read_timeout: float,
        kept: int,
        ca_file: str,
    ) -> None:
        self._endpoint = endpoint
        self._address = urlsplit(endpoint)
        self._connect_timeout, self._read_timeout = connect_timeout, read_timeout
        self._kept = kept
        self._ca_file = ca_file
        self._free: deque[socket.socket] = deque()
        self._process = os.getpid()

    def exchange(self, request: bytes) -> Answer:
        """Send a whole request, head and body, and read its answer.

        Raises EndpointConnectionError, ConnectTimeoutError, SSLError when nothing was sent,
        ReadTimeoutError, ConnectionClosedError when nobody knows what became of it.
        """
        connection = self._take() or self._open()
        reading = _Reading()
        is_reusable = False
        try:
            # Whoever refuses a request need not have read all of it.
            with suppress(BrokenPipeError, ConnectionResetError):
                connection.sendall(request)
            while not reading.is_over:
                reading.feed(connection.recv(_RECEIVED_AT_ONCE))
            is_reusable = reading.leaves_connection_open
        except TimeoutError as error:
            raise ReadTimeoutError(endpoint_url=self._endpoint, error=error) from error
        except (OSError, EOFError, HttpParserError, HttpParserUpgrade) as error:
            raise ConnectionClosedError(endpoint_url=self._endpoint, error=error) from error
        finally:
            # Whatever ended it, a signal included: an answer that was not read to its end would
            # be taken for the next request's.
            if is_reusable and len(self._free) < self._kept:
                self._free.append(connection)
            else:
                connection.close()
        return reading.answer

    def close(self) -> None:
        """Close those that nobody uses."""
        with suppress(IndexError):
            while True:
                self._free.pop().close()

    def _take(self) -> socket.socket | None:
        """One that is open still, the one used last."""
        if self._process != os.getpid():
            # In this order: whoever sees the process's number must not find the parent's any more.
            self._free = deque()
            self._process = os.getpid()
        while self._free:
            try:
                connection = self._free.pop()
            except IndexError:  # another thread's by now
                return None
            if not _has_something_to_say(connection):
                return connection
            connection.close()
        return None

    def _open(self) -> socket.socket:
        opening = self._new()
        try:
            opening.connect()
        except TimeoutError as error:
            raise ConnectTimeoutError(endpoint_url=self._endpoint, error=error) from error
        except ssl.SSLError as error:
            raise SSLError(endpoint_url=self._endpoint, error=error) from error
        except OSError as error:
            raise EndpointConnectionError(endpoint_url=self._endpoint, error=error) from error
        connection: socket.socket = opening.sock
        connection.settimeout(self._read_timeout)
        return connection

    def _new(self) -> HTTPConnection:
        """What knows how a connection is opened; what is said over it is not its business."""
        host, timeout = self._address.hostname or "", self._connect_timeout
        # Without a port they would look for one in the host, and find it in an IPv6 address.
        port = self._address.port
        if self._address.scheme == "https":
            return HTTPSConnection(
                host, port or HTTPSConnection.default_port, timeout=timeout, context=self._tls
            )
        return HTTPConnection(host, port or HTTPConnection.default_port, timeout=timeout)

    @cached_property
    def _tls(self) -> ssl.SSLContext:
        try:
            return ssl.create_default_context(cafile=self._ca_file)
        except OSError as error:  # no such file: not the store's fault, nor the network's
            raise SSLError(endpoint_url=self._endpoint, error=error) from error


def _has_something_to_say(connection: socket.socket) -> bool:
    """Whether an unused connection can be read from: it was closed, or is out of step."""
    poll = select.poll()
    poll.register(connection, select.POLLIN)
    return bool(poll.poll(0))


class _Reading:
    """An answer while it arrives: feeds a parser, which tells it what it finds."""

    def __init__(self) -> None:
        self._found = _Found()
        self._parser = HttpResponseParser(self._found)
        self.is_over = False

    def feed(self, received: bytes) -> None:
        """More of it; nothing when the connection was closed. Raises EOFError if too soon."""
        found = self._found
        if received:
            self._parser.feed_data(received)
            self.is_over = found.is_complete
            if self.is_over and self._parser.get_status_code() < 200:
                raise EOFError("no answer, but the promise of one that nobody asked for")
        elif found.is_headed and not found.has_length:
            self.is_over = True
        else:
            raise EOFError("the connection was closed before the answer's end")

    @property
    def leaves_connection_open(self) -> bool:
        found = self._found
        return (
            found.is_complete
            and self._parser.get_http_version() == "1.1"
            and "close" not in found.headers.get("connection", "").lower()
        )

    @property
    def answer(self) -> Answer:
        found = self._found
        return Answer(self._parser.get_status_code(), found.headers, b"".join(found.content))


class _Found:
    """Called by the parser. An object of its own, for one that the parser and a reading both held
    would wait for the collector of cycles after each request."""

    __slots__ = ("content", "headers", "is_complete", "is_headed")

    def __init__(self) -> None:
        self.headers: dict[str, str] = {}
        self.content: list[bytes] = []
        self.is_headed = self.is_complete = False

    @property
    def has_length(self) -> bool:
        return not self.headers.keys().isdisjoint({"content-length", "transfer-encoding"})

    def on_message_begin(self) -> None:
        if self.is_complete:
            raise ValueError("more was answered than was asked")

    def on_header(self, name: bytes, value: bytes) -> None:
        self.headers[name.decode("latin-1").lower()] = value.decode("latin-1")

    def on_headers_complete(self) -> None:
        self.is_headed = True

    def on_body(self, part: bytes) -> None:
        self.content.append(part)

    def on_message_complete(self) -> None:
        self.is_complete = True
