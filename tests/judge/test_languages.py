"""Declared languages: found by any of their names, shown as commands, extended without code."""

from __future__ import annotations

from pathlib import Path

import pytest

from algoitny.domain.errors import LanguageUnavailable
from algoitny.judge import Languages, load_languages
from algoitny.judge.languages import LANGUAGES_VARIABLE, fill
from algoitny.judge.toolchain import Identity, find_tool

DECLARATION = """
[[language]]
id = "shout"
aliases = ["SHOUTING", "!"]
name = "Shout"
kind = "native"
source = "main.sh"
tool = ["no-such-program"]
compile = []
run = ["{tool}", "{program}"]
version = ["{tool}", "--version"]
version_pattern = "(.+)"
"""


@pytest.fixture(scope="module")
def languages() -> Languages:
    return load_languages()


@pytest.mark.parametrize(
    ("name", "language"),
    [("python", "python3"), ("Python3", "python3"), (" C++ ", "cpp"), ("c", "c"), ("cobol", None)],
)
def test_normalise(languages: Languages, name: str, language: str | None) -> None:
    assert languages.normalise(name) == language


def test_get(languages: Languages) -> None:
    assert languages.get("python").id == "python3"
    with pytest.raises(LanguageUnavailable) as caught:
        languages.get("cobol")
    assert caught.value.errors[0].pointer == "/language"


def test_all_have_commands_to_show(languages: Languages) -> None:
    shown = {one.id: (one.compile_command, one.run_command) for one in languages.all()}
    assert list(shown) == ["python3", "c", "cpp"]
    assert shown["python3"][1] == "python3 -I -B main.py"
    assert shown["c"] == (
        "gcc -x c -std=gnu17 -O2 -static -DONLINE_JUDGE -o program main.c -lm",
        "./program",
    )
    assert not any("{" in text for pair in shown.values() for text in pair if text)


def test_installed_versions(languages: Languages) -> None:
    versions = languages.installed_versions()
    assert versions["python3"].startswith("3.")
    for language, version in versions.items():
        assert version[0].isdigit()
        assert languages.tool(language).version == version


def test_an_operators_own_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "languages.toml"
    file.write_text(DECLARATION)
    monkeypatch.setenv(LANGUAGES_VARIABLE, str(file))
    own = load_languages()
    assert [one.id for one in own.all()] == ["shout"]
    assert own.get("Shouting").compile_command is None
    assert own.installed_versions() == {}
    with pytest.raises(LanguageUnavailable, match="no-such-program"):
        own.tool("shout")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('name = "Shout"', 'surname = "Shout"'),
        ('name = "Shout"', ""),
        ('source = "main.sh"', 'source = "../main.sh"'),
        ('source = "main.sh"', 'source = "/etc/passwd"'),
        ('source = "main.sh"', 'source = ".hidden"'),
        ('name = "Shout"', "name = 5"),
        ('name = "Shout"', 'name = "Shout"\ntime_factor = "2"'),
        ('name = "Shout"', 'name = "Shout"\ntime_factor = 0.0'),
        ('kind = "native"', 'kind = "naive"'),
        ('tool = ["no-such-program"]', 'tool = "gcc"'),
    ],
)
def test_wrong_declarations(tmp_path: Path, before: str, after: str) -> None:
    file = tmp_path / "languages.toml"
    file.write_text(DECLARATION.replace(before, after))
    with pytest.raises(ValueError, match="language"):
        load_languages(file)


def test_fill_leaves_out_what_is_empty() -> None:
    assert fill(["{tool}", "{static}", "-o{out}"], {"tool": "cc", "static": "", "out": "x"}) == [
        "cc",
        "-ox",
    ]


def test_a_python_that_is_a_script_on_the_path(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A version chooser's shim is asked for the interpreter behind it."""
    shim = tmp_path / "python3"
    shim.write_text('#!/bin/sh\nexec /usr/bin/env -u PATH python3 "$@"\n')
    shim.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    tool = find_tool(
        kind="python",
        candidates=["python3"],
        version=["{tool}", "--version"],
        version_pattern=r"Python (\S+)",
        static_library=None,
        identity=Identity(0, 0, dropped=False),
    )
    assert tool is not None
    assert not tool.path.startswith(str(tmp_path))
    assert Path(tool.path).exists()


def test_what_a_dropped_user_cannot_read_is_not_used(tmp_path: Path) -> None:
    private = tmp_path / "private"
    private.mkdir(mode=0o700)
    (private / "python3").write_text("")
    (private / "python3").chmod(0o755)
    dropped = Identity(61_000, 61_000, dropped=True)
    assert not dropped.can_read(private / "python3")
    assert not dropped.can_read(private / "missing")
    assert dropped.can_read(Path("/usr/bin"))
