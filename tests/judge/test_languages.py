"""Declared languages: found by any of their names, shown as commands, extended without code."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from algoitny.domain.errors import LanguageUnavailable
from algoitny.domain.verdict import Verdict
from algoitny.judge import Judge, Languages, Limits, load_languages
from algoitny.judge.declarations import LANGUAGES_VARIABLE
from algoitny.judge.languages import fill
from algoitny.judge.toolchain import Identity, Wanted, find_tool
from tests.judge.conftest import cases

DECLARATION = """
[[language]]
id = "shout"
aliases = ["SHOUTING", "!"]
name = "Shout"
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
    assert list(shown) == [
        *("python3", "c", "cpp", "java", "javascript", "rust", "go", "pypy3", "kotlin"),
    ]
    assert shown["python3"][1] == "python3 -I -B main.py"
    assert shown["java"][1].startswith("java ")
    assert shown["java"][1].endswith("-jar program.jar")
    assert shown["c"] == (
        "gcc -x c -std=gnu17 -O2 -static -DONLINE_JUDGE -o program main.c -lm",
        "./program",
    )
    assert "-Xmx${HEAP_MB}m" in shown["java"][1]
    for text in filter(None, (text for pair in shown.values() for text in pair)):
        assert "{" not in text.replace("${", "")


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
        ('name = "Shout"', 'name = "Shout"\nprepared = "yes"'),
        ('name = "Shout"', 'name = "Shout"\nprepared = true'),
        ('name = "Shout"', 'name = "Shout"\nkind = "native"'),
        ('name = "Shout"', 'name = "Shout"\nartifact = "program"'),
        ('name = "Shout"', 'name = "Shout"\nextra_processes = -1'),
        ('name = "Shout"', 'name = "Shout"\ncompile_seconds = 0'),
        ('name = "Shout"', 'name = "Shout"\nrewrite_word = "aloud"'),
        ('version_pattern = "(.+)"', 'version_pattern = "("'),
        ('version_pattern = "(.+)"', 'version_pattern = "no group"'),
        ('name = "Shout"', 'name = "Shout"\ncompile_files = ["missing.py"]'),
        ('name = "Shout"', 'name = "Shout"\ncompile_files = ["../languages.toml"]'),
        ('run = ["{tool}", "{program}"]', 'run = ["{tool}", "{progam}"]'),
        ('run = ["{tool}", "{program}"]', "run = []"),
        ('run = ["{tool}", "{program}"]', "run = [1]"),
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
    language = load_languages().get("python3")
    wanted = Wanted(
        tool=["python3"],
        version=language.version,
        version_pattern=language.version_pattern,
        ask=language.ask,
    )
    tool = find_tool(wanted, Identity(0, 0, dropped=False))
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


LANGUAGES_PAGE = Path(__file__).parents[2] / "docs" / "languages.md"
ADDER = """
[[language]]
id = "adder"
name = "Adder"
source = "main.add"
artifact = "program"
tool = ["missing-adder", "sh"]
needs = ["cat"]
version = ["{tool}", "-c", "echo adder 1.5"]
version_pattern = "adder (\\\\S+)"
compile = ["{tool}", "{box}/adder.sh", "{source}", "{artifact}", "{cat}"]
compile_files = ["adder.sh"]
run = ["{tool}", "{program}", "{memory}", "{heap}"]
heap_percent = 50
"""

ADDER_COMPILER = """
read word < "$1"
if [ "$word" != add ]; then echo "$1:1: unknown word $word" >&2; exit 1; fi
printf 'read a b; echo $((a + b)) $1 $2\\n' > "$2"
"$3" "$2" > /dev/null
"""


@pytest.fixture
def own_judge(tmp_path: Path) -> Iterator[Judge]:
    """Of two languages that no code knows: the one that docs/languages.md shows, and another."""
    file = tmp_path / "languages.toml"
    documented = re.search(r"```toml\n(.*?)```", LANGUAGES_PAGE.read_text(), re.DOTALL)
    assert documented is not None
    file.write_text(documented[1] + ADDER)
    (tmp_path / "adder.sh").write_text(ADDER_COMPILER)
    languages = load_languages(file)
    if "perl" in languages.missing():
        pytest.skip("Perl is not installed: apt-get install perl")
    with Judge(languages=languages, sandbox="bubblewrap", scratch_dir=tmp_path / "judge") as opened:
        yield opened


@pytest.mark.service
def test_an_operators_languages_judge(own_judge: Judge) -> None:
    assert own_judge.languages.installed_versions()["adder"] == "1.5"
    given = cases((b"3 4\n", b"7 256 128\n"))
    added = own_judge.judge("adder", "add\n", given, limits=Limits())
    assert added.verdict is Verdict.AC, added
    refused = own_judge.judge("adder", "subtract\n", given, limits=Limits())
    assert (refused.verdict, refused.compile.message) == (
        Verdict.CE,
        "main.add:1: unknown word subtract",
    )
    for source, verdict in [
        ("use List::Util 'sum'; print sum(split ' ', <STDIN>), qq( 256 128\\n);", Verdict.AC),
        ("print 8;", Verdict.WA),
        ("die 'no';", Verdict.RTE),
        ("1 while 1;", Verdict.TLE),
        ("my @all; push @all, 'x' x 1000000 while 1;", Verdict.MLE),
        ("print 7", Verdict.WA),
        ("print (;", Verdict.CE),
    ]:
        found = own_judge.judge("pl", source, given, limits=Limits(time_ms=500, memory_mb=64))
        assert found.verdict is verdict, (source, found)
