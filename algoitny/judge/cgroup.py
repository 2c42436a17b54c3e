"""One box's control group: what the kernel enforces and counts for all that runs in the box.

The worker owns the group and looks at it from outside, before a request and after its answer. The
runner inside goes on sampling: that decides while a program runs, and is all there is on a machine
without control groups. A resource for which there is no group is simply left as the runner tells.
"""

from __future__ import annotations

import contextlib
import errno
import os
import signal
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

from algoitny.judge.protocol import PROCESSORS, Answer, RunLimits, Status
from algoitny.judge.records import MIB, Killed, Measurement


class Resource(StrEnum):
    MEMORY = "memory"
    CPU = "cpu"
    PROCESSES = "processes"


@dataclass(frozen=True, slots=True)
class Place:
    """A folder below which groups for one resource can be made, in a hierarchy of `version`."""

    version: int
    folder: Path


@dataclass(frozen=True, slots=True)
class MemoryFiles:
    """Their names; `kills` counts processes that the kernel killed, `cache` and `shared` are keys
    in memory.stat, `fixed` is what a new group gets written."""

    limit: str
    usage: str
    peak: str
    kills: str
    cache: str
    shared: str
    fixed: Mapping[str, str]


MEMORY_FILES = {
    1: MemoryFiles(
        limit="memory.limit_in_bytes",
        usage="memory.usage_in_bytes",
        peak="memory.max_usage_in_bytes",
        kills="memory.oom_control",
        cache="total_cache",
        shared="total_shmem",
        fixed={"memory.swappiness": "0"},
    ),
    # Not memory.oom.group: mostly it is the program that is killed, and then its box can go on.
    2: MemoryFiles(
        limit="memory.max",
        usage="memory.current",
        peak="memory.peak",
        kills="memory.events",
        cache="file",
        shared="shmem",
        fixed={"memory.swap.max": "0"},
    ),
}
CPU_FILES = {1: "cpuacct.usage", 2: "cpu.stat"}
JOIN, PROCESSES, KILL = "cgroup.procs", "pids.max", "cgroup.kill"

SLACK = 8 * MIB
"""The kernel counts page tables, stacks and pipes as memory too; its limit is higher by this and a
thirty-second. The runner's samples decide below it."""

BATCH = 64 * 4096
"""The kernel charges so much ahead on each processor: a group's figures are that uncertain."""

LAUNCHERS = 4
"""Processes of a box besides its test's: the runner, bubblewrap, and one each that is ending."""

HIDDEN_US = 500
"""CPU time that a group has beyond what the runner saw: more is of children that hid it, less (a
tenth of a millisecond was measured) of what the kernel does at the edges of a run."""


class Group:
    """Made by `Cgroups`; joined once, by the launcher of its box. For one thread at a time."""

    def __init__(self, name: str, places: Mapping[Resource, Place], left: deque[Path]) -> None:
        """Raises OSError when it cannot be made. `left` gets the folders that are still in use when
        it is closed."""
        self._left = left
        self.folders = list(dict.fromkeys(place.folder / name for place in places.values()))
        self._open: list[int] = []
        self.joins: list[int] = []
        try:
            for folder in self.folders:
                folder.mkdir(mode=0o755)
            self.joins = [self.file(folder / JOIN, os.O_WRONLY) for folder in self.folders]
            memory = places.get(Resource.MEMORY)
            cpu = places.get(Resource.CPU)
            processes = places.get(Resource.PROCESSES)
            self._memory = _Memory(memory.folder / name, memory.version, self) if memory else None
            self._cpu = _Cpu(cpu.folder / name, cpu.version, self) if cpu else None
            self._processes = _Processes(processes.folder / name, self) if processes else None
        except BaseException:
            self.close()
            raise

    def file(self, path: Path, flags: int) -> int:
        """A descriptor that is open as long as the group. Raises OSError."""
        descriptor = os.open(path, flags | os.O_CLOEXEC)
        self._open.append(descriptor)
        return descriptor

    def joined(self) -> None:
        """The launcher is in it: nobody else shall."""
        while self.joins:
            descriptor = self.joins.pop()
            self._open.remove(descriptor)
            os.close(descriptor)

    def begin(self, limits: RunLimits) -> None:
        """Before a request, while nothing but the runner is there. Raises OSError."""
        if self._processes is not None:
            self._processes.limit(limits.processes)
        if self._memory is not None:
            self._memory.begin(limits.memory)
        if self._cpu is not None:
            self._cpu.begin()

    def complete(self, answer: Answer) -> Answer:
        """What the runner measured, completed by what it could not see. Raises OSError, also when
        something was killed because the machine, not the box, was out of memory."""
        found = answer.measurement
        if self._cpu is not None:
            used = self._cpu.used_us() - answer.own_us
            if used > found.cpu_us + HIDDEN_US:
                found = replace(found, cpu_us=used)
        if self._memory is not None:
            if self._memory.ran_out():
                found = replace(found, killed_for=Killed.MEMORY)
            elif _was_killed(found) and self._memory.kills():
                raise OSError(errno.ENOMEM, "this machine has no memory left")
            peak = self._memory.peak(found.memory_bytes)
            if peak > found.memory_bytes:
                found = replace(found, memory_bytes=peak)
        return answer if found is answer.measurement else replace(answer, measurement=found)

    def last_words(self, wall_us: int) -> Answer | None:
        """For a box that died: the answer that it would have given if memory is what it died of,
        None if it is not. The limit of the box is meant, not of the machine."""
        try:
            if self._memory is None or not self._memory.ran_out():
                return None
            return Answer(
                status=Status.DONE,
                error=0,
                clean=False,
                measurement=Measurement(
                    exited=False,
                    code=signal.SIGKILL,
                    killed_for=Killed.MEMORY,
                    cpu_us=0 if self._cpu is None else self._cpu.used_us(),
                    wall_us=wall_us,
                    memory_bytes=self._memory.peak(0),
                ),
            )
        except OSError:
            return None

    def kill(self) -> None:
        """End every process in it."""
        for folder in self.folders:
            kill(folder)

    def close(self) -> None:
        """Remove it. What is still in use then is left to who made it."""
        for descriptor in self._open:
            os.close(descriptor)
        self._open.clear()
        self.joins.clear()
        for folder in self.folders:
            if not remove(folder):
                self._left.append(folder)
        self.folders.clear()


class _Memory:
    def __init__(self, folder: Path, version: int, group: Group) -> None:
        files = MEMORY_FILES[version]
        for name, value in files.fixed.items():
            with contextlib.suppress(OSError):  # a kernel that does not swap
                (folder / name).write_text(value)
        self._files = files
        self._stat = folder / "memory.stat"
        self._limits = group.file(folder / files.limit, os.O_WRONLY)
        self._usage = group.file(folder / files.usage, os.O_RDONLY)
        self._kills = group.file(folder / files.kills, os.O_RDONLY)
        self._peak, self._resets = _peak_file(folder / files.peak, group)
        self._most = self._limit = self._base = self._before = 0
        self._killed = self._counted = 0

    def begin(self, most: int) -> None:
        """`most` is the limit of what is to run, in bytes."""
        self._base = _number(self._usage)
        if most != self._most:
            self._most = most
            self._limit = self._base + most + most // 32 + SLACK
            os.pwrite(self._limits, b"%d" % self._limit, 0)
        if self._resets:
            os.pwrite(self._peak, b"0", 0)
        elif self._peak >= 0:
            self._before = _number(self._peak)
        self._killed = self._counted

    def kills(self) -> int:
        """Processes that the kernel killed since `begin` for want of memory."""
        self._counted = _keyed(os.pread(self._kills, 1024, 0), "oom_kill")
        return self._counted - self._killed

    def ran_out(self) -> bool:
        """Whether it killed some because of this very limit."""
        is_near = self._peak < 0 or _number(self._peak) >= self._limit - BATCH * 4
        return is_near and self.kills() > 0

    def peak(self, seen: int) -> int:
        """The most that was used since `begin`, in bytes, as far as that is certain: without the
        file cache, and no more than the limit unless the runner saw more. 0: not known."""
        if self._peak < 0:
            return 0
        most = _number(self._peak)
        uncertain = BATCH * PROCESSORS
        if most == self._before or most - self._base <= seen + uncertain:
            return 0
        details = self._stat.read_bytes()
        cache = _keyed(details, self._files.cache) - _keyed(details, self._files.shared)
        return min(most - self._base - uncertain - max(cache, 0), self._most)


class _Cpu:
    def __init__(self, folder: Path, version: int, group: Group) -> None:
        self._file = group.file(folder / CPU_FILES[version], os.O_RDONLY)
        self._read = self._microseconds if version == 2 else self._nanoseconds
        self._before = 0

    def begin(self) -> None:
        self._before = self._read()

    def used_us(self) -> int:
        return self._read() - self._before

    def _microseconds(self) -> int:
        return _keyed(os.pread(self._file, 1024, 0), "usage_usec")

    def _nanoseconds(self) -> int:
        return _number(self._file) // 1000


class _Processes:
    def __init__(self, folder: Path, group: Group) -> None:
        self._file = group.file(folder / PROCESSES, os.O_WRONLY)
        self._most = 0

    def limit(self, most: int) -> None:
        if most and most != self._most:
            self._most = most
            os.pwrite(self._file, b"%d" % (most + LAUNCHERS), 0)


def _was_killed(run: Measurement) -> bool:
    """By somebody else than the runner."""
    return not run.exited and run.code == signal.SIGKILL and run.killed_for is Killed.NOT


def remove(folder: Path) -> bool:
    """Whether it is gone; it is not while a process is in it."""
    try:
        folder.rmdir()
    except FileNotFoundError:
        return True
    except OSError:
        return False
    return True


def kill(folder: Path) -> None:
    """End every process in a group."""
    with contextlib.suppress(OSError):
        (folder / KILL).write_text("1")
        return
    with contextlib.suppress(OSError):
        for pid in (folder / JOIN).read_text().split():
            with contextlib.suppress(ProcessLookupError):
                os.kill(int(pid), signal.SIGKILL)


def _peak_file(path: Path, group: Group) -> tuple[int, bool]:
    """Its descriptor, -1 where the kernel has none, and whether writing to it starts it again."""
    try:
        descriptor = group.file(path, os.O_RDWR)
        os.pwrite(descriptor, b"0", 0)
    except OSError:  # Linux before 6.12
        with contextlib.suppress(FileNotFoundError):
            return group.file(path, os.O_RDONLY), False
        return -1, False
    return descriptor, True


def _number(descriptor: int) -> int:
    return int(os.pread(descriptor, 32, 0))


def _keyed(text: bytes, key: str) -> int:
    """Of lines of a key and a number; 0 for one that is not there."""
    wanted = key.encode()
    for line in text.splitlines():
        name, _, value = line.partition(b" ")
        if name == wanted:
            return int(value)
    return 0
