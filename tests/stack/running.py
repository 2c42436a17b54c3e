"""The whole product as a user starts it, in a folder of its own, and a client of its API."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from algoitny.app import build_container
from algoitny.services.container import Container
from algoitny.setting_values import Environment
from algoitny.settings import STACK_FILE, Settings
from tests.waiting import PATIENCE_SECONDS, wait_until

ROOT = Path(__file__).parents[2]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: Any


@dataclass
class Client:
    """A program that calls the API."""

    base: str
    headers: dict[str, str] = field(default_factory=dict)

    def call(
        self, method: str, path: str, body: object = None, headers: dict[str, str] | None = None
    ) -> Answer:
        """Bytes are sent as they are, anything else as JSON."""
        request = urllib.request.Request(
            self.base + path,
            method=method,
            data=body if body is None or isinstance(body, bytes) else json.dumps(body).encode(),
            headers={"Content-Type": "application/json"} | self.headers | (headers or {}),
        )
        try:
            with urllib.request.urlopen(request, timeout=40) as answer:
                return _answer(answer.status, answer.headers, answer.read())
        except urllib.error.HTTPError as error:
            return _answer(error.code, error.headers, error.read())

    def get(self, path: str) -> Answer:
        return self.call("GET", path)

    def post(self, path: str, body: object, headers: dict[str, str] | None = None) -> Answer:
        return self.call("POST", path, body, headers)

    def put(self, path: str, body: object) -> Answer:
        return self.call("PUT", path, body)

    def signed_in(self, email: str) -> Client:
        answer = self.post("/api/auth/dev/", {"email": email})
        assert answer.status == 200, answer
        return Client(self.base, {"Authorization": f"Bearer {answer.body['access']}"})

    def finished(self, execution_id: str) -> dict[str, Any]:
        """The execution once it has ended."""

        def ended() -> dict[str, Any] | None:
            answer = self.get(f"/api/execute/{execution_id}/?wait=20")
            assert answer.status == 200, answer
            return answer.body if answer.body["state"] not in ("QUEUED", "RUNNING") else None

        return wait_until(ended, f"execution {execution_id} ends")


def _answer(status: int, headers: Any, raw: bytes) -> Answer:
    is_json = "json" in (headers.get("Content-Type") or "")
    return Answer(
        status,
        {name.lower(): value for name, value in headers.items()},
        json.loads(raw) if is_json and raw else raw,
    )


class Stack:
    """`python -m algoitny.embedded`, what `make run` executes."""

    def __init__(self, data_dir: Path, port: int | None = None, **environment: str) -> None:
        self.command = [sys.executable, "-m", "algoitny.embedded"]
        self.data_dir = data_dir
        self.port = port or free_port()
        self.base = f"http://127.0.0.1:{self.port}"
        self.log = data_dir.parent / f"{data_dir.name}.log"
        inherited = {
            name: value
            for name, value in os.environ.items()
            if name in ("PATH", "HOME", "LANG", "TMPDIR")
        }
        self.environment = inherited | {
            "PORT": str(self.port),
            "DATA_DIR": str(data_dir),
            "ENVIRONMENT": "embedded",
            **environment,
        }
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command,
                cwd=ROOT,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        wait_until(self._ready, f"the stack is ready; its log is {self.log}")

    def _ready(self) -> bool:
        assert self.process is not None
        assert self.process.poll() is None, f"the stack ended: {self.log.read_text()[-3000:]}"
        return b" ready: " in self.log.read_bytes()

    @contextmanager
    def running(self) -> Iterator[Stack]:
        """It runs, and does not when the test ends, however that is."""
        try:
            self.start()
            yield self
        finally:
            code = self.stop()
        assert code == 0

    def client(self) -> Client:
        return Client(self.base)

    def container(self) -> Container:
        """This process's own access to the running stack's table and broker."""
        stack_file = self.data_dir / STACK_FILE
        settings = Settings(_env_file=stack_file, environment=Environment.EMBEDDED)  # type: ignore[call-arg]
        return build_container(settings)

    def stop(self) -> int:
        """Ctrl-C; the exit code."""
        assert self.process is not None
        self.process.send_signal(signal.SIGINT)
        try:
            return self.process.wait(timeout=PATIENCE_SECONDS)
        finally:
            if self.process.poll() is None:
                os.killpg(self.process.pid, signal.SIGKILL)
