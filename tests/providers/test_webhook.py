"""Webhooks: what a receiver gets, and where none is sent."""

from __future__ import annotations

import base64
import hashlib
import hmac
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import nullcontext, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from algoitny.domain.errors import InvalidInput
from algoitny.providers import webhook
from algoitny.providers.webhook import NotDelivered, WebhookSender, new_secret, sign
from tests.certificates import certificate
from tests.clock import FixedClock

BODY = b'{"type":"execution.done"}'


class Receiver:
    """A server that notes what it gets and answers as it is told."""

    def __init__(self, server: ThreadingHTTPServer) -> None:
        self.server = server
        self.url = f"http://127.0.0.1:{server.server_port}/hook?x=1"
        self.status = 204
        self.headers: dict[str, str] = {}
        self.hold = threading.Event()
        self.hold.set()
        self.got: list[tuple[str, dict[str, str], bytes]] = []


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            there.got.append((self.path, {k.lower(): v for k, v in self.headers.items()}, body))
            there.hold.wait(10)
            self.send_response(there.status)
            for name, value in there.headers.items():
                self.send_header(name, value)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            return

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        there = Receiver(server)
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield there
        there.hold.set()
        server.shutdown()


@pytest.fixture
def sender(clock: FixedClock) -> WebhookSender:
    return WebhookSender(clock, allow_private=True)


def test_a_message_is_signed_over_id_time_and_body(
    sender: WebhookSender, receiver: Receiver, clock: FixedClock
) -> None:
    secret = new_secret()
    sender.send(receiver.url, BODY, message_id="m1", secret=secret)
    ((path, headers, body),) = receiver.got
    assert (path, body) == ("/hook?x=1", BODY)
    assert headers["content-type"] == "application/json"
    assert headers["host"] == receiver.url.split("/")[2]
    timestamp = headers["webhook-timestamp"]
    assert timestamp == str(int(clock.now().timestamp()))
    key = base64.b64decode(secret.removeprefix("whsec_"))
    expected = hmac.new(key, f"m1.{timestamp}.".encode() + BODY, hashlib.sha256).digest()
    assert headers["webhook-signature"] == "v1," + base64.b64encode(expected).decode()


def test_the_signature_is_the_specifications() -> None:
    # The example in the Standard Webhooks specification's reference libraries.
    signature = sign(
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        message_id="msg_p5jXN8AQM9LWM0D4loKWxJek",
        timestamp=1614265330,
        body=b'{"test": 2432232314}',
    )
    assert signature == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_secrets_are_never_alike() -> None:
    made = {new_secret() for _ in range(100)}
    assert len(made) == 100
    assert all(len(base64.b64decode(secret.removeprefix("whsec_"))) == 32 for secret in made)


@pytest.mark.parametrize("status", [300, 400, 410, 429, 500, 503])
def test_another_answer_than_2xx_is_no_delivery(
    sender: WebhookSender, receiver: Receiver, status: int
) -> None:
    receiver.status = status
    with pytest.raises(NotDelivered, match=str(status)):
        sender.send(receiver.url, BODY, message_id="m", secret=new_secret())


def test_a_redirect_is_not_followed(sender: WebhookSender, receiver: Receiver) -> None:
    receiver.status, receiver.headers = 307, {"Location": receiver.url}
    with pytest.raises(NotDelivered):
        sender.send(receiver.url, BODY, message_id="m", secret=new_secret())
    assert len(receiver.got) == 1


def test_a_receiver_that_is_slow_is_left(
    sender: WebhookSender, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(webhook, "IDLE_SECONDS", 0.05)
    receiver.hold.clear()
    with pytest.raises(NotDelivered, match="Timeout"):
        sender.send(receiver.url, BODY, message_id="m", secret=new_secret())


def test_one_that_drips_is_left_too(sender: WebhookSender, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(webhook, "WHOLE_SECONDS", 0.3)
    done = threading.Event()

    def drip(server: socket.socket) -> None:
        peer, _ = server.accept()
        with peer, suppress(OSError):
            peer.sendall(b"HTTP/1.1 200 OK\r\nX-Drip: ")
            while not done.wait(0.02):
                peer.sendall(b"x")

    with socket.create_server(("127.0.0.1", 0)) as server:
        dripping = threading.Thread(target=drip, args=(server,))
        dripping.start()
        url = f"http://127.0.0.1:{server.getsockname()[1]}/"
        with pytest.raises(NotDelivered, match="slow"):
            sender.send(url, BODY, message_id="m", secret=new_secret())
        done.set()
        dripping.join()


def test_what_the_receiver_says_is_not_read(sender: WebhookSender) -> None:
    sent = []

    def talk(server: socket.socket) -> None:
        peer, _ = server.accept()
        with peer, suppress(OSError):
            peer.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
            for _ in range(1024):
                peer.sendall(bytes(64 * 1024))
                sent.append(64 * 1024)

    with socket.create_server(("127.0.0.1", 0)) as server:
        talking = threading.Thread(target=talk, args=(server,))
        talking.start()
        url = f"http://127.0.0.1:{server.getsockname()[1]}/"
        sender.send(url, BODY, message_id="m", secret=new_secret())
        talking.join()
    # What the sockets between the two hold is a fraction of it.
    assert sum(sent) < 32 * 1024 * 1024


BOTH = "both.example"


@pytest.mark.parametrize("addresses", [("::1", "127.0.0.1", "127.0.0.2"), ("127.0.0.1", "::1")])
@pytest.mark.parametrize("status", [204, 500])
def test_a_name_of_both_kinds_is_tried_at_both_until_one_answers(
    sender: WebhookSender,
    receiver: Receiver,
    monkeypatch: pytest.MonkeyPatch,
    addresses: tuple[str, ...],
    status: int,
) -> None:
    look_up = socket.getaddrinfo

    def resolve(host: str, *more: Any, **others: Any) -> list[Any]:
        hosts = addresses if host == BOTH else [host]
        return [found for each in hosts for found in look_up(each, *more, **others)]

    monkeypatch.setattr(webhook.socket, "getaddrinfo", resolve)
    url = receiver.url.replace("127.0.0.1", BOTH)
    receiver.status = status
    with nullcontext() if status == 204 else pytest.raises(NotDelivered, match="500"):
        sender.send(url, BODY, message_id="m", secret=new_secret())
    assert len(receiver.got) == 1


def test_nobody_there(sender: WebhookSender) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}/"
        with pytest.raises(NotDelivered):
            sender.send(url, BODY, message_id="m", secret=new_secret())
    with pytest.raises(NotDelivered, match="not known"):
        sender.send("http://nowhere.invalid/", BODY, message_id="m", secret=new_secret())


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "localhost",
        "127.1",
        "2130706433",
        "0x7f000001",
        "0.0.0.0",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "198.18.0.1",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "[::1]",
        "[::]",
        "[::ffff:127.0.0.1]",
        "[::ffff:169.254.169.254]",
        "[fe80::1]",
        "[fd00::1]",
        "[fec0::1]",
        "[ff02::1]",
        "[2002:7f00:1::]",
        "[64:ff9b::7f00:1]",
        "[2001:0:1::1]",
        "[::7f00:1]",
        "[::ffff:0:10.0.0.1]",
    ],
)
def test_a_private_address_is_refused_and_never_connected_to(
    clock: FixedClock, monkeypatch: pytest.MonkeyPatch, host: str
) -> None:
    monkeypatch.setattr(webhook, "_post", lambda *_: pytest.fail("it was connected to"))
    with pytest.raises(InvalidInput, match="private"):
        WebhookSender(clock).send(f"http://{host}/", BODY, message_id="m", secret=new_secret())


def _resolving_to(monkeypatch: pytest.MonkeyPatch, *answers: list[str]) -> list[str]:
    """Names lead to these addresses, another answer each time; what was connected to."""
    left = list(answers)
    connected: list[str] = []

    def getaddrinfo(host: str, port: int, **_: object) -> list[object]:
        return [(socket.AF_INET, 1, 6, "", (address, port)) for address in left.pop(0)]

    def post(_: object, address: webhook.Address, *__: object) -> int:
        connected.append(str(address))
        return 200

    monkeypatch.setattr(webhook.socket, "getaddrinfo", getaddrinfo)
    monkeypatch.setattr(webhook, "_post", post)
    return connected


def test_the_address_that_was_checked_is_the_one_that_is_used(
    clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    connected = _resolving_to(monkeypatch, ["93.184.216.34"], ["127.0.0.1"])
    WebhookSender(clock).send("https://a.example/", BODY, message_id="m", secret=new_secret())
    assert connected == ["93.184.216.34"]


def test_one_private_address_among_several_is_enough(
    clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    connected = _resolving_to(monkeypatch, ["93.184.216.34", "10.0.0.1"])
    with pytest.raises(InvalidInput):
        WebhookSender(clock).send("https://a.example/", BODY, message_id="m", secret=new_secret())
    assert connected == []


@pytest.mark.parametrize(
    "url",
    [
        "",
        "example.org/hook",
        "ftp://example.org/",
        "file:///etc/passwd",
        "gopher://example.org/",
        "http://",
        "http:///path",
        "http://user:secret@example.org/",
        "http://example.org@127.0.0.1/",
        "http://example.org\\@127.0.0.1/",
        "http://example.org:99999/",
        "http://example.org:0/",
        "http://exa mple.org/",
        "http://example.org/\r\nX: y",
        "http://ex\u00e4mple.org/",
        "http://[::1/",
        "http://example.org/" + "x" * 500,
    ],
)
def test_what_is_no_address_is_refused_before_it_is_stored(sender: WebhookSender, url: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        sender.check(url)
    assert refused.value.errors[0].pointer == "/webhook_url"


def test_usual_addresses_are_taken(sender: WebhookSender) -> None:
    for url in (
        "https://example.org/hook",
        "http://example.org:8080",
        "https://[2606:4700::1]/?a=b",
    ):
        sender.check(url)


@pytest.mark.parametrize(("name", "is_trusted"), [("localhost", True), ("another.example", False)])
def test_over_tls_the_certificate_must_be_the_names(
    sender: WebhookSender,
    receiver: Receiver,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    is_trusted: bool,
) -> None:
    trusted = certificate(tmp_path, name)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(trusted)
    receiver.server.socket = context.wrap_socket(receiver.server.socket, server_side=True)
    monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
    url = f"https://localhost:{receiver.server.server_port}/"
    if is_trusted:
        sender.send(url, BODY, message_id="m", secret=new_secret())
    else:
        with pytest.raises(NotDelivered, match="CertificateError"):
            sender.send(url, BODY, message_id="m", secret=new_secret())
    assert len(receiver.got) == is_trusted
