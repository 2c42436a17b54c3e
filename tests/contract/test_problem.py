"""Problems: stored, edited, reviewed, deleted, each change based on a version."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import Any

import pytest

from algoitny.domain.errors import (
    AlreadyExists,
    Conflict,
    InvalidInput,
    NotFound,
    StaleVersion,
    TooLarge,
)
from algoitny.domain.problem import (
    CheckerProgram,
    Problem,
    ProblemKey,
    ProblemStatus,
    ProblemSummary,
)
from algoitny.domain.repositories import Repositories
from tests.builders import KEY, a_problem, done, some_tests
from tests.clock import FixedClock


def key(number: object, platform: str = "baekjoon") -> ProblemKey:
    return ProblemKey(platform=platform, number=str(number))


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
        stop_on_first_failure=True,
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


def test_registrations_are_made_one_after_the_other(
    repositories: Repositories, clock: FixedClock
) -> None:
    problems = repositories.problems
    none = problems.get_registrations("ann")
    assert (none.version, none.recent) == (0, {})
    problems.create_problem(a_problem(clock, key(1)), after=none)
    one = problems.get_registrations("ann")
    assert (one.version, set(one.recent)) == (1, {key(1)})
    # Those who counted before it, and somebody else.
    with pytest.raises(StaleVersion):
        problems.create_problem(a_problem(clock, key(2)), after=none)
    assert problems.get_problem(key(2)) is None
    problems.create_problem(a_problem(clock, key(2)), after=problems.get_registrations("bob"))
    with pytest.raises(AlreadyExists):
        problems.create_problem(a_problem(clock, key(2)), after=one)
    clock.advance(59)
    problems.create_problem(a_problem(clock, key(3)), after=problems.get_registrations("ann"))
    assert set(problems.get_registrations("ann").recent) == {key(1), key(3)}
    clock.advance(2)
    assert problems.get_registrations("ann").version == 2
    assert set(problems.get_registrations("ann").recent) == {key(3)}


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
        stop_on_first_failure=True,
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
        stop_on_first_failure=True,
        updated_at=clock.now(),
        version=summary.version + 1,
    )
    assert (changed.statement, changed.solution_code, changed.url) == ("S", "code", None)
    assert problems.get_problem(KEY) == changed
    assert problems.get_testcases(changed.summary) == some_tests()
    assert problems.get_sample_testcases(changed.summary) == some_tests()[:1]
    assert created.summary.id == changed.summary.id
    plain = replace(changed, summary=replace(changed.summary, stop_on_first_failure=False))
    problems.update_problem(plain, expected_version=changed.summary.version)
    after = problems.get_problem_summary(KEY, consistent=True)
    assert after is not None
    assert not after.stop_on_first_failure


def test_a_problem_brings_its_own_checker(repositories: Repositories, clock: FixedClock) -> None:
    """It is stored, replaced, kept and removed with the problem, and read only when asked for."""
    problems = repositories.problems
    first = CheckerProgram(language="c", code="int main() { return 42; }")
    given = a_problem(clock, checker="custom 1e-6", checker_program=first)
    summary = problems.create_problem(given).summary
    assert problems.get_checker_program(summary) == first
    stored = problems.get_problem(KEY)
    assert stored is not None
    assert (stored.checker_program, stored.summary) == (None, summary)
    assert summary.checker_digest == first.digest

    def edit(change: Problem) -> ProblemSummary:
        version = change.summary.version
        return problems.update_problem(change, expected_version=version).summary

    kept = edit(replace(stored, statement="S"))
    assert kept.checker_digest == first.digest
    assert problems.get_checker_program(kept) == first

    second = CheckerProgram(language="python3", code=first.code)
    newer = edit(replace(stored, summary=kept, checker_program=second))
    assert problems.get_checker_program(newer) == second
    assert problems.get_checker_program(kept) == second, "the newer one, whichever is asked for"

    plain = edit(replace(stored, summary=replace(newer, checker="tokens", checker_digest="")))
    assert (plain.checker, plain.checker_digest) == ("tokens", "")
    for version in (plain, newer):
        with pytest.raises(NotFound):
            problems.get_checker_program(version)
    with pytest.raises(InvalidInput):
        edit(replace(stored, summary=replace(plain, checker_digest=first.digest)))


def test_a_checker_goes_with_its_problem(repositories: Repositories, clock: FixedClock) -> None:
    problems = repositories.problems
    program = CheckerProgram(language="c", code="x" * 65_536)
    given = a_problem(clock, checker="custom", checker_program=program)
    summary = problems.create_problem(given).summary
    problems.delete_problem(KEY)
    with pytest.raises(NotFound):
        problems.get_checker_program(summary)


def changes(repositories: Repositories, clock: FixedClock) -> dict[str, Any]:
    """Every change of a problem, as a function of the version it is based on."""
    problems = repositories.problems
    return {
        "edit": lambda v: problems.update_problem(a_problem(clock, title="B"), expected_version=v),
        "complete": lambda v: problems.update_problem_completion(
            KEY, is_completed=True, expected_version=v
        ),
        "give": lambda v: problems.update_problem_owner(KEY, owner_id="bob", expected_version=v),
        "review": lambda v: problems.request_review(KEY, notes="x", expected_version=v),
        "verify": lambda v: problems.verify_problem(KEY, expected_version=v),
        "send back": lambda v: problems.send_back(KEY, notes="x", expected_version=v),
        "delete": lambda v: problems.soft_delete_problem(KEY, reason="x", expected_version=v),
    }


def test_a_change_based_on_an_old_version_is_refused(
    repositories: Repositories, clock: FixedClock
) -> None:
    every = changes(repositories, clock)
    for change in every.values():
        with pytest.raises(NotFound):
            change(1)
    created = repositories.problems.create_problem(a_problem(clock))
    for change in every.values():
        for wrong in (0, 2):
            with pytest.raises(StaleVersion):
                change(wrong)
    assert repositories.problems.get_problem(KEY) == created
    for version, change in enumerate(every.values(), start=1):
        change(version)
        with pytest.raises(StaleVersion):
            change(version)


def test_a_review_ends_verified_or_sent_back(repositories: Repositories, clock: FixedClock) -> None:
    problems = repositories.problems
    problems.create_problem(a_problem(clock))
    asked = problems.request_review(KEY, notes="Is it ours?", expected_version=1)
    assert (asked.status, asked.needs_review) == (ProblemStatus.REVIEW, True)
    stored = problems.get_problem(KEY)
    assert stored is not None
    assert stored.review_notes == "Is it ours?"

    verified = problems.verify_problem(KEY, expected_version=2)
    assert (verified.needs_review, verified.verified_by_admin) == (False, True)
    stored = problems.get_problem(KEY)
    assert stored is not None
    assert (stored.summary, stored.review_notes) == (verified, None)

    problems.update_problem_completion(KEY, is_completed=True, expected_version=3)
    problems.request_review(KEY, notes="Wrong answer?", expected_version=4)
    back = problems.send_back(KEY, notes="Test 3 is wrong.", expected_version=5)
    assert back.status is ProblemStatus.DRAFT
    assert not back.verified_by_admin
    stored = problems.get_problem(KEY)
    assert stored is not None
    assert (stored.summary, stored.review_notes) == (back, "Test 3 is wrong.")


def test_a_soft_deleted_problem_says_why_and_when(
    repositories: Repositories, clock: FixedClock
) -> None:
    problems = repositories.problems
    created = problems.create_problem(a_problem(clock, is_completed=True))
    clock.advance(5)
    gone = problems.soft_delete_problem(KEY, reason="broken", expected_version=1)
    assert (gone.status, gone.deleted_at) == (ProblemStatus.DELETED, clock.now())
    stored = problems.get_problem(KEY)
    assert stored is not None
    assert (stored.summary, stored.deleted_reason) == (gone, "broken")
    assert problems.resolve_id(created.summary.id) == KEY


def test_a_moved_problem_keeps_its_number_and_nobody_else_gets_it(
    repositories: Repositories, clock: FixedClock
) -> None:
    problems = repositories.problems
    assert problems.create_problem(a_problem(clock, key("a"))).summary.id == 1
    moved = a_problem(clock, key("b"), id=3, is_deleted=True, deleted_at=clock.now())
    assert problems.create_problem(moved).summary == moved.summary
    assert problems.resolve_id(3) == key("b")
    with pytest.raises(Conflict):
        problems.create_problem(a_problem(clock, key("c"), id=3))
    with pytest.raises(AlreadyExists):
        problems.create_problem(a_problem(clock, key("b"), id=3))
    assert problems.create_problem(a_problem(clock, key("d"), id=2)).summary.id == 2
    assert problems.create_problem(a_problem(clock, key("e"))).summary.id == 4
    for wrong in (-1, 2**53):
        with pytest.raises(InvalidInput):
            problems.create_problem(a_problem(clock, key("f"), id=wrong))


def test_a_number_that_a_moved_problem_took_is_passed_over(
    repositories: Repositories, clock: FixedClock
) -> None:
    problems = repositories.problems
    for number in (5, 1, 2):
        problems.create_problem(a_problem(clock, key(number), id=number))
    assert problems.create_problem(a_problem(clock, key("new"))).summary.id == 6


def test_metadata_are_any_json(repositories: Repositories, clock: FixedClock) -> None:
    problems = repositories.problems
    metadata = {"source": {"year": 2024, "tags": ["é", None]}, "rate": 0.5}
    created = problems.create_problem(replace(a_problem(clock), metadata=metadata))
    assert problems.get_problem(KEY) == created
    assert created.metadata == metadata
    changed = problems.update_problem(replace(created, metadata=None), expected_version=1)
    assert problems.get_problem(KEY) == changed
    assert changed.metadata is None


def test_a_deleted_problem_is_gone_with_all_that_was_its(
    repositories: Repositories, clock: FixedClock
) -> None:
    problems = repositories.problems
    assert problems.delete_problem(KEY) is False
    created = problems.create_problem(a_problem(clock, is_completed=True, owner_id="ann"))
    summary = problems.replace_testcases(KEY, some_tests(120))
    other = problems.create_problem(a_problem(clock, key("10"), is_completed=True))
    assert problems.delete_problem(KEY) is True
    assert problems.delete_problem(KEY) is False
    assert problems.get_problem(KEY, consistent=True) is None
    assert problems.get_problem_summary(KEY, consistent=True) is None
    assert problems.get_problem_with_testcases(KEY) is None
    assert problems.resolve_id(created.summary.id) is None
    assert problems.list_problems_by_owner("ann").items == ()
    assert [line.key for line in problems.list_completed_problems().items] == [other.summary.key]
    with pytest.raises(NotFound):
        problems.get_testcases(summary)
    with pytest.raises(NotFound):
        problems.replace_testcases(KEY, some_tests())

    again = problems.create_problem(a_problem(clock))
    assert again.summary.id > other.summary.id
    summary = problems.replace_testcases(KEY, some_tests(2))
    assert problems.get_testcases(summary) == some_tests(2)


def test_an_execution_outlives_its_problem(repositories: Repositories, clock: FixedClock) -> None:
    problem = repositories.problems.create_problem(a_problem(clock))
    history = done(repositories, clock)
    repositories.problems.delete_problem(problem.summary.key)
    assert repositories.histories.get_history(history.id, consistent=True) == history
    assert repositories.histories.list_user_history("ann").items
    assert repositories.stats.get_problem_stats(KEY).executions == 0


def test_an_edit_that_no_store_can_hold(repositories: Repositories, clock: FixedClock) -> None:
    created = repositories.problems.create_problem(a_problem(clock))
    noise = random.Random(1).randbytes(400 * 1024).hex()
    with pytest.raises(TooLarge):
        repositories.problems.update_problem(
            replace(created, statement=noise, constraints=noise), expected_version=1
        )
    assert repositories.problems.get_problem(KEY) == created
