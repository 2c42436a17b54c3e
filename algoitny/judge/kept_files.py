"""Files that are kept on a judge's machine to save work, as far as there is room for them.

Any of them may be gone or damaged at any time: whoever reads one proves that it is whole. The
folder is for this machine's judges alone; nothing in it is ever bound into a box.
"""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

LARGEST_SHARE = 2
"""A file takes at most this part of the room."""
LOOK_SHARE = 8
"""A process that has written this part of the room looks whether there is too much."""
UNFINISHED = ".new"
UNFINISHED_SECONDS = 3600.0


class KeptFiles:
    """Processes that name the same folder share it; threads may share one object."""

    def __init__(self, folder: Path, max_bytes: int) -> None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.chmod(0o700)
        self._folder = folder
        self._max_bytes = max_bytes
        self._written = max_bytes  # so that the first file looks at what there is

    def open(self, name: str) -> int | None:
        """A descriptor to read it with, which the caller closes; None when it is not there."""
        try:
            descriptor = os.open(self._folder / name, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
        except OSError:
            return None
        # By hand, because file systems may not note when a file is read.
        with suppress(OSError):
            os.utime(descriptor, ns=(time.time_ns(), os.fstat(descriptor).st_mtime_ns))
        return descriptor

    def remove(self, name: str) -> None:
        with suppress(OSError):
            (self._folder / name).unlink()

    def keep(self, name: str, parts: Iterable[bytes], size: int) -> None:
        """Write a file of `size` bytes; it appears as a whole, or, where it cannot be, not."""
        if size > self._max_bytes // LARGEST_SHARE:
            return
        with suppress(OSError):
            descriptor, unfinished = tempfile.mkstemp(suffix=UNFINISHED, dir=self._folder)
            try:
                with os.fdopen(descriptor, "wb") as file:
                    file.writelines(parts)
                Path(unfinished).rename(self._folder / name)
            except BaseException:
                Path(unfinished).unlink(missing_ok=True)
                raise
            self._written += size
            if self._written > self._max_bytes // LOOK_SHARE:
                self._written = 0
                self._make_room()

    def _make_room(self) -> None:
        """Remove what was not read for longest, until there is room for what this process may
        write before it looks again. Several processes may do it at once."""
        found, total = [], 0
        for entry in os.scandir(self._folder):
            with suppress(FileNotFoundError):
                state = entry.stat(follow_symlinks=False)
                size = state.st_blocks * 512
                if not entry.name.endswith(UNFINISHED):
                    found.append((state.st_atime_ns, size, entry.name))
                    total += size
                elif time.time() - state.st_mtime > UNFINISHED_SECONDS:
                    self.remove(entry.name)
        room = self._max_bytes - self._max_bytes // LOOK_SHARE
        for _, size, name in sorted(found):
            if total <= room:
                return
            self.remove(name)
            total -= size
