"""Many processes change problems at once: numbers, list rows and sets of tests stay right.

And one set that is large.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from algoitny.domain.clock import SystemClock
from algoitny.domain.errors import Conflict, NotFound, StaleVersion
from algoitny.domain.problem import ProblemKey
from algoitny.domain.repositories import Repositories
from algoitny.models.base import TableItem
from algoitny.models.kit.operations import query_all
from algoitny.models.problem import problem_partition
from algoitny.models.problem_list import ProblemListItem, list_rows
from tests.builders import KEY, a_problem, some_tests
from tests.processes import at_once

pytestmark = pytest.mark.service

CLOCK: Any = SystemClock()


def register(repositories: Repositories, number: int) -> int:
    key = ProblemKey(platform="p", number=str(number))
    return repositories.problems.create_problem(a_problem(CLOCK, key)).summary.id


def test_no_integer_is_given_out_twice(
    stored: Repositories, store_endpoint: str, store_table: str
) -> None:
    ids = at_once(store_endpoint, store_table, register, processes=4, threads=4)
    assert sorted(ids) == list(range(1, 17))
    assert {stored.problems.resolve_id(number) for number in ids} == {
        ProblemKey(platform="p", number=str(number)) for number in range(16)
    }


def replace_tests(repositories: Repositories, number: int) -> str:
    mark = b"set %d " % number
    summary = repositories.problems.replace_testcases(KEY, some_tests(30, mark=mark))
    return f"replaced {summary.tests_version}"


def test_replacements_at_once_leave_one_whole_set(
    stored: Repositories, store_endpoint: str, store_table: str
) -> None:
    stored.problems.create_problem(a_problem(CLOCK))
    outcomes = at_once(store_endpoint, store_table, replace_tests, processes=4, threads=2)
    assert any(outcome.startswith("replaced") for outcome in outcomes)
    assert {outcome.split()[0] for outcome in outcomes} <= {"replaced", "StaleVersion"}
    summary = stored.problems.get_problem_summary(KEY, consistent=True)
    assert summary is not None
    tests = stored.problems.get_testcases(summary)
    assert any(tests == some_tests(30, mark=b"set %d " % number) for number in range(8))


def edit(repositories: Repositories, number: int) -> str:
    given = a_problem(CLOCK, title=f"Title {number}", statement=f"Statement {number}")
    return repositories.problems.update_problem(given, expected_version=1).summary.title


def test_one_edit_of_a_version_wins(
    stored: Repositories, store_endpoint: str, store_table: str
) -> None:
    stored.problems.create_problem(a_problem(CLOCK))
    outcomes = at_once(store_endpoint, store_table, edit, processes=4, threads=2)
    assert Counter(outcomes)["StaleVersion"] == 7
    problem = stored.problems.get_problem(KEY, consistent=True)
    assert problem is not None
    assert problem.summary.title in outcomes
    assert problem.statement.split()[1] == problem.summary.title.split()[1]


def replace_or_read(repositories: Repositories, number: int) -> str:
    """Half of them replace the set, with one of another size each; the others read it."""
    problems = repositories.problems
    for turn in range(12):
        if number % 2:
            size = 5 + number * 12 + turn
            try:
                problems.replace_testcases(KEY, some_tests(size, samples=2, mark=b"%d " % size))
            except StaleVersion:
                continue
        else:
            summary = problems.get_problem_summary(KEY)
            assert summary is not None
            tests = problems.get_testcases(summary)
            assert tests == some_tests(len(tests), samples=2, mark=b"%d " % len(tests))
            samples = problems.get_sample_testcases(summary)
            marks = {sample.input.split()[0] for sample in samples}
            assert (len(samples), len(marks)) == (2, 1)
    return "whole"


def test_readers_never_see_a_mixed_set(
    stored: Repositories, store_endpoint: str, store_table: str
) -> None:
    stored.problems.create_problem(a_problem(CLOCK))
    stored.problems.replace_testcases(KEY, some_tests(4, samples=2, mark=b"4 "))
    outcomes = at_once(store_endpoint, store_table, replace_or_read, processes=4, threads=2)
    assert outcomes == ["whole"] * 8


def add(repositories: Repositories, number: int) -> str:
    repositories.problems.add_testcase(KEY, input=b"%d" % number, output=b"")
    return "added"


def test_tests_added_at_once_are_all_there(
    stored: Repositories, store_endpoint: str, store_table: str
) -> None:
    stored.problems.create_problem(a_problem(CLOCK))
    outcomes = at_once(store_endpoint, store_table, add, processes=3)
    summary = stored.problems.get_problem_summary(KEY, consistent=True)
    assert summary is not None
    added = {test.input for test in stored.problems.get_testcases(summary)}
    assert outcomes == ["added"] * 3
    assert added == {b"0", b"1", b"2"}


def change(repositories: Repositories, number: int) -> str:
    problems = repositories.problems
    for turn in range(10):
        problem = problems.get_problem(KEY, consistent=True)
        assert problem is not None
        version = problem.summary.version
        try:
            if number % 3 == 0:
                title = f"Title {number} {turn}"
                given = a_problem(CLOCK, title=title, tags=(f"tag{number}",), language="c")
                problems.update_problem(given, expected_version=version)
            elif number % 3 == 1:
                problems.update_problem_completion(
                    KEY, is_completed=bool(turn % 2), expected_version=version
                )
            else:
                problems.replace_testcases(KEY, some_tests(turn))
        except StaleVersion:
            continue
    return "done"


def test_list_rows_agree_with_the_summary_after_many_changes(
    stored: Repositories, store_endpoint: str, store_table: str
) -> None:
    stored.problems.create_problem(a_problem(CLOCK, owner_id="ann"))
    outcomes = at_once(store_endpoint, store_table, change, processes=3, threads=2)
    assert outcomes == ["done"] * 6
    summary = stored.problems.get_problem_summary(KEY, consistent=True)
    assert summary is not None
    found = query_all(
        ProblemListItem, problem_partition(KEY), sort=ProblemListItem.sk.startswith("LST#")
    )
    expected = list_rows(summary)
    assert {row.key: row.attribute_values for row in found} == {
        key: row.attribute_values for key, row in expected.items()
    }


def create_or_delete(repositories: Repositories, number: int) -> str:
    problems = repositories.problems
    for _ in range(5):
        if number % 2:
            problems.delete_problem(KEY)
            continue
        try:
            problems.create_problem(a_problem(CLOCK, is_completed=True))
            problems.replace_testcases(KEY, some_tests(30))
        except (Conflict, NotFound):
            continue
    return "done"


def test_a_deletion_takes_nothing_of_a_later_problem(
    stored: Repositories, store_endpoint: str, store_table: str
) -> None:
    outcomes = at_once(store_endpoint, store_table, create_or_delete, processes=4)
    assert outcomes == ["done"] * 4
    current = stored.problems.get_problem_summary(KEY, consistent=True)
    if current is None:
        stored.problems.delete_problem(KEY)
        assert query_all(TableItem, problem_partition(KEY)) == ()
        stored.problems.create_problem(a_problem(CLOCK))
    summary = stored.problems.replace_testcases(KEY, some_tests(3))
    assert stored.problems.get_testcases(summary) == some_tests(3)
    stored.problems.delete_problem(KEY)
    assert query_all(TableItem, problem_partition(KEY)) == ()


@pytest.mark.alone
def test_ten_thousand_tests(stored: Repositories) -> None:
    stored.problems.create_problem(a_problem(CLOCK))
    tests = some_tests(10_000, samples=3)
    summary = stored.problems.replace_testcases(KEY, tests)
    assert summary.test_case_count == 10_000
    assert stored.problems.get_testcases(summary) == tests
    assert stored.problems.get_sample_testcases(summary) == tests[:3]
