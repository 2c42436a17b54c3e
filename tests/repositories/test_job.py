"""Jobs on a store that loses answers, throttles and fails."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from algoitny.domain.errors import StaleAttempt, StoreUnavailable
from algoitny.domain.job import PROGRESS_LIMIT, Job, JobState, JobType
from algoitny.domain.repositories import Repositories
from algoitny.models.base import TableItem
from algoitny.models.job import JobItem, job_key
from algoitny.models.kit.operations import get, query_all, update
from algoitny.models.kit.sizes import item_size
from tests.builders import a_job, a_key
from tests.clock import FixedClock
from tests.faults import (
    LOST,
    NOTHING_HAPPENED,
    Fault,
    Faults,
    answer_lost,
    conflict,
)


@pytest.fixture
def job(repositories: Repositories, clock: FixedClock) -> Job:
    return repositories.jobs.create_job(a_job(clock), {"n": 1})


@pytest.fixture
def working(repositories: Repositories, job: Job) -> Job:
    return repositories.jobs.claim(job.id, lease_seconds=30)


@pytest.mark.parametrize("fault", LOST)
def test_making_one_survives_a_lost_answer(
    repositories: Repositories, clock: FixedClock, faults: Faults, fault: Fault
) -> None:
    faults.add("TransactWriteItems", fault)
    job = repositories.jobs.create_job(a_job(clock, task_id="t"), {"n": 1}, idempotency=a_key())
    assert repositories.jobs.list_user_jobs("ann").items == (job,)
    assert repositories.jobs.get_job_by_task_id("t") == job


@pytest.mark.parametrize("fault", LOST)
def test_a_claim_survives_a_lost_answer(
    repositories: Repositories, job: Job, faults: Faults, fault: Fault
) -> None:
    faults.add("UpdateItem", fault)
    claimed = repositories.jobs.claim(job.id, lease_seconds=30)
    assert (claimed.attempt, claimed.tries) == (1, 1)
    assert repositories.jobs.get_job(job.id) == claimed


@pytest.mark.parametrize("fault", LOST)
@pytest.mark.parametrize(
    ("act", "state"),
    [
        (lambda jobs, working: jobs.renew(working, lease_seconds=60), JobState.PROCESSING),
        (lambda jobs, working: jobs.fail(working, reason="x"), JobState.FAILED),
        (lambda jobs, working: jobs.cancel(working.id), JobState.CANCELLED),
    ],
    ids=["renew", "fail", "cancel"],
)
def test_updates_survive_a_lost_answer(
    repositories: Repositories,
    working: Job,
    faults: Faults,
    fault: Fault,
    act: Callable[..., Job],
    state: JobState,
) -> None:
    faults.add("UpdateItem", fault)
    changed = act(repositories.jobs, working)
    assert changed.state is state
    assert repositories.jobs.get_job(working.id) == changed


@pytest.mark.parametrize("fault", LOST)
def test_a_retry_survives_a_lost_answer(
    repositories: Repositories, working: Job, faults: Faults, fault: Fault
) -> None:
    failed = repositories.jobs.fail(working, reason="x")
    faults.add("UpdateItem", fault)
    assert repositories.jobs.retry(failed).state is JobState.PENDING


@pytest.mark.parametrize("fault", LOST)
def test_a_line_is_appended_once_when_the_answer_is_lost(
    repositories: Repositories, working: Job, faults: Faults, fault: Fault
) -> None:
    faults.add("TransactWriteItems", fault)
    assert repositories.jobs.add_progress(working, "reading").progress_count == 1
    (line,) = repositories.jobs.list_progress(working.id)
    assert line.message == "reading"


@pytest.mark.parametrize("fault", LOST)
def test_finishing_survives_a_lost_answer(
    repositories: Repositories, working: Job, faults: Faults, fault: Fault
) -> None:
    faults.add("TransactWriteItems", fault)
    done = repositories.jobs.finish(working, {"n": 2})
    assert repositories.jobs.get_job(working.id) == done
    assert done.state is JobState.COMPLETED


@pytest.mark.parametrize("fault", NOTHING_HAPPENED)
def test_what_did_not_happen_is_an_error_and_can_be_done_again(
    repositories: Repositories, job: Job, clock: FixedClock, faults: Faults, fault: Fault
) -> None:
    jobs = repositories.jobs
    faults.add("UpdateItem", fault)
    with pytest.raises(StoreUnavailable):
        jobs.claim(job.id, lease_seconds=30)
    assert jobs.get_job(job.id) == job
    working = jobs.claim(job.id, lease_seconds=30)
    for act in (
        lambda: jobs.create_job(a_job(clock), {}),
        lambda: jobs.add_progress(working, "x"),
        lambda: jobs.finish(working, {}),
    ):
        faults.add("TransactWriteItems", fault)
        with pytest.raises(StoreUnavailable):
            act()
    assert jobs.get_job(job.id) == working
    assert jobs.list_user_jobs("ann").items == (working,)
    assert jobs.finish(working, {}).state is JobState.COMPLETED


def test_a_conflict_is_tried_again(
    repositories: Repositories, working: Job, faults: Faults
) -> None:
    faults.add("TransactWriteItems", *[conflict("TransactionConflict", "None")] * 3)
    assert repositories.jobs.add_progress(working, "x").progress_count == 1
    assert faults.left == 0


def test_a_claim_that_came_between_wins(
    repositories: Repositories, job: Job, faults: Faults
) -> None:
    def other_first(call: Any) -> Any:
        repositories.jobs.claim(job.id, lease_seconds=30)
        return call()

    faults.add("UpdateItem", other_first)
    with pytest.raises(StaleAttempt):
        repositories.jobs.claim(job.id, lease_seconds=30)
    stored = repositories.jobs.get_job(job.id)
    assert stored is not None
    assert stored.attempt == 1


def test_lines_have_an_end_and_the_last_one_says_so(
    repositories: Repositories, working: Job
) -> None:
    jobs = repositories.jobs
    update(JobItem, job_key(working.id), [JobItem.progress.set(PROGRESS_LIMIT - 2)])
    for _ in range(4):
        working = jobs.add_progress(working, "more")
    assert working.progress_count == PROGRESS_LIMIT
    assert [line.message for line in jobs.list_progress(working.id, after=10)] == [
        "more",
        "Further lines are left out.",
    ]


def test_a_summary_stays_small(repositories: Repositories, clock: FixedClock) -> None:
    job = repositories.jobs.create_job(
        a_job(clock, title="é" * 400, task_id="6" * 36, user_id=a_job(clock).id), {}
    )
    working = repositories.jobs.claim(job.id, lease_seconds=30)
    repositories.jobs.fail(working, reason="é" * 400)
    item = get(JobItem, job_key(job.id))
    assert item is not None
    assert item_size(item.serialize()) <= 1024


def test_nothing_of_a_deleted_job_is_left(
    repositories: Repositories, working: Job, faults: Faults
) -> None:
    for number in range(30):
        working = repositories.jobs.add_progress(working, str(number))
    faults.add("BatchWriteItem", answer_lost)
    with pytest.raises(StoreUnavailable):
        repositories.jobs.delete_job(working.id)
    # The summary goes last, so that what is left is found again.
    assert repositories.jobs.list_user_jobs("ann").items[0].state is JobState.CANCELLED
    repositories.jobs.delete_job(working.id)
    assert query_all(TableItem, job_key(working.id).partition) == ()


def test_lists_are_one_query(repositories: Repositories, job: Job, faults: Faults) -> None:
    faults.requests.clear()
    repositories.jobs.list_jobs(JobType.IMPORT, JobState.PENDING, limit=7)
    repositories.jobs.list_user_jobs("ann", limit=7)
    repositories.jobs.list_progress(job.id)
    assert [name for name, _ in faults.requests] == ["Query", "Query", "BatchGetItem", "Query"]
    by_type, of_user = faults.sent("Query")[:2]
    assert (by_type["IndexName"], by_type["Limit"]) == ("GSI1", 7)
    assert (of_user["IndexName"], of_user["Limit"]) == ("GSI2", 7)
