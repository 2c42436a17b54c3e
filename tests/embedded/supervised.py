"""Drives tests.embedded.supervise from outside: signals in, log records out."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any, Self

import psutil

from tests.waiting import PATIENCE_SECONDS, wait_until

ROOT = Path(__file__).parents[2]


class Supervised:
    """A supervisor that runs, as a context that leaves nothing behind."""

    def __init__(self, *programs: dict[str, Any], **pace: float) -> None:
        argument = json.dumps({"programs": programs, "pace": pace})
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.embedded.supervise", argument],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        self.records: list[dict[str, Any]] = []
        self.descendants: set[int] = set()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for pid in self.descendants | {self.process.pid}:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue
        self.process.wait()
        self._reader.join()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.records.append(json.loads(line) if line.startswith("{") else {"event": line})

    def lines(self, process: str) -> list[str]:
        return [str(r["event"]) for r in list(self.records) if r.get("process") == process]

    def said(self, text: str, process: str = "stack", times: int = 1) -> list[dict[str, Any]]:
        """Wait until that many records hold the text."""

        def found() -> list[dict[str, Any]] | None:
            fitting = [
                r for r in list(self.records) if r.get("process") == process and text in r["event"]
            ]
            return fitting if len(fitting) >= times else None

        return wait_until(found, f"{process} says {text!r} {times}×; {self.records}")

    def pid_of(self, process: str, nth: int = 0) -> int:
        """Of a script that printed `pid $$` when it started."""
        self.said("pid ", process, nth + 1)
        pid = int(self.said("pid ", process, nth + 1)[nth]["event"].split()[1])
        self.descendants.add(pid)
        return pid

    def end(self, number: signal.Signals = signal.SIGINT) -> int:
        """Ask it to stop as a terminal does, the whole group in front; the exit code."""
        os.killpg(self.process.pid, number)
        return self.wait()

    def wait(self) -> int:
        code = self.process.wait(PATIENCE_SECONDS)
        self._reader.join()
        return code


def alive(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
