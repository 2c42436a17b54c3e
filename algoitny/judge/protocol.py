"""What worker and runner say to each other: fixed structures over a packet socket.

The mirror of the structures in `runner.h`. Streams and files travel beside them as descriptors.
An answer is checked field by field: it comes out of the box, if only from the one process in it
that no submission can touch.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

from algoitny.judge.records import Killed, Measurement

REQUEST = struct.Struct("=QIIQQQQQQIIII")
ANSWER = struct.Struct("=QIIIIIIQQQQ")
MAX_REQUEST = 60_000
MAX_ARGUMENTS = 128
CLOCK_SLACK_US = 1_000_000
PROCESSORS = os.cpu_count() or 1


class Operation(IntEnum):
    RUN = 1
    KILL = 2
    FETCH = 3
    EMPTY = 4


class Status(IntEnum):
    DONE = 0
    FAILED = 1
    READY = 2
    NOT_STARTED = 3
    """The kernel refused to start the program; `error` says why."""


class ProtocolError(Exception):
    """What came is not an answer to what was asked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunLimits:
    """What the runner enforces on one program; bytes and microseconds.

    0 for `address_space` or `processes` means no limit of that kind. `keep_scratch` leaves the
    scratch as the program left it, for fetching what a compiler made.
    """

    cpu_us: int
    wall_us: int
    memory: int
    address_space: int
    stack: int
    file_size: int
    processes: int
    files: int
    keep_scratch: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """`error` is an errno when the runner itself failed; `clean` is False when the box has to be
    thrown away; `own_us` is the CPU time that the runner took itself."""

    status: Status
    error: int
    clean: bool
    measurement: Measurement
    own_us: int = 0


def run_request(nonce: int, argv: Sequence[str], limits: RunLimits) -> bytes:
    """Without `argv`: run the program that the box's interpreter holds. Raises ProtocolError when
    the command does not fit."""
    text = b"".join(os.fsencode(argument) + b"\0" for argument in argv)
    if len(argv) > MAX_ARGUMENTS or len(text) > MAX_REQUEST:
        raise ProtocolError("the command is too long")
    head = REQUEST.pack(
        nonce,
        Operation.RUN,
        len(argv),
        limits.cpu_us,
        limits.wall_us,
        limits.memory,
        limits.address_space,
        limits.stack,
        limits.file_size,
        limits.processes,
        limits.files,
        limits.keep_scratch,
        0,
    )
    return head + text


def kill_request(nonce: int) -> bytes:
    """End the program of the run `nonce`; without effect when it has ended."""
    return REQUEST.pack(nonce, Operation.KILL, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)


def fetch_request(nonce: int, name: str, max_bytes: int) -> bytes:
    """Ask for a descriptor of a file that a kept scratch holds."""
    head = REQUEST.pack(nonce, Operation.FETCH, 0, 0, 0, 0, 0, 0, max_bytes, 0, 0, 0, 0)
    return head + os.fsencode(name) + b"\0"


def empty_request(nonce: int) -> bytes:
    """Empty a kept scratch."""
    return REQUEST.pack(nonce, Operation.EMPTY, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)


def parse_answer(data: bytes, nonce: int, *, elapsed_us: int | None = None) -> Answer:
    """Raises ProtocolError for what no honest runner sends.

    `elapsed_us` is the time that passed here: no program ran for longer, nor used more CPU time
    than all processors have in it.
    """
    if len(data) != ANSWER.size:
        raise ProtocolError(f"an answer of {len(data)} bytes")
    number, status, error, exited, code, killed, clean, *numbers = ANSWER.unpack(data)
    cpu_us, wall_us, memory, own_us = numbers
    if number != nonce:
        raise ProtocolError("an answer to another request")
    if exited > 1 or clean > 1 or code > 255 or error > 4095 or memory >= 1 << 50:
        raise ProtocolError("an answer out of range")
    if elapsed_us is not None:
        most = elapsed_us + CLOCK_SLACK_US
        if wall_us > most or own_us > most or cpu_us > most * PROCESSORS:
            raise ProtocolError("an answer that took longer than we waited")
    try:
        return Answer(
            status=Status(status),
            error=error,
            clean=bool(clean),
            measurement=Measurement(
                exited=bool(exited),
                code=code,
                killed_for=Killed(killed),
                cpu_us=cpu_us,
                wall_us=wall_us,
                memory_bytes=memory,
            ),
            own_us=own_us,
        )
    except ValueError as wrong:
        raise ProtocolError(str(wrong)) from wrong
