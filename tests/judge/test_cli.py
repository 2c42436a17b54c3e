"""`flask judge`: its fixed JSON shape, its words, and its exit codes."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask

from algoitny.cli.judge import judge

Invoke = Callable[..., Result]


@pytest.fixture
def invoke(tmp_path: Path) -> Invoke:
    app = Flask("bare")
    app.cli.add_command(judge)
    runner = app.test_cli_runner()

    def run(*arguments: object) -> Result:
        return runner.invoke(
            args=["judge", *map(str, arguments)], prog_name="flask", catch_exceptions=False
        )

    return run


@pytest.fixture
def tests(tmp_path: Path) -> Path:
    folder = tmp_path / "tests"
    folder.mkdir()
    for name, given, answer in (("2", b"1 2", b"3"), ("10", b"5 5", b"10\n"), ("1", b"0 0", b"1")):
        (folder / f"{name}.in").write_bytes(given)
        (folder / f"{name}.ans").write_bytes(answer)
    return folder


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "sum.py"
    path.write_text(
        "import sys\nprint(sum(map(int, input().split())))\nprint('é', file=sys.stderr)"
    )
    return path


@pytest.mark.service
def test_json(invoke: Invoke, source: Path, tests: Path) -> None:
    done = invoke("run", "--language", "python", "--source", source, "--tests", tests, "--json")
    assert done.exit_code == 0
    document = json.loads(done.stdout)
    assert document.keys() == {"verdict", "compile", "tests"}
    assert document["verdict"] == "WA"
    assert document["compile"] == {"ok": True, "message": ""}
    assert [(test["name"], test["verdict"]) for test in document["tests"]] == [
        ("1", "WA"),
        ("2", "AC"),
        ("10", "AC"),
    ]
    test = document["tests"][0]
    assert list(test) == [
        "name", "verdict", "time_ms", "wall_ms", "memory_kb", "exit", "output", "stderr",
    ]  # fmt: skip
    assert (test["exit"], test["output"], test["stderr"]) == (0, "0\n", "é\n")
    assert all(isinstance(test[name], int) for name in ("time_ms", "wall_ms", "memory_kb"))


@pytest.mark.service
def test_limits_and_checker(invoke: Invoke, tmp_path: Path) -> None:
    (tmp_path / "1.in").write_bytes(b"")
    (tmp_path / "1.ans").write_bytes(b"1.0")
    slow = tmp_path / "main.py"
    slow.write_text("import time\nwhile time.process_time() < 0.4: pass\nprint('1.001')")
    common = ("run", "--language", "python3", "--source", slow, "--tests", tmp_path, "--json")

    def verdict(*more: object) -> str:
        return str(json.loads(invoke(*common, *more).stdout)["verdict"])

    assert verdict() == "WA"
    assert verdict("--checker", "floats 1e-2") == "AC"
    assert verdict("--time-limit", "0.2", "--checker", "floats 1e-2") == "TLE"
    slow.write_text("print('x' * (100 << 20))")
    assert verdict("--memory-limit", "64") == "MLE"


@pytest.mark.service
def test_a_checker_of_ones_own(invoke: Invoke, source: Path, tests: Path, tmp_path: Path) -> None:
    checker = tmp_path / "even.py"
    checker.write_text(
        "import sys\nopen(sys.argv[3] + 'judgemessage.txt', 'w').write(' '.join(sys.argv[4:]))\n"
        "sys.exit(43 if int(input()) % 2 else 42)"
    )
    common = ("run", "--language", "python3", "--source", source, "--tests", tests)
    done = invoke(*common, "--checker-source", checker, "--checker", "custom one Two", "--json")
    found = json.loads(done.stdout)["tests"]
    assert [(test["verdict"], test["judge_message"]) for test in found] == [
        ("AC", "one Two"),
        ("WA", "one Two"),
        ("AC", "one Two"),
    ]
    assert (
        "    one Two"
        in invoke(*common, "--checker-source", checker, "--checker", "custom one Two").stdout
    )
    checker.write_text("import sys\nsys.exit('cannot decide')")
    done = invoke(*common, "--checker-source", checker)
    assert done.exit_code == 3
    assert "On the test 1 the checker ended with exit code 1" in done.stderr
    assert "cannot decide" in done.stderr


@pytest.mark.service
def test_a_compile_error(invoke: Invoke, tests: Path, tmp_path: Path) -> None:
    broken = tmp_path / "broken.c"
    broken.write_text("int main(void) {")
    done = invoke("run", "--language", "c", "--source", broken, "--tests", tests, "--json")
    document = json.loads(done.stdout)
    assert (done.exit_code, document["verdict"], document["tests"]) == (0, "CE", [])
    assert not document["compile"]["ok"]
    assert "main.c:1" in document["compile"]["message"]


@pytest.mark.service
def test_for_people(invoke: Invoke, source: Path, tests: Path) -> None:
    done = invoke("run", "--language", "python", "--source", source, "--tests", tests)
    assert done.exit_code == 0
    assert "wrong answer: token 1 differs" in done.stdout
    assert done.stdout.strip().endswith("WA")


@pytest.mark.service
def test_source_bytes_that_are_not_text(invoke: Invoke, tests: Path, tmp_path: Path) -> None:
    odd = tmp_path / "odd.c"
    odd.write_bytes(b'#include <stdio.h>\nint main(void) { puts("\xff"); }')
    (tests / "1.ans").write_bytes(b"\xff")
    done = invoke("run", "--language", "c", "--source", odd, "--tests", tests, "--json")
    assert json.loads(done.stdout)["tests"][0]["verdict"] == "AC"


@pytest.mark.service
def test_doctor(invoke: Invoke) -> None:
    done = invoke("doctor", "--json")
    document = json.loads(done.stdout)
    assert document["ok"], [probe for probe in document["probes"] if not probe["ok"]]
    assert done.exit_code == 0
    assert document["facts"]["sandbox"] == "bubblewrap"
    assert document["facts"]["prepared interpreters"] == "python3"
    held = [document["facts"][f"{what} held by"] for what in ("memory", "cpu", "processes")]
    assert set(held) <= {"cgroup v1", "cgroup v2", "sampling"}
    assert {"no network", "memory limit", "processes are limited"} <= {
        probe["name"] for probe in document["probes"]
    }


@pytest.mark.service
def test_doctor_without_a_sandbox(invoke: Invoke) -> None:
    done = invoke("doctor", "--sandbox", "none")
    assert done.exit_code == 1
    assert "NOT  no network" in done.output
    assert "warning: no sandbox" in done.output


def test_bad_input(invoke: Invoke, source: Path, tests: Path, tmp_path: Path) -> None:
    def refused(words: str, **changed: object) -> None:
        options = {"language": "python3", "source": source, "tests": tests} | changed
        pairs = [part for name, value in options.items() for part in (f"--{name}", value)]
        done = invoke("run", *pairs)
        assert done.exit_code == 2, done.output
        assert words in done.stderr
        assert "Traceback" not in done.output

    refused("no folder", tests=tmp_path / "missing")
    refused("no folder", tests=source)
    empty = tmp_path / "empty"
    empty.mkdir()
    refused("There are no tests", tests=empty)
    refused("cannot be read", source=tmp_path / "missing.py")
    refused("cannot be read", source=tmp_path)
    refused("Unknown language", language="cobol")
    refused("Unknown checker", checker="nothing")
    refused("go together", checker="custom")
    refused("go together", **{"checker": "tokens", "checker-source": source})
    refused("No language is known", **{"checker-source": tmp_path / "checker.cobol"})
    refused("checker cannot be read", **{"checker-source": tmp_path / "missing.cc"})
    refused("time-limit", **{"time-limit": "0"})
    refused("time-limit", **{"time-limit": "nan"})
    refused("memory-limit", **{"memory-limit": "-1"})
    (tests / "2.ans").unlink()
    refused("no 2.ans")
    (tests / "2.in").rename(tests / "2.ans")
    refused("no 2.in")


@pytest.mark.parametrize("command", ["run", "doctor"])
def test_help_has_examples(invoke: Invoke, command: str) -> None:
    done = invoke(command, "--help")
    assert "Examples:" in done.stdout
    assert f"flask judge {command}" in done.stdout
    assert "Exit code" in done.stdout
