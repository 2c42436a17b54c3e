"""Finding compilers and interpreters, and the folders of the machine that a box needs for them.

A box sees these folders read-only and nothing else of the machine.
"""

from __future__ import annotations

import json
import os
import pwd
import re
import subprocess
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from shutil import which

FIRST_FREE_UID = 61_000
PROBE_SECONDS = 10
COMPILER_FOLDERS = (
    "/usr/bin",
    "/usr/include",
    "/usr/lib",
    "/usr/lib32",
    "/usr/lib64",
    "/usr/libexec",
)
UNMERGED_FOLDERS = ("/bin", "/lib", "/lib32", "/lib64")
"""Links into /usr on merged systems, folders of their own on the others."""

INTERPRETER_PROBE = """
import json, math, heapq, bisect, decimal, collections, itertools, re, sys, sysconfig
paths = sysconfig.get_paths()
print(json.dumps({"executable": sys.executable, "folders": [paths["stdlib"], paths["platstdlib"]],
                  "site": [paths["purelib"], paths["platlib"]]}))
"""


@dataclass(frozen=True, slots=True)
class Identity:
    """The user that boxes belong to: this one, or, for root, an ordinary one nobody else uses."""

    uid: int
    gid: int
    dropped: bool

    @classmethod
    def current(cls) -> Identity:
        """Root is not limited in its number of processes, so its boxes run as another user.
        In a user namespace that has no other, its root is an ordinary user outside."""
        if os.geteuid() != 0:
            return cls(os.geteuid(), os.getegid(), dropped=False)
        taken = {entry.pw_uid for entry in pwd.getpwall()}
        uid = next(number for number in range(FIRST_FREE_UID, 65_000) if number not in taken)
        if _is_mapped(uid, "uid_map") and _is_mapped(uid, "gid_map"):
            return cls(uid, uid, dropped=True)
        return cls(0, 0, dropped=False)

    def can_read(self, path: Path) -> bool:
        """Whether this user reaches and reads a file or folder."""
        if not self.dropped:
            return os.access(path, os.R_OK | (os.X_OK if path.is_dir() else 0))
        try:
            real = path.resolve(strict=True)
            wanted = 0o5 if real.is_dir() else 0o4
            reachable = all(parent.stat().st_mode & 0o1 for parent in real.parents)
            return reachable and real.stat().st_mode & wanted == wanted
        except OSError:
            return False


@dataclass(frozen=True, slots=True, kw_only=True)
class Tool:
    """A compiler or interpreter of this machine.

    `compile_folders` and `run_folders` (folders and single files) are what a box needs to use it;
    `hidden` are folders within them that are covered.
    """

    path: str
    version: str
    is_static: bool
    compile_folders: tuple[Path, ...]
    run_folders: tuple[Path, ...]
    hidden: tuple[Path, ...] = ()


def find_tool(
    *,
    kind: str,
    candidates: Sequence[str],
    version: Sequence[str],
    version_pattern: str,
    static_library: str | None,
    identity: Identity,
) -> Tool | None:
    """The first of `candidates` that works and that `identity` can read; None without any."""
    for path in _candidates(kind, candidates):
        if not identity.can_read(path):
            continue
        said = _output_of([part.replace("{tool}", str(path)) for part in version])
        match = re.search(version_pattern, said or "")
        if match is None:
            continue
        tool = (
            _interpreter(path, match[1], identity)
            if kind == "python"
            else _compiler(path, match[1], static_library)
        )
        if tool is not None:
            return tool
    return None


def library_folders(files: Iterable[Path]) -> set[Path]:
    """Where the shared libraries of these programs are, the dynamic loader's place included."""
    listing = _output_of(["ldd", *(str(file) for file in files)]) or ""
    found = {Path(match) for match in re.findall(r"(/\S+) \(0x[0-9a-f]+\)", listing)}
    return {folder for file in found for folder in (file.parent.resolve(), file.resolve().parent)}


def _candidates(kind: str, names: Sequence[str]) -> list[Path]:
    found = [Path(path) for name in names if (path := which(name))]
    if kind == "python":
        # A `python3` on PATH may be a script that chooses one: ask it which it is.
        base = getattr(sys, "_base_executable", None)
        found += [Path(base)] if base else []
        return [path.resolve() for path in found]
    return [_past_alternatives(path) for path in found]


def _past_alternatives(path: Path) -> Path:
    """Through links by way of /etc, which no box has; not further: names matter to compilers."""
    while path.is_symlink() and str(path.readlink()).startswith("/etc/"):
        path = path.readlink()
        if path.is_symlink():
            path = (path.parent / path.readlink()).absolute()
    return path


def _compiler(path: Path, version: str, static_library: str | None) -> Tool:
    # gcc and clang print the bare name back when they have no such file.
    library = _output_of([str(path), f"-print-file-name={static_library}"]) or ""
    is_static = bool(static_library) and Path(library.strip()).is_absolute()
    folders = {Path(name) for name in (*COMPILER_FOLDERS, *UNMERGED_FOLDERS)}
    real = path.resolve()
    if not real.is_relative_to("/usr/bin") and not real.is_relative_to("/usr/lib"):
        folders |= {path.parent, real.parent.parent}
    libraries = () if is_static else ("/usr/lib", "/usr/lib64", "/lib", "/lib64")
    return Tool(
        path=str(path),
        version=version,
        is_static=is_static,
        compile_folders=_existing(folders),
        run_folders=_existing({Path(name) for name in libraries}),
    )


def _interpreter(path: Path, version: str, identity: Identity) -> Tool | None:
    said = _output_of([str(path), "-I", "-S", "-B", "-c", INTERPRETER_PROBE])
    try:
        answer = json.loads(said or "")
    except ValueError:
        return None
    executable = Path(answer["executable"]).resolve()
    library = {Path(folder).resolve() for folder in answer["folders"]}
    if not all(identity.can_read(folder) for folder in (executable, *library)):
        return None
    modules = [module for folder in library for module in folder.glob("lib-dynload/*.so")]
    folders = {executable} | library | library_folders([executable, *modules])
    cache = Path("/etc/ld.so.cache")  # libraries outside the loader's default folders
    folders |= {cache} if cache.exists() else set()
    hidden = {Path(site).resolve() for site in answer["site"]} | {
        folder / name for folder in library for name in ("site-packages", "dist-packages")
    }
    return Tool(
        path=str(executable),
        version=version,
        is_static=False,
        compile_folders=_existing(folders),
        run_folders=_existing(folders),
        hidden=tuple(
            sorted(
                site
                for site in hidden
                if any(site.is_relative_to(one) for one in library) and site.is_dir()
            )
        ),
    )


def _existing(folders: Iterable[Path]) -> tuple[Path, ...]:
    """Real folders and files, each once, without those inside another."""
    real = {folder.resolve() for folder in folders if folder.exists()}
    return tuple(sorted(one for one in real if not any(other in real for other in one.parents)))


def _output_of(command: Sequence[str]) -> str | None:
    try:
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=PROBE_SECONDS,
            check=False,
            env={"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C"},
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.decode(errors="replace")


def _is_mapped(number: int, table: str) -> bool:
    try:
        rows = Path("/proc/self", table).read_text().splitlines()
    except OSError:
        return True
    return any(
        int(first) <= number < int(first) + int(count) for first, _, count in map(str.split, rows)
    )
