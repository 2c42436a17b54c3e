"""Loading the samples: once, again, after a change, after an interruption, and by two at once."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest
from flask import Flask

from algoitny.cli.demo import demo
from algoitny.domain.errors import AlreadyExists, InvalidInput, StaleVersion, StoreUnavailable
from algoitny.domain.problem import (
    Problem,
    ProblemKey,
    ProblemRepository,
    ProblemSummary,
    TestCase,
)
from algoitny.domain.problem import tests_digest as digest_of
from algoitny.domain.repositories import Repositories
from algoitny.services.demo import SAMPLES, TRIES, load_samples, read_index
from tests.clock import START, FixedClock

KEY = ProblemKey(platform="sample", number="1000")


class MemoryProblems(ProblemRepository):
    """The part of the interface that loading uses, in a dictionary; counts what it is asked."""

    def __init__(self) -> None:
        self.rows: dict[ProblemKey, Problem] = {}
        self.tests: dict[ProblemKey, tuple[TestCase, ...]] = {}
        self.reads = 0
        self.writes = 0
        self.fail_writes_after: int | None = None
        self.rival: MemoryProblems | None = None

    def _write(self, problem: Problem) -> Problem:
        if self.fail_writes_after == self.writes:
            raise ConnectionError("interrupted")
        self.writes += 1
        self.rows[problem.summary.key] = problem
        return problem

    def _changed(self, key: ProblemKey, expected_version: int, **changes: object) -> Problem:
        problem = self.rows[key]
        if problem.summary.version != expected_version:
            raise StaleVersion
        summary = replace(problem.summary, version=expected_version + 1, **changes)  # type: ignore[arg-type]  # the caller names real fields
        return self._write(replace(problem, summary=summary))

    def create_problem(self, problem: Problem) -> Problem:
        if self.rival is not None:
            rival, self.rival = self.rival, None
            load_samples(rival, FixedClock())
            self.rows, self.tests = rival.rows, rival.tests
        if problem.summary.key in self.rows:
            raise AlreadyExists
        return self._write(replace(problem, summary=replace(problem.summary, id=7)))

    def get_problem(self, key: ProblemKey, *, consistent: bool = False) -> Problem | None:
        assert consistent
        self.reads += 1
        return self.rows.get(key)

    def update_problem(self, problem: Problem, *, expected_version: int) -> Problem:
        key = problem.summary.key
        self._changed(key, expected_version)
        summary = replace(problem.summary, version=expected_version + 1)
        self.rows[key] = replace(problem, summary=summary)
        return self.rows[key]

    def update_problem_completion(
        self, key: ProblemKey, *, is_completed: bool, expected_version: int
    ) -> ProblemSummary:
        assert self.tests[key], "published without tests"
        return self._changed(key, expected_version, is_completed=is_completed).summary

    def replace_testcases(self, key: ProblemKey, tests: object) -> ProblemSummary:
        self.tests[key] = tuple(tests)  # type: ignore[arg-type]  # the interface's Iterable
        current = self.rows[key].summary
        return self._changed(
            key,
            current.version,
            test_case_count=len(self.tests[key]),
            tests_version=current.tests_version + 1,
            tests_digest=digest_of(self.tests[key]),
        ).summary


@pytest.fixture
def problems() -> MemoryProblems:
    return MemoryProblems()


@pytest.fixture
def samples(tmp_path: Path) -> Path:
    """A copy of two samples that a test may change."""
    for name in ("twolanterns", "relayposts"):
        shutil.copytree(SAMPLES / name, tmp_path / name)
    (tmp_path / "index.yaml").write_text(
        "platform: sample\nproblems:\n"
        '  - {number: "1000", package: twolanterns}\n'
        '  - {number: "1008", package: relayposts}\n'
    )
    return tmp_path


def test_creates_and_publishes_every_sample(problems: MemoryProblems) -> None:
    loaded = load_samples(problems, FixedClock())
    expected = dict(read_index())
    assert len(loaded.created) == len(expected) >= 6
    assert not loaded.updated + loaded.unchanged + loaded.left_deleted
    for key, package in expected.items():
        problem = problems.rows[key]
        assert problem.summary.is_completed
        assert problem.summary.title == package.title
        assert problem.summary.time_limit_ms == package.time_limit_ms
        assert problem.summary.checker == package.checker
        assert problem.summary.created_at == START
        assert problem.solution_code == package.solution.code
        assert problem.summary.language == package.solution.language
        assert problems.tests[key] == package.tests


def test_again_is_one_read_each_and_no_write(problems: MemoryProblems, samples: Path) -> None:
    load_samples(problems, FixedClock(), folder=samples)
    problems.reads = problems.writes = 0
    loaded = load_samples(problems, FixedClock(), folder=samples)
    assert loaded.unchanged == ("sample#1000", "sample#1008")
    assert (problems.reads, problems.writes) == (2, 0)


def test_the_store_gives_back_what_was_loaded(
    repositories: Repositories, clock: FixedClock, samples: Path
) -> None:
    """Nothing is lost or reordered on the way, or every start would write all samples anew."""
    first = load_samples(repositories.problems, clock, folder=samples)
    assert len(first.created) == 2
    clock.advance(days=1)
    again = load_samples(repositories.problems, clock, folder=samples)
    assert again.unchanged == first.created
    listed = repositories.problems.list_completed_problems(platform="sample")
    assert [problem.key.number for problem in listed.items] == ["1000", "1008"]


def test_changed_text_updates_without_new_tests(problems: MemoryProblems, samples: Path) -> None:
    load_samples(problems, FixedClock(), folder=samples)
    metadata = samples / "twolanterns" / "problem.yaml"
    metadata.write_text(metadata.read_text().replace("Two Lanterns", "Three Lanterns"))
    loaded = load_samples(problems, FixedClock(), folder=samples)
    assert (loaded.updated, loaded.unchanged) == (("sample#1000",), ("sample#1008",))
    assert problems.rows[KEY].summary.title == "Three Lanterns"
    assert problems.rows[KEY].summary.tests_version == 1


def test_changed_tests_make_a_new_version(problems: MemoryProblems, samples: Path) -> None:
    load_samples(problems, FixedClock(), folder=samples)
    (samples / "twolanterns/data/sample/3.in").write_text("1 1\n")
    (samples / "twolanterns/data/sample/3.ans").write_text("2\n")
    loaded = load_samples(problems, FixedClock(), folder=samples)
    assert loaded.updated == ("sample#1000",)
    assert problems.rows[KEY].summary.tests_version == 2
    assert problems.tests[KEY][2].input == b"1 1\n"


@pytest.mark.parametrize("writes", range(6))
def test_interrupted_anywhere_the_next_start_finishes(
    problems: MemoryProblems, samples: Path, writes: int
) -> None:
    problems.fail_writes_after = writes
    with pytest.raises(ConnectionError):
        load_samples(problems, FixedClock(), folder=samples)
    problems.fail_writes_after = None
    load_samples(problems, FixedClock(), folder=samples)
    assert all(row.summary.is_completed for row in problems.rows.values())
    assert len(problems.tests) == 2


def test_two_at_once(problems: MemoryProblems) -> None:
    problems.rival = MemoryProblems()
    loaded = load_samples(problems, FixedClock())
    assert len(loaded.unchanged) == len(problems.rows)


def test_deleted_by_an_admin_stays_deleted(problems: MemoryProblems, samples: Path) -> None:
    load_samples(problems, FixedClock(), folder=samples)
    row = problems.rows[KEY]
    problems.rows[KEY] = replace(row, summary=replace(row.summary, is_deleted=True))
    loaded = load_samples(problems, FixedClock(), folder=samples)
    assert loaded.left_deleted == ("sample#1000",)
    assert problems.rows[KEY].summary.is_deleted


def test_index_with_one_number_twice_is_refused(samples: Path) -> None:
    index = samples / "index.yaml"
    index.write_text(index.read_text().replace("1008", "1000"))
    with pytest.raises(InvalidInput, match="1000"):
        list(read_index(samples))


def test_command(problems: MemoryProblems) -> None:
    app = Flask("test")
    app.extensions["algoitny"] = SimpleNamespace(problems=problems, clock=FixedClock())
    app.cli.add_command(demo)
    runner = app.test_cli_runner()
    first = runner.invoke(args=["demo", "load"])
    assert first.exit_code == 0
    assert f"{len(problems.rows)} created, 0 updated" in first.output
    second = runner.invoke(args=["demo", "load", "--json"])
    assert json.loads(second.output)["unchanged"][0] == "sample#1000"


def test_a_store_that_is_away_is_one_line(problems: MemoryProblems) -> None:
    def away(*_: object, **__: object) -> None:
        raise StoreUnavailable("DynamoDB did not answer (EndpointConnectionError).")

    problems.get_problem = away  # type: ignore[method-assign, assignment]  # a store without network
    app = Flask("test")
    app.extensions["algoitny"] = SimpleNamespace(problems=problems, clock=FixedClock())
    app.cli.add_command(demo)
    result = app.test_cli_runner().invoke(args=["demo", "load"])
    assert result.exit_code == 1
    assert result.stderr == "DynamoDB did not answer (EndpointConnectionError).\n"


def test_a_row_that_others_keep_changing_is_given_up_on(
    problems: MemoryProblems, samples: Path
) -> None:
    tries: list[float] = []

    def stale(*_: object, **__: object) -> None:
        raise StaleVersion

    problems.replace_testcases = stale  # type: ignore[method-assign, assignment]  # always too late
    with pytest.raises(StaleVersion):
        load_samples(problems, FixedClock(), folder=samples, sleep=tries.append)
    assert len(tries) == TRIES - 1
    assert len(set(tries)) > 1, "those who collided stay apart"
