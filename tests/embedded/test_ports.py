"""Loopback ports: taken, chosen, remembered, answering."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterator

import pytest

from algoitny.embedded import ports
from algoitny.embedded.errors import CannotStart


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    with socket.socket() as server:
        server.bind((ports.LOOPBACK, 0))
        server.listen()
        yield server


def test_a_taken_port_is_a_sentence_with_another_one(listener: socket.socket) -> None:
    port = listener.getsockname()[1]
    with pytest.raises(CannotStart, match=f"Port {port} .* is taken.*PORT="):
        ports.require_free(ports.LOOPBACK, port)
    listener.close()
    ports.require_free(ports.LOOPBACK, port)


def test_the_remembered_port_is_kept_unless_it_is_taken(listener: socket.socket) -> None:
    taken = listener.getsockname()[1]
    free = ports.choose(None)
    assert ports.choose(free) == free
    assert ports.choose(free, taken=frozenset({free})) != free
    other = ports.choose(taken)
    assert other != taken
    assert ports.is_free(ports.LOOPBACK, other)


def test_an_answer_counts_only_when_it_is_the_expected_one() -> None:
    async def scenario() -> list[bool]:
        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            word = await reader.readline()
            writer.write(b"+PONG\r\n" if word == b"PING\r\n" else b"-ERR\r\n")
            writer.close()

        server = await asyncio.start_server(serve, ports.LOOPBACK, 0)
        port = server.sockets[0].getsockname()[1]
        answers = [
            await ports.answers(ports.LOOPBACK, port, question, b"+PONG")
            for question in (b"PING\r\n", b"QUIT\r\n")
        ]
        server.close()
        await server.wait_closed()
        return [*answers, await ports.answers(ports.LOOPBACK, port, b"PING\r\n", b"+PONG")]

    assert asyncio.run(scenario()) == [True, False, False]


def test_a_server_that_says_nothing_does_not_hold_up_the_start(
    listener: socket.socket, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ports, "_PROBE_SECONDS", 0.01)
    port = listener.getsockname()[1]
    assert asyncio.run(ports.answers(ports.LOOPBACK, port, b"PING\r\n", b"+PONG")) is False
