"""Tests of a problem: replaced as a whole, read as a whole."""

from __future__ import annotations

from dataclasses import replace

import pytest

from algoitny.domain.errors import InvalidInput, NotFound, StaleVersion
from algoitny.domain.problem import ProblemKey, TestCase
from algoitny.domain.repositories import Repositories
from tests.builders import KEY, a_problem, some_tests
from tests.clock import FixedClock


def test_tests_come_back_in_order_byte_for_byte(
    repositories: Repositories, clock: FixedClock
) -> None:
    problems = repositories.problems
    problems.create_problem(a_problem(clock))
    tests = tuple(
        TestCase(number=n, input=bytes(range(256)) * n, output=b"\xff\0", is_sample=n in {2, 5})
        for n in range(1, 31)
    )
    summary = problems.replace_testcases(KEY, tests)
    assert (summary.test_case_count, summary.tests_version) == (30, 1)
    assert problems.get_testcases(summary) == tests
    assert problems.get_sample_testcases(summary) == (tests[1], tests[4])
    found = problems.get_problem_with_testcases(KEY)
    assert found is not None
    assert found[0].summary == summary
    assert found[1] == tests


def test_a_problem_that_never_had_tests(repositories: Repositories, clock: FixedClock) -> None:
    summary = repositories.problems.create_problem(a_problem(clock)).summary
    assert repositories.problems.get_testcases(summary) == ()
    assert repositories.problems.get_sample_testcases(summary) == ()


def test_replacing_with_nothing(repositories: Repositories, clock: FixedClock) -> None:
    problems = repositories.problems
    problems.create_problem(a_problem(clock))
    problems.replace_testcases(KEY, some_tests(3))
    summary = problems.replace_testcases(KEY, ())
    assert summary.test_case_count == 0
    assert problems.get_testcases(summary) == ()
    assert problems.get_sample_testcases(summary) == ()


def test_replacing_those_of_one_version(repositories: Repositories, clock: FixedClock) -> None:
    problems = repositories.problems
    version = problems.create_problem(a_problem(clock)).summary.version
    summary = problems.replace_testcases(KEY, some_tests(2), expected_version=version)
    assert summary.version == version + 1
    with pytest.raises(StaleVersion):
        problems.replace_testcases(KEY, some_tests(3), expected_version=version)
    assert problems.get_testcases(summary) == some_tests(2)


def test_a_replaced_set_is_out_of_use_an_hour_later(
    repositories: Repositories, clock: FixedClock
) -> None:
    problems = repositories.problems
    problems.create_problem(a_problem(clock))
    old = problems.replace_testcases(KEY, some_tests(3))
    new = problems.replace_testcases(KEY, some_tests(2, mark=b"new "))
    assert new.tests_version > old.tests_version
    assert problems.get_testcases(old) == some_tests(3)
    assert problems.get_testcases(new) == some_tests(2, mark=b"new ")
    clock.advance(3601)
    assert problems.get_testcases(old) == some_tests(2, mark=b"new ")
    assert problems.get_sample_testcases(old) == some_tests(1, mark=b"new ")


def test_tests_are_added_after_the_last(repositories: Repositories, clock: FixedClock) -> None:
    problems = repositories.problems
    problems.create_problem(a_problem(clock))
    one, two, three = some_tests(3)
    first = problems.add_testcase(KEY, input=one.input, output=one.output, is_sample=True)
    assert problems.get_testcases(first) == (one,)
    given = [replace(two, number=77), replace(three, number=1)]
    both = problems.create_test_cases(KEY, given)
    assert problems.get_testcases(both) == (one, two, three)
    assert problems.get_sample_testcases(both) == (one,)
    assert (both.test_case_count, both.version) == (3, 3)
    assert problems.get_testcases(first) == (one,)
    unknown = ProblemKey(platform="no", number="0")
    with pytest.raises(NotFound):
        problems.add_testcase(unknown, input=b"", output=b"")


def test_a_set_is_numbered_in_its_order(repositories: Repositories, clock: FixedClock) -> None:
    problems = repositories.problems
    created = problems.create_problem(a_problem(clock))
    for wrong in (some_tests(3)[1:], (*some_tests(1), *some_tests(1))):
        with pytest.raises(InvalidInput):
            problems.replace_testcases(KEY, wrong)
    assert problems.get_problem_summary(KEY) == created.summary


def test_a_version_is_never_used_again(repositories: Repositories, clock: FixedClock) -> None:
    problems = repositories.problems
    problems.create_problem(a_problem(clock))
    problems.replace_testcases(KEY, some_tests(1))
    removed = problems.replace_testcases(KEY, some_tests(2))
    problems.delete_problem(KEY)
    problems.create_problem(a_problem(clock))
    # An execution of the problem that is gone names its set still.
    anew = problems.replace_testcases(KEY, some_tests(3))
    assert anew.tests_version > removed.tests_version
    assert problems.get_testcases(removed) == some_tests(3)


def test_tests_in_the_moment_of_the_creation_are_told_as_they_are_stored(
    repositories: Repositories, clock: FixedClock
) -> None:
    clock.advance(0.000321)
    created = repositories.problems.create_problem(a_problem(clock)).summary
    replaced = repositories.problems.replace_testcases(created.key, some_tests(2))
    assert repositories.problems.get_problem_summary(created.key, consistent=True) == replaced
    assert replaced.updated_at == created.created_at
