"""Delivers webhooks: signed, to public addresses only, once a call.

Signatures and headers follow the Standard Webhooks specification: HMAC-SHA256 over id, time and
body. An address that a user gives is resolved once, checked, and that very address is connected
to, so that a name cannot lead elsewhere the second time; redirects are not followed.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import http.client
import secrets
import socket
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import SplitResult, urlsplit

import urllib3
from urllib3.connection import HTTPConnection, HTTPSConnection

from algoitny import metrics
from algoitny.domain.clock import Clock
from algoitny.domain.errors import InvalidInput, Unavailable
from algoitny.domain.history import ADDRESS_LIMIT_BYTES

IDLE_SECONDS, WHOLE_SECONDS = 5.0, 10.0
"""How long a receiver may be silent, and take in all."""

SECRET_PREFIX = "whsec_"  # noqa: S105 - the specification's, in front of every secret
SECRET_BYTES = 32

POINTER = "/webhook_url"

_TUNNELS = tuple(
    ip_network(network)
    for network in (
        "::/96",
        "::ffff:0:0:0/96",
        "2002::/16",
        "2001::/32",
        "64:ff9b::/96",
        "64:ff9b:1::/48",
    )
)
"""IPv6 networks that carry IPv4 addresses, which may be anybody's."""

Address = IPv4Address | IPv6Address

_NOBODY_THERE = (urllib3.exceptions.NewConnectionError, urllib3.exceptions.ConnectTimeoutError)


class NotDelivered(Unavailable):
    """The receiver did not take it; another try may be better. `detail` says why, in few words."""


class _NotConnected(NotDelivered):
    """It was not sent: nobody is there, at this address."""


@dataclass(frozen=True, slots=True)
class _Target:
    """Where to connect to, and how the receiver is called."""

    parts: SplitResult
    host: str
    port: int
    addresses: Sequence[Address]


def new_secret() -> str:
    """A secret to sign with, as it is shown to its owner."""
    return SECRET_PREFIX + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def sign(secret: str, *, message_id: str, timestamp: int, body: bytes) -> str:
    """The value of `webhook-signature`."""
    key = base64.b64decode(secret.removeprefix(SECRET_PREFIX))
    signed = f"{message_id}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()


class WebhookSender:
    """Sends messages. `allow_private` is for receivers on one's own machine or network."""

    def __init__(self, clock: Clock, *, allow_private: bool = False) -> None:
        self._clock = clock
        self._allow_private = allow_private

    def check(self, url: str) -> None:
        """Raises InvalidInput for an address that will never do, as far as it says by itself: no
        name is resolved."""
        _, host, _ = _parse(url)
        with suppress(ValueError):
            self._require_public([ip_address(host)])

    def send(self, url: str, body: bytes, *, message_id: str, secret: str) -> None:
        """One try. Raises NotDelivered, and InvalidInput for an address that will never do."""
        started, outcome = self._clock.monotonic(), "failed"
        try:
            self._send(url, body, message_id=message_id, secret=secret)
            outcome = "ok"
        finally:
            seconds = self._clock.monotonic() - started
            metrics.OUTBOUND_SECONDS.labels("webhook", outcome).observe(seconds)

    def _send(self, url: str, body: bytes, *, message_id: str, secret: str) -> None:
        target = self._resolve(url)
        timestamp = int(self._clock.now().timestamp())
        headers = {
            "Host": target.parts.netloc,
            "Content-Type": "application/json",
            "User-Agent": "AlgoItny-Webhooks",
            "webhook-id": message_id,
            "webhook-timestamp": str(timestamp),
            "webhook-signature": sign(
                secret, message_id=message_id, timestamp=timestamp, body=body
            ),
        }
        status = _post_to_any(target, body, headers)
        if not 200 <= status < 300:
            raise NotDelivered(f"The receiver answered {status}.")

    def _resolve(self, url: str) -> _Target:
        parts, host, port = _parse(url)
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError):
            raise NotDelivered("The receiver's host name is not known.") from None
        addresses = [ip_address(str(entry[4][0]).partition("%")[0]) for entry in found]
        self._require_public(addresses)
        # One of each version: a name may lead to both, and its server listen on one.
        first = {address.version: address for address in reversed(addresses)}
        return _Target(parts, host, port, sorted(first.values(), key=addresses.index))

    def _require_public(self, addresses: Sequence[Address]) -> None:
        if not self._allow_private and not all(_is_public(address) for address in addresses):
            # Of several addresses none may be private: which one is used is not for them to say.
            raise InvalidInput.field(POINTER, "The address leads into a private network.")


def _parse(url: str) -> tuple[SplitResult, str, int]:
    if len(url) > ADDRESS_LIMIT_BYTES or not url.isascii() or not url.isprintable() or " " in url:
        raise InvalidInput.field(
            POINTER, f"An address is at most {ADDRESS_LIMIT_BYTES} printable ASCII characters."
        )
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        raise InvalidInput.field(POINTER, "Not an address.") from None
    if parts.scheme not in ("https", "http") or not host:
        raise InvalidInput.field(POINTER, "An address must begin with https:// or http://.")
    if "@" in parts.netloc or "\\" in url:
        raise InvalidInput.field(
            POINTER, "An address must not contain a user name, password or backslash."
        )
    if port == 0:
        raise InvalidInput.field(POINTER, "There is no port 0.")
    return parts, host, port or (443 if parts.scheme == "https" else 80)


def _is_public(address: Address) -> bool:
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped is not None:
            return _is_public(address.ipv4_mapped)
        if address.is_site_local or any(address in network for network in _TUNNELS):
            return False
    return address.is_global and not address.is_multicast


def _post_to_any(target: _Target, body: bytes, headers: Mapping[str, str]) -> int:
    *others, last = target.addresses
    for address in others:
        with suppress(_NotConnected):
            return _post(target, address, body, headers)
    return _post(target, last, body, headers)


def _post(target: _Target, address: Address, body: bytes, headers: Mapping[str, str]) -> int:
    """The answer's status; the rest of the answer is not read."""
    path = target.parts.path or "/"
    if target.parts.query:
        path += f"?{target.parts.query}"
    connection = _connection(target, address)
    # A receiver that sends a byte now and then would never run into a time-out of its own.
    is_cut = threading.Event()
    deadline = threading.Timer(WHOLE_SECONDS, _cut, [connection, is_cut])
    deadline.start()
    try:
        # Read by default, and unpacked: a body of gigabytes would fill the worker's memory.
        connection.request("POST", path, body=body, headers=headers, preload_content=False)
        status = connection.getresponse().status
    except (urllib3.exceptions.HTTPError, http.client.HTTPException, OSError, ValueError) as error:
        failure = _NotConnected if isinstance(error, _NOBODY_THERE) else NotDelivered
        kind = type(error).__name__
        raise failure(f"The receiver cannot be reached ({kind}).") from None
    finally:
        deadline.cancel()
        connection.close()
    if is_cut.is_set():
        # What was cut off in the middle of its headers looks like a whole answer.
        raise NotDelivered("The receiver is too slow.")
    return status


def _connection(target: _Target, address: Address) -> HTTPConnection:
    if target.parts.scheme == "http":
        return HTTPConnection(str(address), target.port, timeout=IDLE_SECONDS)
    return HTTPSConnection(
        str(address),
        target.port,
        timeout=IDLE_SECONDS,
        server_hostname=target.host,
        assert_hostname=target.host,
    )


def _cut(connection: HTTPConnection, is_cut: threading.Event) -> None:
    is_cut.set()
    if connection.sock is not None:
        with suppress(OSError):
            connection.sock.shutdown(socket.SHUT_RDWR)
