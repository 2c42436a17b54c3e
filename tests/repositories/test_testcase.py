"""Tests as rows: what is staged, switched to and left behind, whatever fails in between."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import pytest

from algoitny.domain.errors import InvalidInput, StaleVersion, StoreUnavailable, TooLarge
from algoitny.domain.patience import Patience
from algoitny.domain.problem import ProblemSummary, TestCase
from algoitny.domain.repositories import Repositories
from algoitny.models.kit.batch import batch_write
from algoitny.models.kit.operations import query_all
from algoitny.models.problem import problem_partition
from algoitny.models.testcase import TestCaseItem, key_of_test
from tests.builders import KEY, a_problem, some_tests
from tests.clock import FixedClock
from tests.faults import Faults, answer_lost, answer_lost_and_repeated, throttled, unreachable
from tests.store import on_store_too


def passed(call: Any) -> Any:
    return call()


def stored_tests() -> tuple[TestCaseItem, ...]:
    return query_all(TestCaseItem, problem_partition(KEY), sort=TestCaseItem.sk.startswith("TC#"))


def test_only_a_replaced_set_expires(repositories: Repositories, clock: FixedClock) -> None:
    problems = repositories.problems
    problems.create_problem(a_problem(clock))
    problems.replace_testcases(KEY, some_tests(3))
    problems.replace_testcases(KEY, some_tests(2, mark=b"new "))
    assert [row.expires is None for row in stored_tests()] == [False] * 3 + [True] * 2


def test_what_a_cut_off_change_left_unexpired_expires_with_the_next_one(
    repositories: Repositories, clock: FixedClock, faults: Faults
) -> None:
    """Also when that is the end of a set that no single answer of the store can hold."""
    problems = repositories.problems
    problems.create_problem(a_problem(clock))
    noise = os.urandom(250 * 1024)
    large = [TestCase(number=number, input=noise, output=b"") for number in range(1, 25)]
    problems.replace_testcases(KEY, large)
    for fault in (*[passed] * 5, throttled):
        faults.add("BatchWriteItem", fault)
    problems.replace_testcases(KEY, some_tests(1))
    assert faults.left == 0
    assert 10 < sum(row.expires is not None for row in stored_tests()) < len(large)
    for count in (2, 3):
        problems.replace_testcases(KEY, some_tests(count))
    assert [row.expires is None for row in stored_tests()] == [False] * 27 + [True] * 3


@pytest.mark.parametrize("damage", ["lost", "changed"])
def test_a_set_that_is_not_whole_is_never_handed_out(
    repositories: Repositories, clock: FixedClock, damage: str
) -> None:
    problems = repositories.problems
    problems.create_problem(a_problem(clock))
    summary = problems.replace_testcases(KEY, some_tests(3, samples=2))
    version = summary.tests_version
    patience = Patience(clock=clock)
    if damage == "lost":
        batch_write(TestCaseItem, patience=patience, deletes=[key_of_test(KEY, version, 2)])
    else:
        other = TestCase(number=2, input=b"other", output=b"", is_sample=True)
        item = TestCaseItem.of(KEY, version, other)
        item.digest = "0" * 32
        batch_write(TestCaseItem, patience=patience, puts=[item])
    with pytest.raises(StoreUnavailable):
        problems.get_testcases(summary)
    with pytest.raises(StoreUnavailable):
        problems.get_sample_testcases(summary)


def test_a_test_that_a_row_cannot_hold_is_named_and_nothing_stays(
    repositories: Repositories, clock: FixedClock
) -> None:
    problems = repositories.problems
    problems.create_problem(a_problem(clock))
    noise = os.urandom(301 * 1024)
    tests = (*some_tests(2), TestCase(number=3, input=noise, output=b""))
    with pytest.raises(TooLarge) as caught:
        problems.replace_testcases(KEY, tests)
    assert caught.value.errors[0].pointer == "/testcases/2"
    assert stored_tests() == ()
    compressible = TestCase(number=1, input=b"1 " * 1_000_000, output=b"")
    summary = problems.replace_testcases(KEY, [compressible])
    assert problems.get_testcases(summary) == (compressible,)


def test_tests_are_numbered_in_their_order(repositories: Repositories, clock: FixedClock) -> None:
    repositories.problems.create_problem(a_problem(clock))
    for wrong in (some_tests(3)[1:], (*some_tests(1), *some_tests(1))):
        with pytest.raises(InvalidInput):
            repositories.problems.replace_testcases(KEY, wrong)
    assert stored_tests() == ()


def test_a_set_is_written_as_it_is_made(
    repositories: Repositories, clock: FixedClock, faults: Faults
) -> None:
    """So that nobody needs memory for all of it; what cannot be made to its end does not stay."""
    problems = repositories.problems
    problems.create_problem(a_problem(clock))
    old = problems.replace_testcases(KEY, some_tests(2))
    made: list[int] = []
    at_writes: list[int] = []

    def watched(call: Any) -> Any:
        at_writes.append(len(made))
        return call()

    def tests(whole: bool) -> Iterator[TestCase]:
        for test in some_tests(60):
            if not whole and test.number == 60:
                raise InvalidInput("damaged")
            made.append(test.number)
            yield test

    faults.add("BatchWriteItem", watched)
    faults.add("BatchWriteItem", watched)
    with pytest.raises(InvalidInput):
        problems.replace_testcases(KEY, tests(whole=False))
    assert at_writes == [25, 50]
    assert len(stored_tests()) == 2
    assert problems.get_problem_summary(KEY) == old
    new = problems.replace_testcases(KEY, tests(whole=True))
    assert problems.get_testcases(new) == some_tests(60)


def interrupting(change: Any) -> Any:
    """A fault that lets somebody else act just before the switch."""

    def fault(call: Any) -> Any:
        change()
        return call()

    return fault


@on_store_too
def test_of_two_replacements_at_once_one_wins_whole(
    repositories: Repositories, clock: FixedClock, faults: Faults
) -> None:
    problems = repositories.problems
    problems.create_problem(a_problem(clock))
    other: list[ProblemSummary] = []
    faults.add(
        "TransactWriteItems",
        interrupting(
            lambda: other.append(problems.replace_testcases(KEY, some_tests(4, mark=b"other "))),
        ),
    )
    with pytest.raises(StaleVersion):
        problems.replace_testcases(KEY, some_tests(5))
    assert problems.get_testcases(other[0]) == some_tests(4, mark=b"other ")
    assert len(stored_tests()) == 4


def test_a_replacement_of_one_version_is_refused_when_anything_else_changes(
    repositories: Repositories, clock: FixedClock, faults: Faults
) -> None:
    problems = repositories.problems
    version = problems.create_problem(a_problem(clock)).summary.version

    def rename() -> None:
        problems.update_problem_owner(KEY, owner_id="eve", expected_version=version)

    faults.add("TransactWriteItems", interrupting(rename))
    with pytest.raises(StaleVersion):
        problems.replace_testcases(KEY, some_tests(2), expected_version=version)
    assert stored_tests() == ()
    # Whoever named no version has no quarrel with that.
    faults.add(
        "TransactWriteItems",
        interrupting(
            lambda: problems.update_problem_owner(KEY, owner_id="ann", expected_version=version + 1)
        ),
    )
    assert problems.replace_testcases(KEY, some_tests(2)).owner_id == "ann"


def test_replacing_survives_a_lost_answer(
    repositories: Repositories, clock: FixedClock, faults: Faults
) -> None:
    problems = repositories.problems
    problems.create_problem(a_problem(clock))
    for count, fault in enumerate((answer_lost, answer_lost_and_repeated), start=1):
        faults.add("TransactWriteItems", fault)
        summary = problems.replace_testcases(KEY, some_tests(count))
        assert problems.get_testcases(summary) == some_tests(count)
    assert faults.left == 0


def test_a_switch_of_unknown_outcome_removes_nothing(
    repositories: Repositories, clock: FixedClock, faults: Faults
) -> None:
    problems = repositories.problems
    problems.create_problem(a_problem(clock))
    faults.add("TransactWriteItems", answer_lost)

    def then_away(call: Any) -> Any:
        answer = call()
        faults.add("GetItem", unreachable)
        return answer

    faults.add("BatchWriteItem", then_away)
    with pytest.raises(StoreUnavailable):
        problems.replace_testcases(KEY, some_tests(3))
    current = problems.get_problem_summary(KEY)
    assert current is not None
    assert problems.get_testcases(current) == some_tests(3)


def test_staging_that_fails_leaves_the_old_set(
    repositories: Repositories, clock: FixedClock, faults: Faults
) -> None:
    problems = repositories.problems
    problems.create_problem(a_problem(clock))
    old = problems.replace_testcases(KEY, some_tests(2))
    faults.add("BatchWriteItem", throttled)
    with pytest.raises(StoreUnavailable):
        problems.replace_testcases(KEY, some_tests(3))
    assert problems.get_problem_summary(KEY) == old
    assert problems.get_testcases(old) == some_tests(2)
