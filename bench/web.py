"""How much memory a web process takes after ten thousand requests of every common kind."""

from __future__ import annotations

import http.client
import os
import tempfile
from concurrent.futures import ThreadPoolExecutor
from itertools import cycle, islice

from bench.figure import Figure, report
from bench.http import sign_in
from bench.start import make_run, memory

REQUESTS, CLIENTS = 10_000, 8
PATHS = (
    "/api/problems/?limit=20",
    "/api/problems/sample/1000/",
    "/api/history/?limit=20",
    "/api/history/?scope=public",
    "/api/account/",
    "/api/account/plan-usage/",
    "/api/languages/",
    "/api/nothing/",
)


def ask(port: int, token: str, count: int) -> None:
    """So many requests over one connection, one after the other."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    for path in islice(cycle(PATHS), count):
        connection.request("GET", path, headers={"Authorization": f"Bearer {token}"})
        answer = connection.getresponse()
        answer.read()
        if answer.status >= 500:
            raise SystemExit(f"GET {path}: {answer.status}")


def main() -> None:
    os.environ["WEB_WORKERS"] = "1"
    with tempfile.TemporaryDirectory() as data_dir, make_run(data_dir) as started:
        token, _ = sign_in(started.port, data_dir)
        ask(started.port, token, len(PATHS))
        (before,) = memory(data_dir)["web"]
        with ThreadPoolExecutor(CLIENTS) as pool:
            for done in [
                pool.submit(ask, started.port, token, REQUESTS // CLIENTS) for _ in range(CLIENTS)
            ]:
                done.result()
        (after,) = memory(data_dir)["web"]
    report(
        [
            Figure(
                what=f"memory of a web process after {REQUESTS:,} requests",
                value=float(f"{after:.3g}"),
                unit="MB",
                bar=120,
                peer="the same after its first requests",
                peer_value=float(f"{before:.3g}"),
            )
        ]
    )


if __name__ == "__main__":
    main()
