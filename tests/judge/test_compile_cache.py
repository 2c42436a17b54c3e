"""What was compiled before is not compiled again, and what is damaged is not run."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from algoitny.domain.verdict import Verdict
from algoitny.judge import Case, CustomChecker, Judge, Judgement, KeptFiles, Limits, open_judge
from algoitny.judge.compile_cache import CompileCache, Compiled
from algoitny.judge.compiling import _check_of, check_in, compile_in
from algoitny.judge.declarations import load_languages
from algoitny.judge.records import CompileResult
from algoitny.judge.toolchain import Tool

TOOL = Tool(
    path=os.__file__,
    version="1",
    is_static=True,
    compile_folders=(),
    run_folders=(),
    programs={"tool": os.__file__},
)
C = load_languages().get("c")


def entries(folder: Path) -> list[Path]:
    return sorted(path for path in folder.iterdir() if not path.name.endswith(".new"))


class TestFiles:
    @pytest.fixture
    def cache(self, tmp_path: Path) -> CompileCache:
        return CompileCache(KeptFiles(tmp_path / "compiled", 1_000_000))

    @pytest.mark.parametrize("artifact", [None, b"", b"\x7fELF" * 1000])
    def test_found_as_it_was_kept(self, cache: CompileCache, artifact: bytes | None) -> None:
        key = cache.key(C, TOOL, b"source")
        assert cache.find(key) is None
        cache.keep(key, Compiled("warning: é", artifact))
        assert cache.find(key) == Compiled("warning: é", artifact)

    def test_named_by_all_that_decides(self, cache: CompileCache, tmp_path: Path) -> None:
        other = tmp_path / "gcc"
        other.write_text("")
        keys = [
            cache.key(C, TOOL, b"source"),
            cache.key(C, TOOL, b"source "),
            cache.key(replace(C, id="c2"), TOOL, b"source"),
            cache.key(replace(C, compile=(*C.compile, "-O3")), TOOL, b"source"),
            cache.key(replace(C, contents=(("a.h", b""),)), TOOL, b"source"),
            cache.key(C, replace(TOOL, version="2"), b"source"),
            cache.key(C, replace(TOOL, is_static=False), b"source"),
            cache.key(C, replace(TOOL, programs={"tool": str(other)}), b"source"),
        ]
        os.utime(other, (1, 1))
        keys.append(cache.key(C, replace(TOOL, programs={"tool": str(other)}), b"source"))
        assert len(set(keys)) == len(keys)
        assert cache.key(C, TOOL, b"source") == keys[0]

    @pytest.mark.parametrize("damage", ["shorter", "empty", "changed", "another's"])
    def test_damaged_ones_are_not_used(
        self, cache: CompileCache, tmp_path: Path, damage: str
    ) -> None:
        key, other = cache.key(C, TOOL, b"a"), cache.key(C, TOOL, b"b")
        cache.keep(key, Compiled("", b"program"))
        (path,) = entries(tmp_path / "compiled")
        content = path.read_bytes()
        if damage == "another's":
            path.rename(path.with_name(other))
            key = other
        else:
            changed = {"shorter": content[:-1], "empty": b"", "changed": content[:-1] + b"?"}
            path.write_bytes(changed[damage])
        assert cache.find(key) is None
        assert entries(tmp_path / "compiled") == []

    def test_only_its_owner_can_read_it(self, cache: CompileCache, tmp_path: Path) -> None:
        cache.keep("0" * 64, Compiled("", b"program"))
        folder = tmp_path / "compiled"
        assert folder.stat().st_mode & 0o777 == 0o700
        assert [path.stat().st_mode & 0o777 for path in entries(folder)] == [0o600]

    def test_a_link_is_not_followed(self, cache: CompileCache, tmp_path: Path) -> None:
        cache.keep("1" * 64, Compiled("", b"program"))
        (tmp_path / "compiled" / ("0" * 64)).symlink_to(tmp_path / "compiled" / ("1" * 64))
        assert cache.find("0" * 64) is None

    def test_there_is_room_for_the_last_used(self, tmp_path: Path) -> None:
        files = KeptFiles(tmp_path, 800_000)
        for number in range(20):
            files.keep(str(number), (b"x" * 50_000, b"y" * 50_000), 100_000)
            descriptor = files.open("0")
            assert descriptor is not None, "it was used a moment ago"
            os.close(descriptor)
        assert sum(path.stat().st_size for path in tmp_path.iterdir()) <= 800_000
        assert {"0", "19"} <= {path.name for path in tmp_path.iterdir()}
        files.keep("large", (b"z" * 500_000,), 500_000)
        assert files.open("large") is None

    def test_what_a_killed_process_left_goes(self, tmp_path: Path) -> None:
        (tmp_path / "old.new").write_text("")
        os.utime(tmp_path / "old.new", (1, 1))
        (tmp_path / "young.new").write_text("")
        KeptFiles(tmp_path, 100_000).keep("a", (b"a",), 1)
        assert {path.name for path in tmp_path.iterdir()} == {"a", "young.new"}

    def test_a_full_disk_keeps_nothing(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        files = KeptFiles(tmp_path, 1000)

        def full(*_: object) -> None:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(Path, "rename", full)
        files.keep("a", (b"a",), 1)
        assert list(tmp_path.iterdir()) == []


@pytest.fixture(scope="module")
def judge(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Judge]:
    with open_judge(
        scratch_dir=tmp_path_factory.mktemp("judge"), sandbox="bubblewrap", cache_bytes=50_000_000
    ) as opened:
        yield opened


def submit(judge: Judge, language: str, source: str) -> Judgement:
    return judge.judge(
        language, source, [Case(name="1", input=b"", answer=b"held")], limits=Limits()
    )


HELD = {
    "python3": "print('held')  # {}",
    "c": '#include <stdio.h>\n#warning {}\nint main(void) {{ puts("held"); }}',
}


@pytest.mark.service
@pytest.mark.parametrize("language", list(HELD))
def test_the_second_time_no_compiler_runs(
    judge: Judge, language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = HELD[language].format("second")
    first = submit(judge, language, source)
    monkeypatch.setattr(judge._compiler, "_compile", None)
    second = submit(judge, language, source)
    assert [one.compile.is_known for one in (first, second)] == [False, True]
    assert first.verdict is second.verdict is Verdict.AC
    assert first.compile.message == second.compile.message
    assert ("second" in first.compile.message) == (language == "c")


@pytest.mark.service
def test_a_damaged_program_is_compiled_again(judge: Judge) -> None:
    source = HELD["c"].format("damaged")
    folder = judge._workplace.shared("compiled")
    before = set(entries(folder))
    submit(judge, "c", source)
    (path,) = set(entries(folder)) - before
    path.write_bytes(path.read_bytes()[:-1] + b"?")
    again = submit(judge, "c", source)
    assert (again.verdict, again.compile.is_known) == (Verdict.AC, False)
    assert submit(judge, "c", source).compile.is_known


@pytest.mark.service
def test_what_does_not_compile_is_not_kept(judge: Judge) -> None:
    folder = judge._workplace.shared("compiled")
    before = entries(folder)
    for language in HELD:
        assert [submit(judge, language, "int main( {").verdict for _ in range(2)] == [
            Verdict.CE
        ] * 2
    assert entries(folder) == before


@pytest.mark.service
def test_a_checker_is_compiled_once(judge: Judge) -> None:
    checker = CustomChecker(language="c", code=b"int main(void) { return 42; }")
    folder = judge._workplace.shared("compiled")
    cases = [Case(name="1", input=b"", answer=b"")]
    seen = []
    for _ in range(2):
        judgement = judge.judge("python3", "", cases, limits=Limits(), checker=checker)
        assert judgement.verdict is Verdict.AC
        seen.append(entries(folder))
    assert seen[0] == seen[1]


@pytest.mark.service
def test_without_a_sandbox_nothing_is_kept(tmp_path: Path) -> None:
    with open_judge(scratch_dir=tmp_path, sandbox="none", cache_bytes=50_000_000) as opened:
        submit(opened, "python3", HELD["python3"])
        assert submit(opened, "python3", HELD["python3"]).compile.is_known is False


SOURCES = {
    "fine": b"print(1)",
    "empty": b"",
    "open": b"print('no end'\n",
    "line": b"x = 1\ny = = 2\n",
    "indentation": b"if 1:\nprint(1)\n",
    "tabs": b"if 1:\n\tx = 1\n        y = 2\n",
    "return": b"x = 1\nreturn x\n",
    "await": b"def f():\n    await x\n",
    "nonlocal": b"def f():\n    nonlocal x\n",
    "string": b"print(f'{1 +}')\n",
    "zero": b"x = 1\0\n",
    "encoding": b"# coding: latin-1\nx = '\xe9'\nreturn",
    "no encoding": b"# coding: klingon\n",
    "bytes": b"x = '\xff\xfe'\n",
    "mark": b"\xef\xbb\xbfx = 1\n",
    "ends": b"x = 1\r\ny = 2\rz = = 3",
    "warning": b"print('\\d')\nassert (1, 'x')\n",
    "deep": b"(" * 250 + b")" * 250,
    "deeper": b"-" * 100_000 + b"1",
    "sum": b"+".join([b"1"] * 60_000),
    "huge": b"x = " + b"9" * 6000,
    "future": b"from __future__ import braces\n",
    "annotations": b"from __future__ import annotations\nx: 3 = 1 2\n",
    "exit": b"import sys\nsys.exit(3)\n",
}


def outcome_of(judge: Judge, source: bytes, *, held: bool) -> CompileResult:
    language, tool = judge.languages.get("python3"), judge.languages.tool("python3")
    box = judge._pool.take(judge._held["python3"] if held else "compile")
    try:
        if held:
            check = _check_of(language)
            assert check is not None
            outcome = check_in(box, language, tool, source, check, None)
        else:
            outcome = compile_in(box, language, tool, source, None)
        with closing(outcome):
            return outcome.result
    finally:
        box.close()


@pytest.mark.service
@pytest.mark.slow
@pytest.mark.parametrize("source", SOURCES.values(), ids=SOURCES)
def test_a_held_interpreter_says_what_one_of_its_own_says(judge: Judge, source: bytes) -> None:
    assert outcome_of(judge, source, held=True) == outcome_of(judge, source, held=False)


@pytest.mark.service
def test_looking_at_a_source_leaves_nothing_in_the_box(judge: Judge) -> None:
    source = "import os\nprint(sorted(os.listdir('/box')), os.listdir(os.environ['HOME']), 'held')"
    judgement = submit(judge, "python3", source)
    assert judgement.tests[0].output == b"['main.py'] [] held\n"
