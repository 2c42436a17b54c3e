"""What the runner enforces on a test: a problem's limits as they hold for a language."""

from __future__ import annotations

from algoitny.judge.languages import Language
from algoitny.judge.protocol import RunLimits
from algoitny.judge.records import MIB, Limits
from algoitny.judge.sandbox import TEST_SCRATCH

OPEN_FILES = 64
ARENA = 128 * MIB
"""Address space that the C library sets aside for each thread that allocates; not used."""


def effective_limits(language: Language, limits: Limits) -> Limits:
    """A problem's limits as they hold for a language."""
    factor = language.time_factor
    return Limits(
        time_ms=round(limits.time_ms * factor),
        memory_mb=max(limits.memory_mb, language.memory_floor_mb),
        wall_ms=None if limits.wall_ms is None else round(limits.wall_ms * factor),
        output_bytes=limits.output_bytes,
        processes=limits.processes + language.extra_processes,
        excerpt_bytes=limits.excerpt_bytes,
    )


def run_limits(language: Language, limits: Limits, *, keep_scratch: bool = False) -> RunLimits:
    """Of one test; `limits` are effective ones."""
    memory = (limits.memory_mb + language.memory_extra_mb) * MIB
    # Less than the memory limit: endless recursion is a crash, not sometimes a memory error.
    stack = language.stack_mb * MIB or memory - memory // 8
    return RunLimits(
        cpu_us=limits.time_ms * 1000,
        wall_us=limits.effective_wall_ms * 1000,
        memory=memory,
        # A backstop only: what counts is what is resident.
        address_space=2 * memory + 64 * MIB + limits.processes * (stack + ARENA)
        if language.address_space
        else 0,
        stack=stack,
        file_size=TEST_SCRATCH,
        processes=limits.processes,
        files=OPEN_FILES,
        keep_scratch=keep_scratch,
    )
