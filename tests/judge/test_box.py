"""Boxes: what comes out of them, how they end, and that nothing of them stays."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import psutil
import pytest

from algoitny.domain.errors import JudgeFailure
from algoitny.domain.verdict import Verdict
from algoitny.judge import CaseResult, Judge, Limits, open_judge
from algoitny.judge.box import Box, Run
from algoitny.judge.bubblewrap import explain_failure
from algoitny.judge.cgroups import find_places
from algoitny.judge.exchange import BoxDied
from algoitny.judge.protocol import RunLimits, Status
from algoitny.judge.records import MIB
from tests.judge.conftest import cases
from tests.judge.settling import Own, has_grown, settle
from tests.waiting import wait_until

pytestmark = pytest.mark.service

LIMITS = RunLimits(
    cpu_us=2_000_000,
    wall_us=5_000_000,
    memory=256 * MIB,
    address_space=0,
    stack=8 * MIB,
    file_size=16 * MIB,
    processes=32,
    files=64,
    keep_scratch=True,
)


@pytest.fixture
def box(judge: Judge) -> Iterator[Box]:
    """A box with a shell: the kind that compiles."""
    taken = judge._pool.take("compile")
    yield taken
    taken.close()


def shell(box: Box, script: str) -> tuple[Status, bytes]:
    run = Run(argv=["/usr/bin/sh", "-c", script], input=b"", limits=LIMITS, output_bytes=65536)
    answer, captured = box.run(run)
    return answer.status, captured.output + captured.stderr


def runners_of(pid: int) -> list[psutil.Process]:
    """The processes that are PID 1 of a box of the process `pid`."""
    found = []
    for process in psutil.Process(pid).children(recursive=True):
        try:
            parent = process.parent()
            is_first = parent is not None and parent.name() == "bwrap" != process.name()
            if is_first or process.cmdline()[1:2] == ["serve"]:
                found.append(process)
        except psutil.Error:
            continue
    return found


def busy_runners_of(pid: int) -> list[psutil.Process]:
    """Those that run a submission's program, not its compiler."""
    busy = []
    for runner in runners_of(pid):
        with contextlib.suppress(psutil.Error):  # it may end at any moment by itself
            commands = [child.cmdline() for child in runner.children()]
            if any(
                line[-1:] and line[-1].endswith("/main.py") for line in commands if "-c" not in line
            ):
                busy.append(runner)
    return busy


@pytest.mark.parametrize(
    "script",
    [
        "ln -s /etc/passwd program",
        "ln -s /proc/1/mem program",
        "ln -s program program",
        "mkdir program",
        "ln -s /usr/bin/sh other; ln other program",
        "true",
        "truncate -s 1G program || head -c 9000000 /dev/urandom > program",
    ],
)
def test_only_a_plain_file_of_a_sane_size_leaves_a_box(box: Box, script: str) -> None:
    shell(box, script)
    assert box.fetch("program", 8 * MIB) is None


def test_a_plain_file_leaves_it(box: Box) -> None:
    assert shell(box, "printf content > program")[0] is Status.DONE
    descriptor = box.fetch("program", 8 * MIB)
    assert descriptor is not None
    try:
        assert os.pread(descriptor, 100, 0) == b"content"
        assert not os.get_inheritable(descriptor)
    finally:
        os.close(descriptor)


def test_a_file_that_grows_while_it_is_copied(box: Box, tmp_path: Path) -> None:
    large = tmp_path / "large"
    large.write_bytes(b"x" * 100)
    with large.open("rb") as file, pytest.raises(BoxDied):
        box.put("program", file.fileno(), max_bytes=99)


def test_the_box_sees_its_folder_read_only(box: Box) -> None:
    box.put("given", b"words")
    _, said = shell(box, "cat /box/given; echo more > /box/given; rm -f /box/given; ls /box")
    assert said.startswith(b"words")
    assert said.count(b"Read-only file system") == 2
    assert (box.folder / "given").read_bytes() == b"words"


@pytest.mark.parametrize("name", ["user", "pid", "net", "mnt", "ipc", "uts", "cgroup"])
def test_every_namespace_is_its_own(judge: Judge, name: str) -> None:
    """Each holds by itself, though the system call filter would forbid most of it anyway."""
    source = f"import os\nprint(os.readlink('/proc/self/ns/{name}'))"
    judgement = judge.judge("python3", source, cases((b"", b"")), limits=Limits())
    inside = judgement.tests[0].output.decode().strip()
    assert inside.startswith(f"{name}:[")
    assert inside != os.readlink(f"/proc/self/ns/{name}")  # noqa: PTH115 -- not a path


def test_a_program_that_cannot_start_is_told_apart(box: Box) -> None:
    run = Run(argv=["/box/missing"], input=b"", limits=LIMITS, output_bytes=100)
    answer, _ = box.run(run)
    assert answer.status is Status.NOT_STARTED
    assert os.strerror(answer.error) == "No such file or directory"


def test_what_the_runner_does_not_understand_ends_the_box(box: Box) -> None:
    box._control.send(b"nonsense")
    wait_until(lambda: not box.is_alive(), "the runner is gone")
    with pytest.raises(BoxDied):
        shell(box, "true")


Killing = Callable[[int], list[int]]


@pytest.fixture
def kill_runners(monkeypatch: pytest.MonkeyPatch) -> Killing:
    """Says how often a runner is killed from outside while it runs the test whose input is `1`,
    which is given `wait` instead then. What comes back gets the boxes that it happens to."""

    def kill_once_it_runs(launcher: int) -> None:
        (runner,) = psutil.Process(launcher).children()
        wait_until(runner.children, "the program runs")
        runner.kill()

    def kill(times: int) -> list[int]:
        run, killed = Box.run, []

        def run_and_kill(box: Box, wanted: Run, **more: Any) -> object:
            if wanted.input != b"1" or len(killed) == times:
                return run(box, wanted, **more)
            killed.append(box.pid)
            killer = threading.Thread(target=kill_once_it_runs, args=(box.pid,))
            killer.start()
            try:
                return run(box, replace(wanted, input=b"wait"), **more)
            finally:
                killer.join()

        monkeypatch.setattr(Box, "run", run_and_kill)
        return killed

    return kill


WAITS = "word = input()\nprint(word, flush=True)\nif word == 'wait': import time; time.sleep(600)"
LONG = Limits(wall_ms=600_000)


def test_a_killed_runner_is_tried_again(judge: Judge, kill_runners: Killing) -> None:
    killed = kill_runners(1)
    judgement = judge.judge(
        "python3", WAITS, cases((b"1", b"1"), (b"2", b"2"), (b"3", b"3")), limits=LONG
    )
    assert len(killed) == 1
    assert [test.verdict for test in judgement.tests] == [Verdict.AC] * 3


def test_runners_killed_again_are_the_judges_failure(judge: Judge, kill_runners: Killing) -> None:
    killed = kill_runners(2)
    heard: list[CaseResult] = []
    with pytest.raises(JudgeFailure, match="could not be run"):
        judge.judge(
            "python3",
            WAITS,
            cases((b"1", b"1")),
            limits=LONG,
            on_test=lambda _, result: heard.append(result),
        )
    assert len(set(killed)) == 2
    assert heard == []


def test_a_box_that_died_while_it_waited_is_not_used(judge: Judge) -> None:
    ready = judge._pool._ready["test"]
    wait_until(lambda: ready, "a box is opened ahead of need")
    waiting = ready[0]
    for runner in runners_of(os.getpid()):
        with contextlib.suppress(psutil.NoSuchProcess):  # of a box that is being closed
            runner.kill()
    wait_until(lambda: not waiting.is_alive(), "the box is gone")
    taken = judge._pool.take("test")
    assert taken.is_alive()
    taken.close()
    judgement = judge.judge("python3", "print(1)", cases((b"", b"1")), limits=Limits())
    assert judgement.verdict is Verdict.AC


def mounts() -> int:
    return len(Path("/proc/self/mountinfo").read_text().splitlines())


def test_nothing_stays(judge: Judge, scratch: Path) -> None:
    """Neither processes, descriptors, mounts, threads nor files, after all kinds of ends."""
    sources = [
        ("python3", "print(1)"),
        ("c", "int main(void) { return 1; }"),
        ("c", "int main(void) { return"),
        ("python3", "import os\nif os.fork() == 0: os.setsid()\nwhile True: pass"),
        ("python3", "while True: print('x' * 9999)"),
        ("python3", "import os\nfor i in range(3000): open(f'/tmp/{i}', 'w')"),
    ]
    limits = Limits(time_ms=100, wall_ms=60_000, output_bytes=10_000)

    def round_of_judging(opened: Judge) -> None:
        for language, source in sources:
            opened.judge(language, source, cases((b"", b"1"), (b"", b"2")), limits=limits)

    # The boxes of other tests' judge are children of this process too.
    settle(judge)
    own = Own()

    def held() -> tuple[int, ...]:
        return own.processes(), own.descriptors(), own.threads(), mounts()

    before = held()
    with open_judge(scratch_dir=scratch, sandbox="bubblewrap") as opened:
        round_of_judging(opened)
        settle(opened)
        first = held()
        for _ in range(4):
            round_of_judging(opened)
        settle(opened)
        assert not has_grown(first, later := held()), (first, later)
        place = opened._workplace._own
    assert not place.exists()
    assert not has_grown(before, after := held()), (before, after)


def has_forked(runner: psutil.Process) -> bool:
    with contextlib.suppress(psutil.Error):
        return len(runner.children(recursive=True)) == 2
    return False


def lives(process: psutil.Process) -> bool:
    with contextlib.suppress(psutil.NoSuchProcess):
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    return False


@pytest.mark.parametrize("sandbox", ["bubblewrap", "none"])
def test_a_killed_worker_leaves_no_box(scratch: Path, sandbox: str) -> None:
    script = (
        "import sys\nfrom pathlib import Path\nfrom algoitny.judge import *\n"
        "judge = open_judge(scratch_dir=Path(sys.argv[1]), sandbox=sys.argv[2])\n"
        "print(judge._workplace._own, flush=True)\n"
        "judge.judge('python3', 'import os\\nos.fork()\\nwhile True: pass',\n"
        "    [Case(name='1', input=b'', answer=b'')], limits=Limits(time_ms=60_000))\n"
    )
    worker = subprocess.Popen(
        [sys.executable, "-c", script, str(scratch), sandbox], stdout=subprocess.PIPE, text=True
    )
    assert worker.stdout is not None
    try:
        place = Path(worker.stdout.readline().strip())
        assert place.is_dir()
        wait_until(lambda: any(map(has_forked, busy_runners_of(worker.pid))), "the program forks")
        inside = psutil.Process(worker.pid).children(recursive=True)
        assert len(inside) >= 4, "a launcher, a runner, and two processes of the program at least"
    finally:
        worker.send_signal(signal.SIGKILL)
        worker.wait()
        worker.stdout.close()
    wait_until(lambda: not any(map(lives, inside)), "all of it ends with its worker")
    assert list(place.glob("box-*")), "it was killed before it could tidy up"
    groups = [
        group
        for parent in (place / "lock").read_text().splitlines()
        for group in Path(parent).glob(f"{place.name}-*")
    ]
    assert bool(groups) == (sandbox == "bubblewrap" and bool(find_places()))
    with open_judge(scratch_dir=scratch, sandbox="bubblewrap"):
        assert not place.exists(), "the next judge did not tidy up either"
        assert not any(group.exists() for group in groups)


def test_it_refuses_where_it_cannot_isolate(judge: Judge, tmp_path: Path) -> None:
    """Inside a box without the right to make further user namespaces."""
    script = (
        "from pathlib import Path\nfrom algoitny.judge import *\n"
        f"try: open_judge(scratch_dir=Path({str(tmp_path)!r}), sandbox='bubblewrap')\n"
        "except Exception as error: print(type(error).__name__, error)\n"
    )
    bwrap = judge._workplace.bwrap()
    command = [str(bwrap), "--dev-bind", "/", "/", "--unshare-user", "--disable-userns"]
    done = subprocess.run(
        [*command, sys.executable, "-c", script],
        check=False,
        capture_output=True,
        text=True,
    )
    assert "JudgeFailure" in done.stdout, done
    assert "user.max_user_namespaces" in done.stdout


def test_a_misspelt_sandbox_is_refused(tmp_path: Path) -> None:
    with pytest.raises(JudgeFailure, match="bubblewrap"):
        open_judge(scratch_dir=tmp_path, sandbox="bublewrap")


@pytest.mark.parametrize(
    ("message", "advice"),
    [
        ("bwrap: No permissions to create new namespace", "max_user_namespaces"),
        ("bwrap: Can't mount proc on /newroot/proc: Operation not permitted", "unmask /proc"),
    ],
)
def test_advice(message: str, advice: str) -> None:
    assert advice in explain_failure(message)
