"""Building the runner: once per source, with whichever C compiler this machine has."""

from __future__ import annotations

import contextlib
import hashlib
import importlib.util
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from importlib import resources
from pathlib import Path
from shutil import which

from algoitny.domain.errors import JudgeFailure

SOURCES = ("runner.h", "runner.c", "runner_usage.c", "runner_scratch.c")
FLAGS = ("-std=gnu11", "-O2", "-Wall")
BUILD_SECONDS = 600
"""The packaged compiler builds its own C library first, which takes a minute or two."""


def build_runner(folder: Path) -> Path:
    """The runner's path in `folder`, built there if it is not.

    Several processes may come at once: each builds its own and the last rename wins, all being
    equal. Raises JudgeFailure when nothing here compiles C.
    """
    package = resources.files(__package__)
    sources = {name: (package / name).read_bytes() for name in SOURCES}
    digest = hashlib.sha256(repr((sorted(sources.items()), FLAGS)).encode())
    name = "runner-" + digest.hexdigest()[:16]
    target = folder / name
    if target.exists():
        return target
    folder.mkdir(parents=True, exist_ok=True, mode=0o755)
    tried = []
    for command in _commands():
        with tempfile.TemporaryDirectory(dir=folder, prefix="build-") as scratch:
            complaint = _build(command, sources, Path(scratch))
            if complaint is None:
                with contextlib.suppress(FileExistsError):
                    (Path(scratch) / "runner").rename(target)
                return target
            tried.append(f"{' '.join(command)}: {complaint}")
    if tried:
        raise JudgeFailure("The judge's runner does not compile: " + "; ".join(tried))
    raise JudgeFailure(
        "There is no C compiler for the judge's runner: install one (Debian: `apt-get install "
        "gcc libc6-dev`), or the Python package `ziglang`, which ships one."
    )


def _commands() -> Iterator[list[str]]:
    """Static ones first: a static runner starts faster and needs nothing in the box."""
    found = [[path] for name in ("cc", "gcc", "clang") if (path := which(name))]
    if importlib.util.find_spec("ziglang"):
        found.append([sys.executable, "-m", "ziglang", "cc", "-target", f"{_machine()}-linux-musl"])
    for command in found:
        yield [*command, "-static"]
    yield from found  # no static C library; boxes then get the loader and libc too


def _units(folder: Path) -> list[str]:
    return [str(folder / name) for name in SOURCES if name.endswith(".c")]


def _machine() -> str:
    return os.uname().machine


def _build(command: list[str], sources: Mapping[str, bytes], scratch: Path) -> str | None:
    """None when it worked, else the compiler's first words."""
    for name, content in sources.items():
        (scratch / name).write_bytes(content)
    output = scratch / "runner"
    environment = {**os.environ, "ZIG_LOCAL_CACHE_DIR": str(scratch / "zig")}
    try:
        subprocess.run(
            [*command, *FLAGS, "-s", "-o", str(output), *_units(scratch)],
            check=True,
            capture_output=True,
            timeout=BUILD_SECONDS,
            env=environment,
        )
        output.chmod(0o755)
        # 64: its usage. It starts here, so it will start in a box.
        started = subprocess.run([str(output)], check=False, capture_output=True, timeout=10)
    except subprocess.CalledProcessError as error:
        lines = error.stderr.decode(errors="replace").strip().splitlines()
        return lines[0] if lines else f"exit code {error.returncode}"
    except (OSError, subprocess.TimeoutExpired) as error:
        return str(error)
    return None if started.returncode == 64 else "what it built does not start"
