"""Learners' C and C++ with the packaged compiler: the same verdicts as with the machine's own."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import sys
from collections.abc import Iterator
from dataclasses import replace
from importlib.machinery import ModuleSpec
from pathlib import Path

import pytest

from algoitny.domain.verdict import Verdict
from algoitny.judge import Judge, Languages, Limits, load_languages
from algoitny.judge.compilers import PACKAGED, build_runner
from algoitny.judge.packaged import PackagedCompilerError, make, read_parts
from tests.judge.conftest import cases

MAKE = "pip install ziglang && python -m algoitny.judge.packaged"
SAID = """\
/zig/zig clang lib/other.cpp -isystem lib/wrong -D_LIBCPP_WRONG -o other.o
/zig/zig clang trial.cpp -DNDEBUG -isystem ../lib/libcxx/include -D_LIBCPP_A=1 -isystem /zig/i
ld.lld -static -o trial global/o/1/crt1.o local/o/2/trial.o --x global/o/3/libc++.a /g/libc.a
"""
SUM_C = """\
#include <stdio.h>
int main(void) { int a, b; scanf("%d%d", &a, &b); printf("%d", a + b); }
"""
SUM = "#include <bits/stdc++.h>\nint main() { long a, b; std::cin >> a >> b; std::cout << a + b; }"
HEAD = "#include <bits/stdc++.h>\nusing namespace std;\n"


def test_what_zig_used_is_read_from_what_it_says() -> None:
    parts = read_parts(SAID, Path("/scratch"))
    assert parts.defines == ("-D_LIBCPP_A=1",)
    assert parts.headers == (Path("/scratch/../lib/libcxx/include"), Path("/zig/i"))
    built = Path("/scratch/global/o")
    assert parts.linked == (built / "1/crt1.o", built / "3/libc++.a", Path("/g/libc.a"))
    with pytest.raises(PackagedCompilerError):
        read_parts("error: no such target\n", Path("/scratch"))


def test_it_comes_last_and_from_the_environment() -> None:
    for name, program in (("c", "clang"), ("cpp", "clang++")):
        *own, last = load_languages().get(name).tool
        assert not any("{" in tool for tool in own)
        assert Path(last.replace("{environment}", sys.prefix)) == PACKAGED / "bin" / program


ZIG = """\
#!/bin/sh
package=${0%/*}
case $1 in
c++)
  echo run >> "$package/runs"
  mkdir -p built && touch built/crt1.o built/libc++.a built/libc.a
  echo "$0 clang trial.cpp -isystem $package/lib/libcxx/include -isystem $package/lib/include"
  echo "ld.lld -o trial built/crt1.o own/trial.o built/libc++.a built/libc.a" ;;
clang)
  while [ "$1" != -o ]; do shift; done
  printf '#!/bin/sh\\nprintf 1\\n' > "$2"; chmod +x "$2" ;;
esac
"""


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A `ziglang` whose zig says what it would do."""
    folder = tmp_path / "ziglang"
    for name in ("libcxx/include", "include"):
        (folder / "lib" / name).mkdir(parents=True)
        (folder / "lib" / name / "header.h").touch()
    (folder / "zig").write_text(ZIG)
    (folder / "zig").chmod(0o755)
    spec = ModuleSpec("ziglang", None, origin=str(folder / "__init__.py"))
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: spec)
    monkeypatch.setattr(importlib.metadata, "version", lambda _: "1")
    return folder


def test_it_is_laid_out_once_for_each_version(
    package: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "compiler"
    make(target)
    make(target)
    runs = package / "runs"
    assert runs.read_text() == "run\n"
    files = {str(path.relative_to(target)) for path in target.rglob("*") if path.is_file()}
    assert files >= {"include/libcxx/include/header.h", "include/bits/stdc++.h", "lib/crt1.o"}
    for_c = (target / "bin/clang").read_text()
    assert "include/include" in for_c
    assert "c++" not in for_c.replace("-nostdinc++", "")
    assert "lib/libc++.a" in (target / "bin/clang++").read_text()
    monkeypatch.setattr(importlib.metadata, "version", lambda _: "2")
    make(target)
    assert runs.read_text() == "run\nrun\n"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["compiler", "ziglang"]


@pytest.mark.parametrize(
    ("zig", "words"),
    [
        ("#!/bin/sh\necho no such target >&2; exit 1\n", "no such target"),
        (ZIG.replace("printf 1", "printf 2"), "do not run here"),
        (ZIG.replace("ld.lld -o", "linking"), "does not tell"),
    ],
)
def test_one_that_does_not_work_leaves_nothing(
    package: Path, tmp_path: Path, zig: str, words: str
) -> None:
    (package / "zig").write_text(zig)
    with pytest.raises(PackagedCompilerError, match=words):
        make(tmp_path / "compiler")
    assert [path.name for path in tmp_path.iterdir()] == ["ziglang"]


@pytest.fixture(scope="module")
def judge(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Judge]:
    """One that has no other compiler."""
    if not (PACKAGED / "bin/clang").exists():
        pytest.skip(f"there is no packaged compiler: {MAKE}")
    languages = [replace(one, tool=one.tool[-1:]) for one in load_languages().all()]
    scratch = tmp_path_factory.mktemp("judge")
    with Judge(languages=Languages(languages), sandbox="bubblewrap", scratch_dir=scratch) as opened:
        yield opened


@pytest.mark.service
@pytest.mark.parametrize(
    ("language", "source", "verdict", "status"),
    [
        ("c", SUM_C, Verdict.AC, ""),
        ("c", SUM_C.replace("a + b", "a - b"), Verdict.WA, ""),
        ("c", "int main(void) { *(volatile int *)8 = 1; }", Verdict.RTE, "signal 11"),
        ("c", "#include <assert.h>\nint main(void) { assert(0); }", Verdict.RTE, "signal 6"),
        ("c", "#include <math.h>\nint main(void) { return sin(0) != 0; }", Verdict.WA, ""),
        ("c", "int main(void) { for (;;) ; }", Verdict.TLE, ""),
        ("cpp", SUM, Verdict.AC, ""),
        ("cpp", HEAD + "int main() { throw 1; }", Verdict.RTE, "signal 6"),
        (
            "cpp",
            HEAD + 'int main() { try { return stoi(""); } catch (logic_error&) { cout << 7; } }',
            Verdict.AC,
            "",
        ),
        (  # no trap: zig's own are on by default, and right programs have such a hash
            "cpp",
            HEAD + "int main() { int a, b; cin >> a >> b; volatile int h = INT_MAX; h = h + a;"
            " cout << 7; }",
            Verdict.AC,
            "",
        ),
        (
            "cpp",
            HEAD + "void deep(int& n) { volatile char a[1 << 22]; a[n] = 7; n = a[0]; }\n"
            "int main() { int n = 0; thread t(deep, ref(n)); t.join(); cout << n; }",
            Verdict.AC,
            "",
        ),
        (
            "cpp",
            HEAD + "int main() { vector<string> v; for (;;) v.emplace_back(1 << 20, 'x'); }",
            Verdict.MLE,
            "",
        ),
    ],
)
def test_verdicts(judge: Judge, language: str, source: str, verdict: Verdict, status: str) -> None:
    given = cases((b"3 4\n", b"7\n"))
    limits = Limits(time_ms=500, memory_mb=64, processes=4)
    judgement = judge.judge(language, source, given, limits=limits)
    assert judgement.compile.ok, judgement.compile.message
    assert judgement.compile.message == ""
    (found,) = judgement.tests
    assert found.verdict is verdict, (found.status, found.stderr)
    assert status in found.status


@pytest.mark.service
@pytest.mark.parametrize(
    ("language", "source", "words"),
    [
        ("c", "int main(void) { return x; }", "main.c:1:25: error: use of undeclared identifier"),
        ("c", "int f(void); int main(void) { return f(); }", "undefined symbol: f"),
        ("cpp", HEAD + "int main() { vector<int> v = 1; }", "main.cpp:3:26: error: no viable"),
    ],
)
def test_compile_errors_name_nothing_of_the_machine(
    judge: Judge, language: str, source: str, words: str
) -> None:
    judgement = judge.judge(language, source, cases((b"", b"")), limits=Limits())
    assert judgement.verdict is Verdict.CE
    assert words in judgement.compile.message
    assert str(PACKAGED.parent) not in judgement.compile.message
    assert "/tmp/" not in judgement.compile.message


@pytest.mark.service
def test_it_builds_the_runner(
    judge: Judge, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("algoitny.judge.compilers._compilers", list)
    monkeypatch.setattr("algoitny.judge.compilers._packaged_compiler", lambda _: [])
    assert build_runner(tmp_path).is_file()


@pytest.mark.service
def test_it_is_made_once(judge: Judge) -> None:
    made = PACKAGED.stat()
    make()
    assert PACKAGED.stat().st_ino == made.st_ino
