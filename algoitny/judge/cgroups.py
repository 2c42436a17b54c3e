"""Control groups of this machine: where a worker may make them, and one for each box.

Nothing here asks for rights: what the worker may do with its own group, or with what systemd
delegates to it, is found by trying. Without any of it boxes are as safe, but sampled.
"""

from __future__ import annotations

import contextlib
import errno
import itertools
import os
import time
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, cast, get_args

from algoitny.domain.errors import JudgeFailure
from algoitny.judge.cgroup import Group, Place, Resource, kill, remove

CgroupUse = Literal["auto", "off"]
SAMPLED = "sampling"
OLD_CONTROLLERS = {
    Resource.MEMORY: "memory",
    Resource.CPU: "cpuacct",
    Resource.PROCESSES: "pids",
}
NEW_CONTROLLERS = {Resource.MEMORY: "memory", Resource.PROCESSES: "pids"}
"""CPU time needs none: a group of version 2 always counts it."""

SUBTREE = "cgroup.subtree_control"
OWN_GROUP = "worker"
"""Where a worker moves that was not started in a group below the delegated one."""

CLOSE_SECONDS = 2.0


def cgroup_use(name: str) -> CgroupUse:
    """Raises JudgeFailure for what is no use of control groups."""
    for use in get_args(CgroupUse):
        if name == use:
            return cast("CgroupUse", use)
    raise JudgeFailure(f"Control groups are used `auto` or `off`, not {name!r}.")


class Cgroups:
    """The groups of one judge, for any of its threads."""

    def __init__(self, prefix: str, places: Mapping[Resource, Place]) -> None:
        """Groups are named `prefix`, a dash and a number. Places that turn out to be none are not
        used."""
        self._prefix = prefix
        self._numbers = itertools.count(1)
        self._left: deque[Path] = deque()
        self._places = {
            resource: place for resource, place in places.items() if self._works(resource, place)
        }

    @property
    def folders(self) -> list[Path]:
        """All that groups are made below."""
        return list(dict.fromkeys(place.folder for place in self._places.values()))

    def enforcers(self) -> dict[str, str]:
        """Resource → what holds it: `cgroup v2`, `cgroup v1` or `sampling`."""
        return {
            resource.value: f"cgroup v{self._places[resource].version}"
            if resource in self._places
            else SAMPLED
            for resource in Resource
        }

    def new_group(self) -> Group:
        """Of a box that is about to be opened. Raises OSError."""
        self._remove_left()
        return Group(f"{self._prefix}-{next(self._numbers)}", self._places, self._left)

    def close(self) -> None:
        """When no box is open any more."""
        deadline = time.monotonic() + CLOSE_SECONDS
        while self._left and time.monotonic() < deadline:
            for folder in list(self._left):
                kill(folder)
            self._remove_left()
            time.sleep(0.001)

    def _remove_left(self) -> None:
        for _ in range(len(self._left)):
            folder = self._left.popleft()
            if not remove(folder):
                self._left.append(folder)

    def _works(self, resource: Resource, place: Place) -> bool:
        try:
            Group(f"{self._prefix}-0", {resource: place}, self._left).close()
        except (OSError, ValueError):
            return False
        return True


def remove_abandoned(prefix: str, folders: list[Path]) -> None:
    """End and remove the groups of a judge that is gone."""
    for parent in folders:
        for folder in parent.glob(f"{prefix}-*"):
            deadline = time.monotonic() + CLOSE_SECONDS
            while not remove(folder) and time.monotonic() < deadline:
                kill(folder)
                time.sleep(0.001)


# ---- finding places ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Hierarchy:
    """A mounted one: `own` is the group of this process in it, `top` its mount point."""

    version: int
    controllers: frozenset[str]
    top: Path
    own: Path


def find_places(proc: Path = Path("/proc/self")) -> dict[Resource, Place]:
    """Where this process may make groups; not yet tried. Nothing where there is nothing."""
    found: dict[Resource, Place] = {}
    hierarchies = list(_hierarchies(proc))
    for hierarchy in hierarchies:
        if hierarchy.version == 2 and (base := _delegated(hierarchy)) is not None:
            found |= _new_places(base)
    if Resource.MEMORY in found:
        return found
    # A machine with both versions has its memory in one of them: what can goes along with that.
    for hierarchy in hierarchies:
        if hierarchy.version == 1 and os.access(hierarchy.own, os.W_OK):
            for resource, controller in OLD_CONTROLLERS.items():
                if controller in hierarchy.controllers:
                    found[resource] = Place(1, hierarchy.own)
    return found


def _hierarchies(proc: Path) -> Iterator[_Hierarchy]:
    try:
        mounts = (proc / "mountinfo").read_text().splitlines()
        groups = (proc / "cgroup").read_text().splitlines()
    except OSError:
        return
    paths = {}
    for line in groups:
        _, names, group = line.split(":", 2)
        paths[frozenset(filter(None, names.split(",")))] = group
    for line in mounts:
        left, _, right = line.partition(" - ")
        kind, _, options = right.split(" ", 2)
        if kind not in ("cgroup", "cgroup2"):
            continue
        root, top = left.split()[3:5]
        held = set(options.split(","))
        version = 2 if kind == "cgroup2" else 1
        for controllers, path in paths.items():
            if controllers <= held and bool(controllers) == (version == 1):
                relative = os.path.relpath(path, root)
                if not relative.startswith(".."):
                    yield _Hierarchy(version, controllers, Path(top), Path(top) / relative)


def _delegated(hierarchy: _Hierarchy) -> Path | None:
    """The group of version 2 that is this worker's to divide: with systemd's `DelegateSubgroup`
    the one above its own."""
    own, top = hierarchy.own, hierarchy.top
    for group in (own, own.parent):
        if group.is_relative_to(top) and os.access(group, os.W_OK) and _is_ours(group, top):
            return group
    return None


def _is_ours(group: Path, top: Path) -> bool:
    """systemd marks what it delegates; a user's is the first that belongs to him on the way down;
    where nobody manages groups (a container) root has the top."""
    for name in ("user.delegate", "trusted.delegate"):
        with contextlib.suppress(OSError):
            if os.getxattr(group, name) == b"1":
                return True
    me = os.geteuid()
    if me == 0:
        return group == top
    return group.stat().st_uid == me and (group == top or group.parent.stat().st_uid != me)


def _new_places(base: Path) -> dict[Resource, Place]:
    found = {Resource.CPU: Place(2, base)}
    with contextlib.suppress(OSError):
        available = (base / "cgroup.controllers").read_text().split()
        for resource, controller in NEW_CONTROLLERS.items():
            if controller in available and _enable(base, controller):
                found[resource] = Place(2, base)
    return found


def _enable(base: Path, controller: str) -> bool:
    """For the groups below `base`, out of which every process has to move first."""
    for _ in range(10):
        try:
            (base / SUBTREE).write_text(f"+{controller}")
        except OSError as error:
            if error.errno != errno.EBUSY:
                return False
            _vacate(base)
        else:
            return True
    return False


def _vacate(base: Path) -> None:
    own = base / OWN_GROUP
    with contextlib.suppress(OSError):
        own.mkdir(exist_ok=True)
        for pid in (base / "cgroup.procs").read_text().split():
            with contextlib.suppress(OSError):
                (own / "cgroup.procs").write_text(pid)
