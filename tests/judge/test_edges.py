"""The edges of outputs, in the real sandbox: one program for all of them, which writes what its
input asks for. What checkers make of other texts is tested without a sandbox."""

from __future__ import annotations

import pytest

from algoitny.domain.verdict import Verdict
from algoitny.judge import Case, Judge, Limits

pytestmark = pytest.mark.service

WRITER = """
import os
what, count = input().split()
data = bytes.fromhex(what) * int(count)
while data:
    data = data[os.write(1, data):]
"""
AC, WA, PE = Verdict.AC, Verdict.WA, Verdict.PE
BOM = b"\xef\xbb\xbf"

EDGES: dict[str, list[tuple[bytes, bytes, Verdict]]] = {
    "tokens": [
        (b"", b"", AC),
        (b"", b"\n", AC),
        (b"\n", b"", AC),
        (b"", b"0", WA),
        (b"0", b"", WA),
        (b"3", b"3\n", AC),
        (b"3\n", b"3", AC),
        (b"3\r\n4\r\n", b"3\n4\n", AC),
        (b"3\n4\n", b"3\r\n4\r\n", AC),
        (b"3   \n\n\n", b"3", AC),
        (b"3\t4\x0b5\x0c6", b"3 4 5 6", AC),
        ("3\u00a04".encode(), b"3 4", WA),
        ("3\u30004".encode(), b"3 4", WA),
        (b"3\x004", b"3 4", WA),
        (b"3\x00", b"3", WA),
        (b"3\x1c4", b"3 4", WA),
        (BOM + b"3", b"3", WA),
        (b"3", BOM + b"3", WA),
        (b"\xff\xfe", b"\xff\xfe\n", AC),
        (b"\xff", b"\xfe", WA),
        (b"\xc3", "é".encode(), WA),
        ("é漢😀".encode(), "é漢😀\n".encode(), AC),
        (b"1e3", b"1000", WA),
        (b"+5", b"5", WA),
        (b"05", b"5", WA),
        (b"-0", b"0", WA),
    ],
    "exact": [
        (b"", b"", AC),
        (b"3", b"3\n", WA),
        (b"3\r\n", b"3\n", WA),
        (b"\x00\xff\x0c", b"\x00\xff\x0c", AC),
    ],
    "lines": [
        (b"3\r\n4\r\n", b"3\n4\n", AC),
        (b"3 \t\n4\n\n", b"3\n4", AC),
        (b"3\n\n4", b"3\n4", WA),
        (b"3  4", b"3 4", WA),
    ],
    "lines presentation": [
        (b"3 4\n", b"3 4\n", AC),
        (b"3 4 \r\n\n", b"3 4\n", AC),
        (b"3\n4\n", b"3 4\n", PE),
        (b"3 5\n", b"3 4\n", WA),
    ],
    "floats": [
        (b"1e3", b"1000", AC),
        (b"+5 05 .5 5. -0", b"5 5 0.5 5 0", AC),
        (b"inf", b"inf", AC),
        (b"inf", b"1e308", WA),
        (b"nan", b"0", WA),
        (b"nan", b"nan", AC),
        (b"1_000", b"1000", WA),
        (b"0x10", b"16", WA),
        ("\u0665".encode(), b"5", WA),
        ("\u22125".encode(), b"-5", WA),
        (b"1,5", b"1.5", WA),
    ],
    "default float_tolerance 1e-6": [
        (b"YES 1e3 0x10", b"yes 1000 16", AC),
        (b"INF", b"inf", AC),
        (b"inf", b"1e308", WA),
        (BOM + b"1", b"1", WA),
    ],
}


@pytest.mark.parametrize("checker", EDGES)
def test_edges(judge: Judge, checker: str) -> None:
    edges = EDGES[checker]
    cases = [
        Case(
            name=repr(output),
            input=f"{output.hex() or '00'} {int(bool(output))}".encode(),
            answer=answer,
        )
        for output, answer, _ in edges
    ]
    judgement = judge.judge("python3", WRITER, cases, limits=Limits(), checker=checker)
    found = [(test.name, test.verdict) for test in judgement.tests]
    assert found == [(repr(output), verdict) for output, _, verdict in edges]
    assert [test.output for test in judgement.tests] == [output for output, _, _ in edges]


FIVE_MB = 5_000_000


@pytest.mark.parametrize(
    ("what", "count", "answer", "verdict"),
    [
        (b"x", FIVE_MB, b"x" * FIVE_MB + b"\n", Verdict.AC),
        (b"x", FIVE_MB, b"x" * (FIVE_MB - 1) + b"y", Verdict.WA),
        (b"7\n", FIVE_MB // 2, b"7 " * (FIVE_MB // 2), Verdict.AC),
        (b"\n", FIVE_MB, b"", Verdict.AC),
        (b"x", 16 << 20, b"x" * (16 << 20), Verdict.AC),
        (b"x", (16 << 20) + 1, b"x" * ((16 << 20) + 1), Verdict.OLE),
    ],
)
def test_large_outputs(
    judge: Judge, what: bytes, count: int, answer: bytes, verdict: Verdict
) -> None:
    case = Case(name="1", input=f"{what.hex()} {count}".encode(), answer=answer)
    judgement = judge.judge("python3", WRITER, [case], limits=Limits(time_ms=5000))
    assert judgement.verdict is verdict


ENDS = {
    "right, then an exit code": ("print(3)\nraise SystemExit(7)", Verdict.RTE, "exit code 7"),
    "right, then a signal": (
        "import os\nprint(3, flush=True)\nos.kill(os.getpid(), 9)",
        Verdict.RTE,
        "signal 9 (killed, but not by the judge)",
    ),
    "right, then for ever": (
        "print(3, flush=True)\nwhile True: pass",
        Verdict.TLE,
        "time limit of 200 ms exceeded",
    ),
    "right, then asleep": (
        "import time\nprint(3, flush=True)\ntime.sleep(60)",
        Verdict.ILE,
        "idle: not finished after 2000 ms, most of it waiting",
    ),
    "wrong and too slow": (
        "print(4, flush=True)\nwhile True: pass",
        Verdict.TLE,
        "time limit of 200 ms exceeded",
    ),
    "too slow, then an exit code": (
        "import time\nwhile time.process_time() < 0.26: pass\nraise SystemExit(1)",
        Verdict.TLE,
        "time limit of 200 ms exceeded",
    ),
    "too much memory, then an error": (
        "x = bytearray(100 << 20)\nraise ValueError",
        Verdict.MLE,
        "memory limit of 64 MiB exceeded",
    ),
    "too much memory and time": (
        "x = bytearray(100 << 20)\nwhile True: pass",
        Verdict.MLE,
        "memory limit of 64 MiB exceeded",
    ),
    "too much output, then an error": (
        "print('x' * 300_000)\nraise ValueError",
        Verdict.OLE,
        "output limit of 200000 bytes exceeded",
    ),
    "too much output and time": (
        "while True: print('x' * 1000)",
        Verdict.OLE,
        "output limit of 200000 bytes exceeded",
    ),
    "an error that says what": (
        "print(3)\n[1][int('1')]",
        Verdict.RTE,
        "exit code 1: IndexError: list index out of range",
    ),
    "a file that grows too large": (
        "import os, signal\nsignal.signal(25, signal.SIG_DFL)\nos.kill(os.getpid(), 25)",
        Verdict.RTE,
        "signal 25 (a file grew too large)",
    ),
    "output closed early": (
        "import os\nos.write(1, b'3')\nos.close(1)\nos._exit(0)",
        AC,
        "accepted",
    ),
    "input not read": ("print(3)", AC, "accepted"),
}


def test_ends(judge: Judge) -> None:
    """All in one submission, which does what its input names."""
    source = "import sys\nexec(compile(open(0).read(), 'part', 'exec'), {'__name__': 'part'})"
    cases = [
        Case(name=name, input=code.encode(), answer=b"3") for name, (code, _, _) in ENDS.items()
    ]
    limits = Limits(time_ms=200, wall_ms=2000, memory_mb=64, output_bytes=200_000)
    judgement = judge.judge("python3", source, cases, limits=limits)
    found = {test.name: (test.verdict, test.status) for test in judgement.tests}
    assert found == {name: (verdict, words) for name, (_, verdict, words) in ENDS.items()}
