"""Control groups: what the kernel holds and counts for a box, and judging without them."""

from __future__ import annotations

import ctypes
import os
import platform
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from algoitny.domain.errors import JudgeFailure
from algoitny.domain.verdict import Verdict
from algoitny.judge import Judge, Judgement, Limits, cgroup, open_judge
from algoitny.judge.box import Run
from algoitny.judge.cgroups import SAMPLED, Cgroups, find_places, remove_abandoned
from algoitny.judge.exchange import BoxDied
from algoitny.judge.protocol import RunLimits
from algoitny.judge.records import MIB, Killed
from algoitny.judge.sandbox import TEST
from tests.judge.conftest import cases
from tests.judge.settling import settle
from tests.waiting import wait_until

pytestmark = pytest.mark.service

needs_groups = pytest.mark.skipif(
    len(find_places()) < 3,
    reason="no control groups to divide; run it as root on cgroup v1, or with systemd's Delegate=",
)

KCMP = {"x86_64": 312}.get(platform.machine(), 272)

USE = """
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
int main(void) {
    long mb;
    if (scanf("%ld", &mb) != 1) return 1;
    char *p = malloc(mb << 20);
    memset(p, 1, mb << 20);
    printf("%d\\n", p[mb]);
}
"""
USE_PYTHON = "x = bytearray(b'1') * (int(input()) << 20)\nprint(1)\n"

UNHEARD_CHILDREN = """
import os, signal, time
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
for _ in range(50):
    if os.fork() == 0:
        while time.process_time() < 0.01: pass
        os._exit(0)
    try: os.wait()
    except ChildProcessError: pass
"""
TWO_AS_ONE = """
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
int main(void) {
    char *p = malloc(40 << 20);
    memset(p, 1, 40 << 20);
    if (vfork() == 0) { usleep(50000); _exit(p[1] - 1); }
}
"""
MAPPED_FILE = """
import mmap, time
with open('/tmp/x', 'wb+') as f:
    f.write(bytes(30 << 20))
    f.flush()
    first, second = mmap.mmap(f.fileno(), 0), mmap.mmap(f.fileno(), 0)
    sum(first[::4096]), sum(second[::4096])
    # Many looks: each may come late on a machine that is busy.
    for _ in range(50): time.sleep(0.01)
"""


@pytest.fixture(scope="module")
def sampled(scratch: Path) -> Iterator[Judge]:
    with open_judge(scratch_dir=scratch, sandbox="bubblewrap", cgroups="off") as opened:
        yield opened


@pytest.fixture(params=["grouped", "sampled"])
def either(request: pytest.FixtureRequest, judge: Judge, sampled: Judge) -> Judge:
    return judge if request.param == "grouped" else sampled


@pytest.fixture
def own_groups(tmp_path: Path) -> Iterator[Cgroups]:
    groups = Cgroups(f"test-{os.getpid()}", find_places())
    yield groups
    groups.close()


def run(
    opened: Judge, language: str, source: str, *tests: tuple[bytes, bytes], **limits: int
) -> Judgement:
    """With time to spare: some machines that these tests run on are emulated."""
    wanted = Limits(**{"time_ms": 20_000, "wall_ms": 60_000, **limits})
    return opened.judge(language, source, cases(*(tests or [(b"", b"")])), limits=wanted)


@needs_groups
def test_what_holds(judge: Judge, sampled: Judge) -> None:
    assert set(judge.enforcers) == {"memory", "cpu", "processes"}
    assert SAMPLED not in judge.enforcers.values()
    assert set(sampled.enforcers.values()) == {SAMPLED}


def test_a_misspelt_use_is_refused(tmp_path: Path) -> None:
    with pytest.raises(JudgeFailure, match="auto"):
        open_judge(scratch_dir=tmp_path, sandbox="bubblewrap", cgroups="on")


@pytest.mark.parametrize(("language", "source"), [("c", USE), ("python3", USE_PYTHON)])
def test_the_step_of_memory(either: Judge, language: str, source: str) -> None:
    """From accepted to not within a tenth of the limit, and a figure that means it."""
    own = 10 if language == "python3" else 1
    tests = [(b"%d" % (share * 64 // 100 - own), b"1") for share in (60, 97, 107)]
    found = run(either, language, source, *tests, memory_mb=64)
    assert [test.verdict for test in found.tests] == [Verdict.AC, Verdict.AC, Verdict.MLE]
    for test, used in zip(found.tests[:2], (38, 62), strict=True):
        assert abs(test.memory_kb - used * 1024) < 4 * 1024


def test_time_of_children_that_nobody_waits_for(either: Judge) -> None:
    """10 ms each, and all of them are counted; without a group a part, however late looks come."""
    counted = run(either, "python3", UNHEARD_CHILDREN).tests[0].time_ms
    if SAMPLED in either.enforcers.values():
        assert counted > 100
    else:
        assert counted >= 500
        assert run(either, "python3", UNHEARD_CHILDREN, time_ms=250).verdict is Verdict.TLE


@pytest.mark.skipif(
    ctypes.CDLL(None).syscall(KCMP, os.getpid(), os.getpid(), 1, 0, 0) != 0,
    reason="this kernel has no kcmp; one with CONFIG_KCMP tells what memory is the same",
)
def test_the_same_memory_in_two_processes_counts_once(either: Judge) -> None:
    found = run(either, "c", TWO_AS_ONE, memory_mb=64)
    assert found.verdict is Verdict.AC
    assert 40 * 1024 < found.tests[0].memory_kb < 46 * 1024


def test_a_mapped_file_of_the_scratch_counts_once(either: Judge) -> None:
    found = run(either, "python3", MAPPED_FILE, memory_mb=64)
    assert found.verdict is Verdict.AC
    assert 30 * 1024 < found.tests[0].memory_kb < 48 * 1024


@needs_groups
@pytest.mark.parametrize("place", ["memory", "scratch"])
def test_the_kernel_holds_memory_between_two_looks(
    judge: Judge, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    """Its limit set far below the runner's, so that the runner sees nothing. The other tests go on,
    in a fresh box if this one did not survive."""
    monkeypatch.setattr(cgroup, "SLACK", -230 * MIB)
    take = "bytearray(b'1') * (50 << 20)"
    if place == "scratch":
        take = "open('/tmp/x', 'wb').write(bytes(1 << 20) * 50)"
    source = f"if input() == 'much': x = {take}\nprint(1)\n"
    tests = [(b"little", b"1"), (b"much", b"1"), (b"little", b"1"), (b"much", b"1")]
    found = run(judge, "python3", source, *tests)
    wanted = [Verdict.AC, Verdict.MLE, Verdict.AC, Verdict.MLE]
    assert [test.verdict for test in found.tests] == wanted


@needs_groups
def test_the_kernel_holds_processes(judge: Judge, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where RLIMIT_NPROC does not: it is the group that refuses the fifth."""
    monkeypatch.setattr(cgroup, "LAUNCHERS", 6 - 32)
    source = (
        "import os, time\nn = 0\ntry:\n"
        "    while n < 20:\n"
        "        if os.fork() == 0: time.sleep(9); os._exit(0)\n"
        "        n += 1\n"
        "except OSError: pass\nprint(n <= 4)"
    )
    assert run(judge, "python3", source, (b"", b"True")).verdict is Verdict.AC


LIMITS = RunLimits(
    cpu_us=2_000_000,
    wall_us=5_000_000,
    memory=64 * MIB,
    address_space=0,
    stack=8 * MIB,
    file_size=MIB,
    processes=8,
    files=64,
)


@needs_groups
@pytest.mark.parametrize("ran_out", [True, False])
def test_a_box_that_died_of_memory_has_an_answer(
    judge: Judge, monkeypatch: pytest.MonkeyPatch, ran_out: bool
) -> None:
    monkeypatch.setattr(cgroup._Memory, "kills", lambda _: 1)
    monkeypatch.setattr(cgroup._Memory, "ran_out", lambda _: ran_out)
    box = judge._pool.take(TEST)
    try:
        argv = [str(judge.languages.tool("python3").path), "-c", "import time; time.sleep(9)"]
        sleep = Run(argv=argv, input=b"", limits=LIMITS, output_bytes=10)
        killing = lambda: box._group.kill() or False  # noqa: E731
        if not ran_out:
            with pytest.raises(BoxDied):
                box.run(sleep, cancelled=killing)
        else:
            answer, _ = box.run(sleep, cancelled=killing)
            assert answer.measurement.killed_for is Killed.MEMORY
            assert not answer.clean
            assert not box.is_clean
    finally:
        box.close()


@needs_groups
def test_all_of_a_box_is_in_its_group(judge: Judge) -> None:
    box = judge._pool.take(TEST)
    folders = list(box._group.folders)
    for folder in folders:
        inside = (folder / "cgroup.procs").read_text().split()
        assert str(box._process.pid) in inside
        assert len(inside) == 2, "bubblewrap and the runner"
    box.close()
    settle(judge)  # of one that could not go at once
    assert not any(folder.exists() for folder in folders)


@needs_groups
def test_groups_do_not_grow(judge: Judge, own_groups: Cgroups) -> None:
    def kernel_groups() -> int:
        rows = Path("/proc/cgroups").read_text().split("\n")
        return sum(int(row.split()[2]) for row in rows if row.startswith(("memory", "pids")))

    def of_this_process() -> int:
        return len(list(Path("/proc/self/fd").iterdir()))

    # Others make and remove groups too, and open boxes in this process: a few more are no leak.
    before, open_before = kernel_groups(), of_this_process()
    for _ in range(1000):
        own_groups.new_group().close()
    assert of_this_process() < open_before + 500
    wait_until(lambda: kernel_groups() < before + 500, "groups that were removed are gone")


@needs_groups
def test_a_group_in_use_is_removed_later(own_groups: Cgroups) -> None:
    group = own_groups.new_group()
    folders = list(group.folders)
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as process:
        for descriptor in group.joins:
            os.write(descriptor, b"%d" % process.pid)
        group.close()
        assert all(folder.exists() for folder in folders)
        process.kill()
        process.wait()
        own_groups.new_group().close()
    assert not any(folder.exists() for folder in folders)


@needs_groups
def test_what_a_killed_worker_left_is_ended_and_removed(own_groups: Cgroups) -> None:
    group = own_groups.new_group()
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as process:
        for descriptor in group.joins:
            os.write(descriptor, b"%d" % process.pid)
        folders = list(group.folders)
        remove_abandoned(own_groups._prefix + "x", own_groups.folders)
        assert process.poll() is None
        remove_abandoned(own_groups._prefix, own_groups.folders)
        assert process.wait() != 0
    assert not any(folder.exists() for folder in folders)
    group.close()
