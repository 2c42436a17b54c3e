"""Reading packages: what is taken over, and what is refused by name."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from algoitny.domain.errors import InvalidInput
from algoitny.domain.verdict import Verdict
from algoitny.judge.checkers import check_checker
from algoitny.services.package import Expectation, checker_of, read_package

METADATA = """\
problem_format_version: "2025-09"
name: Echo
uuid: 0b7f5f3a-0000-4000-8000-000000000001
keywords: [text]
limits: {time_limit: 1.5, memory: 64}
"""
STATEMENT = """\
Say it again.

## Constraints

- 1 ≤ length ≤ 10

## Notes

None.
"""
FILES = {
    "problem.yaml": METADATA,
    "statement/problem.en.md": STATEMENT,
    "data/sample/1.in": "a\n",
    "data/sample/1.ans": "a\n",
    "data/secret/02.in": "c\n",
    "data/secret/02.ans": "c\n",
    "data/secret/01.in": "b\n",
    "data/secret/01.ans": "b\n",
    "submissions/accepted/echo.py": "print(input())\n",
    "submissions/wrong_answer/silent.c": "int main(void) { return 0; }\n",
}

WriteFiles = Callable[[dict[str, str | None]], Path]


@pytest.fixture
def write(tmp_path: Path) -> WriteFiles:
    """Writes a good package with some files replaced (None: left out)."""

    def write(changes: dict[str, str | None]) -> Path:
        folder = tmp_path / "echo"
        for path, text in {**FILES, **changes}.items():
            if text is not None:
                (folder / path).parent.mkdir(parents=True, exist_ok=True)
                (folder / path).write_text(text)
        return folder

    return write


def test_reads_everything(write: WriteFiles) -> None:
    package = read_package(write({}))
    assert (package.name, package.title, package.tags) == ("echo", "Echo", ("text",))
    assert (package.time_limit_ms, package.memory_limit_mb) == (1500, 64)
    assert package.checker == "default"
    assert package.statement == "Say it again.\n\n## Notes\n\nNone."
    assert package.constraints == "- 1 ≤ length ≤ 10"
    assert [(t.number, t.input, t.is_sample) for t in package.tests] == [
        (1, b"a\n", True),
        (2, b"b\n", False),
        (3, b"c\n", False),
    ]
    assert [(s.path, s.language, s.expectation) for s in package.submissions] == [
        ("accepted/echo.py", "python3", Expectation.ACCEPTED),
        ("wrong_answer/silent.c", "c", Expectation.WRONG_ANSWER),
    ]
    assert package.solution.code == "print(input())\n"


def test_samples_may_be_missing(write: WriteFiles) -> None:
    package = read_package(write({"data/sample/1.in": None, "data/sample/1.ans": None}))
    assert [test.is_sample for test in package.tests] == [False, False]


def test_data_are_bytes(write: WriteFiles) -> None:
    folder = write({})
    (folder / "data/secret/01.in").write_bytes(b"\xff\x00\r\n")
    assert read_package(folder).tests[1].input == b"\xff\x00\r\n"


SMALLER = METADATA.replace("limits: {time_limit: 1.5, memory: 64}\n", "")


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"problem.yaml": None}, "/problem.yaml", "Missing"),
        ({"problem.yaml": "- a\n"}, "/problem.yaml", "map"),
        ({"problem.yaml": "a: [\n"}, "/problem.yaml", "YAML"),
        ({"problem.yaml": "name: Old\n"}, "/problem.yaml", "Format legacy"),
        ({"problem.yaml": METADATA + "colour: red\n"}, "/problem.yaml", "colour"),
        ({"problem.yaml": METADATA + "type: interactive\n"}, "/problem.yaml", "interactive"),
        ({"problem.yaml": METADATA + "type: [scoring]\n"}, "/problem.yaml", "scoring"),
        ({"problem.yaml": METADATA + "constants: {n: 1}\n"}, "/problem.yaml", "Constants"),
        ({"problem.yaml": METADATA.replace("Echo", "")}, "/problem.yaml", "name"),
        ({"problem.yaml": METADATA.replace("[text]", "text")}, "/problem.yaml", "keywords"),
        ({"problem.yaml": SMALLER}, "/problem.yaml", "time_limit"),
        ({"problem.yaml": METADATA.replace("1.5", "-1")}, "/problem.yaml", "time_limit"),
        ({"problem.yaml": METADATA.replace("64", "yes")}, "/problem.yaml", "memory"),
        ({"problem.yaml": SMALLER + "limits: 3\n"}, "/problem.yaml", "limits"),
        ({"statement/problem.en.md": None}, "/statement/problem.en.md", "Missing"),
        ({"data/secret/01.ans": None}, "/data/secret/01.ans", "Missing"),
        ({"data/secret/01.in": None, "data/secret/02.in": None}, "/data/secret", "No secret"),
        ({"data/secret/group/1.in": ""}, "/data/secret/group", "Groups"),
        ({"data/secret/test_group.yaml": "max_score: 3"}, "/data/secret/test_group.yaml", "Only"),
        (
            {"data/secret/test_group.yaml": "output_validator_args: [case_sensitive]"},
            "/data",
            "Different",
        ),
        ({"output_validator/v.py": ""}, "/output_validator", "custom output validator"),
        ({"include/cpp/a.h": ""}, "/include", "added to submissions"),
        ({"submissions/accepted/echo.py": None}, "/submissions/accepted", "No accepted"),
        ({"submissions/accepted/x.zig": ""}, "/submissions/accepted/x.zig", "language"),
        ({"submissions/accepted/d.py/x": ""}, "/submissions/accepted/d.py", "language"),
        (
            {"submissions/submissions.yaml": "accepted: {}"},
            "/submissions/submissions.yaml",
            "Expectations",
        ),
    ],
)
def test_refuses_by_name(
    write: WriteFiles, changes: dict[str, str | None], field: str, words: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        read_package(write(changes))
    assert [error.pointer for error in refused.value.errors] == [field]
    assert words in refused.value.detail


def test_refuses_links_and_other_encodings(write: WriteFiles, tmp_path: Path) -> None:
    folder = write({"submissions/accepted/echo.py": None})
    target = folder / "submissions/accepted/echo.py"
    target.parent.mkdir()
    (tmp_path / "outside").write_text("secret")
    target.symlink_to(tmp_path / "outside")
    with pytest.raises(InvalidInput, match="Links"):
        read_package(folder)
    target.unlink()
    target.write_bytes(b"\xff")
    with pytest.raises(InvalidInput, match="UTF-8"):
        read_package(folder)


@pytest.mark.parametrize(
    ("arguments", "checker"),
    [
        ([], "default"),
        (["case_sensitive"], "default case_sensitive"),
        (
            ["float_tolerance", "1e-6", "space_change_sensitive"],
            "default float_tolerance 1e-6 space_change_sensitive",
        ),
    ],
)
def test_checker_of(arguments: list[str], checker: str) -> None:
    assert checker_of(arguments) == checker
    check_checker(checker)


@pytest.mark.parametrize(
    "arguments",
    [
        ["unknown"],
        ["float_tolerance"],
        ["float_tolerance 1"],
        [""],
        ["float_relative_tolerance", "1e999"],
    ],
)
def test_checker_of_refuses(arguments: list[str]) -> None:
    with pytest.raises(InvalidInput, match=r"(n|N)ot supported"):
        checker_of(arguments)


@pytest.mark.parametrize(
    ("expectation", "verdicts", "met"),
    [
        (Expectation.ACCEPTED, "AC AC", True),
        (Expectation.ACCEPTED, "AC WA", False),
        (Expectation.WRONG_ANSWER, "AC WA", True),
        (Expectation.WRONG_ANSWER, "AC AC", False),
        (Expectation.WRONG_ANSWER, "WA TLE", False),
        (Expectation.TIME_LIMIT_EXCEEDED, "AC TLE", True),
        (Expectation.TIME_LIMIT_EXCEEDED, "RTE TLE", False),
        (Expectation.RUN_TIME_ERROR, "RTE MLE", True),
        (Expectation.REJECTED, "RTE WA AC", True),
        (Expectation.REJECTED, "AC", False),
        (Expectation.BRUTE_FORCE, "RTE TLE AC", True),
        (Expectation.BRUTE_FORCE, "WA TLE", False),
        (Expectation.WRONG_ANSWER, "SE", False),
    ],
)
def test_expectation(expectation: Expectation, verdicts: str, met: bool) -> None:
    assert expectation.met_by(Verdict(verdict) for verdict in verdicts.split()) is met
