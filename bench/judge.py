"""What the sandbox costs: a submission of 20 tests in a box against the same program started bare.

The bare side is the least that can be done: pipes, `posix_spawn`, feed, read to the end, wait. In
the box the time runs from the end of a first test to the end of the twenty-first, so compiling and
opening are excluded and feeding, reading, checking and cleaning are not. Both sides take turns, and
the median of single starts is compared, so that another program's burst does not decide.
"""

from __future__ import annotations

import os
import subprocess
import tempfile
import time
from itertools import pairwise
from pathlib import Path
from statistics import median

import psutil

from algoitny.judge import Case, Judge, Limits, open_judge
from algoitny.judge.languages import fill
from bench.figure import Figure, middle, report

TESTS = 20
ROUNDS = 25
MB = 1_000_000
GIVEN, ANSWER = b"3 4\n", b"7\n"
C = """#include <stdio.h>
int main(void) { int a, b; scanf("%d %d", &a, &b); printf("%d\\n", a + b); }
"""
PYTHON = "a, b = map(int, input().split())\nprint(a + b)\n"


def bare(argv: list[str]) -> None:
    """Start a program with pipes for its streams, and collect what it prints."""
    stdin, to_program = os.pipe2(os.O_CLOEXEC)
    from_program, stdout = os.pipe2(os.O_CLOEXEC)
    from_stderr, stderr = os.pipe2(os.O_CLOEXEC)
    actions = [(os.POSIX_SPAWN_DUP2, end, n) for n, end in enumerate((stdin, stdout, stderr))]
    pid = os.posix_spawn(argv[0], argv, {}, file_actions=actions)
    for descriptor in (stdin, stdout, stderr):
        os.close(descriptor)
    os.write(to_program, GIVEN)
    os.close(to_program)
    said = b""
    while data := os.read(from_program, 65536):
        said += data
    while os.read(from_stderr, 65536):
        pass
    os.close(from_program)
    os.close(from_stderr)
    os.wait4(pid, 0)
    if said != ANSWER:
        raise SystemExit(f"{argv} said {said!r}")


def bare_seconds(argv: list[str]) -> list[float]:
    """Of each of as many starts as a submission has tests."""
    ends = [time.perf_counter()]
    for _ in range(TESTS):
        bare(argv)
        ends.append(time.perf_counter())
    return [later - earlier for earlier, later in pairwise(ends)]


def boxed_seconds(judge: Judge, language: str, source: str) -> list[float]:
    """Of each test of one submission but its first."""
    ends: list[float] = []
    cases = [Case(name=str(n), input=GIVEN, answer=ANSWER) for n in range(TESTS + 1)]
    judgement = judge.judge(
        language,
        source,
        cases,
        limits=Limits(),
        on_test=lambda _index, _result: ends.append(time.perf_counter()),
    )
    if judgement.verdict != "AC":
        raise SystemExit(f"{language}: {judgement}")
    return [later - earlier for earlier, later in pairwise(ends)]


def compare(judge: Judge, language: str, source: str, argv: list[str], bar: float) -> Figure:
    bare_seconds(argv)
    boxed_seconds(judge, language, source)
    in_box: list[float] = []
    outside: list[float] = []
    ratios = []
    for _ in range(ROUNDS):
        out, inside = bare_seconds(argv), boxed_seconds(judge, language, source)
        ratios.append(median(inside) / median(out))
        outside += out
        in_box += inside
    return Figure(
        what=f"{TESTS} tests of a {language} program in a box, against starting it bare",
        value=float(f"{median(in_box) / median(outside):.3g}"),
        unit="×",
        samples=ratios,
        bar=bar,
        peer=f"bare, {1000 * median(outside):.2f} ms a start",
        peer_value=1.0,
    )


def throughput(judge: Judge, language: str, source: str, bar: float | None) -> Figure:
    """Whole submissions, compiling and opening included, one after the other."""
    cases = [Case(name=str(n), input=GIVEN, answer=ANSWER) for n in range(TESTS)]
    samples = []
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        judge.judge(language, source, cases, limits=Limits())
        samples.append(1 / (time.perf_counter() - begun))
    return Figure(
        what=f"{language} submissions of {TESTS} tests judged by one worker, compiled each time",
        value=middle(samples),
        unit="a second",
        samples=samples,
        bar=bar,
        more_is_better=True,
    )


def opening(judge: Judge) -> list[Figure]:
    """What opening ahead of need hides, and what a box that waits takes."""
    samples, resident = [], []
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        box = judge.open_box("test")
        samples.append(1000 * (time.perf_counter() - begun))
        inside = [psutil.Process(box.pid), *psutil.Process(box.pid).children(recursive=True)]
        resident.append(sum(process.memory_info().rss for process in inside) / MB)
        box.close()
    return [
        Figure(what="opening a box", value=middle(samples), unit="ms", samples=samples),
        Figure(what="memory of a box that waits", value=middle(resident), unit="MB", bar=10),
    ]


def compiled(judge: Judge, folder: Path) -> str:
    """The C program as the judge compiles it, outside any box."""
    language, tool = judge.languages.get("c"), judge.languages.tool("c")
    source, program = folder / language.source, folder / "program"
    source.write_text(C)
    values = {
        "tool": tool.path,
        "source": str(source),
        "artifact": str(program),
        "static": "-static" if tool.is_static else "",
    }
    subprocess.run(fill(language.compile, values), check=True)
    return str(program)


def main() -> None:
    with (
        tempfile.TemporaryDirectory() as folder,
        open_judge(scratch_dir=Path(folder) / "judge", sandbox="bubblewrap") as judge,
    ):
        program = compiled(judge, Path(folder))
        python = [judge.languages.tool("python3").path, "-I", "-S", "-B"]
        script = Path(folder) / "main.py"
        script.write_text(PYTHON)
        report(
            [
                compare(judge, "c", C, [program], 1.15),
                compare(judge, "python3", PYTHON, [*python, str(script)], 0.3),
                throughput(judge, "c", C, None),
                throughput(judge, "python3", PYTHON, 20),
                *opening(judge),
            ]
        )


if __name__ == "__main__":
    main()
