"""Building the runner: once per source, with whichever C compiler this machine has.

It comes in two forms: a static program, without which nothing can be judged, and a library that
holds a started interpreter, without which Python programs start afresh for each test.
"""

from __future__ import annotations

import contextlib
import hashlib
import importlib.util
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from importlib import resources
from pathlib import Path
from shutil import which

from algoitny.domain.errors import JudgeFailure

LOOP = ("runner.h", "runner.c", "runner_usage.c", "runner_scratch.c", "runner_folder.c")
PROGRAM = (*LOOP, "runner_main.c")
LIBRARY = (*LOOP, "runner_prepared.c", "runner_python.c")
FLAGS = ("-std=gnu11", "-O2", "-Wall", "-s")
LIBRARY_FLAGS = ("-shared", "-fPIC", "-fvisibility=hidden")
OUTPUT = "output"
PACKAGED = Path(sys.prefix, "compiler")
"""Where `packaged.py` puts its tool chain: it is ready, so it comes before the package itself."""

BUILD_SECONDS = 600
"""The packaged compiler builds its own C library first, which takes a minute or two."""


def build_runner(folder: Path) -> Path:
    """The runner's path in `folder`, built there if it is not.

    Raises JudgeFailure when nothing here compiles C.
    """
    return _built(folder, "runner-", PROGRAM, list(_program_commands()), _check_program)


def build_library(folder: Path) -> Path:
    """The same for the library that holds an interpreter; it needs the interpreter's C library,
    which is taken to be the machine's. Raises JudgeFailure."""
    return _built(folder, "runner-library-", LIBRARY, list(_library_commands()), _check_library)


def _built(
    folder: Path,
    prefix: str,
    names: Sequence[str],
    commands: Sequence[list[str]],
    check: Callable[[Path], str | None],
) -> Path:
    """Several processes may come at once: each builds its own and the last rename wins, all being
    equal."""
    package = resources.files(__package__)
    sources = {name: (package / name).read_bytes() for name in names}
    digest = hashlib.sha256(repr((sorted(sources.items()), FLAGS, LIBRARY_FLAGS)).encode())
    target = folder / (prefix + digest.hexdigest()[:16])
    if target.exists():
        return target
    folder.mkdir(parents=True, exist_ok=True, mode=0o755)
    tried = []
    for command in commands:
        with tempfile.TemporaryDirectory(dir=folder, prefix="build-") as scratch:
            complaint = _build(command, sources, Path(scratch), check)
            if complaint is None:
                with contextlib.suppress(FileExistsError):
                    (Path(scratch) / OUTPUT).rename(target)
                return target
            tried.append(f"{' '.join(command)}: {complaint}")
    if tried:
        raise JudgeFailure("The judge's runner does not compile: " + "; ".join(tried))
    raise JudgeFailure(
        "There is no C compiler for the judge's runner: install one (Debian: `apt-get install "
        "gcc libc6-dev`), or the Python package `ziglang`, which ships one."
    )


def _program_commands() -> Iterator[list[str]]:
    """Static ones first: a static runner starts faster and needs nothing in the box."""
    clang = PACKAGED / "bin/clang"
    made = [[str(clang)]] if clang.exists() else []
    found = [*_compilers(), *made, *_packaged_compiler("linux-musl")]
    for command in found:
        yield [*command, "-static"]
    yield from found  # no static C library; boxes then get the loader and libc too


def _library_commands() -> Iterator[list[str]]:
    for command in (*_compilers(), *_packaged_compiler("linux-gnu.2.28")):
        yield [*command, *LIBRARY_FLAGS]


def _compilers() -> list[list[str]]:
    return [[path] for name in ("cc", "gcc", "clang") if (path := which(name))]


def _packaged_compiler(target: str) -> list[list[str]]:
    if not importlib.util.find_spec("ziglang"):
        return []
    machine = os.uname().machine
    return [[sys.executable, "-m", "ziglang", "cc", "-target", f"{machine}-{target}"]]


def _build(
    command: list[str],
    sources: Mapping[str, bytes],
    scratch: Path,
    check: Callable[[Path], str | None],
) -> str | None:
    """None when it worked, else the compiler's first words."""
    for name, content in sources.items():
        (scratch / name).write_bytes(content)
    output = scratch / OUTPUT
    units = [str(scratch / name) for name in sources if name.endswith(".c")]
    environment = {**os.environ, "ZIG_LOCAL_CACHE_DIR": str(scratch / "zig")}
    try:
        subprocess.run(
            [*command, *FLAGS, "-o", str(output), *units, "-ldl"],
            check=True,
            capture_output=True,
            timeout=BUILD_SECONDS,
            env=environment,
        )
        output.chmod(0o755)
        return check(output)
    except subprocess.CalledProcessError as error:
        lines = error.stderr.decode(errors="replace").strip().splitlines()
        return lines[0] if lines else f"exit code {error.returncode}"
    except (OSError, subprocess.TimeoutExpired) as error:
        return str(error)


def _check_program(program: Path) -> str | None:
    """64: its usage. It starts here, so it will start in a box."""
    started = subprocess.run([str(program)], check=False, capture_output=True, timeout=10)
    return None if started.returncode == 64 else "what it built does not start"


def _check_library(library: Path) -> str | None:
    """Whether an interpreter takes it is seen when one is held."""
    return None if library.read_bytes().startswith(b"\x7fELF") else "it built no library"
