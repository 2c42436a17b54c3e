"""Finding compilers and interpreters, and the folders of the machine that a box needs for them.

A box sees these folders read-only and nothing else of the machine.
"""

from __future__ import annotations

import glob
import json
import os
import pwd
import re
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from shutil import which
from typing import Any

FIRST_FREE_UID = 61_000
PROBE_SECONDS = 30
"""The first start of a large runtime on a cold machine takes seconds."""

LOADER_CACHE = Path("/etc/ld.so.cache")
"""Where the loader finds libraries outside its default folders."""


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

    `programs` are the paths that commands name: of the tool itself, as `tool`, and of what it
    needs. `compile_folders` and `run_folders` (folders and single files) are what a box needs to
    use it; `hidden` are folders within them that are covered.
    """

    path: str
    version: str
    is_static: bool
    compile_folders: tuple[Path, ...]
    run_folders: tuple[Path, ...]
    hidden: tuple[Path, ...] = ()
    programs: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a language's declaration says of its tool; `languages.toml` explains each."""

    tool: Sequence[str]
    version: Sequence[str]
    version_pattern: str
    compile: Sequence[str] = ()
    run: Sequence[str] = ()
    needs: Sequence[str] = ()
    ask: Sequence[str] = ()
    compile_folders: Sequence[str] = ()
    folders: Sequence[str] = ()
    static_library: str | None = None


class ToolMissing(Exception):
    """Why none will do, in words for an operator."""


def find_tool(wanted: Wanted, identity: Identity) -> Tool:
    """The first of the wanted tools that works and that `identity` can read.

    Raises ToolMissing.
    """
    reasons = []
    for path in _candidates(wanted.tool):
        try:
            return _examine(path, wanted, identity)
        except ToolMissing as missing:
            reasons.append(str(missing))
    names = ", ".join(name for name in wanted.tool if not name.startswith("{"))
    raise ToolMissing("; ".join(dict.fromkeys(reasons)) or f"not found: {names}")


def library_folders(files: Iterable[Path | str]) -> set[Path]:
    """Where the shared libraries of these programs are, the dynamic loader's place included."""
    listing = _output_of(["ldd", *(str(file) for file in files)]) or ""
    found = {Path(match) for match in re.findall(r"(/\S+) \(0x[0-9a-f]+\)", listing)}
    return {folder for file in found for folder in (file.parent.resolve(), file.resolve().parent)}


def _candidates(names: Sequence[str]) -> list[Path]:
    # Where the judge has an environment of its own, this is the interpreter behind it.
    own = getattr(sys, "_base_executable", None) or sys.executable
    places = os.environ.get("PATH", os.defpath).split(os.pathsep)
    found: dict[Path, None] = {}
    for name in names:
        # All of that name: the first on PATH may be one that the box's user cannot read.
        for place in places:
            wanted = name.replace("{python}", own).replace("{environment}", sys.prefix)
            path = which(wanted, path=place)
            if path is not None:
                real = Path(path).absolute()
                found[_past_alternatives(real.parent.resolve() / real.name)] = None
    return list(found)


def _past_alternatives(path: Path) -> Path:
    """Through links by way of /etc, which no box has; not further: names matter to compilers."""
    while path.is_symlink() and str(path.readlink()).startswith("/etc/"):
        path = path.readlink()
        if path.is_symlink():
            path = (path.parent / path.readlink()).absolute()
    return path


def _examine(path: Path, wanted: Wanted, identity: Identity) -> Tool:
    programs = {"tool": str(_readable(path, identity))}
    said = _answer(wanted.version, programs)
    match = re.search(wanted.version_pattern, said)
    if match is None:
        raise ToolMissing(f"{path} does not tell its version")
    told = _told(wanted.ask, programs)
    if "tool" in told:
        programs["tool"] = str(_readable(Path(told["tool"]), identity))
    for name in wanted.needs:
        programs[name] = str(_needed(name, Path(programs["tool"]), identity))
    is_static = _has_static(programs["tool"], wanted.static_library)
    asked = [Path(folder).resolve() for folder in told.get("folders", ())]
    for folder in asked:
        _readable(folder, identity)
    asked += library_folders(told.get("libraries", ()))
    compile_folders = {*asked, *_folders(wanted.compile_folders, programs)}
    run_folders = {*asked, *(() if is_static else _folders(wanted.folders, programs))}
    compile_folders |= _of_programs(wanted.compile, programs)
    run_folders |= _of_programs(wanted.run, programs)
    hidden = {Path(folder).resolve() for folder in told.get("hidden", ())}
    return Tool(
        path=programs["tool"],
        version=match[1],
        is_static=is_static,
        compile_folders=_existing(compile_folders),
        run_folders=_existing(run_folders),
        hidden=tuple(
            sorted(
                one
                for one in hidden
                if any(one.is_relative_to(folder) for folder in asked) and one.is_dir()
            )
        ),
        programs=programs,
    )


def _readable(path: Path, identity: Identity) -> Path:
    if not identity.can_read(path):
        raise ToolMissing(f"{path} is out of reach of uid {identity.uid}, which boxes run as")
    return path


def _needed(name: str, tool: Path, identity: Identity) -> Path:
    """Beside the tool first: two versions of a runtime may be installed."""
    beside = tool.resolve().parent / name
    found = which(str(beside)) or which(name)
    if found is None:
        raise ToolMissing(f"{tool} is there, but not {name}, which it needs")
    return _readable(_past_alternatives(Path(found)), identity)


def _told(command: Sequence[str], programs: Mapping[str, str]) -> dict[str, Any]:
    """What the tool says of itself."""
    if not command:
        return {}
    try:
        told = json.loads(_answer(command, programs))
    except ValueError:
        raise ToolMissing(f"{programs['tool']} does not tell where it is") from None
    return told if isinstance(told, dict) else {}


def _answer(command: Sequence[str], programs: Mapping[str, str]) -> str:
    prefix = str(Path(programs["tool"]).resolve().parent.parent)
    values = {"{tool}": programs["tool"], "{prefix}": prefix}
    for name, value in values.items():
        command = [part.replace(name, value) for part in command]
    return _output_of(command) or ""


def _has_static(tool: str, library: str | None) -> bool:
    # gcc and clang print the bare name back when they have no such file.
    found = _output_of([tool, f"-print-file-name={library}"]) if library else None
    return Path((found or "").strip()).is_absolute()


def _folders(patterns: Sequence[str], programs: Mapping[str, str]) -> set[Path]:
    """Of declared patterns, those that are there."""
    prefixes = {
        "{prefix}" if name == "tool" else f"{{{name}_prefix}}": Path(path).resolve().parent.parent
        for name, path in programs.items()
    }
    found: set[Path] = set()
    for pattern in patterns:
        prefix = prefixes.get(pattern)
        if pattern == "{libraries}":
            found |= library_folders([Path(programs["tool"]).resolve()])
        elif prefix is None:
            found.update(map(Path, glob.glob(pattern)))  # noqa: PTH207 -- patterns are absolute
        elif prefix not in (Path("/usr"), Path("/")):
            found.add(prefix)
    return found


def _of_programs(command: Sequence[str], programs: Mapping[str, str]) -> set[Path]:
    """What it takes to start the programs that a command names."""
    named = [
        Path(path) for name, path in programs.items() if any(f"{{{name}}}" in c for c in command)
    ]
    libraries = library_folders(path.resolve() for path in named)
    return {*named, *libraries, *([LOADER_CACHE] if libraries else [])}


def _existing(folders: Iterable[Path]) -> tuple[Path, ...]:
    """Folders as they really are, and files where they are looked for, each once, without those
    inside another."""
    real = {
        one.resolve() if one.is_dir() else one.parent.resolve() / one.name
        for one in folders
        if one.exists()
    }
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
