"""The protocol with the runner: its answers are taken only when they make sense."""

from __future__ import annotations

import os
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from algoitny.judge.protocol import (
    ANSWER,
    MAX_ARGUMENTS,
    REQUEST,
    ProtocolError,
    RunLimits,
    Status,
    fetch_request,
    kill_request,
    parse_answer,
    run_request,
)
from algoitny.judge.records import Killed

LIMITS = RunLimits(
    cpu_us=1, wall_us=2, memory=3, address_space=4, stack=5, file_size=6, processes=7, files=8
)
GOOD = (99, 0, 0, 1, 0, 0, 1, 1000, 2000, 4096, 50)


def changed(position: int, value: int) -> bytes:
    fields = list(GOOD)
    fields[position] = value
    return ANSWER.pack(*fields)


def test_a_good_answer() -> None:
    answer = parse_answer(ANSWER.pack(*GOOD), 99, elapsed_us=3000)
    assert answer.status is Status.DONE
    assert answer.clean
    assert answer.measurement.exited
    assert answer.measurement.killed_for is Killed.NOT
    assert (answer.measurement.cpu_us, answer.measurement.memory_bytes) == (1000, 4096)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        ANSWER.pack(*GOOD)[:-1],
        ANSWER.pack(*GOOD) + b"x",
        changed(0, 98),
        changed(1, 4),
        changed(2, 5000),
        changed(3, 2),
        changed(4, 256),
        changed(5, 6),
        changed(6, 2),
        changed(7, 10**12),
        changed(8, 10**12),
        changed(9, 1 << 60),
    ],
)
def test_nonsense_is_refused(data: bytes) -> None:
    with pytest.raises(ProtocolError):
        parse_answer(data, 99, elapsed_us=3000)


@given(st.binary(max_size=80))
def test_any_bytes_are_an_answer_or_refused(data: bytes) -> None:
    try:
        answer = parse_answer(data, 0, elapsed_us=10**6)
    except ProtocolError:
        return
    assert answer.measurement.cpu_us <= 2 * 10**6 * (os.cpu_count() or 1)


def test_a_request_carries_the_command() -> None:
    data = run_request(5, ["/box/program", "é", ""], LIMITS)
    head = REQUEST.unpack(data[: REQUEST.size])
    assert head[:3] == (5, 1, 3)
    assert data[REQUEST.size :] == "/box/program\0é\0\0".encode()


@pytest.mark.parametrize("argv", [["x"] * (MAX_ARGUMENTS + 1), ["x" * 70_000]])
def test_a_command_that_does_not_fit(argv: list[str]) -> None:
    with pytest.raises(ProtocolError):
        run_request(1, argv, LIMITS)


def test_other_requests() -> None:
    assert struct.unpack_from("=QI", kill_request(7)) == (7, 2)
    assert fetch_request(7, "program", 10).endswith(b"program\0")
