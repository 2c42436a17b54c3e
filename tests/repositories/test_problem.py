"""Problems and their tests: listed where they belong, replaced at once, read whole."""

from __future__ import annotations

import os
from dataclasses import replace
from typing import Any

import pytest

from algoitny.domain.errors import (
    AlreadyExists,
    InvalidCursor,
    InvalidInput,
    NotFound,
    StaleVersion,
    StoreUnavailable,
    TooLarge,
)
from algoitny.domain.problem import ProblemKey, ProblemStatus, ProblemSummary, TestCase
from algoitny.models.kit.batch import batch_write
from algoitny.models.kit.operations import query_all
from algoitny.models.kit.patience import Patience
from algoitny.models.kit.sizes import item_size
from algoitny.models.problem import ProblemItem, problem_partition
from algoitny.models.testcase import TestCaseItem, key_of_test
from algoitny.repositories import Repositories
from tests.clock import FixedClock
from tests.faults import Faults, answer_lost, answer_lost_and_repeated, throttled, unreachable
from tests.repositories.builders import KEY, a_problem, some_tests


def key(number: object, platform: str = "baekjoon") -> ProblemKey:
    return ProblemKey(platform=platform, number=str(number))


def stored_tests() -> tuple[TestCaseItem, ...]:
    return query_all(TestCaseItem, problem_partition(KEY), sort=TestCaseItem.sk.startswith("TC#"))


def test_a_problem_comes_back_as_it_was_stored(
    repositories: Repositories, clock: FixedClock
) -> None:
    problems = repositories.problems
    given = a_problem(
        clock,
        title="Ünïcode #%",
        tags=("math", "implementation"),
        language="c",
        owner_id="ann",
        needs_review=True,
        time_limit_ms=2500,
        memory_limit_mb=64,
        checker="lines",
        statement="Add.",
        constraints="0 < A",
        url="https://example.org/1000",
        solution_code="int main(){}",
        review_notes="check",
    )
    created = problems.create_problem(given)
    assert created == replace(given, summary=replace(given.summary, id=1))
    assert problems.get_problem(KEY) == created
    assert problems.get_problem_summary(KEY) == created.summary
    assert problems.resolve_id(created.summary.id) == KEY


def test_every_problem_gets_an_integer_of_its_own(
    repositories: Repositories, clock: FixedClock
) -> None:
    created = [repositories.problems.create_problem(a_problem(clock, key(n))) for n in range(3)]
    assert [problem.summary.id for problem in created] == [1, 2, 3]
    assert [repositories.problems.resolve_id(n) for n in (1, 2, 3)] == [key(n) for n in range(3)]


@pytest.mark.parametrize("unknown", [-1, 0, 99, 2**63, 10**400])
def test_integers_that_were_never_given_out(repositories: Repositories, unknown: int) -> None:
    assert repositories.problems.resolve_id(unknown) is None


@pytest.mark.parametrize("unknown", [key(""), key("1", ""), key("#"), key("9")])
def test_problems_that_are_not_there(repositories: Repositories, unknown: ProblemKey) -> None:
    assert repositories.problems.get_problem(unknown) is None
    assert repositories.problems.get_problem_summary(unknown) is None
    assert repositories.problems.get_problem_with_testcases(unknown) is None
    if unknown.number and unknown.platform:
        with pytest.raises(NotFound):
            repositories.problems.replace_testcases(unknown, some_tests())


def test_a_key_is_registered_once(repositories: Repositories, clock: FixedClock) -> None:
    first = repositories.problems.create_problem(a_problem(clock))
    with pytest.raises(AlreadyExists):
        repositories.problems.create_problem(a_problem(clock, title="Another"))
    assert repositories.problems.get_problem(KEY) == first


def test_creating_survives_a_lost_answer(
    repositories: Repositories, clock: FixedClock, faults: Faults
) -> None:
    for number, fault in enumerate((answer_lost, answer_lost_and_repeated)):
        faults.add("TransactWriteItems", fault)
        created = repositories.problems.create_problem(a_problem(clock, key(number)))
        assert repositories.problems.get_problem(key(number)) == created
    assert faults.left == 0


def test_editing_replaces_what_can_be_edited_and_nothing_else(
    repositories: Repositories, clock: FixedClock
) -> None:
    problems = repositories.problems
    created = problems.create_problem(a_problem(clock, owner_id="ann", tags=("a",), url="u"))
    summary = problems.replace_testcases(KEY, some_tests())
    clock.advance(5)
    edit = a_problem(
        clock,
        title="New",
        tags=("b", "c"),
        language="cpp",
        owner_id="eve",
        is_completed=True,
        test_case_count=99,
        time_limit_ms=1,
        memory_limit_mb=2,
        checker="lines",
        statement="S",
        solution_code="code",
    )
    changed = problems.update_problem(edit, expected_version=summary.version)
    assert changed.summary == replace(
        summary,
        title="New",
        tags=("b", "c"),
        language="cpp",
        time_limit_ms=1,
        memory_limit_mb=2,
        checker="lines",
        updated_at=clock.now(),
        version=summary.version + 1,
    )
    assert (changed.statement, changed.solution_code, changed.url) == ("S", "code", None)
    assert problems.get_problem(KEY) == changed
    assert problems.get_testcases(changed.summary) == some_tests()
    assert problems.get_sample_testcases(changed.summary) == some_tests()[:1]
    assert created.summary.id == changed.summary.id


def changes(repositories: Repositories, clock: FixedClock) -> list[Any]:
    problems = repositories.problems
    return [
        lambda version: problems.update_problem(a_problem(clock), expected_version=version),
        lambda version: problems.update_problem_completion(
            KEY, is_completed=True, expected_version=version
        ),
        lambda version: problems.soft_delete_problem(KEY, reason="x", expected_version=version),
    ]


@pytest.mark.parametrize("which", range(3))
def test_a_change_based_on_an_old_version_is_refused(
    repositories: Repositories, clock: FixedClock, which: int
) -> None:
    change = changes(repositories, clock)[which]
    with pytest.raises(NotFound):
        change(1)
    created = repositories.problems.create_problem(a_problem(clock))
    for wrong in (0, 2):
        with pytest.raises(StaleVersion):
            change(wrong)
    assert repositories.problems.get_problem(KEY) == created
    change(1)
    with pytest.raises(StaleVersion):
        change(1)


@pytest.mark.parametrize("which", range(3))
@pytest.mark.parametrize("fault", [answer_lost, answer_lost_and_repeated])
def test_a_change_survives_a_lost_answer(
    repositories: Repositories, clock: FixedClock, faults: Faults, which: int, fault: Any
) -> None:
    repositories.problems.create_problem(a_problem(clock))
    faults.add("UpdateItem" if which == 1 else "TransactWriteItems", fault)
    changes(repositories, clock)[which](1)
    summary = repositories.problems.get_problem_summary(KEY)
    assert summary is not None
    assert summary.version == 2
    assert faults.left == 0


def listed(repositories: Repositories) -> dict[str, list[str]]:
    problems = repositories.problems
    pages = {
        "completed": problems.list_completed_problems(),
        "platform": problems.list_completed_problems(platform="baekjoon"),
        "draft": problems.list_draft_problems(),
        "review": problems.list_problems_needing_review(),
    }
    return {
        name: [problem.key.number for problem in page.items]
        for name, page in pages.items()
        if page.items
    }


def test_a_problem_is_listed_where_its_status_says(
    repositories: Repositories, clock: FixedClock
) -> None:
    problems = repositories.problems
    problems.create_problem(a_problem(clock))
    problems.create_problem(a_problem(clock, key(2), needs_review=True))
    assert listed(repositories) == {"draft": ["1000"], "review": ["2"]}
    done = problems.update_problem_completion(KEY, is_completed=True, expected_version=1)
    assert done.status is ProblemStatus.COMPLETED
    assert listed(repositories) == {"completed": ["1000"], "platform": ["1000"], "review": ["2"]}
    problems.update_problem_completion(KEY, is_completed=False, expected_version=2)
    assert listed(repositories) == {"draft": ["1000"], "review": ["2"]}
    problems.update_problem_completion(KEY, is_completed=True, expected_version=3)
    gone = problems.soft_delete_problem(KEY, reason="broken", expected_version=4)
    assert gone.is_deleted
    assert listed(repositories) == {"review": ["2"]}
    deleted = problems.get_problem(KEY)
    assert deleted is not None
    assert deleted.deleted_reason == "broken"
    assert deleted.summary == gone


def test_completed_problems_come_newest_first_or_in_natural_order(
    repositories: Repositories, clock: FixedClock
) -> None:
    problems = repositories.problems
    for number in ("10", "9", "1A", "2"):
        clock.advance(1)
        problems.create_problem(a_problem(clock, key(number), is_completed=True, tags=("t",)))
    clock.advance(1)
    problems.create_problem(a_problem(clock, key("1", "codeforces"), is_completed=True))
    assert listed(repositories) == {
        "completed": ["1", "2", "1A", "9", "10"],
        "platform": ["1A", "2", "9", "10"],
    }
    line = problems.list_completed_problems(platform="baekjoon").items[0]
    summary = problems.get_problem_summary(line.key)
    assert summary is not None
    shown = ("id", "key", "title", "tags", "language", "is_completed", "test_case_count")
    shown += ("time_limit_ms", "memory_limit_mb", "created_at", "updated_at")
    assert [getattr(line, name) for name in shown] == [getattr(summary, name) for name in shown]


@pytest.mark.parametrize("platform", [None, "baekjoon"])
def test_pages_lose_and_repeat_nothing(
    repositories: Repositories, clock: FixedClock, platform: str | None
) -> None:
    problems = repositories.problems
    for number in range(7):
        problems.create_problem(a_problem(clock, key(number), is_completed=True))
    seen: list[str] = []
    cursor = None
    while True:
        page = problems.list_completed_problems(platform=platform, limit=3, cursor=cursor)
        seen += [problem.key.number for problem in page.items]
        cursor = page.next_cursor
        if cursor is None:
            break
    assert sorted(seen) == [str(number) for number in range(7)]
    first = problems.list_completed_problems(platform=platform, limit=3)
    with pytest.raises(InvalidCursor):
        problems.list_completed_problems(platform="codeforces", cursor=first.next_cursor)


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


def test_a_replaced_set_stays_for_those_who_began_with_it_and_expires(
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
    assert {row.expires is None for row in stored_tests() if "#000002#" in row.sk} == {True}


def test_replacing_with_nothing(repositories: Repositories, clock: FixedClock) -> None:
    problems = repositories.problems
    problems.create_problem(a_problem(clock))
    problems.replace_testcases(KEY, some_tests(3))
    summary = problems.replace_testcases(KEY, ())
    assert summary.test_case_count == 0
    assert problems.get_testcases(summary) == ()
    assert problems.get_sample_testcases(summary) == ()


def test_a_line_of_a_list_is_enough_to_find_the_tests(
    repositories: Repositories, clock: FixedClock
) -> None:
    problems = repositories.problems
    problems.create_problem(a_problem(clock, is_completed=True))
    problems.replace_testcases(KEY, some_tests())
    (line,) = problems.list_completed_problems(platform="baekjoon").items
    assert problems.get_testcases(line) == some_tests()
    assert problems.get_sample_testcases(line) == some_tests()[:1]


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


def interrupting(change: Any) -> Any:
    """A fault that lets somebody else act just before the switch."""

    def fault(call: Any) -> Any:
        change()
        return call()

    return fault


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


def test_the_summary_is_small(repositories: Repositories, clock: FixedClock) -> None:
    summary = a_problem(
        clock, title="t" * 200, tags=tuple(f"tag-number-{n}" for n in range(10)), owner_id="u" * 26
    ).summary
    item = ProblemItem.of(replace(summary, tests_digest="d" * 32, language="javascript"))
    assert item_size(item.serialize()) <= 1024
