"""Prepared interpreters: a program that a copy of one runs comes out as one that Python is started
for, and costs and learns no more."""

from __future__ import annotations

import ctypes
import platform
import re
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from algoitny.domain.errors import JudgeFailure
from algoitny.domain.verdict import Verdict
from algoitny.judge import Judge, Limits, examine, load_languages, open_judge
from algoitny.judge.box import Box, Run
from algoitny.judge.protocol import RunLimits, Status
from algoitny.judge.records import MIB
from algoitny.judge.sandbox import TEST, prepared_kind
from algoitny.judge.workplace import Workplace
from tests.judge.conftest import Submit, cases
from tests.judge.prepared_program import Program
from tests.judge.prepared_programs import FAMILIES

pytestmark = pytest.mark.service

LIMITS = RunLimits(
    cpu_us=20_000_000,
    wall_us=60_000_000,
    memory=512 * MIB,
    address_space=6 << 30,
    stack=64 * MIB,
    file_size=64 * MIB,
    processes=32,
    files=64,
)
PREPARED = prepared_kind(load_languages().get("python3"))
HIDDEN_SIGNAL = 32
BATCH = 40
BATCHES = [
    (family, at) for family, programs in FAMILIES.items() for at in range(0, len(programs), BATCH)
]


class BothWays:
    """A box of each kind, used for many programs."""

    def __init__(self, judge: Judge) -> None:
        self._judge = judge
        self._boxes: dict[str, Box] = {}
        self._command = [judge.languages.tool("python3").path, "-I", "-B", "/box/main.py"]

    def run(self, kind: str, program: Program) -> tuple[object, ...]:
        box = self._boxes.get(kind) or self._judge.open_box(kind)
        self._boxes[kind] = box
        (box.folder / "main.py").unlink(missing_ok=True)
        box.put("main.py", program.source)
        argv = () if box.is_prepared else self._command
        run = Run(argv=argv, input=program.given, limits=LIMITS, output_bytes=4 * MIB)
        answer, captured = box.run(run)
        assert answer.status is Status.DONE
        if not box.is_clean:
            self._boxes.pop(kind).close()
        end = answer.measurement
        return (
            end.exited,
            end.code,
            end.killed_for,
            steady(captured.output),
            steady(captured.stderr),
        )

    def differences(self, programs: list[Program]) -> list[str]:
        found = []
        for program in programs:
            plain, prepared = (self.run(kind, program) for kind in (TEST, PREPARED))
            if plain != prepared:
                text = program.source.decode(errors="replace")
                found.append(f"{text}\n  plain    {plain}\n  prepared {prepared}")
        return found

    def close(self) -> None:
        for box in self._boxes.values():
            box.close()


def steady(data: bytes) -> bytes:
    return re.sub(rb"0x[0-9a-f]{6,}", b"ADDRESS", data)


@pytest.fixture(scope="module")
def both(judge: Judge) -> Iterator[BothWays]:
    assert judge.prepared == {"python3": ""}
    opened = BothWays(judge)
    yield opened
    opened.close()


def test_there_are_enough_programs() -> None:
    assert sum(map(len, FAMILIES.values())) > 300


@pytest.mark.parametrize(("family", "at"), BATCHES)
def test_a_program_comes_out_the_same(both: BothWays, family: str, at: int) -> None:
    found = both.differences(FAMILIES[family][at : at + BATCH])
    assert not found, "\n".join(found)


SECRETS = """
import random, os, sys
print(hash("seed of the box"), random.random(), os.urandom(4).hex())
"""


def test_seeds(judge: Judge) -> None:
    """Hashes are a box's own, random numbers a test's own."""
    seen = [
        [
            tuple(test.output.split())
            for test in judge.judge(
                "python3", SECRETS, cases((b"", b""), (b"", b"")), limits=Limits()
            ).tests
        ]
        for _ in range(2)
    ]
    assert all(first[0] == second[0] for first, second in seen)
    assert seen[0][0][0] != seen[1][0][0]
    for column in (1, 2):
        assert len({test[column] for box in seen for test in box}) == 4


@pytest.mark.parametrize(("megabytes", "verdict"), [(61, Verdict.AC), (70, Verdict.MLE)])
@pytest.mark.parametrize("linger", [0, 1])
def test_the_step_to_too_much_memory(
    submit: Submit, megabytes: int, verdict: Verdict, linger: int
) -> None:
    """Within 110 % of the limit, the interpreter's own pages included."""
    source = (
        "import time\nfrom resource import *\nkept = []\n"
        f"while int(open('/proc/self/statm').read().split()[1]) < {megabytes} * 256:\n"
        f"    kept.append(bytes(1 << 18))\n    kept[-1] = bytearray(kept[-1])\n"
        f"time.sleep({linger} / 20)"
    )
    assert submit("python3", source, memory_mb=64).verdict is verdict


def test_processor_time_begins_with_the_program(both: BothWays) -> None:
    program = Program(b"import resource\nprint(resource.getrusage(0).ru_utime < .03)")
    assert both.run(PREPARED, program)[3] == b"True\n"


def test_the_first_of_a_box_is_like_the_last(both: BothWays) -> None:
    """What stands in memory does not depend on the tests before."""
    source = (
        b"import sys\nprint(sys.getallocatedblocks(), [id(m) for m in sys.modules.values()],"
        b" open('/proc/self/statm').read().split()[0])"
    )
    assert len({both.run(PREPARED, Program(source)) for _ in range(5)}) == 1


def test_a_machine_that_cannot_hold_an_interpreter(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: Workplace) -> Path:
        raise JudgeFailure("Nothing here compiles.")

    monkeypatch.setattr(Workplace, "library", fail)
    with open_judge(scratch_dir=tmp_path, sandbox="bubblewrap") as judge:
        assert judge.prepared == {"python3": "Nothing here compiles."}
        facts, _ = examine(judge)
        assert "each test starts it" in facts["prepared interpreters"]
        found = judge.judge("python3", "print(1)", cases((b"", b"1")), limits=Limits())
    assert found.verdict is Verdict.AC


def test_an_interpreter_that_does_not_take_the_library(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    library = tmp_path / "library"
    library.write_bytes(b"not one")
    library.chmod(0o755)
    monkeypatch.setattr(Workplace, "library", lambda _: library)
    with open_judge(scratch_dir=tmp_path, sandbox="bubblewrap") as judge:
        assert "sandbox cannot be opened" in judge.prepared["python3"]
        found = judge.judge("python3", "print(1)", cases((b"", b"1")), limits=Limits())
    assert found.verdict is Verdict.AC


@pytest.fixture
def ignored_below_the_c_library() -> Iterator[None]:
    """A signal that the C library keeps to itself is ignored here, as who starts a worker may have
    left it; children inherit that."""
    system = ctypes.CDLL(None, use_errno=True)
    call = {"x86_64": 13, "aarch64": 134}[platform.machine()]
    before = ctypes.create_string_buffer(32)
    ignored = ctypes.create_string_buffer(signal.SIG_IGN.to_bytes(8, sys.byteorder), 32)
    assert system.syscall(call, HIDDEN_SIGNAL, ignored, before, 8) == 0
    yield
    system.syscall(call, HIDDEN_SIGNAL, before, None, 8)


@pytest.mark.usefixtures("ignored_below_the_c_library")
def test_no_signal_reaches_the_interpreter_that_is_copied(judge: Judge) -> None:
    """A handler that it had kept, Python's own for SIGINT, would run in the tests after."""
    box = judge.open_box(PREPARED)
    try:
        (first,) = psutil.Process(box._process.pid).children()
        status = Path(f"/proc/{first.pid}/status").read_text()
        assert re.findall(r"Sig(?:Cgt|Ign|Blk):\s*(\w+)", status) == ["0" * 16] * 3
        box.put(
            "main.py",
            b"import os, signal\n"
            b"for number in signal.valid_signals():\n"
            b"    try: os.kill(1, number)\n"
            b"    except OSError: pass\n"
            b"print(signal.getsignal(signal.SIGINT) is signal.default_int_handler)\n",
        )
        run = Run(argv=(), input=b"", limits=LIMITS, output_bytes=1024)
        for _ in range(2):
            answer, captured = box.run(run)
            assert (answer.measurement.code, captured.output) == (0, b"True\n")
            assert not captured.stderr
    finally:
        box.close()
