"""How long a warm `make run` takes until it serves, and how much memory its processes take.

Warm: the virtual environment is installed and the data folder has a table. Beside it: a bare
interpreter, and one that loads the web application, which several processes must do.
"""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from bench.figure import Figure, middle, report

ROOT = Path(__file__).parents[1]
RUNS = 5
LONGEST_SECONDS = 120.0
MB = 1_000_000


@dataclass(frozen=True)
class Started:
    """`make run` on a port; `seconds` is how long it took until `/readyz` was 200."""

    port: int
    seconds: float


@contextmanager
def make_run(data_dir: str) -> Iterator[Started]:
    """Start it, and stop it as a terminal does."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    begun = time.perf_counter()
    process = subprocess.Popen(
        ["make", "run"],
        cwd=ROOT,
        env={**os.environ, "PORT": str(port), "DATA_DIR": data_dir},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        while not ready(port):
            if process.poll() is not None:
                raise SystemExit("make run ended; try it by hand")
            if time.perf_counter() - begun > LONGEST_SECONDS:
                raise SystemExit(f"not ready after {LONGEST_SECONDS:.0f} s")
            time.sleep(0.02)
        yield Started(port, time.perf_counter() - begun)
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGINT)
            process.wait(timeout=LONGEST_SECONDS)


def ready(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", "/readyz")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


def memory(data_dir: str) -> dict[str, list[float]]:
    """MB resident in each process, by the name that the stack gives it. Of a process that has
    children the children, because they do the work."""
    found: dict[str, list[float]] = defaultdict(list)
    for process in psutil.process_iter():
        try:
            environment = process.environ()
            ours = environment.get("DATA_DIR") == data_dir and "PROCESS" in environment
            if ours and not process.children():
                found[environment["PROCESS"]].append(process.memory_info().rss / MB)
        except psutil.Error:
            continue
    return found


def seconds_of(*command: str) -> list[float]:
    samples = []
    for _ in range(RUNS):
        begun = time.perf_counter()
        subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
        samples.append(time.perf_counter() - begun)
    return samples


def main() -> None:
    samples = []
    with tempfile.TemporaryDirectory() as folder:
        data_dir = str(Path(folder) / "data")
        with make_run(data_dir):
            """The first start makes the table; it is not measured."""
        for run in range(RUNS):
            with make_run(data_dir) as started:
                samples.append(started.seconds)
                if run == 0:
                    used = memory(data_dir)
    bare = seconds_of(sys.executable, "-c", "pass")
    loading = seconds_of(sys.executable, "-c", "import algoitny.app")
    figures = [
        Figure(
            what="warm `make run` until /readyz is 200",
            value=middle(samples),
            unit="s",
            samples=samples,
            bar=10,
            peer="loading the application once",
            peer_value=middle(loading),
        ),
        Figure(
            what="loading the application once",
            value=middle(loading),
            unit="s",
            samples=loading,
            peer="a bare interpreter",
            peer_value=middle(bare),
        ),
    ]
    figures += [
        Figure(
            what=f"memory of a {name} process after the start",
            value=middle(used[name]),
            unit="MB",
            samples=used[name],
            bar=120,
        )
        for name in ("web", "judge", "worker")
        if used.get(name)
    ]
    report(figures)


if __name__ == "__main__":
    main()
