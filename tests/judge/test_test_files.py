"""Problems' tests on disk: read from the table once, and never any but the current ones."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from algoitny.domain import problem
from algoitny.domain.errors import StoreUnavailable
from algoitny.domain.problem import ProblemKey, ProblemSummary, TestCase
from algoitny.judge import KeptFiles, TestFiles

NOW = datetime(2026, 1, 1, tzinfo=UTC)
TESTS = (
    TestCase(number=1, input=b"1\n", output=b"2\n", is_sample=True),
    TestCase(number=2, input=b"", output=b"\0\xff" * 1000),
    TestCase(number=3, input=b"x" * 100_000, output=b""),
)


def summary_of(tests: Sequence[TestCase], version: int = 1) -> ProblemSummary:
    return ProblemSummary(
        id=1,
        key=ProblemKey(platform="sample", number="1"),
        title="Twice",
        test_case_count=len(tests),
        tests_version=version,
        tests_digest=problem.tests_digest(tests),
        created_at=NOW,
        updated_at=NOW,
    )


@dataclass
class World:
    folder: Path
    table: Sequence[TestCase] = TESTS
    reads: int = 0
    counted: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.files = self.process()

    def process(self) -> TestFiles:
        return TestFiles(KeptFiles(self.folder, 10_000_000), self._read, count=self.counted.append)

    def _read(self, _: ProblemSummary) -> Sequence[TestCase]:
        self.reads += 1
        return self.table

    def get(
        self, summary: ProblemSummary | None = None, files: TestFiles | None = None
    ) -> list[TestCase]:
        with (files or self.files).of(summary or summary_of(TESTS)) as tests:
            assert len(tests) == len(list(tests))
            return list(tests)

    def path(self) -> Path:
        (path,) = self.folder.iterdir()
        return path


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path / "tests")


def test_read_from_the_table_once(world: World) -> None:
    for files in (world.files, world.files, world.process()):
        assert world.get(files=files) == list(TESTS)
    assert world.reads == 1
    assert world.counted == ["miss", "hit", "hit"]


def test_any_of_them_alone(world: World) -> None:
    world.get()
    with world.files.of(summary_of(TESTS)) as kept:
        assert not isinstance(kept, tuple)
        assert (kept[1], kept[-1], list(kept[1:])) == (TESTS[1], TESTS[2], list(TESTS[1:]))
        with pytest.raises(IndexError):
            kept[3]


def test_replaced_tests_are_used_at_once(world: World) -> None:
    world.get()
    world.table = TESTS[:2]
    assert world.get(summary_of(world.table, 2)) == list(TESTS[:2])


def test_the_version_alone_is_not_trusted(world: World) -> None:
    """A problem that was removed and registered anew, or a table put back from a backup."""
    world.get()
    world.table = TESTS[1:2]
    other = summary_of(world.table)
    assert world.get(other) == list(TESTS[1:2])
    assert world.get(summary_of(TESTS)) == list(TESTS)
    assert world.reads == 2


def test_a_newer_set_than_the_summarys_is_not_kept_under_its_name(world: World) -> None:
    for newer in (TESTS[:1], TESTS[::-1]):
        world.table = newer
        assert world.get() == list(newer)
        assert list(world.folder.iterdir()) == []


def changed(content: bytes) -> bytes:
    return content[:-1] + b"y"


def as_sample(content: bytes) -> bytes:
    return content.replace(b"[false", b"[ true", 1)


@pytest.mark.parametrize(
    "damage",
    [
        changed,
        as_sample,
        lambda content: content[:-1],
        lambda content: content[:5],
        lambda _: b"",
        lambda _: b"\xff" * 100,
        lambda content: content[:8] + b"{" + content[9:],
        lambda content: content.replace(b"[[", b"[7", 1),
    ],
    ids=["changed", "flag", "shorter", "short", "empty", "length", "index", "entry"],
)
def test_a_damaged_file_is_read_again(world: World, damage: Callable[[bytes], bytes]) -> None:
    for files in (world.files, world.process()):
        world.get(files=files)
        path = world.path()
        content = path.read_bytes()
        path.write_bytes(damage(content))
        assert path.read_bytes() != content
        world.reads = 0
        assert world.get(files=files) == list(TESTS)
        assert world.reads == 1
        assert world.path().read_bytes() == content


def test_damage_while_it_is_used_is_no_shorter_test(world: World) -> None:
    world.get()
    with world.files.of(summary_of(TESTS)) as kept:
        os.truncate(world.path(), 200)
        with pytest.raises(StoreUnavailable):
            kept[2]


def test_a_set_in_use_may_be_removed(world: World) -> None:
    world.get()
    with world.files.of(summary_of(TESTS)) as kept:
        world.path().unlink()
        assert list(kept) == list(TESTS)


def test_only_its_owner_can_read_it(world: World) -> None:
    world.get()
    assert world.folder.stat().st_mode & 0o777 == 0o700
    assert world.path().stat().st_mode & 0o777 == 0o600
    assert "sample" not in world.path().name


def test_the_file_tells_what_it_promises(world: World) -> None:
    world.get()
    content = world.path().read_bytes()
    length = int.from_bytes(content[:8], "big")
    assert json.loads(content[8 : 8 + length])[0] == [True, 2, 2]


def test_what_fails_to_be_read_is_told(world: World) -> None:
    def fail(_: ProblemSummary) -> Sequence[TestCase]:
        raise StoreUnavailable("away")

    files = TestFiles(KeptFiles(world.folder, 1000), fail)
    with pytest.raises(StoreUnavailable), files.of(replace(summary_of(TESTS), title="x")):
        pytest.fail("there are none")
