"""A box: an isolated place with a resident runner, and the runs of programs in it.

A box serves one submission's compiling or its tests and is then thrown away. What runs in it is
hostile; the runner in it is ours, and a box whose runner is gone or talks nonsense is dead.
"""

from __future__ import annotations

import os
import secrets
import shutil
import socket
import stat
import struct
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from algoitny.judge.cgroup import Group
from algoitny.judge.exchange import BoxDied, Captured, Streams, converse
from algoitny.judge.protocol import (
    ANSWER,
    Answer,
    ProtocolError,
    RunLimits,
    Status,
    empty_request,
    fetch_request,
    parse_answer,
    run_request,
)

OPEN_SECONDS = 20.0
CLOSE_SECONDS = 2.0
GRACE_SECONDS = 10.0
"""How much longer than a run's own last limit its answer may take."""

HARD_WALL = 4
"""The runner's HARD_WALL: a starved program may wait this many times its wall limit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One program to run in a box; without `argv` the one that its prepared interpreter holds."""

    argv: Sequence[str]
    input: bytes
    limits: RunLimits
    output_bytes: int


class Box:
    """Opened by `sandbox`; `inside` and `scratch` are its two folders as programs in it see them,
    `folder` is the first as this process writes it."""

    def __init__(
        self,
        process: subprocess.Popen[bytes],
        control: socket.socket,
        *,
        folder: Path,
        inside: str,
        scratch: str,
        owner: tuple[int, int] | None,
        group: Group,
        is_prepared: bool = False,
    ) -> None:
        self._process = process
        self._control = control
        self._owner = owner
        self._group = group
        self._host_scratch = Path(scratch) if inside == str(folder) else None
        self.folder = folder
        self.inside = inside
        self.scratch = scratch
        self.is_prepared = is_prepared
        self.is_clean = True

    def wait_ready(self) -> None:
        """Until the runner speaks. Raises BoxDied with what the launcher said."""
        self._control.settimeout(OPEN_SECONDS)
        try:
            answer = parse_answer(self._control.recv(ANSWER.size + 1), 0)
        except (OSError, ProtocolError):
            answer = None
        if answer is None or answer.status is not Status.READY:
            self._process.kill()
            _, complaint = self._process.communicate()
            raise BoxDied(complaint.decode(errors="replace").strip())
        self._control.settimeout(GRACE_SECONDS)

    @property
    def pid(self) -> int:
        """The launcher's, whose child is the runner."""
        return self._process.pid

    def is_alive(self) -> bool:
        return self._process.poll() is None

    def put(self, name: str, data: bytes | int, *, max_bytes: int | None = None) -> None:
        """Place a read-only file in the box: bytes, or the content of a descriptor.

        Raises BoxDied when the descriptor has more than `max_bytes`, or is no plain file.
        """
        target = os.open(self.folder / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC)
        try:
            if isinstance(data, bytes):
                with open(target, "wb", closefd=False) as file:
                    file.write(data)
            else:
                _copy(data, target, max_bytes or 0)
            os.fchmod(target, 0o555)
        finally:
            os.close(target)

    def remove(self, name: str) -> None:
        """Take a file away that was put."""
        (self.folder / name).unlink()

    def run(
        self, run: Run, *, cancelled: Callable[[], bool] | None = None
    ) -> tuple[Answer, Captured]:
        """Run a program to its end. Raises BoxDied, or Cancelled: the box is closed then.

        A box that died because its program took all of its memory has an answer that says so; it
        is not clean, and good for nothing more.
        """
        try:
            with Streams(self._owner, run.input, run.output_bytes) as streams:
                self._group.begin(run.limits)
                answer = self._ask(run, streams, cancelled)
                captured = streams.captured()
        except (OSError, ProtocolError) as error:
            self.close()
            raise BoxDied(str(error)) from error
        except BaseException:
            self.close()
            raise
        self.is_clean = answer.clean and answer.status is Status.DONE
        return answer, captured

    def _ask(self, run: Run, streams: Streams, cancelled: Callable[[], bool] | None) -> Answer:
        nonce = secrets.randbits(64)
        started = time.monotonic()
        try:
            request = run_request(nonce, run.argv, run.limits)
            socket.send_fds(self._control, [request], streams.theirs)
            streams.close_theirs()
            data = converse(
                self._control,
                streams,
                nonce,
                deadline=started + run.limits.wall_us / 1e6 * HARD_WALL + GRACE_SECONDS,
                cancelled=cancelled,
            )
            elapsed = int((time.monotonic() - started) * 1e6)
            return self._group.complete(parse_answer(data, nonce, elapsed_us=elapsed))
        except (OSError, ProtocolError):
            last_words = self._group.last_words(int((time.monotonic() - started) * 1e6))
            if last_words is None:
                raise
            return last_words

    def fetch(self, name: str, max_bytes: int) -> int | None:
        """A descriptor of a file in a kept scratch; None when it is not there, not a plain file
        (a link is none) or too large. Raises BoxDied."""
        nonce = secrets.randbits(64)
        try:
            self._control.send(fetch_request(nonce, name, max_bytes))
            data, descriptors = _receive(self._control)
        except OSError as error:
            self.close()
            raise BoxDied(str(error)) from error
        try:
            if parse_answer(data, nonce).status is not Status.DONE or not descriptors:
                return None
            state = os.fstat(descriptors[0])
            if not stat.S_ISREG(state.st_mode) or state.st_size > max_bytes:
                return None
            return descriptors.pop()
        except ProtocolError as error:
            self.close()
            raise BoxDied(str(error)) from error
        finally:
            for descriptor in descriptors:
                os.close(descriptor)

    def empty(self) -> None:
        """Make a kept scratch as new; `is_clean` tells whether it is. Raises BoxDied."""
        nonce = secrets.randbits(64)
        try:
            self._control.send(empty_request(nonce))
            self.is_clean = parse_answer(self._control.recv(ANSWER.size + 1), nonce).clean
        except (OSError, ProtocolError) as error:
            self.close()
            raise BoxDied(str(error)) from error

    def close(self) -> None:
        """End everything in it and remove its folder; safe to call twice, leaves no process."""
        # At the end of its socket the runner exits, the kernel kills what is left in the box, and
        # the launcher takes note and exits too. Killing the launcher instead would leave a zombie
        # to whatever is process 1 of this machine, which may be no reaper.
        self._control.close()
        try:
            self._process.wait(CLOSE_SECONDS)
        except subprocess.TimeoutExpired:
            self._group.kill()
            self._process.kill()
            self._process.wait()
        if self._process.stderr is not None:
            self._process.stderr.close()
        self._group.close()
        shutil.rmtree(self.folder, ignore_errors=True)
        if self._host_scratch is not None:
            shutil.rmtree(self._host_scratch, ignore_errors=True)


def _receive(control: socket.socket) -> tuple[bytes, list[int]]:
    """A message and its descriptors, closed on exec from the first instant: `socket.recv_fds` does
    not pass the flag on that says so."""
    data, ancillary, _, _ = control.recvmsg(
        ANSWER.size + 1, socket.CMSG_LEN(struct.calcsize("i")), socket.MSG_CMSG_CLOEXEC
    )
    descriptors = [
        descriptor
        for level, kind, content in ancillary
        if (level, kind) == (socket.SOL_SOCKET, socket.SCM_RIGHTS)
        for (descriptor,) in struct.iter_unpack("i", content)
    ]
    return data, descriptors


def _copy(source: int, target: int, max_bytes: int) -> None:
    copied = 0
    while chunk := os.pread(source, 1 << 20, copied):
        copied += len(chunk)
        if copied > max_bytes:
            raise BoxDied("what the compiler left grew while it was copied")
        view = memoryview(chunk)
        while view:
            view = view[os.write(target, view) :]
