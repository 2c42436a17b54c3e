"""Child processes as the kernel sees them: started, read, reaped, and none left behind.

What to start and when is the supervisor's. Linux only.
"""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import os
import signal
import subprocess
from collections.abc import Callable, Mapping, Sequence
from typing import IO, cast

import psutil

_PR_SET_PDEATHSIG = 1
_PR_SET_CHILD_SUBREAPER = 36
_libc = ctypes.CDLL(None, use_errno=True)

_LONGEST_LINE = 65_536


class Process:
    """A started child, leader of a session and a process group of its own."""

    def __init__(self, pid: int, reader: asyncio.Task[None]) -> None:
        self.pid = pid
        self._reader = reader
        self.exited = asyncio.Event()
        self.status = 0
        """Once it has exited: the code, or minus the signal that killed it."""

    def send(self, number: signal.Signals) -> None:
        """To the process alone; what it started is its own to end."""
        if not self.exited.is_set():
            os.kill(self.pid, number)

    def kill(self) -> None:
        """It and all of its group, whether it still runs or left members behind."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)

    async def last_words(self, seconds: float) -> None:
        """Wait until all that it printed has been read; its pipe may outlive it, but not long."""
        await asyncio.wait({self._reader}, timeout=seconds)


class Processes:
    """All children of this process; nothing else of the program may wait for children."""

    def __init__(self) -> None:
        self._running: dict[int, Process] = {}

    def adopt(self) -> None:
        """From now on, reap what ends, including what a dying child leaves behind: that comes
        here and not to init, so that it can be ended."""
        asyncio.get_running_loop().add_signal_handler(signal.SIGCHLD, self._reap)
        _libc.prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)

    def spawn(
        self,
        command: Sequence[str],
        *,
        environment: Mapping[str, str] | None,
        keep_fds: Sequence[int],
        if_orphaned: signal.Signals,
        on_line: Callable[[bytes], None],
    ) -> Process:
        """Start it; `on_line` gets each line of its output. Raises OSError.

        Its own session keeps Ctrl-C from it, which the terminal sends to the whole group in
        front; `if_orphaned` is what it gets from the kernel when this process is killed.
        """
        child = subprocess.Popen(
            command,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            pass_fds=keep_fds,
            start_new_session=True,
            preexec_fn=_end_with_parent(  # noqa: PLW1509 - it makes two system calls, no more
                os.getpid(), if_orphaned
            ),
        )
        child.returncode = 0  # it is reaped below, with all others
        reader = asyncio.create_task(_read_lines(cast("IO[bytes]", child.stdout), on_line))
        process = self._running[child.pid] = Process(child.pid, reader)
        return process

    def kill_orphans(self) -> None:
        """Kill what was adopted from children that have died."""
        for found in psutil.Process().children():
            if found.pid not in self._running:
                with contextlib.suppress(psutil.NoSuchProcess):
                    found.kill()

    def _reap(self) -> None:
        with contextlib.suppress(ChildProcessError):
            while True:
                pid, status = os.waitpid(-1, os.WNOHANG)
                if pid == 0:
                    return
                process = self._running.pop(pid, None)
                if process is not None:
                    process.status = os.waitstatus_to_exitcode(status)
                    process.exited.set()


def describe(status: int) -> str:
    """How a process ended, in words."""
    if status >= 0:
        return f"exited with code {status}"
    try:
        return f"was killed by {signal.Signals(-status).name}"
    except ValueError:
        return f"was killed by signal {-status}"


def _end_with_parent(parent: int, number: signal.Signals) -> Callable[[], None]:
    def before_exec() -> None:
        _libc.prctl(_PR_SET_PDEATHSIG, int(number), 0, 0, 0)
        if os.getppid() != parent:  # it died before the request was made
            os._exit(1)

    return before_exec


async def _read_lines(pipe: IO[bytes], on_line: Callable[[bytes], None]) -> None:
    stream = asyncio.StreamReader()
    loop = asyncio.get_running_loop()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(stream), pipe)
    rest = b""
    while chunk := await stream.read(_LONGEST_LINE):
        *lines, rest = (rest + chunk).split(b"\n")
        for line in lines:
            on_line(line)
        if len(rest) >= _LONGEST_LINE:
            on_line(rest)
            rest = b""
    if rest:
        on_line(rest)
