"""Building the runner: once, by several at a time, and a clear word when nothing here can."""

from __future__ import annotations

import ctypes
import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest

from algoitny.domain.errors import JudgeFailure
from algoitny.judge import compilers
from algoitny.judge.compilers import build_library, build_runner

pytestmark = pytest.mark.service

ROOT = Path(__file__).parents[2]


def test_it_is_built_once(tmp_path: Path) -> None:
    runner = build_runner(tmp_path / "programs")
    built = runner.stat()
    assert built.st_mode & 0o777 == 0o755
    assert build_runner(tmp_path / "programs") == runner
    assert runner.stat().st_mtime_ns == built.st_mtime_ns
    assert list(runner.parent.iterdir()) == [runner], "nothing else is left"


def test_the_library_shows_only_what_it_replaces(tmp_path: Path) -> None:
    """Any other name would take the place of one of the interpreter's."""
    library = build_library(tmp_path)
    assert build_library(tmp_path) == library
    loaded = ctypes.CDLL(str(library))
    assert all(hasattr(loaded, name) for name in ("fopen", "fopen64", "sigaction"))
    for name in ("serve", "scratch", "boxed", "reap", "sample", "become_program", "run_python"):
        assert not hasattr(loaded, name)


def test_several_processes_at_once(tmp_path: Path) -> None:
    script = (
        "import sys\nfrom pathlib import Path\n"
        "from algoitny.judge.compilers import build_runner\n"
        "print(build_runner(Path(sys.argv[1])))\n"
    )
    builders = [
        subprocess.Popen(
            [sys.executable, "-c", script, str(tmp_path)],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(3)
    ]
    paths = {builder.communicate()[0].strip() for builder in builders}
    assert [builder.returncode for builder in builders] == [0, 0, 0]
    (path,) = paths
    assert [str(one) for one in tmp_path.iterdir()] == [path]
    assert subprocess.run([path], check=False, capture_output=True).returncode == 64


def test_without_any_compiler(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(importlib.util, "find_spec", lambda _name: None)
    monkeypatch.setattr(compilers, "PACKAGED", tmp_path / "none")
    with pytest.raises(JudgeFailure, match=r"apt-get install.*ziglang"):
        build_runner(tmp_path / "programs")


def test_a_compiler_that_fails_is_quoted_and_the_next_one_tried(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = tmp_path / "cc"
    broken.write_text("#!/bin/sh\necho this one is broken >&2\nexit 1\n")
    broken.chmod(0o755)
    monkeypatch.setattr(importlib.util, "find_spec", lambda _name: None)
    monkeypatch.setattr(compilers, "PACKAGED", tmp_path / "none")
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    assert build_runner(tmp_path / "programs").exists()
    (tmp_path / "gcc").symlink_to(broken)
    (tmp_path / "clang").symlink_to(broken)
    with pytest.raises(JudgeFailure, match="this one is broken"):
        build_runner(tmp_path / "others")
