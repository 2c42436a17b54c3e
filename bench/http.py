"""How fast a submission is answered, and how soon its first test is seen, on the whole stack.

Answers are measured with the judge stopped, so that it takes no processor time from the web: first
at 50 requests a second from 16 clients, then as many as 16 clients can send, beside the same
admissions made straight in the store by as many threads, and beside `bare`, a web server that does
nothing but what no submission can do without. The first test is timed from sending the submission
to reading its event, on an idle stack whose box is ready; the first submission of all is sent when
a judge has said that it is there, and what the stack does at its start is over.
"""

from __future__ import annotations

import http.client
import json
import multiprocessing
import os
import re
import signal
import socket
import tempfile
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.synchronize import Barrier
from pathlib import Path
from typing import Any

import psutil

from algoitny.app import build_container
from algoitny.domain.history import Submission
from algoitny.domain.problem import ProblemKey
from algoitny.services.container import Container
from algoitny.settings import STACK_FILE, Settings
from bench import bare
from bench.figure import Figure, middle, report
from bench.start import MB, make_run, memory

CLIENTS = 16
PROCESSES = 4
RATE = 50
SECONDS = 10.0
FIRST_TESTS = 15
SETTLING_SECONDS = 3.0
KEY = ProblemKey(platform="sample", number="1000")
SUBMISSION = {
    "platform": KEY.platform,
    "problem_identifier": KEY.number,
    "language": "python3",
    "code": "a, b = map(int, input().split())\nprint(a + b)\n",
}

LENGTH = re.compile(rb"(?im)^content-length: *(\d+)")

_start: Barrier
"""Where the processes of a pool wait for each other."""


class Quick:
    """One connection over which the same submission is sent again and again, with next to nothing
    done for it: a client that works takes its time from the server beside it."""

    def __init__(self, port: int, token: str) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=60)
        body = json.dumps(SUBMISSION)
        head = (
            "POST /api/execute/ HTTP/1.1",
            f"Host: 127.0.0.1:{port}",
            f"Authorization: Bearer {token}",
            "Content-Type: application/json",
            f"Content-Length: {len(body)}",
        )
        self._request = "\r\n".join((*head, "", body)).encode()

    def submit(self) -> None:
        self._socket.sendall(self._request)
        answer = b""
        while (end := answer.find(b"\r\n\r\n")) < 0:
            answer += self._received()
        if not answer.startswith(b"HTTP/1.1 202 "):
            raise SystemExit(answer.decode())
        (length,) = LENGTH.findall(answer[:end])
        left = end + 4 + int(length) - len(answer)
        while left > 0:
            left -= len(self._received())

    def _received(self) -> bytes:
        received = self._socket.recv(65536)
        if not received:
            raise SystemExit("the server closed the connection")
        return received


class Client:
    """One connection that is kept."""

    def __init__(self, port: int, token: str | None = None) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self._headers = {"Content-Type": "application/json"}
        if token:
            self._headers["Authorization"] = f"Bearer {token}"

    def get(self, path: str) -> Any:
        return self._ask("GET", path, None)

    def post(self, path: str, body: object) -> Any:
        return self._ask("POST", path, json.dumps(body))

    def _ask(self, method: str, path: str, body: str | None) -> Any:
        self._connection.request(method, path, body, self._headers)
        answer = self._connection.getresponse()
        content = json.loads(answer.read())
        if answer.status not in (200, 202):
            raise SystemExit(f"{method} {path}: {answer.status} {content}")
        return content

    def wait_for(self, kind: str, path: str) -> None:
        """Read a stream until an event of this kind."""
        self._connection.request("GET", path, headers=self._headers)
        answer = self._connection.getresponse()
        for line in answer:
            if line.rstrip() == f"event: {kind}".encode():
                self._connection.close()
                return
        raise SystemExit(f"the stream ended without {kind}")


def container_of(data_dir: str) -> Container:
    return build_container(Settings(_env_file=Path(data_dir) / STACK_FILE))  # type: ignore[call-arg]


def wait_for_judge(port: int) -> None:
    """Until one has announced the submission's language, and the stack has come to rest."""
    until = time.perf_counter() + 60
    while time.perf_counter() < until:
        languages = Client(port).get("/api/languages/")["items"]
        if any(each["is_available"] for each in languages if each["id"] == SUBMISSION["language"]):
            time.sleep(SETTLING_SECONDS)
            return
        time.sleep(0.1)
    raise SystemExit("no judge came up")


def sign_in(port: int, data_dir: str) -> tuple[str, str]:
    """A token and the id of a user without limits."""
    signed_in = Client(port).post("/api/auth/dev/", {"email": "bench@example.org"})
    user_id = str(signed_in["user"]["id"])
    container_of(data_dir).users.update_subscription_plan(user_id, "Unlimited")
    return signed_in["access"], user_id


def first_tests(port: int, token: str) -> list[float]:
    """Milliseconds from a submission to its first test; the first of them is cold."""
    samples = []
    for _ in range(FIRST_TESTS + 1):
        client = Client(port, token)
        begun = time.perf_counter()
        task_id = client.post("/api/execute/", SUBMISSION)["task_id"]
        client.wait_for("test", f"/api/execute/{task_id}/stream/")
        samples.append((time.perf_counter() - begun) * 1000)
        Client(port, token).wait_for("done", f"/api/execute/{task_id}/stream/")
        time.sleep(0.5)  # a box is opened ahead of the next submission
    return samples


def stop_judges(data_dir: str) -> list[int]:
    """Stop the processes that judge, without ending them; which they are."""
    stopped = []
    for process in psutil.process_iter():
        try:
            environment = process.environ()
            if environment.get("DATA_DIR") == data_dir and environment.get("PROCESS") == "judge":
                process.suspend()
                stopped.append(process.pid)
        except psutil.Error:
            continue
    return stopped


def answers_at_rate(port: int, token: str) -> list[float]:
    """Milliseconds of each answer, counted from when it was due: a late client hides nothing."""
    total = int(RATE * SECONDS)
    begun = time.perf_counter() + 0.2
    samples: list[float] = []
    lock, due = threading.Lock(), iter(range(total))

    def work() -> None:
        client = Client(port, token)
        while True:
            with lock:
                number = next(due, None)
            if number is None:
                return
            at = begun + number / RATE
            time.sleep(max(0.0, at - time.perf_counter()))
            client.post("/api/execute/", SUBMISSION)
            samples.append((time.perf_counter() - at) * 1000)

    with ThreadPoolExecutor(CLIENTS) as pool:
        for future in [pool.submit(work) for _ in range(CLIENTS)]:
            future.result()
    return samples


def _begin_together(start: Barrier) -> None:
    global _start  # noqa: PLW0603 - what a process of the pool is given once
    _start = start


def _count(make_call: Callable[[], Callable[[], object]]) -> int:
    """Calls that this process's share of the clients makes in SECONDS, when all are ready."""
    threads = CLIENTS // PROCESSES
    calls = [make_call() for _ in range(threads)]
    _start.wait()
    until = time.perf_counter() + SECONDS

    def work(call: Callable[[], object]) -> int:
        made = 0
        while time.perf_counter() < until:
            call()
            made += 1
        return made

    with ThreadPoolExecutor(threads) as pool:
        return sum(pool.map(work, calls))


def _submit_over_http(port: int, token: str, _data_dir: str, _user_id: str) -> int:
    return _count(lambda: Quick(port, token).submit)


def _admit_in_the_store(_port: int, _token: str, data_dir: str, user_id: str) -> int:
    container = container_of(data_dir)
    problem = container.problems.get_problem_summary(KEY)
    if problem is None:
        raise SystemExit("the sample problem is not there")

    def admit() -> object:
        return container.histories.create_history(
            Submission(
                id=container.ids.new(),
                user_id=user_id,
                user_identifier="bench",
                problem=problem,
                language="python3",
                code=SUBMISSION["code"],
                is_code_public=False,
                created_at=container.clock.now(),
            ),
            limit=-1,
        )

    return _count(lambda: admit)


def a_second(work: Callable[..., int], *arguments: object) -> float:
    """What all processes together do in one."""
    context = multiprocessing.get_context("spawn")
    start = context.Barrier(PROCESSES)
    with context.Pool(PROCESSES, _begin_together, (start,)) as pool:
        return sum(pool.starmap(work, [arguments] * PROCESSES)) / SECONDS


def at_percent(samples: list[float], percent: float) -> float:
    return float(f"{sorted(samples)[int(len(samples) * percent / 100)]:.3g}")


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        data_dir = str(Path(folder) / "data")
        with make_run(data_dir) as started:
            token, user_id = sign_in(started.port, data_dir)
            wait_for_judge(started.port)
            cold, *ready = first_tests(started.port, token)
            judges = stop_judges(data_dir)
            try:
                answers = answers_at_rate(started.port, token)
                arguments = (started.port, token, data_dir, user_id)
                store_alone = a_second(_admit_in_the_store, *arguments)
                over_http = a_second(_submit_over_http, *arguments)
                web = memory(data_dir)["web"]
                with bare.serving(data_dir) as port:
                    barely = a_second(_submit_over_http, port, *arguments[1:])
                with bare.serving(data_dir, is_blind=True) as port:
                    blindly = a_second(_submit_over_http, port, *arguments[1:])
            finally:
                for process_id in judges:
                    os.kill(process_id, signal.SIGKILL)
    report(
        [
            Figure(
                what=f"submission answered, {RATE} a second, {CLIENTS} clients: 99th percentile",
                value=at_percent(answers, 99),
                unit="ms",
                samples=answers[:: max(1, len(answers) // 50)],
                bar=60,
                peer="median",
                peer_value=middle(answers),
            ),
            Figure(
                what=f"submissions a second from {CLIENTS} clients, of the store alone",
                value=float(f"{over_http / store_alone:.3g}"),
                unit="×",
                bar=0.6,
                more_is_better=True,
                peer=f"{over_http:.0f}/s over HTTP, {store_alone:.0f}/s in the store",
            ),
            Figure(
                what="the same, of a bare server that reads who sends it, admits and enqueues",
                value=float(f"{over_http / barely:.3g}"),
                unit="×",
                more_is_better=True,
                peer=f"{barely:.0f}/s, {barely / store_alone:.3g} × of the store alone; "
                f"{blindly / store_alone:.3g} × without even the reading",
            ),
            Figure(
                what="first streamed test after a submission, box ready",
                value=middle(ready),
                unit="ms",
                samples=ready,
                bar=40,
            ),
            Figure(what="the same, the first one after the start", value=cold, unit="ms", bar=80),
            Figure(
                what=f"memory of a web process after {int(SECONDS * (RATE + over_http))} requests",
                value=middle(web),
                unit="MB",
                samples=web,
                bar=120,
                peer=f"in units of {MB:,} bytes",
            ),
        ]
    )


if __name__ == "__main__":
    main()
