"""Problems as rows: which there are, how large, and what a failing store leaves of a change."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from algoitny.domain.errors import AlreadyExists, Conflict, NotFound, StaleVersion, StoreUnavailable
from algoitny.domain.patience import Patience
from algoitny.domain.problem import MOST_TAGS, MOST_TITLE_WORDS, ProblemKey, TestCase
from algoitny.domain.repositories import Repositories
from algoitny.models.base import TableItem
from algoitny.models.kit.batch import batch_write
from algoitny.models.kit.operations import get, query, query_all
from algoitny.models.kit.sizes import item_size
from algoitny.models.problem import ProblemItem, problem_partition, summary_key
from algoitny.models.problem_list import ProblemListItem, list_rows
from algoitny.models.stats import problem_counter_partition
from algoitny.models.testcase import TestCaseItem
from tests.builders import KEY, a_problem, done, some_tests
from tests.clock import FixedClock
from tests.faults import Faults, answer_lost, answer_lost_and_repeated, throttled


def key(number: object, platform: str = "baekjoon") -> ProblemKey:
    return ProblemKey(platform=platform, number=str(number))


def test_creating_survives_a_lost_answer(
    repositories: Repositories, clock: FixedClock, faults: Faults
) -> None:
    for number, fault in enumerate((answer_lost, answer_lost_and_repeated)):
        faults.add("TransactWriteItems", fault)
        created = repositories.problems.create_problem(a_problem(clock, key(number)))
        assert repositories.problems.get_problem(key(number)) == created
    assert faults.left == 0


def test_what_most_problems_do_not_ask_for_takes_no_room(
    repositories: Repositories, clock: FixedClock
) -> None:
    problems = repositories.problems
    plain = problems.create_problem(a_problem(clock))
    stopping = replace(plain, summary=replace(plain.summary, stop_on_first_failure=True))

    def stored() -> bool | None:
        item = get(ProblemItem, summary_key(KEY), consistent=True)
        assert item is not None
        return item.stop_on_first_failure

    found = [stored()]
    for version, given in enumerate((stopping, plain), 1):
        problems.update_problem(given, expected_version=version)
        found.append(stored())
    assert found == [None, True, None]


def test_of_two_who_give_the_same_number_one_is_told_so(
    repositories: Repositories, clock: FixedClock, faults: Faults
) -> None:
    problems = repositories.problems
    theirs = a_problem(clock, id=7, statement="theirs")

    def first(call: Any) -> Any:
        problems.create_problem(theirs)
        return call()

    faults.add("TransactWriteItems", first)
    with pytest.raises(AlreadyExists):
        problems.create_problem(a_problem(clock, id=7, statement="ours"))
    stored = problems.get_problem(KEY)
    assert stored is not None
    assert stored.statement == "theirs"


def changes(repositories: Repositories, clock: FixedClock) -> list[Any]:
    problems = repositories.problems
    return [
        lambda version: problems.update_problem(a_problem(clock), expected_version=version),
        lambda version: problems.update_problem_completion(
            KEY, is_completed=True, expected_version=version
        ),
        lambda version: problems.soft_delete_problem(KEY, reason="x", expected_version=version),
        lambda version: problems.request_review(KEY, notes="x", expected_version=version),
    ]


@pytest.mark.parametrize("which", range(4))
@pytest.mark.parametrize("fault", [answer_lost, answer_lost_and_repeated])
def test_a_change_survives_a_lost_answer(
    repositories: Repositories, clock: FixedClock, faults: Faults, which: int, fault: Any
) -> None:
    repositories.problems.create_problem(a_problem(clock))
    faults.add("TransactWriteItems", fault)
    changes(repositories, clock)[which](1)
    summary = repositories.problems.get_problem_summary(KEY)
    assert summary is not None
    assert summary.version == 2
    assert faults.left == 0


def test_the_summary_is_small(repositories: Repositories, clock: FixedClock) -> None:
    summary = a_problem(
        clock, title="t" * 200, tags=tuple(f"tag-number-{n}" for n in range(10)), owner_id="u" * 26
    ).summary
    item = ProblemItem.of(replace(summary, tests_digest="d" * 32, language="javascript"))
    assert item_size(item.serialize()) <= 1024


def rows() -> list[str]:
    """The sort keys of all rows of the problem."""
    return [row.sk for row in query_all(TableItem, problem_partition(KEY))]


def the_largest(clock: FixedClock, mark: str) -> Any:
    return a_problem(
        clock,
        title=" ".join(f"{mark}{n}" for n in range(MOST_TITLE_WORDS)),
        tags=tuple(f"{mark}{n}" for n in range(MOST_TAGS)),
        language=mark,
        owner_id="ann",
        is_completed=True,
        needs_review=True,
    )


def test_list_rows_lie_beside_the_summary(repositories: Repositories, clock: FixedClock) -> None:
    given = a_problem(clock, title="A+B", tags=("Math",), language="C", owner_id="ann")
    repositories.problems.create_problem(given)
    assert rows() == ["BODY", "LST#owner#ann", "LST#platform#baekjoon", "META"]
    repositories.problems.update_problem_completion(KEY, is_completed=True, expected_version=1)
    assert rows() == [
        "BODY",
        *("LST#T#a", "LST#T#b", "LST#language#c"),
        *("LST#owner#ann", "LST#platform#baekjoon", "LST#tag#math"),
        "META",
    ]
    repositories.problems.soft_delete_problem(KEY, reason="x", expected_version=2)
    assert rows() == ["BODY", "META"]


def test_every_list_row_changes_in_one_transaction(
    repositories: Repositories, clock: FixedClock, faults: Faults
) -> None:
    problems = repositories.problems
    problems.create_problem(the_largest(clock, "a"))
    faults.requests.clear()
    problems.update_problem(the_largest(clock, "b"), expected_version=1)
    (sent,) = faults.sent("TransactWriteItems")
    lists = 2 * (MOST_TITLE_WORDS + MOST_TAGS + 1) + len(["owner", "platform", "review"])
    assert len(sent["TransactItems"]) == lists + len(["summary", "body"]) <= 100
    assert len(rows()) == MOST_TITLE_WORDS + MOST_TAGS + 1 + 3 + 2


def test_an_edit_of_what_no_line_shows_touches_only_what_holds_the_time(
    repositories: Repositories, clock: FixedClock, faults: Faults
) -> None:
    created = repositories.problems.create_problem(a_problem(clock, is_completed=True))
    faults.requests.clear()
    edited = replace(created, statement="new")
    repositories.problems.update_problem(edited, expected_version=1)
    (sent,) = faults.sent("TransactWriteItems")
    assert [next(iter(write)) for write in sent["TransactItems"]] == ["Update", "Update"]


@pytest.mark.parametrize("step", range(1, 5))
@pytest.mark.parametrize("fault", [throttled, answer_lost])
def test_an_interrupted_deletion_is_finished_by_the_next(
    repositories: Repositories, clock: FixedClock, faults: Faults, step: int, fault: Any
) -> None:
    problems = repositories.problems
    problems.create_problem(a_problem(clock))
    problems.replace_testcases(KEY, some_tests(120))
    done(repositories, clock)
    passed = 0

    def fail_at_the_step(call: Any) -> Any:
        nonlocal passed
        passed += 1
        if passed == step:
            return fault(call)
        faults.add("TransactWriteItems", fail_at_the_step)
        return call()

    faults.add("TransactWriteItems", fail_at_the_step)
    if step == 1 and fault is answer_lost:
        problems.delete_problem(KEY)
    else:
        with pytest.raises(StoreUnavailable):
            problems.delete_problem(KEY)
        gone = problems.get_problem(KEY) is None
        assert gone == (step > 1)
        if gone:
            # Nothing that comes later may be mistaken for what is still being removed.
            with pytest.raises(Conflict):
                problems.create_problem(a_problem(clock))
            with pytest.raises(NotFound):
                problems.replace_testcases(KEY, some_tests())
        assert problems.delete_problem(KEY) is True
    assert rows() == []
    assert query(TableItem, problem_counter_partition(KEY)).items == ()
    problems.create_problem(a_problem(clock))
    assert problems.get_problem(KEY) is not None


def test_rows_that_were_staged_while_the_problem_was_deleted(
    repositories: Repositories, clock: FixedClock, faults: Faults
) -> None:
    problems = repositories.problems
    problems.create_problem(a_problem(clock))
    late = TestCaseItem.of(KEY, 1, TestCase(number=9, input=b"late", output=b""))

    def too_late(call: Any) -> Any:
        problems.delete_problem(KEY)
        return call()

    faults.add("BatchWriteItem", too_late)
    with pytest.raises((StaleVersion, NotFound)):
        problems.replace_testcases(KEY, some_tests(2))
    assert rows() == []
    batch_write(TestCaseItem, patience=Patience(clock=clock), puts=[late])
    problems.create_problem(a_problem(clock))
    summary = problems.replace_testcases(KEY, some_tests(2))
    assert summary.tests_version == 2
    assert problems.get_testcases(summary) == some_tests(2)
    problems.delete_problem(KEY)
    batch_write(TestCaseItem, patience=Patience(clock=clock), puts=[late])
    assert problems.delete_problem(KEY) is True
    assert rows() == []


@pytest.mark.parametrize("step", [2, 3, 4])
def test_a_slow_deletion_takes_nothing_of_a_later_problem(
    repositories: Repositories, clock: FixedClock, faults: Faults, step: int
) -> None:
    problems = repositories.problems
    problems.create_problem(a_problem(clock))
    problems.replace_testcases(KEY, some_tests(120))
    done(repositories, clock)
    later: list[Any] = []

    def overtaken(call: Any) -> Any:
        problems.delete_problem(KEY)
        problems.create_problem(a_problem(clock, owner_id="bob"))
        later.append(problems.replace_testcases(KEY, some_tests(130)))
        return call()

    def passes(call: Any) -> Any:
        return call()

    faults.add("TransactWriteItems", *[passes] * (step - 1), overtaken)
    assert problems.delete_problem(KEY) is True
    assert faults.left == 0
    assert problems.get_problem_summary(KEY) == later[0]
    assert problems.get_testcases(later[0]) == some_tests(130)
    assert [line.key for line in problems.list_problems_by_owner("bob").items] == [KEY]


def test_a_switch_beside_an_edit_keeps_both(
    repositories: Repositories, clock: FixedClock, faults: Faults
) -> None:
    problems = repositories.problems
    created = problems.create_problem(a_problem(clock, is_completed=True))

    def edit_before(call: Any) -> Any:
        edited = replace(created, summary=replace(created.summary, title="New"))
        problems.update_problem(edited, expected_version=1)
        return call()

    faults.add("TransactWriteItems", edit_before)
    summary = problems.replace_testcases(KEY, some_tests(2))
    assert (summary.title, summary.test_case_count, summary.version) == ("New", 2, 3)
    (line,) = problems.list_problems_by_title("new").items
    assert (line.title, line.test_case_count) == ("New", 2)


def test_a_list_page_is_one_query(
    repositories: Repositories, clock: FixedClock, faults: Faults
) -> None:
    problems = repositories.problems
    problems.create_problem(the_largest(clock, "aa"))
    faults.requests.clear()
    for page, index, partition in (
        (problems.list_problems_by_owner("ann"), "GSI1", "PROBS#owner#ann"),
        (problems.list_problems_by_language("AA"), "GSI1", "PROBS#language#aa"),
        (problems.list_problems_by_tag("Aa7"), "GSI1", "PROBS#tag#aa7"),
        (problems.list_problems_by_title("aa7"), "GSI1", "PROBS#T#aa"),
        (problems.list_problems_by_platform("baekjoon"), "GSI2", "PROBS#baekjoon"),
        (
            problems.list_problems_by_platform("baekjoon", with_drafts=True),
            "GSI1",
            "PROBS#platform#baekjoon",
        ),
        (problems.list_problems_needing_review(), "GSI1", "PROBS#review"),
    ):
        assert len(page.items) == 1
        operation, sent = faults.requests.pop(0)
        assert (operation, sent["IndexName"]) == ("Query", index)
        assert {"S": partition} in sent["ExpressionAttributeValues"].values()
    assert faults.requests == []


def test_a_title_search_reads_at_most_400_rows_a_call(
    repositories: Repositories, clock: FixedClock, faults: Faults
) -> None:
    summaries = (
        a_problem(clock, key(f"{n:03}"), title=f"sum {n:03}", is_completed=True).summary
        for n in range(450)
    )
    found = [row for s in summaries for row in list_rows(s).values() if row.sk == "LST#T#sum"]
    batch_write(ProblemListItem, patience=Patience(clock=clock), puts=found)
    problems = repositories.problems
    first = problems.list_problems_by_title("sum 449", limit=10)
    assert first.items == ()
    assert sum(sent["Limit"] for sent in faults.sent("Query")) == 400
    second = problems.list_problems_by_title("sum 449", limit=10, cursor=first.next_cursor)
    assert [line.title for line in second.items] == ["sum 449"]
    assert second.next_cursor is None
