"""Loopback ports: is one free, choose one, does a server answer on it."""

from __future__ import annotations

import asyncio
import contextlib
import socket

from algoitny.embedded.errors import CannotStart

LOOPBACK = "127.0.0.1"
_PROBE_SECONDS = 10.0


def is_free(address: str, port: int) -> bool:
    """Whether a server could listen there now."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family) as probe:
        # As servers do: connections that have just ended do not count.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address, port))
            probe.listen(1)
        except OSError:
            return False
        return True


def require_free(address: str, port: int) -> None:
    """Raises CannotStart."""
    if not is_free(address, port):
        raise CannotStart(
            f"Port {port} of {address} is taken or not allowed. "
            f"Choose another one: PORT={port + 1 if port < 65535 else 8000} make run"
        )


def choose(remembered: int | None, *, taken: frozenset[int] = frozenset()) -> int:
    """The remembered port if it is free, so that restarts keep it; else one that is."""
    if remembered and remembered not in taken and is_free(LOOPBACK, remembered):
        return remembered
    while True:
        with socket.socket() as probe:
            probe.bind((LOOPBACK, 0))
            port = int(probe.getsockname()[1])
        if port not in taken:
            return port


async def answers(address: str, port: int, question: bytes, expected: bytes) -> bool:
    """Whether the server's answer to these bytes starts with those."""
    try:
        async with asyncio.timeout(_PROBE_SECONDS):
            reader, writer = await asyncio.open_connection(address, port)
            try:
                writer.write(question)
                await writer.drain()
                return await reader.readexactly(len(expected)) == expected
            finally:
                writer.close()
                with contextlib.suppress(OSError):
                    await writer.wait_closed()
    except (OSError, TimeoutError, asyncio.IncompleteReadError):
        return False
