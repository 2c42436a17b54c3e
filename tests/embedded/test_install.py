"""`requirements/install.py`, before anything is installed: with pip and venv replaced."""

from __future__ import annotations

import hashlib
import importlib.util
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from tests.waiting import PATIENCE_SECONDS, wait_until

SCRIPT = Path(__file__).parents[2] / "requirements" / "install.py"


class FakePip:
    """Answers for every program that the script starts."""

    def __init__(self) -> None:
        self.installed: list[str] = []
        self.made = 0
        self.tool_chains = 0
        self.fails: set[str] = set()
        self.usable = True

    def __call__(self, command: list[str], **_: Any) -> int:
        if "venv" in command:
            self.made += 1
            python = Path(command[-1]) / "bin" / "python"
            shutil.rmtree(command[-1], ignore_errors=True)
            python.parent.mkdir(parents=True)
            python.touch()
            return "venv" in self.fails
        if "-c" in command:
            return 0 if self.usable else 1
        if "algoitny.judge.packaged" in command:
            self.tool_chains += 1
            return "tool chain" in self.fails
        assert "--require-hashes" in command
        name = Path(command[-1]).stem
        if name in self.fails:
            return 1
        self.installed.append(name)
        return 0


@pytest.fixture
def script(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    folder = tmp_path / "requirements"
    folder.mkdir()
    shutil.copy(SCRIPT, folder)
    for name in ("run", "dev", "compiler"):
        (folder / f"{name}.lock").write_text(f"{name}==1\n")
    spec = importlib.util.spec_from_file_location("install", folder / "install.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    for name in ("VENV", "PYTHON"):
        monkeypatch.delenv(name, raising=False)
    return module


@pytest.fixture
def pip(script: ModuleType, monkeypatch: pytest.MonkeyPatch) -> FakePip:
    fake = FakePip()
    monkeypatch.setattr(script.subprocess, "call", fake)
    return fake


def venv(script: ModuleType) -> Path:
    return Path(script.HERE).parent / ".venv"


def test_a_lock_is_installed_once_for_each_version_of_it(script: ModuleType, pip: FakePip) -> None:
    assert [script.main(["run"]), script.main(["run"])] == [0, 0]
    assert (pip.made, pip.installed) == (1, ["run"])
    (script.HERE / "run.lock").write_text("run==2\n")
    assert script.main(["run"]) == 0
    assert (pip.made, pip.installed) == (1, ["run", "run"])


def test_a_failed_install_is_tried_again(script: ModuleType, pip: FakePip) -> None:
    assert script.main(["run"]) == 0
    (script.HERE / "run.lock").write_text("run==2\n")
    pip.fails = {"run"}
    assert script.main(["run"]) != 0
    assert list(venv(script).glob("*.sha256")) == []
    pip.fails = set()
    assert script.main(["run"]) == 0
    assert pip.installed == ["run", "run"]
    digest = hashlib.sha256(b"run==2\n").hexdigest()
    assert (venv(script) / "run.lock.sha256").read_text() == f"{digest}\n"


def test_what_develops_also_runs(script: ModuleType, pip: FakePip) -> None:
    assert [script.main(["dev"]), script.main(["run"])] == [0, 0]
    assert pip.installed == ["dev"]


def test_what_runs_does_not_develop_yet(script: ModuleType, pip: FakePip) -> None:
    assert [script.main(["run"]), script.main(["dev"]), script.main(["run"])] == [0, 0, 0]
    assert pip.installed == ["run", "dev"]


def test_a_compiler_is_fetched_where_there_is_none(
    script: ModuleType, pip: FakePip, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(script.shutil, "which", lambda _: None)
    assert [script.main(["run", "--compiler"]), script.main(["run", "--compiler"])] == [0, 0]
    assert pip.installed == ["run", "compiler"]
    assert pip.tool_chains == 2, "an interrupted one is made the next time"


def test_without_the_compilers_tool_chain_the_rest_works(
    script: ModuleType, pip: FakePip, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(script.shutil, "which", lambda _: None)
    pip.fails = {"tool chain"}
    assert script.main(["run", "--compiler"]) == 0
    assert pip.tool_chains == 1


def test_a_compiler_is_not_fetched_where_there_is_one(
    script: ModuleType, pip: FakePip, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = {"clang": "/usr/bin/clang"}
    monkeypatch.setattr(script.shutil, "which", found.get)
    assert script.main(["run", "--compiler"]) == 0
    assert pip.installed == ["run"]


def test_an_old_python_is_named_with_the_way_out(
    script: ModuleType,
    pip: FakePip,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 10, 13))
    assert script.main(["run"]) != 0
    said = capsys.readouterr().err
    assert "3.11 or newer" in said
    assert "is 3.10" in said
    assert "PYTHON=" in said
    assert pip.made == 0


def test_a_venv_whose_python_is_gone_is_made_anew(script: ModuleType, pip: FakePip) -> None:
    assert script.main(["run"]) == 0
    pip.usable = False
    assert script.main(["run"]) == 0
    assert (pip.made, pip.installed) == (2, ["run", "run"])


def test_without_venv_the_package_is_named(
    script: ModuleType, pip: FakePip, capsys: pytest.CaptureFixture[str]
) -> None:
    pip.fails = {"venv"}
    assert script.main(["run"]) != 0
    assert "python3-venv" in capsys.readouterr().err
    assert not venv(script).exists()


@pytest.mark.parametrize("arguments", [[], ["nothing"]])
def test_wrong_use_is_told(script: ModuleType, pip: FakePip, arguments: list[str]) -> None:
    assert script.main(arguments) != 0
    assert pip.made == 0


def as_at_a_terminal() -> None:
    """Ctrl-C works there; who runs the tests in the background may have it ignored or blocked."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGINT])


def test_ctrl_c_is_one_line(script: ModuleType, tmp_path: Path) -> None:
    """The venv's Python takes for ever; the terminal interrupts the whole process group."""
    python = venv(script) / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text(f"#!/bin/sh\ntouch {tmp_path}/runs\nexec sleep 60\n")
    python.chmod(0o755)
    with subprocess.Popen(
        [sys.executable, script.HERE / "install.py", "run"],
        env={"PATH": os.environ["PATH"]},
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        preexec_fn=as_at_a_terminal,  # noqa: PLW1509 - no other thread runs here
    ) as process:
        try:
            wait_until((tmp_path / "runs").exists, "the script runs its venv's Python")
        finally:
            os.killpg(process.pid, signal.SIGINT)
        _, said = process.communicate(timeout=PATIENCE_SECONDS)
    assert process.returncode == 130
    assert said == "Interrupted; nothing is recorded as installed.\n"
