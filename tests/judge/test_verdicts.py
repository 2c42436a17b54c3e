"""Verdicts of measurements: which one counts when several hold."""

from __future__ import annotations

import pytest

from algoitny.domain.verdict import Verdict
from algoitny.judge import Limits
from algoitny.judge.records import MIB, Killed, Measurement
from algoitny.judge.verdicts import classify, describe_end

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
    return found[0] if found else None


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
    ],
)
def test_words(run: Measurement, words: str) -> None:
    assert describe_end(run) == words


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
