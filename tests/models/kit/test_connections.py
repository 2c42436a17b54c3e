"""Every request gets the answer to it or an error, whatever the other side, threads and processes
do."""

from __future__ import annotations

import os
import signal
import socket
import ssl
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import (
    ConnectionClosedError,
    ConnectTimeoutError,
    EndpointConnectionError,
    ReadTimeoutError,
    SSLError,
)

from algoitny.embedded.ports import choose
from algoitny.models.kit.connections import Connections
from tests.certificates import certificate
from tests.models.kit.scripted import (
    Served,
    Server,
    Turn,
    answer,
    hangs_up,
    is_silent,
    says,
    scripted,
)
from tests.waiting import wait_until


def connections_to(
    url: str,
    *,
    ca_file: Path | str = "",
    connect_timeout: float = 30.0,
    read_timeout: float = 60.0,
    kept: int = 8,
) -> Connections:
    return Connections(
        url,
        connect_timeout=connect_timeout,
        read_timeout=read_timeout,
        kept=kept,
        ca_file=str(ca_file),
    )


def ask(connections: Connections, body: bytes) -> bytes:
    """What the server has to say to it, which is the same unless a script says otherwise."""
    return connections.exchange(request(body)).content


def request(body: bytes) -> bytes:
    head = f"POST / HTTP/1.1\r\nHost: store\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


@pytest.fixture(scope="module")
def running() -> Iterator[Server]:
    with scripted() as server:
        yield server


@pytest.fixture
def server(running: Server) -> Server:
    running.play()
    return running


@pytest.fixture
def connections(server: Server) -> Iterator[Connections]:
    connections = connections_to(server.url)
    yield connections
    connections.close()


def test_one_connection_serves_one_request_after_the_other(
    server: Server, connections: Connections
) -> None:
    for number in range(5):
        assert ask(connections, b"%d" % number) == b"%d" % number
    assert server.accepted == 1
    # Once it is open, it is waited on as for answers.
    assert connections._free[0].gettimeout() == 60


CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
WHOLE = answer(b"an answer")
FINE: dict[str, tuple[Turn, bool]] = {
    "plain": (says(WHOLE), True),
    "in one-byte pieces": (says(*(bytes([byte]) for byte in answer(b"an answer", 200))), True),
    "chunked": (says(CHUNKED + b"2\r\nan\r\n7\r\n answer\r\n0\r\n\r\n"), True),
    "chunks in pieces": (
        says(CHUNKED, b"2\r\na", b"n\r", b"\n7;x=y\r\n answer\r\n0", b"\r\nTrailer: x\r\n\r\n"),
        True,
    ),
    "closed by the server": (
        says(answer(b"an answer", headers={"Connection": "close"}), closes=True),
        False,
    ),
    "said to be closed, among else": (
        says(answer(b"an answer", headers={"Connection": "Keep-Alive, Close"})),
        False,
    ),
    "of HTTP/1.0": (says(b"HTTP/1.0 200 OK\r\n\r\nan ", b"answer", closes=True), False),
    "of HTTP/1.0 with a length": (
        says(b"HTTP/1.0 200 OK\r\nContent-Length: 9\r\n\r\nan answer"),
        False,
    ),
    "without a length": (says(b"HTTP/1.1 200 OK\r\n\r\nan answer", closes=True), False),
    "without a reason": (says(b"HTTP/1.1 200\r\ncontent-LENGTH:9\r\n\r\nan answer"), True),
}


@pytest.mark.parametrize(("turn", "stays_open"), FINE.values(), ids=FINE)
def test_an_answer_of_any_form_is_read(
    server: Server, connections: Connections, turn: Turn, stays_open: bool
) -> None:
    server.play(turn)
    found = connections.exchange(request(b"1"))
    assert (found.status_code, found.content) == (200, b"an answer")
    assert ask(connections, b"2") == b"2"
    assert server.accepted == (1 if stays_open else 2)


def test_names_of_headers_come_in_lower_case(server: Server, connections: Connections) -> None:
    server.play(says(answer(headers={"X-AMZN-RequestId": "an Id", "empty": ""}, status=404)))
    found = connections.exchange(request(b""))
    assert found.status_code == 404
    assert found.headers["x-amzn-requestid"] == "an Id"
    assert found.headers["empty"] == ""


def test_a_large_answer_is_whole(server: Server, connections: Connections) -> None:
    content = os.urandom(1 << 20) * 20
    server.play(says(answer(content)))
    assert ask(connections, b"") == content
    assert ask(connections, content) == content


LOST: dict[str, Turn] = {
    "closed at once": hangs_up,
    "closed after the request": says(closes=True),
    "closed in the head": says(WHOLE[:20], closes=True),
    "closed after the head": says(WHOLE[:-9], closes=True),
    "closed in the body": says(WHOLE[:-1], closes=True),
    "closed between chunks": says(CHUNKED + b"2\r\nan\r\n", closes=True),
    "no HTTP": says(b"SSH-2.0-OpenSSH_9.2\r\n"),
    "two answers": says(WHOLE + answer(b"another")),
    "more than was announced": says(WHOLE + b"!"),
    "two lengths": says(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nabc"),
    "a length that is none": says(b"HTTP/1.1 200 OK\r\nContent-Length: two\r\n\r\nab"),
    "a chunk of no length": says(CHUNKED + b"x\r\nan\r\n"),
    "go on": says(b"HTTP/1.1 100 Continue\r\n\r\n"),
    "another protocol": says(
        b"HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: h2c\r\n\r\n"
    ),
}


@pytest.mark.parametrize("turn", LOST.values(), ids=LOST)
def test_half_an_answer_or_more_than_one_is_none(
    server: Server, connections: Connections, turn: Turn
) -> None:
    server.play(turn)
    with pytest.raises(ConnectionClosedError):
        ask(connections, b"1")
    assert ask(connections, b"2") == b"2"
    assert server.accepted == 2


def test_an_answer_that_nobody_asked_for_is_nobodys(
    server: Server, connections: Connections
) -> None:
    server.play(says(WHOLE, answer(b"another")))
    with suppress(ConnectionClosedError):  # both arrived at once
        assert ask(connections, b"1") == b"an answer"
    wait_until(
        lambda: not connections._free or readable(connections._free[0]), "the second has arrived"
    )
    assert ask(connections, b"2") == b"2"
    assert server.accepted == 2


def readable(connection: socket.socket) -> bool:
    flags = socket.MSG_PEEK | socket.MSG_DONTWAIT
    with suppress(BlockingIOError):
        socket.socket.recv(connection, 1, flags)
        return True
    return False


def test_a_connection_closed_meanwhile_is_not_used(
    server: Server, connections: Connections
) -> None:
    ask(connections, b"1")
    server.hang_up()
    wait_until(lambda: readable(connections._free[0]), "the end has arrived")
    assert ask(connections, b"2") == b"2"
    assert server.accepted == 2
    assert len(server.requests) == 2


def test_no_answer_is_waited_for_as_long_as_was_said(server: Server) -> None:
    server.play(is_silent)
    connections = connections_to(server.url, read_timeout=0.05)
    with pytest.raises(ReadTimeoutError):
        ask(connections, b"1")
    assert ask(connections, b"2") == b"2"
    connections.close()


def test_a_refusal_may_come_before_all_was_sent(server: Server, connections: Connections) -> None:
    def refuses(served: Served) -> bool:
        served.peer.recv(10)
        served.peer.sendall(answer(b"too much", 413))
        served.peer.shutdown(socket.SHUT_WR)
        # As long as it says nothing more it is only not read; then the sender hears of it.
        served.peer.recv(1 << 20)
        return False

    server.play(refuses)
    found = connections.exchange(request(b"x" * (16 << 20)))
    assert (found.status_code, found.content) == (413, b"too much")
    assert ask(connections, b"2") == b"2"


def test_a_port_that_nobody_listens_on() -> None:
    with pytest.raises(EndpointConnectionError):
        ask(connections_to(f"http://127.0.0.1:{choose(None)}"), b"")


def test_a_connection_is_waited_for_as_long_as_was_said() -> None:
    with socket.create_server(("127.0.0.1", 0), backlog=0) as full:
        address = full.getsockname()
        with socket.create_connection(address), pytest.raises(ConnectTimeoutError):
            ask(connections_to(f"http://127.0.0.1:{address[1]}", connect_timeout=0.05), b"")


def test_a_name_that_nobody_has(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    with pytest.raises(EndpointConnectionError):
        ask(connections_to("http://nobody.invalid"), b"")


@pytest.mark.skipif(not socket.has_ipv6, reason="this machine has no IPv6")
def test_ipv6() -> None:
    with scripted(family=socket.AF_INET6) as server:
        connections = connections_to(f"http://[::1]:{server.port}")
        assert ask(connections, b"1") == b"1"
        connections.close()


@pytest.mark.parametrize(("scheme", "port"), [("http", 80), ("https", 443)])
@pytest.mark.parametrize("host", ["[::1]", "localhost"])
def test_a_port_that_is_not_named_is_the_schemes(
    scheme: str, host: str, port: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried: list[tuple[str, int]] = []

    def connect(address: tuple[str, int], *_: object) -> socket.socket:
        tried.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "create_connection", connect)
    connections = connections_to(f"{scheme}://{host}", ca_file=certificate(tmp_path, "store"))
    with pytest.raises(EndpointConnectionError):
        ask(connections, b"")
    assert tried == [(host.strip("[]"), port)]


def test_many_threads_get_their_own_answers(server: Server) -> None:
    connections = connections_to(server.url, kept=4)

    def numbers(first: int) -> None:
        for number in range(first, first + 50):
            assert ask(connections, b"%d" % number) == b"%d" % number

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(numbers, range(0, 8000, 1000)))
    assert len(server.requests) == 400
    assert server.accepted < 400
    connections.close()


def test_no_more_are_kept_than_was_said(server: Server) -> None:
    connections = connections_to(server.url, kept=2)
    together = threading.Barrier(5)

    def turn(served: Served) -> bool:
        body = served.request().body
        together.wait(60)
        served.peer.sendall(answer(body))
        return True

    server.play(*[turn] * 5)
    with ThreadPoolExecutor(5) as threads:
        assert sorted(threads.map(lambda each: ask(connections, each), [b"a"] * 5)) == [b"a"] * 5
    assert server.accepted == 5
    assert len(connections._free) == 2
    connections.close()
    assert not connections._free
    assert ask(connections, b"1") == b"1"
    assert server.accepted == 6
    connections.close()


def test_a_forked_process_has_connections_of_its_own(
    server: Server, connections: Connections
) -> None:
    ask(connections, b"before")
    child = os.fork()
    if child == 0:
        # No test's business any more: whatever happens here ends here.
        with suppress(BaseException):
            os._exit(0 if all(ask(connections, each) == each for each in numbers(b"c")) else 1)
        os._exit(2)
    assert [ask(connections, each) for each in numbers(b"p")] == numbers(b"p")
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    by_body = {request.body: request.connection for request in server.requests}
    assert {by_body[each] for each in [b"before", *numbers(b"p")]} == {1}
    assert {by_body[each] for each in numbers(b"c")} == {2}
    assert ask(connections, b"after") == b"after"


def test_no_thread_of_a_forked_process_finds_the_parents_connections(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    found: list[int] = []

    class Watched(Connections):
        def __setattr__(self, name: str, value: Any) -> None:
            if name == "_process":
                found.append(len(self._free))
            super().__setattr__(name, value)

    connections = Watched(
        server.url, connect_timeout=60, read_timeout=60, kept=2, ca_file="none is needed"
    )
    ask(connections, b"1")
    assert len(connections._free) == 1
    monkeypatch.setattr(os, "getpid", lambda: 0)
    assert ask(connections, b"2") == b"2"
    # From here on the others take it for theirs.
    assert found == [0, 0]
    connections.close()


def numbers(prefix: bytes) -> list[bytes]:
    return [b"%s%d" % (prefix, number) for number in range(50)]


class Interrupted(BaseException):
    """As a worker's time limit is raised, wherever it is."""


def test_an_interrupted_request_leaves_no_answer_behind(
    server: Server, connections: Connections
) -> None:
    def interrupt(*_: object) -> None:
        raise Interrupted

    def begins_only(served: Served) -> bool:
        served.request()
        served.peer.sendall(WHOLE[:-4])
        os.kill(os.getpid(), signal.SIGUSR1)
        rest.wait(60)
        served.peer.sendall(WHOLE[-4:])
        return True

    rest = threading.Event()
    server.play(begins_only)
    before = signal.signal(signal.SIGUSR1, interrupt)
    try:
        with pytest.raises(Interrupted):
            ask(connections, b"1")
    finally:
        signal.signal(signal.SIGUSR1, before)
        rest.set()
    assert ask(connections, b"2") == b"2"
    assert server.accepted == 2


class Tls:
    """A server that has a certificate for a name, which is in a file."""

    def __init__(self, folder: Path, name: str) -> None:
        self.trusted = certificate(folder, name)
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(self.trusted)


def test_over_tls(tmp_path: Path) -> None:
    tls = Tls(tmp_path, "localhost")
    with scripted(tls.context) as server:
        connections = connections_to(server.url, ca_file=tls.trusted)
        large = os.urandom(1 << 20)
        for content in (b"1", large, b"2"):
            assert ask(connections, content) == content
        assert server.accepted == 1
        server.play(says(WHOLE[:-1], closes=True))
        with pytest.raises(ConnectionClosedError):
            ask(connections, b"3")
        assert ask(connections, b"4") == b"4"
        server.hang_up()
        wait_until(lambda: readable(connections._free[0]), "the end has arrived")
        assert ask(connections, b"5") == b"5"
        assert [each.body for each in server.requests] == [b"3", b"4", b"5"]
        connections.close()


@pytest.mark.parametrize("name", ["localhost", "another.example"])
def test_a_certificate_must_be_trusted_and_the_names(tmp_path: Path, name: str) -> None:
    tls = Tls(tmp_path, name)
    is_trusted = name != "localhost"
    trusted = tls.trusted if is_trusted else certificate(tmp_path, "other.example")
    with scripted(tls.context) as server:
        with pytest.raises(SSLError):
            ask(connections_to(server.url, ca_file=trusted), b"1")
        assert not server.requests


def test_certificates_that_are_not_there(tmp_path: Path) -> None:
    with pytest.raises(SSLError, match="No such file"):
        ask(connections_to("https://localhost", ca_file=tmp_path / "none"), b"1")
    (tmp_path / "no certificate").write_text("hello")
    with pytest.raises(SSLError):
        ask(connections_to("https://localhost", ca_file=tmp_path / "no certificate"), b"1")
