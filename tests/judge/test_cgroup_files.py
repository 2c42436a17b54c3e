"""Where groups may be made, and what is written to and read from their files, without a kernel."""

from __future__ import annotations

import dataclasses
import os
from collections import deque
from pathlib import Path

import pytest

from algoitny.judge import cgroups
from algoitny.judge.cgroup import BATCH, LAUNCHERS, SLACK, Group, Place, Resource
from algoitny.judge.cgroups import find_places
from algoitny.judge.protocol import Answer, RunLimits, Status
from algoitny.judge.records import MIB, Killed, Measurement

LIMITS = RunLimits(
    cpu_us=1,
    wall_us=1,
    memory=64 * MIB,
    address_space=0,
    stack=0,
    file_size=0,
    processes=8,
    files=9,
)
MEASURED = Measurement(
    exited=True, code=0, killed_for=Killed.NOT, cpu_us=1000, wall_us=2000, memory_bytes=5 * MIB
)
KILLED = dataclasses.replace(MEASURED, exited=False, code=9)
NEW_FILES = {
    "cgroup.procs": "",
    "memory.max": "",
    "memory.current": f"{MIB}\n",
    "memory.peak": f"{MIB}\n",
    "memory.events": "low 0\nhigh 0\nmax 0\noom 0\noom_kill 0\n",
    "memory.stat": f"anon 0\nfile {3 * MIB}\nshmem {MIB}\n",
    "memory.swap.max": "",
    "cpu.stat": "usage_usec 500\nuser_usec 400\nsystem_usec 100\n",
    "pids.max": "",
}


class Tree:
    """A fake `/proc/self` and what it says is mounted."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.proc = folder / "proc"
        self.proc.mkdir()
        self.mounts: list[str] = []
        self.groups: list[str] = []

    def mount(self, names: str, group: str, root: str = "/") -> Path:
        """The own group in a hierarchy; no names: version 2."""
        top = self.folder / (names or "unified")
        kind = "cgroup" if names else "cgroup2"
        self.mounts.append(f"30 24 0:27 {root} {top} rw shared:9 - {kind} none rw,{names}")
        self.groups.append(f"{len(self.groups)}:{names}:{group}")
        own = top / os.path.relpath(group, root)
        own.mkdir(parents=True, exist_ok=True)
        return own

    def delegate(self, group: Path, controllers: str = "cpu memory pids") -> Path:
        (group / "cgroup.controllers").write_text(controllers)
        (group / "cgroup.subtree_control").write_text("")
        return group

    def places(self) -> dict[Resource, Place]:
        (self.proc / "mountinfo").write_text("".join(f"{line}\n" for line in self.mounts))
        (self.proc / "cgroup").write_text("".join(f"{line}\n" for line in self.groups))
        return find_places(self.proc)


@pytest.fixture
def tree(tmp_path: Path) -> Tree:
    return Tree(tmp_path)


def mark(monkeypatch: pytest.MonkeyPatch, delegated: Path) -> None:
    """As systemd does; a test may not set such attributes everywhere."""

    def attribute(path: Path, name: str) -> bytes:
        if path == delegated and name == "trusted.delegate":
            return b"1"
        raise OSError

    monkeypatch.setattr(cgroups.os, "getxattr", attribute)


def test_nothing_is_mounted(tree: Tree) -> None:
    assert tree.places() == {}
    assert find_places(tree.folder / "missing") == {}


def test_version_1(tree: Tree) -> None:
    tree.mount("name=systemd", "/")
    tree.mount("memory", "/box/a")
    tree.mount("cpu,cpuacct", "/")
    assert tree.places() == {
        Resource.MEMORY: Place(1, tree.folder / "memory/box/a"),
        Resource.CPU: Place(1, tree.folder / "cpu,cpuacct"),
    }


def test_a_part_of_the_hierarchy_is_mounted(tree: Tree) -> None:
    tree.mount("memory", "/docker/7/a", root="/docker/7")
    tree.mount("pids", "/elsewhere", root="/docker/7")
    assert tree.places() == {Resource.MEMORY: Place(1, tree.folder / "memory/a")}


@pytest.mark.parametrize("own", ["/unit", "/unit/worker"])
def test_version_2_as_systemd_delegates_it(
    tree: Tree, monkeypatch: pytest.MonkeyPatch, own: str
) -> None:
    tree.mount("", own)
    unit = tree.delegate(tree.folder / "unified/unit")
    mark(monkeypatch, unit)
    assert tree.places() == dict.fromkeys(Resource, Place(2, unit))


def test_version_2_that_is_not_delegated(tree: Tree, monkeypatch: pytest.MonkeyPatch) -> None:
    tree.delegate(tree.mount("", "/system.slice/other.service"))
    mark(monkeypatch, Path("/nowhere"))
    monkeypatch.setattr(cgroups.os, "geteuid", lambda: 0)
    assert tree.places() == {}


def test_version_2_without_a_memory_controller(tree: Tree, monkeypatch: pytest.MonkeyPatch) -> None:
    """Version 1 has the memory of such a machine; what it lacks, version 2 gives."""
    unit = tree.delegate(tree.mount("", "/unit"), controllers="")
    mark(monkeypatch, unit)
    tree.mount("memory", "/")
    assert tree.places() == {
        Resource.CPU: Place(2, unit),
        Resource.MEMORY: Place(1, tree.folder / "memory"),
    }


def test_processes_move_out_of_a_group_that_is_divided(
    tree: Tree, monkeypatch: pytest.MonkeyPatch
) -> None:
    unit = tree.delegate(tree.mount("", "/unit"))
    (unit / "cgroup.procs").write_text("17\n")
    mark(monkeypatch, unit)
    real = Path.write_text

    def write(path: Path, text: str) -> int:
        if path.name == "cgroup.subtree_control" and not (unit / "worker/cgroup.procs").exists():
            raise OSError(16, "busy")
        return real(path, text)

    monkeypatch.setattr(Path, "write_text", write)
    assert set(tree.places()) == set(Resource)
    assert (unit / "worker/cgroup.procs").read_text() == "17"


@pytest.fixture
def group(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Group:
    """Of version 2."""
    real = Path.mkdir

    def mkdir(path: Path, mode: int = 0o777) -> None:
        real(path, mode)
        for name, text in NEW_FILES.items():
            (path / name).write_text(text)

    monkeypatch.setattr(Path, "mkdir", mkdir)
    made = Group("box", dict.fromkeys(Resource, Place(2, tmp_path)), deque())
    made.begin(LIMITS)
    return made


def completed(
    group: Group, own_us: int = 0, measured: Measurement = MEASURED, **files: str
) -> Measurement:
    for name, text in files.items():
        (group.folders[0] / name.replace("_", ".", 1)).write_text(text)
    return group.complete(
        Answer(status=Status.DONE, error=0, clean=True, measurement=measured, own_us=own_us)
    ).measurement


def test_limits_are_written(group: Group) -> None:
    (folder,) = group.folders
    own = 64 * MIB
    assert (folder / "memory.max").read_text() == str(MIB + own + own // 32 + SLACK)
    assert (folder / "memory.swap.max").read_text() == "0"
    assert int((folder / "pids.max").read_text()) == 8 + LAUNCHERS


def test_what_the_runner_saw_stays(group: Group) -> None:
    assert completed(group, own_us=300, cpu_stat="usage_usec 1900", memory_peak=str(5 * MIB)) == (
        MEASURED
    )


def test_hidden_time(group: Group) -> None:
    assert completed(group, own_us=300, cpu_stat="usage_usec 9000").cpu_us == 9000 - 500 - 300


def test_hidden_memory_without_the_file_cache(group: Group) -> None:
    found = completed(group, memory_peak=str(60 * MIB))
    uncertain = BATCH * (os.cpu_count() or 1)
    assert found.memory_bytes == (60 - 1 - 2) * MIB - uncertain
    assert found.killed_for is Killed.NOT


def test_the_kernel_killed_it(group: Group) -> None:
    events = "oom 1\noom_kill 1\n"
    assert completed(group, memory_events=events, memory_peak=str(75 * MIB)).killed_for is (
        Killed.MEMORY
    )


def test_the_kernel_killed_it_for_somebody_else(group: Group) -> None:
    """The machine had no memory left, or the group above: that is not the program's doing."""
    events = "oom 0\noom_kill 1\n"
    with pytest.raises(OSError, match="no memory left"):
        completed(group, 0, KILLED, memory_events=events, memory_peak=str(20 * MIB))
    assert group.last_words(1) is None
