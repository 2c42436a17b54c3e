"""Text that no store takes: JSON and programs can carry lone surrogates."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from algoitny.domain.errors import InvalidInput
from algoitny.domain.history_results import Results, TestResult
from algoitny.domain.repositories import Repositories
from algoitny.domain.verdict import Verdict
from tests.builders import (
    KEY,
    a_job,
    a_plan,
    a_problem,
    a_submission,
    a_token,
    a_user,
    admitted,
    an_outcome,
    running,
)
from tests.clock import FixedClock

HALF = "half \ud83d of it"


def test_what_a_person_wrote_is_refused_and_nothing_is_stored(
    repositories: Repositories, clock: FixedClock
) -> None:
    user = repositories.users.create_user(a_user(clock))
    problem = repositories.problems.create_problem(a_problem(clock))
    nameless = a_user(clock, name=HALF)
    submission = a_submission(clock, code=HALF)
    job = a_job(clock, task_id=HALF)
    refused: tuple[Callable[[], object], ...] = (
        lambda: repositories.users.create_user(nameless),
        lambda: repositories.users.update_user(user.id, name=HALF),
        lambda: repositories.plans.create_plan(a_plan(HALF)),
        lambda: repositories.problems.update_problem(
            replace(problem, statement=HALF), expected_version=1
        ),
        lambda: repositories.problems.update_problem(
            replace(problem, url=HALF), expected_version=1
        ),
        lambda: repositories.problems.request_review(KEY, notes=HALF, expected_version=1),
        lambda: repositories.histories.create_history(submission, limit=1),
        lambda: repositories.tokens.create_token(a_token(clock, name=HALF)),
        lambda: repositories.jobs.create_job(job, {}),
    )
    for call in refused:
        with pytest.raises(InvalidInput):
            call()
    assert repositories.users.get_user_by_id(nameless.id) is None
    assert repositories.users.get_user_by_id(user.id) == user
    assert repositories.problems.get_problem(KEY) == problem
    assert repositories.histories.get_history(submission.id) is None
    assert repositories.usage.get_day("ann").units == 0
    assert repositories.jobs.get_job(job.id) is None


def test_one_of_many_users_does_not_spoil_it_for_the_others(
    repositories: Repositories, clock: FixedClock
) -> None:
    users = [a_user(clock), a_user(clock, name=HALF), a_user(clock)]
    outcomes = [error for _, error in repositories.users.batch_create_users(users)]
    assert [type(error) for error in outcomes] == [type(None), InvalidInput, type(None)]


def test_what_a_program_printed_is_kept(repositories: Repositories, clock: FixedClock) -> None:
    histories = repositories.histories
    test = TestResult(
        test_case_id="00001",
        verdict=Verdict.WA,
        status="wrong answer",
        output=HALF,
        error=HALF,
        time_ms=1,
        memory_kb=1,
    )
    results = Results(tests=(test,), compile_message=HALF)
    history = running(repositories, clock)
    histories.put_results(history, results)
    done = histories.complete(history, replace(an_outcome(), result_summary=HALF))
    assert done.result_summary == "half ? of it"
    assert histories.get_history(history.id) == done
    assert histories.get_results(done) == results


def test_a_reason_is_kept(repositories: Repositories, clock: FixedClock) -> None:
    failed = repositories.histories.fail(admitted(repositories, clock), reason=HALF)
    assert failed.result_summary == "half ? of it"
    job = repositories.jobs.create_job(a_job(clock, title=HALF), {"text": HALF})
    job = repositories.jobs.claim(job.id, lease_seconds=30)
    job = repositories.jobs.add_progress(job, HALF)
    assert repositories.jobs.list_progress(job.id)[0].message == "half ? of it"
    assert repositories.jobs.fail(job, reason=HALF).error == "half ? of it"
