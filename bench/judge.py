"""What the sandbox costs: a submission of 20 tests in a box against the same program started bare.

The bare side is the least that can be done: pipes, `posix_spawn`, feed, read to the end, wait. In
the box the time runs from the end of a first test to the end of the twenty-first, so compiling and
opening are excluded and feeding, reading, checking and cleaning are not; for Python that leaves out
the start of the interpreter that a box holds, which throughput has in it; and one processor is
used, because several would hide what a test costs. Both sides take turns,
and the median of single starts is compared, so that another program's burst does not decide.
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
from algoitny.judge.languages import fill, run_command
from algoitny.judge.sandbox import TEST, prepared_kind
from bench.figure import Figure, middle, report

TESTS = 20
ROUNDS = 25
LONG_TESTS, LONG_ROUNDS = 10, 5
FEW = 5
"""Rounds where a start takes a tenth of a second."""
MB = 1_000_000
CACHE_BYTES = 100 * MB
GIVEN, ANSWER = b"3 4\n", b"7\n"
C = """#include <stdio.h>
int main(void) { int a, b; scanf("%d %d", &a, &b); printf("%d\\n", a + b); }
"""
LONG = "import time\nwhile time.process_time() < 0.1: pass\n"
PYTHON = "a, b = map(int, input().split())\nprint(a + b)\n"
JAVA = """import java.util.Scanner;
public class Main {
    public static void main(String[] args) {
        Scanner in = new Scanner(System.in);
        System.out.println(in.nextInt() + in.nextInt());
    }
}
"""
JAVASCRIPT = """const [a, b] = require("fs").readFileSync(0, "utf8").split(" ").map(Number);
console.log(a + b);
"""


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


def compare(
    judge: Judge,
    language: str,
    source: str,
    argv: list[str],
    bar: float,
    rounds: int = ROUNDS,
) -> Figure:
    bare_seconds(argv)
    boxed_seconds(judge, language, source)
    in_box: list[float] = []
    outside: list[float] = []
    ratios = []
    for _ in range(rounds):
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


def throughput(
    judge: Judge, language: str, source: str, bar: float | None, *, is_known: bool = False
) -> Figure:
    """Whole submissions, opening included, one after the other; each another source unless it is
    one that was compiled before."""
    cases = [Case(name=str(n), input=GIVEN, answer=ANSWER) for n in range(TESTS)]
    comment = "#" if language == "python3" else "//"
    samples = []
    for number in range(ROUNDS + 1):
        begun = time.perf_counter()
        text = f"{source}{comment} {0 if is_known else number}"
        judgement = judge.judge(language, text, cases, limits=Limits())
        if number:
            samples.append(1 / (time.perf_counter() - begun))
            if judgement.compile.is_known is not is_known:
                raise SystemExit(f"{language}: {judgement.compile}")
    compiled = "compiled before" if is_known else "compiled each time"
    return Figure(
        what=f"{language} submissions of {TESTS} tests judged by one worker, {compiled}",
        value=middle(samples),
        unit="a second",
        samples=samples,
        bar=bar,
        more_is_better=True,
    )


def at_once(alone: Judge, shared: Judge) -> Figure:
    """What more processors than one do for a submission whose tests take their time."""
    cases = [Case(name=str(n), input=b"", answer=b"") for n in range(LONG_TESTS)]
    seconds: dict[Judge, list[float]] = {alone: [], shared: []}
    for _ in range(LONG_ROUNDS):
        for judge, samples in seconds.items():
            begun = time.perf_counter()
            judge.judge("python3", LONG, cases, limits=Limits())
            samples.append(time.perf_counter() - begun)
    return Figure(
        what=f"a submission of {LONG_TESTS} tests of 0.1 s with {os.cpu_count()} processors",
        value=float(f"{median(seconds[shared]) / median(seconds[alone]):.3g}"),
        unit="×",
        samples=[with_all / one for one, with_all in zip(*seconds.values(), strict=True)],
        peer=f"with one, {median(seconds[alone]):.2f} s",
        peer_value=1.0,
    )


def opening(judge: Judge, kind: str) -> list[Figure]:
    """What opening ahead of need hides, and what a box that waits takes."""
    samples, resident = [], []
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        box = judge.open_box(kind)
        samples.append(1000 * (time.perf_counter() - begun))
        inside = [psutil.Process(box.pid), *psutil.Process(box.pid).children(recursive=True)]
        resident.append(sum(process.memory_full_info().pss for process in inside) / MB)
        box.close()
    return [
        Figure(what=f"opening a {kind} box", value=middle(samples), unit="ms", samples=samples),
        Figure(what=f"memory of a waiting {kind} box", value=middle(resident), unit="MB", bar=10),
    ]


def started(judge: Judge, name: str, source: str, folder: Path) -> list[str]:
    """The command of a test, for a program that was compiled as the judge does it but in no box."""
    language, tool = judge.languages.get(name), judge.languages.tool(name)
    place = folder / name
    place.mkdir()
    for file, content in (*language.contents, (language.source, source.encode())):
        (place / file).write_bytes(content)
    values = {
        **tool.programs,
        "source": str(place / language.source),
        "artifact": str(place / language.program),
        "static": "-static" if tool.is_static else "",
        "box": str(place),
    }
    subprocess.run(fill(language.compile, values), check=True)
    memory = max(Limits().memory_mb, language.memory_floor_mb)
    return run_command(language, tool, inside=str(place), scratch=str(folder), memory_mb=memory)


def main() -> None:
    with (
        tempfile.TemporaryDirectory() as folder,
        open_judge(scratch_dir=Path(folder) / "one", sandbox="bubblewrap", cores=1) as judge,
        open_judge(
            scratch_dir=Path(folder) / "all", sandbox="bubblewrap", cache_bytes=CACHE_BYTES
        ) as whole,
    ):
        installed = judge.languages.tools()
        python = [judge.languages.tool("python3").path, "-I", "-S", "-B"]
        script = Path(folder) / "main.py"
        script.write_text(PYTHON)
        figures = [
            compare(judge, "c", C, started(judge, "c", C, Path(folder)), 1.15),
            compare(judge, "python3", PYTHON, [*python, str(script)], 0.3),
            *(
                compare(judge, name, text, started(judge, name, text, Path(folder)), 1.1, FEW)
                for name, text in (("java", JAVA), ("javascript", JAVASCRIPT))
                if name in installed
            ),
            throughput(whole, "c", C, None),
            throughput(whole, "c", C, None, is_known=True),
            throughput(whole, "python3", PYTHON, 20),
            throughput(whole, "python3", PYTHON, None, is_known=True),
            at_once(judge, whole),
            *opening(judge, TEST),
            *opening(judge, prepared_kind(judge.languages.get("python3"))),
            Figure(
                what="memory of the process that judges",
                value=middle([psutil.Process().memory_full_info().pss / MB]),
                unit="MB",
            ),
        ]
        report(figures)


if __name__ == "__main__":
    main()
