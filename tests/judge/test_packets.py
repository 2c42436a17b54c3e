"""What runner and worker make of packets that nobody should send them.

The runner is a real one, outside of a box: it answers what is a request, ends at what is none, and
runs nothing that it was not asked to run. The worker takes an answer that makes sense or says that
its box has died, and keeps no descriptor that was sent along.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

import psutil
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from algoitny.judge import Judge
from algoitny.judge.box import Box, Run
from algoitny.judge.cgroup import Group
from algoitny.judge.exchange import BoxDied
from algoitny.judge.protocol import (
    ANSWER,
    MAX_ARGUMENTS,
    REQUEST,
    Answer,
    Operation,
    RunLimits,
    Status,
    fetch_request,
    parse_answer,
)
from tests.judge.settling import settle
from tests.waiting import PATIENCE_SECONDS

pytestmark = pytest.mark.service

NONCE, PROBE = 0xA1B2C3D4E5F60718, 7
TOUCH = "/usr/bin/touch"
KINDS = ("pipe", "folder", "file", "null", "socket", "epoll")
FIXTURES = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]


@dataclass(frozen=True)
class Packet:
    """`None` in `words` stands for the file whose making shows that something was run."""

    operation: int
    count: int
    limits: tuple[int, ...]
    words: tuple[str | None, ...]
    rest: bytes
    kinds: tuple[str, ...]

    def data(self, marker: Path) -> bytes:
        head = REQUEST.pack(NONCE, self.operation, self.count, *self.limits)
        words = (str(marker) if word is None else word for word in self.words)
        return head + b"".join(word.encode() + b"\0" for word in words) + self.rest

    def expected(self, size: int) -> str:
        if size < REQUEST.size or size >= 65536 or len(self.kinds) > 4:
            return "end"
        if self.operation == Operation.KILL:
            return "nothing"
        if self.operation in (Operation.FETCH, Operation.EMPTY):
            return "answer"
        if self.operation != Operation.RUN or len(self.kinds) != 3:
            return "end"
        strings = len(self.words) + (self.rest.count(b"\0") + (not self.rest.endswith(b"\0")))
        strings -= not self.rest
        return "answer" if 0 < self.count <= min(MAX_ARGUMENTS, strings) else "end"


NUMBERS = st.sampled_from([0, 1, 4096, 1_000_000, 1 << 30, (1 << 63) - 1, (1 << 64) - 1])
SMALL = st.sampled_from([0, 1, 3, 64, 300, (1 << 32) - 1])
WORDS = st.lists(
    st.sampled_from([TOUCH, None, "", "/", "/nonexistent", "missing", "../runner", "x" * 300]),
    max_size=4,
)
PACKETS = st.builds(
    Packet,
    operation=st.sampled_from([1, 1, 1, 2, 3, 4, 0, 5, 9, (1 << 32) - 1]),
    count=st.sampled_from([0, 1, 2, 3, MAX_ARGUMENTS, MAX_ARGUMENTS + 1, (1 << 32) - 1]),
    limits=st.builds(
        lambda many, few, kept: (*many, *few, kept, 0),
        st.lists(NUMBERS, min_size=6, max_size=6),
        st.lists(SMALL, min_size=2, max_size=2),
        st.sampled_from([0, 1, 2]),
    ),
    words=WORDS.map(tuple),
    rest=st.binary(max_size=40),
    kinds=st.lists(st.sampled_from(KINDS), max_size=5).map(tuple)
    | st.just(("pipe", "pipe", "pipe")),
)
ROOMY = (1_000_000, 5_000_000, 1 << 30, 0, 8 << 20, 1 << 20, 0, 64, 0, 0)


class Runner:
    """One that serves outside of a box, as an ordinary user where we are root."""

    def __init__(self, judge: Judge, folder: Path) -> None:
        self.folder = folder
        self.scratch = folder / "scratch"
        self.scratch.mkdir()
        self.marker = self.folder / "marker"
        identity = judge.identity
        if identity.dropped:
            for place in (self.folder, self.scratch):
                os.chown(place, identity.uid, identity.gid)
        who: dict[str, Any] = (
            {"user": identity.uid, "group": identity.gid, "extra_groups": []}
            if identity.dropped
            else {}
        )
        self.control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self.process = subprocess.Popen(
                [judge._workplace.runner, "serve", "group", self.scratch, str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                env={},
                **who,
            )
        self.control.settimeout(PATIENCE_SECONDS)
        assert parse_answer(self.control.recv(1000), 0).status is Status.READY

    def answer(self, nonce: int) -> Answer | None:
        """None when the runner has ended, of its own will."""
        try:
            data = self.control.recv(1000)
        except ConnectionResetError:
            data = b""
        if data:
            return parse_answer(data, nonce)
        assert self.process.wait(PATIENCE_SECONDS) in (0, 2)
        return None

    def lives(self) -> bool:
        """It still answers a question, and that alone."""
        self.control.send(fetch_request(PROBE, "missing", 1))
        answer = self.answer(PROBE)
        return answer is not None and answer.status is Status.FAILED

    def close(self) -> None:
        self.control.close()
        try:
            assert self.process.wait(PATIENCE_SECONDS) in (0, 2)
        finally:
            self.process.kill()
            self.process.wait()


@contextlib.contextmanager
def descriptors(kinds: tuple[str, ...]) -> Iterator[list[int]]:
    """Open ones of these kinds, and whatever else they need to be open."""
    opened: list[int] = []
    sent: list[int] = []
    try:
        for kind in kinds:
            match kind:
                case "pipe":
                    pair = os.pipe()
                case "socket":
                    pair = tuple(end.detach() for end in socket.socketpair())
                case "epoll":
                    pair = (os.eventfd(0),)
                case _:
                    path = {"folder": "/", "file": "/proc/self/exe", "null": "/dev/null"}[kind]
                    pair = (os.open(path, os.O_RDONLY),)
            opened += pair
            sent.append(pair[-1])
        yield sent
    finally:
        for descriptor in opened:
            os.close(descriptor)


def try_runner(judge: Judge, packets: list[Packet]) -> None:
    folder = Path(tempfile.mkdtemp(dir=judge._workplace._root))
    folder.chmod(0o755)
    runner = Runner(judge, folder)
    try:
        for packet in packets:
            data = packet.data(runner.marker)
            expected = packet.expected(len(data))
            with descriptors(packet.kinds) as sent:
                socket.send_fds(runner.control, [data], sent)
            if expected == "answer":
                assert runner.answer(NONCE) is not None, packet
            if expected == "end":
                assert runner.answer(NONCE) is None, packet
                break
            asked_to = expected == "answer" and packet.operation == Operation.RUN
            if not (asked_to and packet.words[:1] == (TOUCH,)):
                assert not runner.marker.exists(), packet
            runner.marker.unlink(missing_ok=True)
            assert runner.lives(), packet
    finally:
        runner.close()
        shutil.rmtree(folder)


GOOD = Packet(Operation.RUN, 2, ROOMY, (TOUCH, None), b"", ("pipe",) * 3)


def test_a_packet_of_ours_is_run(judge: Judge) -> None:
    """So that nothing below passes because nothing is ever run."""
    folder = Path(tempfile.mkdtemp(dir=judge._workplace._root))
    folder.chmod(0o755)
    runner = Runner(judge, folder)
    try:
        with descriptors(GOOD.kinds) as sent:
            socket.send_fds(runner.control, [GOOD.data(runner.marker)], sent)
        answer = runner.answer(NONCE)
        assert answer is not None
        assert answer.measurement.exited
        assert runner.marker.exists()
    finally:
        runner.close()
        shutil.rmtree(folder)


@settings(max_examples=100, suppress_health_check=FIXTURES)
@given(packets=st.lists(PACKETS, min_size=1, max_size=4))
@example(packets=[GOOD, GOOD])
def test_the_runner_with_any_packets(judge: Judge, packets: list[Packet]) -> None:
    try_runner(judge, packets)


@pytest.mark.hostile
@settings(max_examples=600, suppress_health_check=FIXTURES)
@given(packets=st.lists(PACKETS, min_size=1, max_size=6))
def test_the_runner_with_many_packets(judge: Judge, packets: list[Packet]) -> None:
    try_runner(judge, packets)


@settings(max_examples=40, suppress_health_check=FIXTURES)
@given(
    data=st.binary(max_size=200),
    kinds=st.lists(st.sampled_from(KINDS), max_size=5).map(tuple),
)
def test_the_runner_with_any_bytes(judge: Judge, data: bytes, kinds: tuple[str, ...]) -> None:
    """Too few for a request, or with numbers that chance has chosen."""
    folder = Path(tempfile.mkdtemp(dir=judge._workplace._root))
    folder.chmod(0o755)
    runner = Runner(judge, folder)
    try:
        with descriptors(kinds) as sent:
            socket.send_fds(runner.control, [data], sent)
        if len(data) < REQUEST.size or len(kinds) > 4:
            assert runner.answer(NONCE) is None
    finally:
        runner.close()
        shutil.rmtree(folder)


class Gone:
    """In the place of a launcher that has ended."""

    pid = 0
    stderr = None

    def wait(self, timeout: float | None = None) -> int:
        return 0

    def poll(self) -> int:
        return 0


def descriptors_open() -> int:
    return psutil.Process().num_fds()


ANSWERS = st.binary(max_size=100) | st.builds(
    ANSWER.pack,
    st.sampled_from([NONCE, NONCE, NONCE, 0]),
    st.integers(0, 5),
    *[st.sampled_from([0, 1, 2, 9, 255, 256, 4096, (1 << 32) - 1])] * 5,
    *[st.sampled_from([0, 1, 1 << 20, 1 << 49, 1 << 50, (1 << 64) - 1])] * 4,
)
RUN = Run(
    argv=["/box/program"],
    input=b"x" * 100_000,
    output_bytes=1000,
    limits=RunLimits(
        cpu_us=1, wall_us=1, memory=1, address_space=1, stack=1, file_size=1, processes=1, files=1
    ),
)


@settings(max_examples=200, suppress_health_check=FIXTURES)
@given(
    data=ANSWERS,
    kinds=st.lists(st.sampled_from(KINDS), max_size=5).map(tuple),
    is_fetch=st.booleans(),
)
def test_the_worker_with_any_answer(
    judge: Judge, tmp_path: Path, data: bytes, kinds: tuple[str, ...], is_fetch: bool
) -> None:
    settle(judge)
    before = descriptors_open()
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    folder = Path(tempfile.mkdtemp(dir=tmp_path))
    box = Box(
        Gone(),  # type: ignore[arg-type]
        ours,
        folder=folder,
        inside="/box",
        scratch="/tmp",
        owner=None,
        group=Group("none", {}, []),  # type: ignore[arg-type]
    )
    with theirs, descriptors(kinds) as sent:
        socket.send_fds(theirs, [data], sent)
        with patch("secrets.randbits", return_value=NONCE), contextlib.suppress(BoxDied):
            if is_fetch:
                found = box.fetch("program", 1 << 30)
                assert found is None or kinds[0] == "file"
                if found is not None:
                    os.close(found)
            else:
                answer, captured = box.run(RUN)
                assert (captured.output, captured.stderr) == (b"", b"")
                assert ANSWER.unpack(data)[0] == NONCE
                assert answer.measurement.code <= 255
        box.close()
    assert descriptors_open() <= before
