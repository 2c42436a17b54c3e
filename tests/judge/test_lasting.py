"""A judge that lasts: thousands of submissions leave nothing, and runners that are killed at any
moment make no verdict wrong."""

from __future__ import annotations

import os
import random
import threading
import time
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from algoitny.domain.errors import JudgeFailure
from algoitny.domain.verdict import Verdict
from algoitny.judge import Judge, Limits, open_judge
from tests.judge.conftest import cases
from tests.judge.settling import Own, has_grown, settle
from tests.judge.test_box import mounts, runners_of

pytestmark = pytest.mark.service

LIMITS = Limits(time_ms=5000, wall_ms=60_000, memory_mb=64, output_bytes=10_000)
SOURCES = [
    ("python3", "print(sum(map(int, input().split())))", Verdict.AC),
    ("python3", "import os, signal\nif os.fork() == 0: signal.pause()\nprint(3)", Verdict.AC),
    ("python3", "print(sum(map(int, input().split())) - 1)", Verdict.WA),
    ("python3", "print(3", Verdict.CE),
    ("python3", "raise ValueError", Verdict.RTE),
    ("python3", "while True: print('x' * 9999)", Verdict.OLE),
    ("python3", "for i in range(100): open(f'/tmp/{i}', 'w')\nprint(3)", Verdict.AC),
    ("python3", "x = bytearray(90 << 20)\nprint(3)", Verdict.MLE),
    ("c", '#include <stdio.h>\nint main(void) { puts("3"); return %d; }', Verdict.AC),
]
MEMORY = 16 << 20
"""By which the worker may grow in thousands of submissions: caches and the allocator, no leak."""


def holdings(own: Own, judge: Judge) -> dict[str, int]:
    cgroups = judge._sandbox._cgroups
    return {
        "processes": own.processes(),
        "descriptors": own.descriptors(),
        "threads": own.threads(),
        "mounts": mounts(),
        "control groups": sum(
            len(list(folder.glob(f"{cgroups._prefix}-*"))) for folder in cgroups.folders
        ),
        "files": len(list(judge._workplace._own.iterdir())),
        "resident": psutil.Process().memory_info().rss,
    }


def judge_many(judge: Judge, count: int) -> None:
    """Of all kinds in turn, ends by force among them; those that compile now and then."""
    for number in range(count):
        kind = number % len(SOURCES) if number % 7 == 0 else number % 2 * 2
        language, source, verdict = SOURCES[kind]
        source = source.replace("%d", f"0 * {number}")
        found = judge.judge(language, source, cases(*[(b"1 2", b"3")] * 2), limits=LIMITS)
        assert found.verdict is verdict, found


@pytest.mark.parametrize("count", [30, pytest.param(2000, marks=pytest.mark.hostile)])
def test_nothing_grows(judge: Judge, tmp_path: Path, count: int) -> None:
    # The boxes of other tests' judge are children of this process too.
    settle(judge)
    own = Own()
    with open_judge(scratch_dir=tmp_path, sandbox="bubblewrap") as opened:
        judge_many(opened, 20 if count < 100 else 200)
        settle(opened)
        before = holdings(own, opened)
        judge_many(opened, count)
        settle(opened)
        after = holdings(own, opened)
    print(f"\nafter {count} more submissions: {before} -> {after}")
    grown = after.pop("resident") - before.pop("resident")
    assert not has_grown(list(before.values()), list(after.values())), (before, after)
    assert grown < MEMORY


@pytest.mark.alone
@pytest.mark.parametrize("kills", [20, pytest.param(80, marks=pytest.mark.hostile)])
def test_runners_killed_at_any_moment(tmp_path: Path, kills: int) -> None:
    """While they wait, compile, run, end: the verdict is the right one, or there is none."""
    chance = random.Random(kills)
    over = threading.Event()
    judged, failed = 0, 0
    with open_judge(scratch_dir=tmp_path, sandbox="bubblewrap") as judge:
        began = time.monotonic()
        judge.judge("c", SOURCES[8][1] % 0, cases((b"1 2", b"3")), limits=Limits())
        # So that most submissions see a kill, and some see none, on a slow machine too.
        pace = max(1 / 3, 2 * (time.monotonic() - began))

        def kill() -> None:
            try:
                for _ in range(kills):
                    over.wait(chance.random() * pace)
                    # One that ends by itself at this very moment is none to be killed.
                    with suppress(psutil.NoSuchProcess):
                        found = runners_of(os.getpid())
                        for runner in chance.sample(found, min(1, len(found))):
                            runner.kill()
            finally:
                over.set()

        killer = threading.Thread(target=kill)
        killer.start()
        try:
            number = 0
            while not over.is_set():
                number += 1
                language, source, verdict = SOURCES[(0, 2, 4, 8)[number % 4]]
                source = source.replace("%d", f"0 * {number}")
                try:
                    found = judge.judge(
                        language, source, cases(*[(b"1 2", b"3")] * 3), limits=Limits()
                    )
                except JudgeFailure:
                    failed += 1
                else:
                    judged += 1
                    assert found.verdict is verdict, found
        finally:
            over.set()
            killer.join()
        language, source, verdict = SOURCES[0]
        last = judge.judge(language, source, cases((b"1 2", b"3")), limits=Limits())
    print(f"\n{kills} runners killed: {judged} judged rightly, {failed} not judged")
    assert judged
    assert last.verdict is Verdict.AC
