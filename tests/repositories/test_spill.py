"""Values that no row can hold: in the object store, before the row that names them, or refused."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from algoitny.domain.errors import StoreUnavailable, TooLarge
from algoitny.domain.history import History
from algoitny.domain.history_results import Results, TestResult
from algoitny.domain.ids import Ids
from algoitny.domain.patience import Patience
from algoitny.domain.problem import TestCase
from algoitny.domain.repositories import Repositories
from algoitny.domain.verdict import Verdict
from algoitny.models.kit.attributes import compress_parts
from algoitny.models.kit.objects import FolderStore
from algoitny.models.kit.operations import query_all
from algoitny.models.problem import problem_partition
from algoitny.models.testcase import TestCaseItem, parts_of_test
from algoitny.repositories import build_repositories
from tests.builders import KEY, a_problem, an_outcome, running, some_tests
from tests.clock import FixedClock
from tests.faults import Faults, throttled

NOISE = os.urandom(310 * 1024)
LARGE = TestCase(number=1, input=NOISE, output=b"answer", is_sample=True)


class Objects(FolderStore):
    """A folder that can be away."""

    away = False

    def put(self, name: str, data: bytes) -> None:
        self._refuse()
        super().put(name, data)

    def get(self, name: str, *, limit_bytes: int) -> bytes:
        self._refuse()
        return super().get(name, limit_bytes=limit_bytes)

    def delete(self, name: str) -> None:
        self._refuse()
        super().delete(name)

    def names(self, folder: str) -> Iterator[str]:
        self._refuse()
        return super().names(folder)

    def _refuse(self) -> None:
        if self.away:
            raise StoreUnavailable("away")


@pytest.fixture
def objects(tmp_path: Path) -> Objects:
    return Objects(tmp_path / "objects")


@pytest.fixture
def repositories(table: None, clock: FixedClock, ids: Ids, objects: Objects) -> Repositories:
    patience = Patience(clock=clock, sleep=lambda _: None)
    return build_repositories(
        clock=clock, ids=ids, secret_key="s" * 40, patience=patience, objects=objects
    )


def rows() -> tuple[TestCaseItem, ...]:
    return query_all(TestCaseItem, problem_partition(KEY), sort=TestCaseItem.sk.startswith("TC#"))


def test_large_tests_come_back(
    repositories: Repositories, clock: FixedClock, objects: Objects
) -> None:
    problems = repositories.problems
    problems.create_problem(a_problem(clock))
    small = TestCase(number=2, input=b"1", output=b"2")
    answer = TestCase(number=3, input=b"", output=NOISE)
    summary = problems.replace_testcases(KEY, (LARGE, small, answer))
    assert problems.get_testcases(summary) == (LARGE, small, answer)
    assert problems.get_sample_testcases(summary) == (LARGE,)
    assert len(list(objects.names("tests"))) == 2
    first, second, _ = rows()
    assert (first.input, first.output) == (None, None)
    assert (bool(first.object_name), second.object_name) == (True, None)


@pytest.mark.slow
def test_a_test_of_64_mib(repositories: Repositories, clock: FixedClock) -> None:
    repositories.problems.create_problem(a_problem(clock))
    huge = TestCase(number=1, input=os.urandom(64 * 2**20), output=b"1")
    summary = repositories.problems.replace_testcases(KEY, [huge])
    assert repositories.problems.get_testcases(summary) == (huge,)
    with pytest.raises(TooLarge):
        repositories.problems.replace_testcases(
            KEY, [TestCase(number=1, input=bytes(97 * 2**20), output=b"")]
        )
    assert repositories.problems.get_testcases(summary) == (huge,)


def test_an_object_store_that_is_away_changes_nothing(
    repositories: Repositories, clock: FixedClock, objects: Objects
) -> None:
    problems = repositories.problems
    problems.create_problem(a_problem(clock))
    old = problems.replace_testcases(KEY, [LARGE])
    objects.away = True
    with pytest.raises(StoreUnavailable):
        problems.replace_testcases(KEY, [replace(LARGE, output=b"new")])
    assert problems.get_problem_summary(KEY) == old
    with pytest.raises(StoreUnavailable):
        problems.get_testcases(old)
    # Small ones need no object store, not even to replace large ones.
    assert problems.replace_testcases(KEY, some_tests()).test_case_count == 3
    objects.away = False
    assert problems.get_testcases(old) == (LARGE,)


@pytest.mark.parametrize("damage", ["lost", "changed"])
def test_a_damaged_object_is_never_handed_out(
    repositories: Repositories, clock: FixedClock, objects: Objects, damage: str
) -> None:
    problems = repositories.problems
    problems.create_problem(a_problem(clock))
    summary = problems.replace_testcases(KEY, [LARGE])
    (name,) = objects.names("tests")
    if damage == "lost":
        objects.delete(name)
    else:
        objects.put(name, compress_parts(*parts_of_test(replace(LARGE, output=b"other"))))
    for read in (problems.get_testcases, problems.get_sample_testcases):
        with pytest.raises(StoreUnavailable):
            read(summary)


def test_objects_are_written_before_rows_and_go_when_no_row_can_name_them(
    repositories: Repositories, clock: FixedClock, objects: Objects, faults: Faults
) -> None:
    problems = repositories.problems
    problems.create_problem(a_problem(clock))
    seen: list[int] = []

    def look(call: object) -> None:
        seen.append(len(list(objects.names("tests"))))
        throttled(lambda: None)

    faults.add("BatchWriteItem", look)
    with pytest.raises(StoreUnavailable):
        problems.replace_testcases(KEY, [LARGE])
    assert seen == [1]
    assert list(objects.names("tests")) == []
    assert rows() == ()


def test_objects_of_sets_that_expired_are_removed_with_a_later_change(
    repositories: Repositories, clock: FixedClock, objects: Objects
) -> None:
    problems = repositories.problems
    problems.create_problem(a_problem(clock))
    problems.replace_testcases(KEY, [LARGE])
    problems.replace_testcases(KEY, [replace(LARGE, output=b"2")])
    clock.advance(days=2)
    objects.put(f"{next(objects.names('tests')).rpartition('/')[0]}/9999999999999-young", b"")
    last = problems.replace_testcases(KEY, [replace(LARGE, output=b"3")])
    # The second set may still be read for an hour; the young object may be named soon.
    assert len(list(objects.names("tests"))) == 3
    clock.advance(days=2)
    problems.replace_testcases(KEY, some_tests())
    assert len(list(objects.names("tests"))) == 2
    assert problems.get_testcases(last) == (replace(LARGE, output=b"3"),)


def test_deleting_a_problem_deletes_its_objects_after_its_rows(
    repositories: Repositories, clock: FixedClock, objects: Objects
) -> None:
    problems = repositories.problems
    problems.create_problem(a_problem(clock))
    problems.replace_testcases(KEY, [LARGE])
    objects.away = True
    with pytest.raises(StoreUnavailable):
        problems.delete_problem(KEY)
    assert rows() == ()
    assert problems.get_problem(KEY) is None
    objects.away = False
    assert len(list(objects.names("tests"))) == 1
    assert problems.delete_problem(KEY) is True
    assert list(objects.names("tests")) == []
    assert problems.delete_problem(KEY) is False


def some_results(count: int = 200) -> Results:
    tests = tuple(
        TestResult(
            test_case_id=f"{number:05}",
            verdict=Verdict.WA,
            status="failed",
            output=os.urandom(2048).hex() + "\ud800",
            error="",
            time_ms=1,
            memory_kb=1,
        )
        for number in range(count)
    )
    return Results(tests=tests, compile_message="warning")


@pytest.fixture
def history(repositories: Repositories, clock: FixedClock) -> History:
    return running(repositories, clock)


def test_large_results_come_back_whole(
    repositories: Repositories, history: History, objects: Objects
) -> None:
    results = some_results()
    repositories.histories.put_results(history, results)
    ended = repositories.histories.complete(history, an_outcome(Verdict.WA))
    assert repositories.histories.get_results(ended) == results
    (name,) = objects.names("results")
    assert name.startswith(f"results/{history.id}/0001-")
    objects.delete(name)
    with pytest.raises(StoreUnavailable):
        repositories.histories.get_results(ended)


def test_small_results_need_no_object_store(
    repositories: Repositories, history: History, objects: Objects
) -> None:
    objects.away = True
    repositories.histories.put_results(history, some_results(2))
    with pytest.raises(StoreUnavailable):
        repositories.histories.put_results(history, some_results())
    ended = repositories.histories.complete(history, an_outcome(Verdict.WA))
    assert len(repositories.histories.get_results(ended).tests) == 2
