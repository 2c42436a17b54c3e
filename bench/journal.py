"""What the embedded store's journal costs, and how long the store takes to start on a long one.

The same writes go in turns to the store and to ministack without a journal, from one connection and
from eight at once. The start is from a journal of 100,000 writes without any snapshot, which is the
most that there can be of rows of this size; beside it, the start of an empty store.
"""

from __future__ import annotations

import asyncio
import http.client
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from algoitny.embedded import ports, store
from bench.figure import Figure, middle, report

WRITES = 100_000
ROUNDS = 5
WRITES_A_ROUND = 600
CLIENTS = 8
WITHOUT = """
import asyncio
from algoitny.embedded import durable, store
durable.DurableDynamoDB.install = lambda self: None
store.main()
"""
TABLE = {
    "TableName": "bench",
    "BillingMode": "PAY_PER_REQUEST",
    "AttributeDefinitions": [{"AttributeName": name, "AttributeType": "S"} for name in ("p", "s")],
    "KeySchema": [
        {"AttributeName": "p", "KeyType": "HASH"},
        {"AttributeName": "s", "KeyType": "RANGE"},
    ],
}


def row(number: int) -> dict[str, Any]:
    """About as large as a history's row."""
    return {
        "p": {"S": f"user {number % 100}"},
        "s": {"S": f"{number:08}"},
        "code": {"S": "print(sum(map(int, input().split())))\n" * 8},
        "count": {"N": str(number)},
        "names": {"M": {name: {"S": name} for name in ("language", "verdict", "platform")}},
    }


@contextmanager
def running(folder: Path, *, journal: bool = True) -> Iterator[tuple[int, float]]:
    """A store's port, and the seconds until it listened; killed in the end."""
    port = ports.choose(None)
    command = list(store.command(port, folder))
    if not journal:
        command[1:3] = ["-c", WITHOUT]
    begun = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, env=os.environ) as process:
        try:
            while ports.is_free(ports.LOOPBACK, port):
                if process.poll() is not None:
                    raise SystemExit("the store ended; see above")
                time.sleep(0.01)
            yield port, time.perf_counter() - begun
        finally:
            process.kill()


def send(connection: http.client.HTTPConnection, action: str, data: dict[str, Any]) -> None:
    headers = {"X-Amz-Target": f"DynamoDB_20120810.{action}", "Connection": "keep-alive"}
    connection.request("POST", "/", json.dumps(data), headers)
    answer = connection.getresponse()
    if answer.status != 200:
        raise SystemExit(answer.read().decode())
    answer.read()


def rate(port: int, clients: int) -> float:
    """Writes a second from so many connections at once."""

    def write(client: int) -> None:
        connection = http.client.HTTPConnection(ports.LOOPBACK, port)
        for number in range(client, WRITES_A_ROUND, clients):
            send(connection, "PutItem", {"TableName": "bench", "Item": row(number)})
        connection.close()

    begun = time.perf_counter()
    with ThreadPoolExecutor(clients) as pool:
        list(pool.map(write, range(clients)))
    return WRITES_A_ROUND / (time.perf_counter() - begun)


def rates(folder: Path) -> list[Figure]:
    found: dict[tuple[bool, int], list[float]] = {}
    with (
        running(folder / "with") as (with_journal, _),
        running(folder / "without", journal=False) as (without, _),
    ):
        for port in (with_journal, without):
            send(http.client.HTTPConnection(ports.LOOPBACK, port), "CreateTable", TABLE)
        for _ in range(ROUNDS):
            for clients in (1, CLIENTS):
                for port in (with_journal, without):
                    key = (port == with_journal, clients)
                    found.setdefault(key, []).append(rate(port, clients))
    return [
        Figure(
            what=f"writes to the embedded store from {clients} connection(s)",
            value=middle(found[True, clients]),
            unit="a second",
            samples=found[True, clients],
            more_is_better=True,
            peer="ministack without a journal",
            peer_value=middle(found[False, clients]),
        )
        for clients in (1, CLIENTS)
    ]


def fill(folder: Path) -> None:
    """A journal of so many writes, none of them in a snapshot. In a process of its own, because
    ministack reads the environment when it is imported."""
    script = f"from bench.journal import write_all; write_all({str(folder)!r})"
    subprocess.run([sys.executable, "-c", script], check=True, stdout=subprocess.DEVNULL)


def write_all(folder: str) -> None:
    os.environ.update(store.environment(0, Path(folder)))
    from ministack.services import dynamodb  # noqa: PLC0415 - see `fill`

    from algoitny.embedded import journal  # noqa: PLC0415
    from algoitny.embedded.durable import DurableDynamoDB  # noqa: PLC0415

    journal.LONGEST_BYTES = sys.maxsize

    async def put(action: str, data: dict[str, Any]) -> None:
        target = {"x-amz-target": f"DynamoDB_20120810.{action}"}
        body = json.dumps(data).encode()
        status, _, answer = await dynamodb.handle_request("POST", "/", target, body, {})
        if status != 200:
            raise SystemExit(answer)

    async def main() -> None:
        durable = DurableDynamoDB(dynamodb, Path(folder))
        durable.load()
        durable.install()
        await put("CreateTable", TABLE)
        for first in range(0, WRITES, 1000):
            items = ({"TableName": "bench", "Item": row(first + n)} for n in range(1000))
            await asyncio.gather(*(put("PutItem", item) for item in items))
        # No `close`: as after a kill.

    asyncio.run(main())


def starts(folder: Path) -> list[Figure]:
    full, empty = folder / "full", folder / "empty"
    for path in (full, empty):
        path.mkdir()
    fill(full)
    size = sum(path.stat().st_size for path in full.iterdir()) / 1_000_000
    samples: dict[Path, list[float]] = {full: [], empty: []}
    for _ in range(ROUNDS):
        for path, seconds in samples.items():
            with running(path) as (_, taken):
                seconds.append(taken)
    return [
        Figure(
            what=f"start of the embedded store after {WRITES:,} writes and a kill ({size:.0f} MB)",
            value=middle(samples[full]),
            unit="s",
            samples=samples[full],
            bar=10,
            peer="an empty one",
            peer_value=middle(samples[empty]),
        )
    ]


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for part in ("with", "without"):
            (folder / part).mkdir()
        report([*starts(folder), *rates(folder)])


if __name__ == "__main__":
    main()
