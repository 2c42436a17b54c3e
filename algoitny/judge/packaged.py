"""The compiler of the package `ziglang` as a tool chain for learners' C and C++.

`zig cc` compiles its C library when it is first needed, and writes to a cache whenever it runs,
which no box lets it do. So it does that here, once, and is then left alone: zig is clang as well,
and lld, and what they need of it becomes a folder that is only read, with `clang` and `clang++`
that are called as anywhere. `languages.toml` names them after the machine's own compilers.

    python -m algoitny.judge.packaged
"""

from __future__ import annotations

import importlib.metadata
import importlib.util
import os
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import resources
from itertools import pairwise
from pathlib import Path

from algoitny.judge.compilers import PACKAGED

FORMAT = 1
"""Of the folder: another one is made anew."""

STAMP = "made-of"
BUILD_SECONDS = 900
TRIAL = "trial.cpp"
EMPTY_LIBRARIES = ("m", "pthread", "rt", "dl", "stdc++")
"""Part of the others here; learners' and the judge's commands name them."""

THREAD_STACK = 8 << 20
"""As with other C libraries; musl's own is 128 KiB, but for what a program says of itself."""

DRIVER = """\
#!/bin/sh
here=$(cd "${{0%/*}}/.." && pwd) || exit
exec "$here/bin/zig" clang --driver-mode={mode} --no-default-config -Qunused-arguments \\
  -target {machine}-unknown-linux-musl -nostdinc -nostdinc++ {flags} \\
  -B "$here/lib" -L "$here/lib" --ld-path="$here/bin/ld.lld" \\
  -static -nostdlib -Wl,"$here/lib/crt1.o" "$@" {libraries} \\
  -Wl,-s,--gc-sections,--eh-frame-hdr,--threads=1,-z,stack-size={stack}
"""
LINKER = """\
#!/bin/sh
here=$(cd "${0%/*}/.." && pwd) || exit
exec "$here/bin/zig" ld.lld "$@"
"""


class PackagedCompilerError(Exception):
    """Why there is none, in words for an operator."""


@dataclass(frozen=True, slots=True)
class Parts:
    """What `zig c++` used for a program: definitions of its C++ library, folders of headers, and
    what it linked, in the order that they were named."""

    defines: tuple[str, ...]
    headers: tuple[Path, ...]
    linked: tuple[Path, ...]


def make(folder: Path = PACKAGED) -> None:
    """Make the tool chain unless it is there; takes a minute of both cores. Raises
    PackagedCompilerError."""
    spec = importlib.util.find_spec("ziglang")
    if spec is None or spec.origin is None:
        raise PackagedCompilerError("The Python package `ziglang` is not installed.")
    made_of = f"{FORMAT} ziglang {importlib.metadata.version('ziglang')}\n"
    stamp = folder / STAMP
    if stamp.is_file() and stamp.read_text() == made_of:
        return
    package = Path(spec.origin).parent
    fresh = Path(tempfile.mkdtemp(prefix="compiler-", dir=folder.parent))
    try:
        fresh.chmod(0o755)
        with tempfile.TemporaryDirectory() as scratch:
            parts = _parts(package / "zig", Path(scratch))
            _lay_out(package, parts, fresh)
            _try(fresh, Path(scratch))
        (fresh / STAMP).write_text(made_of)
        shutil.rmtree(folder, ignore_errors=True)
        fresh.rename(folder)
    except OSError as error:
        raise PackagedCompilerError(str(error)) from error
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def read_parts(said: str, folder: Path) -> Parts:
    """From what zig says of a program that it built in `folder`. Raises PackagedCompilerError."""
    commands = [shlex.split(line) for line in said.splitlines() if line.strip()]
    compiled = [words for words in commands if words[1:3] == ["clang", TRIAL]]
    linked = [words for words in commands if words[0] == "ld.lld"]
    if not compiled or not linked:
        raise PackagedCompilerError("zig does not tell what it did.")
    words = compiled[-1]
    headers = (folder / b for a, b in pairwise(words) if a == "-isystem")
    libraries = (
        folder / word
        for word in linked[-1]
        if word.endswith(".a") or Path(word).name.endswith("crt1.o")
    )
    return Parts(
        tuple(word for word in words if word.startswith("-D_LIBC")),
        tuple(headers),
        tuple(libraries),
    )


def _parts(zig: Path, scratch: Path) -> Parts:
    (scratch / TRIAL).write_text("#include <iostream>\nint main() { std::cout << 1; }\n")
    command = [str(zig), "c++", "-target", f"{os.uname().machine}-linux-musl", "-static", "-O2"]
    said = _output(
        [*command, "-o", "trial", TRIAL],
        scratch,
        ZIG_VERBOSE_CC="1",
        ZIG_VERBOSE_LINK="1",
        ZIG_GLOBAL_CACHE_DIR=str(scratch / "global"),
        ZIG_LOCAL_CACHE_DIR=str(scratch / "local"),
    )
    return read_parts(said, scratch)


def _lay_out(package: Path, parts: Parts, folder: Path) -> None:
    for name in ("bin", "lib", "include/bits"):
        (folder / name).mkdir(parents=True)
    _link(package / "zig", folder / "bin/zig")
    for part in parts.linked:
        shutil.copyfile(part, folder / "lib" / part.name)
    for name in EMPTY_LIBRARIES:
        (folder / f"lib/lib{name}.a").write_text("!<arch>\n")
    content = (resources.files(__package__) / "all_headers.h").read_bytes()
    (folder / "include/bits/stdc++.h").write_bytes(content)
    lib = (package / "lib").resolve()
    headers = [path.resolve().relative_to(lib) for path in parts.headers if path.is_dir()]
    for path in headers:
        shutil.copytree(lib / path, folder / "include" / path, copy_function=_link)
    of_c = [path for path in headers if path.parts[0] in ("include", "libc")]
    libraries = [part.name for part in parts.linked if part.suffix == ".a"]
    _driver(folder, "clang++", parts.defines, [Path(), *headers], libraries)
    _driver(folder, "clang", (), of_c, [one for one in libraries if "c++" not in one])
    _script(folder / "bin/ld.lld", LINKER)


def _driver(
    folder: Path,
    name: str,
    defines: Sequence[str],
    headers: Sequence[Path],
    libraries: Sequence[str],
) -> None:
    included = (f'-isystem "$here/include/{path}"' for path in headers)
    text = DRIVER.format(
        mode="g++" if name == "clang++" else "gcc",
        machine=os.uname().machine,
        stack=THREAD_STACK,
        flags=" ".join([*map(shlex.quote, defines), *included]),
        libraries=" ".join(f'-Wl,"$here/lib/{library}"' for library in libraries),
    )
    _script(folder / "bin" / name, text)


def _script(path: Path, text: str) -> None:
    path.write_text(text)
    path.chmod(0o755)


def _link(source: str | Path, target: str | Path) -> None:
    """The same file where that can be: zig alone has 180 MB."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copy(source, target)


def _try(folder: Path, scratch: Path) -> None:
    program = scratch / "tried"
    _output([str(folder / "bin/clang++"), "-O2", "-o", str(program), TRIAL], scratch)
    if _output([str(program)], scratch) != "1":
        raise PackagedCompilerError("The packaged compiler's programs do not run here.")


def _output(command: Sequence[str], folder: Path, **environment: str) -> str:
    """Both streams. Raises PackagedCompilerError."""
    try:
        done = subprocess.run(
            command,
            cwd=folder,
            env={**os.environ, **environment},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            timeout=BUILD_SECONDS,
            check=True,
        )
    except subprocess.CalledProcessError as error:
        raise PackagedCompilerError(f"{command[0]}: {error.stdout.strip()[-500:]}") from error
    except (OSError, subprocess.TimeoutExpired) as error:
        raise PackagedCompilerError(str(error)) from error
    return done.stdout


if __name__ == "__main__":
    try:
        make()
    except PackagedCompilerError as error:
        sys.exit(f"Learners have no C and C++ from the packaged compiler: {error}")
