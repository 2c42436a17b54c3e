"""Feeding a running program and collecting what it writes, while waiting for the runner's answer.

Everything a program writes is captured here, outside its box, and counted against its limit here.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import select
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from algoitny.judge.excerpt import Excerpt
from algoitny.judge.protocol import ANSWER, kill_request
from algoitny.judge.records import Cancelled

CHUNK = 1 << 16
LARGE_PIPE = 1 << 20
CANCEL_POLL_SECONDS = 0.05


class BoxDied(Exception):
    """The box is gone, or its runner makes no sense: nobody's fault but the judge's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Captured:
    """What a program wrote: standard output up to its limit, standard error as an excerpt."""

    output: bytes
    exceeded: bool
    stderr: bytes


class Streams:
    """The pipes of one run. `owner` is who must be able to open them again by /dev/stdin."""

    def __init__(self, owner: tuple[int, int] | None, data: bytes, output_bytes: int) -> None:
        self._data = memoryview(data)
        self._limit = output_bytes
        self._output = bytearray()
        self._stderr = Excerpt()
        self._open: set[int] = set()
        stdin, self._to_program = self._pipe()
        self._from_program, stdout = self._pipe()
        self._from_stderr, stderr = self._pipe()
        self.theirs = [stdin, stdout, stderr]
        self.exceeded = False
        self._actions = {
            self._to_program: self.feed,
            self._from_program: self.read_output,
            self._from_stderr: self.read_stderr,
        }
        self._poll: select.poll | None = None
        if owner is not None:
            for descriptor in self.theirs:
                os.fchown(descriptor, *owner)
        os.set_blocking(self._to_program, False)
        if len(data) > CHUNK:
            _widen(stdin)  # only a matter of speed
        # Node drops what the pipe has not taken when a program calls `process.exit`.
        _widen(stdout)
        self.feed()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for descriptor in list(self._open):
            self._close(descriptor)

    def close_theirs(self) -> None:
        for descriptor in self.theirs:
            self._close(descriptor)

    def captured(self) -> Captured:
        return Captured(
            output=bytes(self._output), exceeded=self.exceeded, stderr=self._stderr.render()
        )

    def watch(self, poll: select.poll) -> None:
        """Have `poll` tell what there is to do."""
        self._poll = poll
        for descriptor in self._open & self._actions.keys():
            is_input = descriptor == self._to_program
            poll.register(descriptor, select.POLLOUT if is_input else select.POLLIN)

    def serve(self, descriptor: int) -> None:
        """Do what `poll` told."""
        self._actions[descriptor]()

    def feed(self) -> None:
        """Write what the pipe takes. A program need not read its input, nor all of it."""
        while self._data:
            try:
                self._data = self._data[os.write(self._to_program, self._data) :]
            except BlockingIOError:
                return
            except BrokenPipeError:
                break
        self._close(self._to_program)

    def read_output(self) -> None:
        data = os.read(self._from_program, CHUNK)
        if not data:
            self._close(self._from_program)
        room = self._limit - len(self._output)
        self._output += data[:room]
        self.exceeded = self.exceeded or len(data) > room

    def read_stderr(self) -> None:
        data = os.read(self._from_stderr, CHUNK)
        if data:
            self._stderr.add(data)
        else:
            self._close(self._from_stderr)

    def drain(self) -> None:
        """Read what the program, which has ended, left in the pipes. Nothing can be written any
        more, so this ends, whether or not a descriptor in flight keeps an end open."""
        for descriptor, action in (
            (self._from_program, self.read_output),
            (self._from_stderr, self.read_stderr),
        ):
            poll = select.poll()
            poll.register(descriptor, select.POLLIN)
            while descriptor in self._open and poll.poll(0):
                action()

    def _pipe(self) -> tuple[int, int]:
        ends = os.pipe2(os.O_CLOEXEC)
        self._open.update(ends)
        return ends

    def _close(self, descriptor: int) -> None:
        if descriptor in self._open:
            self._open.discard(descriptor)
            if self._poll is not None and descriptor in self._actions:
                self._poll.unregister(descriptor)
            os.close(descriptor)


def _widen(pipe: int) -> None:
    """As far as this user may."""
    with contextlib.suppress(OSError):
        fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, LARGE_PIPE)


def converse(
    control: socket.socket,
    streams: Streams,
    nonce: int,
    *,
    deadline: float,
    cancelled: Callable[[], bool] | None,
) -> bytes:
    """Serve the streams until the runner answers. Raises BoxDied after `deadline` (monotonic
    seconds) or when the runner is gone, and Cancelled within 100 ms of `cancelled()`."""
    poll = select.poll()
    poll.register(control, select.POLLIN)
    streams.watch(poll)
    runner = control.fileno()
    asked_to_kill = False
    while True:
        has_answered = False
        for descriptor, _ in poll.poll(CANCEL_POLL_SECONDS * 1000):
            if descriptor == runner:
                has_answered = True
            else:
                streams.serve(descriptor)
        if has_answered:
            streams.drain()
            return control.recv(ANSWER.size + 1)
        if streams.exceeded and not asked_to_kill:
            control.send(kill_request(nonce))
            asked_to_kill = True
        _check(deadline, cancelled)


def _check(deadline: float, cancelled: Callable[[], bool] | None) -> None:
    if cancelled is not None and cancelled():
        raise Cancelled
    if time.monotonic() > deadline:
        raise BoxDied("the runner does not answer")
