"""The data folder: one server at a time, a secret of its own, and what a restart should find."""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import json
import os
import secrets
import shutil
import stat
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from algoitny.embedded.errors import CannotStart
from algoitny.settings import STACK_FILE

LOCK_PATIENCE_SECONDS = 5.0
"""A store whose supervisor was killed holds the lock until it has saved its state."""


@dataclass(frozen=True, slots=True)
class DataDir:
    """An absolute path that is locked by this process; `lock_fd` may be handed to children that
    must be gone before another stack may use the folder."""

    path: Path
    lock_fd: int

    def folder(self, name: str) -> Path:
        """A folder in it, made when it is not there."""
        folder = self.path / name
        folder.mkdir(mode=0o700, exist_ok=True)
        return folder

    def memory_folder(self) -> Path:
        """A folder in memory, removed at the end; where there is none, one in the data folder.

        For files that are mapped: a process that writes to one is killed when the disk is full.
        """
        path = _in_memory(self.path)
        try:
            path.mkdir(mode=0o700, exist_ok=True)
            found = path.lstat()
        except OSError:
            return self.folder("memory")
        is_own = stat.S_ISDIR(found.st_mode) and found.st_uid == os.geteuid()
        return path if is_own else self.folder("memory")

    def secret_key(self) -> str:
        """Made at the first start; signs tokens and cursors, so it outlives restarts."""
        path = self.path / "secret_key"
        try:
            key = path.read_text("ascii").strip()
        except FileNotFoundError:
            key = secrets.token_urlsafe(48)
            _write_private(path, key + "\n")
        if len(key) < 32:
            raise CannotStart(f"{path} is damaged. Delete it to get a new key; tokens then end.")
        return key

    def remembered_ports(self) -> dict[str, int]:
        """By process name; empty when nothing usable is remembered."""
        try:
            found = json.loads((self.path / "ports.json").read_bytes())
            return {str(name): int(port) for name, port in found.items()}
        except (OSError, ValueError, AttributeError, TypeError):
            return {}

    def remember_ports(self, ports: Mapping[str, int]) -> None:
        _write_private(self.path / "ports.json", json.dumps(ports) + "\n")

    def write_stack_file(self, variables: Mapping[str, str]) -> None:
        """What `flask` commands need to reach this stack; read by `load_settings`."""
        lines = [f"{name}={_quoted(value)}\n" for name, value in sorted(variables.items())]
        _write_private(self.path / STACK_FILE, "".join(lines))


@contextlib.contextmanager
def open_data_dir(path: Path, patience: float = LOCK_PATIENCE_SECONDS) -> Iterator[DataDir]:
    """Make the folder if needed and lock it. Raises CannotStart.

    The lock is the kernel's: it ends with the last process that holds it, however that ends.
    """
    path = path.absolute()
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock_fd = os.open(path / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise CannotStart(
            f"The data folder {path} cannot be used: {error.strerror}. Set DATA_DIR to another."
        ) from error
    try:
        _lock(path, lock_fd, patience)
        _require_writable(path)
        try:
            yield DataDir(path, lock_fd)
        finally:
            shutil.rmtree(_in_memory(path), ignore_errors=True)
    finally:
        os.close(lock_fd)


def _in_memory(path: Path) -> Path:
    name = hashlib.sha256(os.fsencode(path)).hexdigest()[:16]
    return Path("/dev/shm", f"algoitny-{name}")  # noqa: S108 - whose it is, is looked at


def _lock(path: Path, lock_fd: int, patience: float) -> None:
    deadline = time.monotonic() + patience
    while True:
        try:
            fcntl.flock(lock_fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() < deadline:
                time.sleep(0.05)
                continue
            holder = os.pread(lock_fd, 20, 0).decode("ascii", "replace").strip() or "unknown"
            raise CannotStart(
                f"AlgoItny already runs on the data folder {path} (process {holder}). "
                "Stop it first, or set DATA_DIR to another folder."
            ) from None
        os.ftruncate(lock_fd, 0)
        os.pwrite(lock_fd, f"{os.getpid()}\n".encode(), 0)
        return


def _require_writable(path: Path) -> None:
    try:
        with tempfile.TemporaryFile(dir=path):
            pass
    except OSError as error:
        raise CannotStart(
            f"The data folder {path} cannot be written to: {error.strerror}."
        ) from error


def _write_private(path: Path, text: str) -> None:
    """Whole or not at all, and never readable by others, not even for a moment."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        Path(name).replace(path)
    except OSError as error:
        Path(name).unlink(missing_ok=True)
        raise CannotStart(f"{path} cannot be written: {error.strerror}.") from error


def _quoted(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"
