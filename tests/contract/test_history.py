"""Executions: admission, and what is read of one."""

from __future__ import annotations

from dataclasses import replace

import pytest

from algoitny.domain.errors import (
    DuplicateRequest,
    InvalidInput,
    NotFound,
    QuotaExceeded,
    TooLarge,
)
from algoitny.domain.hint import HintState
from algoitny.domain.history import History, HistoryWithTestCases
from algoitny.domain.history_results import Results, TestProgress, TestResult
from algoitny.domain.repositories import Repositories
from algoitny.domain.usage import Action
from algoitny.domain.verdict import State, Verdict
from tests.builders import (
    a_finished_hint,
    a_key,
    a_problem,
    a_submission,
    admitted,
    an_outcome,
    done,
    running,
    some_tests,
)
from tests.clock import FixedClock


def used(repositories: Repositories) -> int:
    return repositories.usage.get_daily_usage_count("ann", Action.EXECUTION)


def test_a_problem_is_read_with_the_days_executions(
    repositories: Repositories, clock: FixedClock
) -> None:
    problem = a_problem(clock).summary

    def read(user_id: str = "ann") -> tuple[object, int]:
        return repositories.histories.get_problem_and_usage(user_id, problem.key)

    assert read() == (None, 0)
    problem = repositories.problems.create_problem(a_problem(clock)).summary
    assert read() == (problem, 0)
    repositories.usage.consume("ann", Action.HINT, limit=5, key="h1")
    assert read() == (problem, 0)
    for _ in range(2):
        repositories.histories.create_history(a_submission(clock, problem=problem), limit=5)
    assert read() == (problem, 2)
    assert read("bob") == (problem, 0)
    assert read("") == (None, 0)
    clock.advance(24 * 3600)
    assert read() == (problem, 0)


def test_an_admitted_execution_is_queued_charged_and_logged(
    repositories: Repositories, clock: FixedClock
) -> None:
    submission = a_submission(clock, code="print('é')\n" * 100, is_code_public=True)
    history = repositories.histories.create_history(submission, limit=5)
    assert history == History(
        id=submission.id,
        user_id="ann",
        user_identifier="learner-1",
        problem=submission.problem.key,
        problem_title="A+B",
        language="python3",
        is_code_public=True,
        state=State.QUEUED,
        created_at=clock.now(),
        updated_at=clock.now(),
    )
    assert repositories.histories.get_history(history.id) == history
    assert repositories.histories.get_source(history.id) == submission.code
    assert repositories.histories.get_history_and_source(history.id) == (history, submission.code)
    assert repositories.histories.get_history_and_source("ghost") == (None, None)
    assert repositories.histories.get_results(history) == Results()
    assert used(repositories) == 1
    (log,) = repositories.usage.get_usage_logs("ann", start=clock.now().date()).items
    assert (log.action, log.problem, log.at) == (
        Action.EXECUTION,
        submission.problem.key,
        clock.now(),
    )


def test_what_is_not_there(repositories: Repositories) -> None:
    histories = repositories.histories
    assert histories.get_history("ghost") is None
    assert histories.find_request("ann", "ghost") is None
    with pytest.raises(NotFound):
        histories.get_source("ghost")
    with pytest.raises(NotFound):
        histories.update_public_status("ghost", is_code_public=True)
    assert histories.count_user_history("ghost") == 0


def test_the_quota_is_the_limit(repositories: Repositories, clock: FixedClock) -> None:
    for _ in range(2):
        repositories.histories.create_history(a_submission(clock), limit=2)
    third = a_submission(clock)
    with pytest.raises(QuotaExceeded) as caught:
        repositories.histories.create_history(third, limit=2)
    assert (caught.value.count, caught.value.limit) == (2, 2)
    assert caught.value.reset_time.isoformat() == "2025-03-15T00:00:00+00:00"
    assert repositories.histories.get_history(third.id) is None
    assert used(repositories) == 2
    clock.advance(days=1)
    repositories.histories.create_history(a_submission(clock), limit=2)


def test_no_limit_still_counts(repositories: Repositories, clock: FixedClock) -> None:
    for _ in range(3):
        admitted(repositories, clock)
    assert used(repositories) == 3


def test_a_limit_of_nothing_admits_nobody(repositories: Repositories, clock: FixedClock) -> None:
    with pytest.raises(QuotaExceeded):
        repositories.histories.create_history(a_submission(clock), limit=0)


def test_the_same_key_again_is_a_duplicate(repositories: Repositories, clock: FixedClock) -> None:
    key = a_key(answer={"history_id": "1", "n": 3})
    repositories.histories.create_history(a_submission(clock), limit=5, idempotency=key)
    second = a_submission(clock)
    with pytest.raises(DuplicateRequest):
        repositories.histories.create_history(second, limit=5, idempotency=key)
    assert repositories.histories.get_history(second.id) is None
    assert used(repositories) == 1
    assert repositories.histories.find_request("ann", key.key) == key
    assert repositories.histories.find_request("bob", key.key) is None


def test_another_users_key_is_another_key(repositories: Repositories, clock: FixedClock) -> None:
    for user in ("ann", "bob"):
        repositories.histories.create_history(
            a_submission(clock, user), limit=5, idempotency=a_key()
        )
    assert used(repositories) == 1


def test_a_key_is_kept_for_a_day(repositories: Repositories, clock: FixedClock) -> None:
    repositories.histories.create_history(a_submission(clock), limit=5, idempotency=a_key())
    clock.advance(24 * 3600)
    assert repositories.histories.find_request("ann", "key-1") == a_key()
    clock.advance(1)
    assert repositories.histories.find_request("ann", "key-1") is None
    repositories.histories.create_history(
        a_submission(clock), limit=5, idempotency=a_key(answer={"second": 1})
    )
    assert repositories.histories.find_request("ann", "key-1") == a_key(answer={"second": 1})


def test_results_come_back(repositories: Repositories, clock: FixedClock) -> None:
    history = running(repositories, clock)
    results = Results(
        tests=(
            TestResult(test_case_id="00001", verdict=Verdict.AC, status="ok", is_sample=True),
            TestResult(
                test_case_id="00002",
                verdict=Verdict.WA,
                status="differs",
                output="\ud800 é\0",
                error="e",
                time_ms=7,
                memory_kb=8,
            ),
        ),
        compile_message="warning",
    )
    repositories.histories.put_results(history, results)
    assert repositories.histories.get_results(history) == Results()
    ended = repositories.histories.complete(history, an_outcome(Verdict.WA))
    assert repositories.histories.get_results(ended) == results


def test_metadata_are_kept(repositories: Repositories, clock: FixedClock) -> None:
    given = {"source": "old site", "n": 3, "tags": ["ü", None]}
    history = admitted(repositories, clock, metadata=given)
    assert history.metadata == given
    assert repositories.histories.get_history(history.id) == history
    assert repositories.histories.list_user_history("ann").items == (history,)
    assert admitted(repositories, clock).metadata is None


def test_metadata_have_a_bound(repositories: Repositories, clock: FixedClock) -> None:
    submission = a_submission(clock, metadata={"x": "y" * 4096})
    with pytest.raises(TooLarge):
        repositories.histories.create_history(submission, limit=5)
    assert repositories.histories.get_history(submission.id) is None
    assert used(repositories) == 0


@pytest.mark.parametrize(
    ("identifier", "shown"),
    [
        ("learner-1", "learner-1"),
        ("@ada", "@ada"),
        ("ada@example.org", "a***"),
        ("Ada Lovelace <ada@example.org>", "a***"),
        ("x" * 100 + "@example.org", "x***"),
        ("é@b", "é***"),
    ],
)
def test_a_public_name_is_never_an_email(
    repositories: Repositories, clock: FixedClock, identifier: str, shown: str
) -> None:
    history = done(repositories, clock, user_identifier=identifier, is_code_public=True)
    (line,) = repositories.histories.list_public_history().items
    (found,) = repositories.histories.search_by_language("python3").items
    assert history.user_identifier == line.user_identifier == found.user_identifier == shown


def test_a_history_with_the_problems_tests(repositories: Repositories, clock: FixedClock) -> None:
    histories = repositories.histories
    assert histories.get_history_with_testcases("ghost") is None
    history = done(repositories, clock, code="x")
    results = Results(tests=(TestResult(test_case_id="1", verdict=Verdict.AC, status="ok"),))
    histories.put_results(history, results)
    expected = HistoryWithTestCases(history=history, code="x", results=results, testcases=())
    assert histories.get_history_with_testcases(history.id) == expected
    repositories.problems.create_problem(a_problem(clock))
    repositories.problems.replace_testcases(history.problem, some_tests(3))
    found = histories.get_history_with_testcases(history.id)
    assert found == replace(expected, testcases=some_tests(3))


def test_progress_is_that_of_the_attempt_for_ten_minutes(
    repositories: Repositories, clock: FixedClock
) -> None:
    histories = repositories.histories
    first = running(repositories, clock)
    assert histories.get_progress(first) == ()
    tests = tuple(
        TestProgress(index=index, verdict=Verdict.AC, time_ms=index, memory_kb=7)
        for index in range(300)
    )
    for count in (0, 1, 300):
        histories.put_progress(first, tests[:count])
        assert histories.get_progress(first) == tests[:count]
    clock.advance(31)
    second = histories.claim(first.id, lease_seconds=30)
    assert histories.get_progress(second) == ()
    histories.put_progress(second, tests[:2])
    assert histories.get_progress(first) == tests
    clock.advance(601)
    assert histories.get_progress(first) == histories.get_progress(second) == ()


def test_finished_hints_are_attached_uncharged(
    repositories: Repositories, clock: FixedClock
) -> None:
    histories, hints = repositories.histories, repositories.hints
    history = done(repositories, clock, Verdict.WA)
    moved = (a_finished_hint(history), a_finished_hint(history, 2, state=HintState.FAILED, text=""))
    for _ in range(2):
        histories.update_hints(history.id, moved)
        assert hints.list_hints(history.id) == moved
    histories.update_hints(history.id, (a_finished_hint(history, text="Better."),))
    assert hints.list_hints(history.id) == (a_finished_hint(history, text="Better."), moved[1])
    assert repositories.usage.get_daily_usage_count("ann", Action.HINT) == 0
    clock.advance(60)
    assert hints.list_pending_hints(created_before=clock.now()) == []


def test_hints_that_cannot_be_attached(repositories: Repositories, clock: FixedClock) -> None:
    histories = repositories.histories
    history = done(repositories, clock, Verdict.WA)
    other = done(repositories, clock, Verdict.WA)
    for wrong in (a_finished_hint(other), a_finished_hint(history, state=HintState.PENDING)):
        with pytest.raises(InvalidInput):
            histories.update_hints(history.id, (a_finished_hint(history), wrong))
    with pytest.raises(InvalidInput):
        histories.update_hints(
            history.id, (a_finished_hint(history), a_finished_hint(history, text="Twice."))
        )
    with pytest.raises(NotFound):
        histories.update_hints("ghost", (a_finished_hint(history, history_id="ghost"),))
    assert repositories.hints.list_hints(history.id) == ()
    assert repositories.hints.list_hints("ghost") == ()
