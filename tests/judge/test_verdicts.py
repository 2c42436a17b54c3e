"""Verdicts of measurements: which one counts when several hold."""

from __future__ import annotations

import itertools
import signal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from algoitny.domain.verdict import Verdict
from algoitny.judge import Limits
from algoitny.judge.records import MIB, Killed, Measurement
from algoitny.judge.verdicts import classify, describe_end, uncaught_error

LIMITS = Limits(time_ms=1000, memory_mb=64, output_bytes=100)


def ended(
    *,
    exited: bool = True,
    code: int = 0,
    killed_for: Killed = Killed.NOT,
    cpu_us: int = 0,
    memory_bytes: int = 0,
) -> Measurement:
    return Measurement(
        exited=exited,
        code=code,
        killed_for=killed_for,
        cpu_us=cpu_us,
        wall_us=5,
        memory_bytes=memory_bytes,
    )


def verdict(
    run: Measurement, *, output_exceeded: bool = False, out_of_memory: bool = False
) -> Verdict | None:
    found = classify(run, LIMITS, output_exceeded=output_exceeded, out_of_memory=out_of_memory)
    return found.verdict if found else None


@pytest.mark.parametrize(
    ("run", "expected"),
    [
        (ended(), None),
        (ended(cpu_us=1_000_000), None),
        (ended(cpu_us=1_000_001), Verdict.TLE),
        (ended(memory_bytes=64 * MIB), None),
        (ended(memory_bytes=64 * MIB + 1), Verdict.MLE),
        (ended(code=1), Verdict.RTE),
        (ended(exited=False, code=11), Verdict.RTE),
        (ended(exited=False, code=9, killed_for=Killed.WALL), Verdict.ILE),
        (ended(exited=False, code=9, killed_for=Killed.CPU), Verdict.TLE),
        (ended(exited=False, code=9, killed_for=Killed.MEMORY), Verdict.MLE),
        (ended(exited=False, code=9, killed_for=Killed.PROCESSES), Verdict.RTE),
        (ended(exited=False, code=9, killed_for=Killed.CPU, memory_bytes=65 * MIB), Verdict.MLE),
        (ended(exited=False, code=9, killed_for=Killed.WALL, cpu_us=1_000_001), Verdict.TLE),
        (ended(code=1, cpu_us=1_000_001), Verdict.TLE),
    ],
)
def test_precedence(run: Measurement, expected: Verdict | None) -> None:
    assert verdict(run) is expected


CAUSES = {
    "output": Verdict.OLE,
    "memory": Verdict.MLE,
    "memory said": Verdict.MLE,
    "time": Verdict.TLE,
    "wall": Verdict.ILE,
    "exit": Verdict.RTE,
}
"""In order of precedence."""


@pytest.mark.parametrize("size", [0, 1, 2, 3])
def test_of_several_causes_the_first_counts(size: int) -> None:
    for causes in itertools.combinations(CAUSES, size):
        killed = Killed.WALL if "wall" in causes else Killed.NOT
        run = ended(
            exited=killed is Killed.NOT,
            code=9 if killed else int(bool({"exit", "memory said"} & set(causes))),
            killed_for=killed,
            cpu_us=1_000_001 if "time" in causes else 0,
            memory_bytes=64 * MIB + 1 if "memory" in causes else 0,
        )
        found = verdict(
            run, output_exceeded="output" in causes, out_of_memory="memory said" in causes
        )
        assert found is next((CAUSES[cause] for cause in causes), None), causes


def test_a_program_that_raises_a_signal_of_a_limit_is_not_over_it() -> None:
    """Or it could choose its verdict."""
    for number in (signal.SIGXCPU, signal.SIGXFSZ, signal.SIGKILL):
        assert verdict(ended(exited=False, code=number)) is Verdict.RTE


def test_too_much_output_comes_first() -> None:
    everything = ended(exited=False, code=9, cpu_us=2_000_000, memory_bytes=65 * MIB)
    assert verdict(everything, output_exceeded=True) is Verdict.OLE


def test_a_program_that_says_it_got_no_memory() -> None:
    assert verdict(ended(code=1), out_of_memory=True) is Verdict.MLE
    assert verdict(ended(), out_of_memory=True) is None, "it may say what it likes when it succeeds"


@pytest.mark.parametrize(
    ("run", "words"),
    [
        (ended(code=1), "exit code 1"),
        (ended(exited=False, code=11), "signal 11 (segmentation fault)"),
        (ended(exited=False, code=200), "signal 200"),
        (ended(exited=False, code=6), "signal 6 (aborted)"),
        (
            ended(exited=False, code=8),
            "signal 8 (arithmetic error, such as a division by zero)",
        ),
        (ended(exited=False, code=9), "signal 9 (killed, but not by the judge)"),
        (ended(exited=False, code=25), "signal 25 (a file grew too large)"),
        (ended(exited=False, code=31), "signal 31 (forbidden system call)"),
        (ended(code=126), "exit code 126 (a command could not be executed)"),
        (ended(code=127), "exit code 127 (a command was not found)"),
        (ended(code=139), "exit code 139"),
    ],
)
def test_words(run: Measurement, words: str) -> None:
    assert describe_end(run) == words


TRACEBACK = "Traceback (most recent call last):"


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ([TRACEBACK, '  File "/box/main.py", line 1', "ValueError: no 'x'"], "ValueError: no 'x'"),
        (
            [
                *("mine", TRACEBACK, '  File "x"', "KeyError: 1", ""),
                *("During handling of the above exception, another exception occurred:", ""),
                *(TRACEBACK, '  File "y"', "    ^^^", "__main__.Odd", "and a note"),
            ],
            "__main__.Odd",
        ),
        (
            [
                "terminate called after throwing an instance of 'std::out_of_range'",
                "  what():  vector::_M_range_check",
            ],
            "std::out_of_range: vector::_M_range_check",
        ),
        (["terminate called after throwing an instance of 'int'", ""], "int"),
        (
            ['Exception in thread "main" java.lang.ArithmeticException: / by zero', "\tat Main"],
            "java.lang.ArithmeticException: / by zero",
        ),
        (
            ["/box/main.js:1", "null.x", "     ^", "", "TypeError: Cannot read", "    at x"],
            "TypeError: Cannot read",
        ),
        (
            ["", "thread 'main' panicked at main.rs:2:5:", "out of bounds", "note: x"],
            "out of bounds",
        ),
        (["panic: out of range [3]", "", "goroutine 1"], "out of range [3]"),
        (["just words", "of mine: Error"], ""),
        ([], ""),
        (["ValueError: " + "x" * 4000], "ValueError: " + "x" * 187 + "…"),
        (["OSError: \x1b[31m\tred\x07"], "OSError: [31m red"),
    ],
)
def test_an_uncaught_error_is_told(lines: list[str], words: str) -> None:
    complaint = "\n".join(lines)
    assert uncaught_error(complaint) == words
    ruling = classify(
        ended(code=1), LIMITS, output_exceeded=False, out_of_memory=False, complaint=complaint
    )
    assert ruling is not None
    assert ruling.status == (f"exit code 1: {words}" if words else "exit code 1")


@given(st.text(alphabet="Traceback Error.:\n(most)'x what():", max_size=400))
def test_what_is_told_is_one_short_line(complaint: str) -> None:
    words = uncaught_error(f"Traceback (most recent call last):\n{complaint}")
    assert len(words) <= 200
    assert words.isprintable()


@pytest.mark.parametrize(
    "wrong",
    [{"time_ms": 0}, {"memory_mb": 0}, {"wall_ms": 0}, {"output_bytes": 0}, {"processes": -1}],
)
def test_limits_are_positive(wrong: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="positive"):
        Limits(**wrong)


def test_the_wall_limit_follows_the_time_limit() -> None:
    assert Limits(time_ms=2000).effective_wall_ms == 5000
    assert Limits(time_ms=2000, wall_ms=7).effective_wall_ms == 7
