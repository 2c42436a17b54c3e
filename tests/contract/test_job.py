"""Jobs: made once, worked on by one, ended once."""

from __future__ import annotations

import secrets
from dataclasses import replace
from random import Random

import pytest

from algoitny.domain.errors import (
    AlreadyExists,
    Conflict,
    DuplicateRequest,
    InvalidCursor,
    NotFound,
    StaleAttempt,
    TooLarge,
)
from algoitny.domain.job import PROGRESS_LIMIT, Job, JobBody, JobState, JobType
from algoitny.domain.pointer import PointerKind
from algoitny.domain.repositories import Repositories
from tests.builders import a_job, a_key
from tests.clock import FixedClock

REQUEST = {"package": "sum.zip", "sizes": [1, 2]}


def made(repositories: Repositories, clock: FixedClock, **given: object) -> Job:
    return repositories.jobs.create_job(a_job(clock, **given), REQUEST)


def claimed(repositories: Repositories, clock: FixedClock, **given: object) -> Job:
    return repositories.jobs.claim(made(repositories, clock, **given).id, lease_seconds=30)


def test_the_life_of_a_job(repositories: Repositories, clock: FixedClock) -> None:
    jobs = repositories.jobs
    clock.advance(0.000123)
    wanted = a_job(clock)
    created = jobs.create_job(wanted, REQUEST)
    assert created == replace(wanted, updated_at=created.updated_at)
    assert jobs.get_job(created.id) == created
    assert jobs.get_job_with_body(created.id) == (created, JobBody(request=REQUEST))
    clock.advance(1)
    working = jobs.claim(created.id, lease_seconds=30)
    assert (working.state, working.attempt, working.tries) == (JobState.PROCESSING, 1, 1)
    assert working.lease_until is not None
    clock.advance(1)
    renewed = jobs.renew(working, lease_seconds=60)
    assert renewed.lease_until is not None
    assert renewed.lease_until > working.lease_until
    done = jobs.finish(working, {"tests": 20})
    assert (done.state, done.lease_until) == (JobState.COMPLETED, None)
    assert jobs.get_job_with_body(created.id, consistent=True) == (
        done,
        JobBody(request=REQUEST, result={"tests": 20}),
    )


def test_a_job_that_is_not_there(repositories: Repositories, clock: FixedClock) -> None:
    jobs = repositories.jobs
    assert jobs.get_job("ghost") is None
    assert jobs.get_job_with_body("ghost") is None
    assert jobs.get_job_by_task_id("ghost") is None
    assert jobs.get_job_by_task_id("") is None
    assert jobs.list_progress("ghost") == ()
    jobs.delete_job("ghost")
    for act in (lambda: jobs.claim("ghost", lease_seconds=1), lambda: jobs.cancel("ghost")):
        with pytest.raises(NotFound):
            act()
    with pytest.raises(StaleAttempt):
        jobs.fail(a_job(clock), reason="x")


def test_making_it_again_makes_nothing(repositories: Repositories, clock: FixedClock) -> None:
    jobs = repositories.jobs
    wanted = a_job(clock)
    working = jobs.claim(jobs.create_job(wanted, REQUEST).id, lease_seconds=30)
    assert jobs.create_job(wanted, REQUEST) == working
    for other in (replace(wanted, user_id="bob"), replace(wanted, type=JobType.TRANSFER)):
        with pytest.raises(AlreadyExists):
            jobs.create_job(other, REQUEST)


def test_a_key_makes_one_job(repositories: Repositories, clock: FixedClock) -> None:
    jobs = repositories.jobs
    first = jobs.create_job(a_job(clock), REQUEST, idempotency=a_key())
    with pytest.raises(DuplicateRequest):
        jobs.create_job(a_job(clock), REQUEST, idempotency=a_key())
    assert jobs.list_user_jobs("ann").items == (first,)
    assert repositories.histories.find_request("ann", a_key().key) == a_key()
    clock.advance(days=1, seconds=1)
    jobs.create_job(a_job(clock), REQUEST, idempotency=a_key())


def test_old_clients_find_a_job_by_its_task(repositories: Repositories, clock: FixedClock) -> None:
    jobs = repositories.jobs
    job = made(repositories, clock, task_id="6f1-a#b")
    assert jobs.get_job_by_task_id("6f1-a#b") == job
    with pytest.raises(AlreadyExists):
        made(repositories, clock, task_id="6f1-a#b")
    jobs.delete_job(job.id)
    assert jobs.get_job_by_task_id("6f1-a#b") is None
    assert repositories.pointers.resolve(PointerKind.TASK, "6f1-a#b") is None


def test_bodies_have_a_bound(repositories: Repositories, clock: FixedClock) -> None:
    noise = {"x": Random(1).randbytes(110_000).hex()}
    with pytest.raises(TooLarge):
        repositories.jobs.create_job(a_job(clock), noise)
    working = claimed(repositories, clock)
    with pytest.raises(TooLarge):
        repositories.jobs.finish(working, {"y": Random(1).randbytes(290_000).hex()})
    assert repositories.jobs.get_job(working.id) == working


def test_a_lease_keeps_others_off_until_it_ends(
    repositories: Repositories, clock: FixedClock
) -> None:
    jobs = repositories.jobs
    first = claimed(repositories, clock)
    with pytest.raises(StaleAttempt):
        jobs.claim(first.id, lease_seconds=30)
    clock.advance(31)
    second = jobs.claim(first.id, lease_seconds=30)
    assert (second.attempt, second.tries) == (2, 2)
    for late in (
        lambda: jobs.renew(first, lease_seconds=30),
        lambda: jobs.add_progress(first, "late"),
        lambda: jobs.finish(first, {}),
        lambda: jobs.fail(first, reason="late"),
    ):
        with pytest.raises(StaleAttempt):
            late()
    assert jobs.get_job(first.id) == second
    assert jobs.list_progress(first.id) == ()


def test_ending_it_again_is_success_and_otherwise_is_refused(
    repositories: Repositories, clock: FixedClock
) -> None:
    jobs = repositories.jobs
    working = claimed(repositories, clock)
    done = jobs.finish(working, {"n": 1})
    clock.advance(5)
    assert jobs.finish(working, {"n": 2}) == done
    found = jobs.get_job_with_body(working.id)
    assert found is not None
    assert found[1].result == {"n": 1}
    with pytest.raises(StaleAttempt):
        jobs.fail(working, reason="x")
    with pytest.raises(StaleAttempt):
        jobs.claim(working.id, lease_seconds=1)
    with pytest.raises(Conflict):
        jobs.cancel(working.id)
    with pytest.raises(Conflict):
        jobs.retry(done)


def test_a_failed_job_may_be_tried_again(repositories: Repositories, clock: FixedClock) -> None:
    jobs = repositories.jobs
    working = claimed(repositories, clock)
    failed = jobs.fail(working, reason="no such page" + "." * 500)
    assert failed.state is JobState.FAILED
    assert failed.error.startswith("no such page")
    assert len(failed.error) == 200
    assert jobs.fail(working, reason="again") == failed
    again = jobs.retry(failed)
    assert (again.state, again.attempt, again.tries, again.error) == (JobState.PENDING, 1, 0, "")
    with pytest.raises(StaleAttempt):
        jobs.retry(failed)
    second = jobs.claim(again.id, lease_seconds=30)
    assert (second.attempt, second.tries) == (2, 1)
    with pytest.raises(StaleAttempt):
        jobs.finish(working, {})
    assert jobs.finish(second, {}).state is JobState.COMPLETED


def test_who_was_cancelled_stops(repositories: Repositories, clock: FixedClock) -> None:
    jobs = repositories.jobs
    working = claimed(repositories, clock)
    cancelled = jobs.cancel(working.id)
    assert cancelled.state is JobState.CANCELLED
    assert jobs.cancel(working.id) == cancelled
    with pytest.raises(StaleAttempt):
        jobs.renew(working, lease_seconds=30)
    with pytest.raises(StaleAttempt):
        jobs.finish(working, {})
    assert jobs.retry(cancelled).state is JobState.PENDING
    assert jobs.cancel(made(repositories, clock).id).state is JobState.CANCELLED


def test_progress_is_numbered_over_all_attempts(
    repositories: Repositories, clock: FixedClock
) -> None:
    jobs = repositories.jobs
    first = claimed(repositories, clock)
    for message in ("reading", "running"):
        clock.advance(1)
        first = jobs.add_progress(first, message)
    clock.advance(60)
    second = jobs.claim(first.id, lease_seconds=30)
    assert second.progress_count == 2
    jobs.add_progress(second, "reading again")
    # Who holds an older record of the same attempt overwrites nothing.
    assert jobs.add_progress(second, "x" * 600).progress_count == 4
    lines = jobs.list_progress(first.id)
    assert [(line.number, line.attempt, line.message) for line in lines] == [
        (1, 1, "reading"),
        (2, 1, "running"),
        (3, 2, "reading again"),
        (4, 2, "x" * 500),
    ]
    assert lines[0].at < lines[1].at < lines[2].at
    assert jobs.list_progress(first.id, after=1, limit=2) == lines[1:3]
    assert jobs.list_progress(first.id, after=4) == ()
    assert jobs.list_progress(first.id, after=PROGRESS_LIMIT) == ()
    clock.advance(days=31)
    assert jobs.list_progress(first.id) == ()


def test_jobs_are_listed_by_type_and_state_newest_first(
    repositories: Repositories, clock: FixedClock
) -> None:
    jobs = repositories.jobs
    imports = []
    for _ in range(3):
        imports.append(made(repositories, clock))
        clock.advance(1)
    transfer = made(repositories, clock, type=JobType.TRANSFER)
    pending = jobs.list_jobs(JobType.IMPORT, JobState.PENDING)
    assert pending.items == (*reversed(imports),)
    assert jobs.list_jobs(JobType.TRANSFER, JobState.PENDING).items == (transfer,)
    working = jobs.claim(imports[1].id, lease_seconds=30)
    assert jobs.list_jobs(JobType.IMPORT, JobState.PENDING).items == (imports[2], imports[0])
    assert jobs.list_jobs(JobType.IMPORT, JobState.PROCESSING).items == (working,)
    done = jobs.finish(working, {})
    assert jobs.list_jobs(JobType.IMPORT, JobState.PROCESSING).items == ()
    assert jobs.list_jobs(JobType.IMPORT, JobState.COMPLETED).items == (done,)


def test_pages_lose_and_repeat_nothing(repositories: Repositories, clock: FixedClock) -> None:
    jobs = repositories.jobs
    all_of_them = []
    for number in range(5):
        all_of_them.append(made(repositories, clock))
        clock.advance(1)
        made(repositories, clock, user_id=f"other{number}")
    assert repositories.jobs.list_user_jobs("nobody").items == ()
    seen: list[Job] = []
    cursor = None
    while True:
        page = jobs.list_user_jobs("ann", limit=2, cursor=cursor)
        seen += page.items
        cursor = page.next_cursor
        if cursor is None:
            break
        with pytest.raises(InvalidCursor):
            jobs.list_user_jobs("bob", cursor=cursor)
        with pytest.raises(InvalidCursor):
            jobs.list_jobs(JobType.IMPORT, JobState.PENDING, cursor=cursor)
    assert seen == list(reversed(all_of_them))
    first = jobs.list_jobs(JobType.IMPORT, JobState.PENDING, limit=6)
    rest = jobs.list_jobs(JobType.IMPORT, JobState.PENDING, limit=6, cursor=first.next_cursor)
    assert len({job.id for job in (*first.items, *rest.items)}) == 10


def test_what_nobody_works_on_is_due(repositories: Repositories, clock: FixedClock) -> None:
    jobs = repositories.jobs
    waiting = made(repositories, clock)
    clock.advance(1)
    working = claimed(repositories, clock)
    ended = claimed(repositories, clock)
    assert jobs.list_due(before=clock.now()) == [waiting]
    assert jobs.list_due(before=waiting.created_at) == []
    jobs.finish(ended, {})
    clock.advance(31)
    assert jobs.list_due(before=clock.now()) == [waiting, working]
    assert jobs.list_due(before=clock.now(), limit=1) == [waiting]
    renewed = jobs.renew(working, lease_seconds=30)
    jobs.cancel(waiting.id)
    assert jobs.list_due(before=clock.now()) == []
    clock.advance(31)
    failed = jobs.fail(renewed, reason="the worker died")
    assert jobs.list_due(before=clock.now()) == []
    again = jobs.retry(failed)
    clock.advance(1)
    assert jobs.list_due(before=clock.now()) == [again]


def test_a_deleted_job_is_gone_with_all_its_rows(
    repositories: Repositories, clock: FixedClock
) -> None:
    jobs = repositories.jobs
    working = claimed(repositories, clock)
    for number in range(3):
        working = jobs.add_progress(working, str(number))
    other = made(repositories, clock)
    jobs.delete_job(working.id)
    jobs.delete_job(working.id)
    assert jobs.get_job(working.id) is None
    assert jobs.list_progress(working.id) == ()
    assert jobs.list_user_jobs("ann").items == (other,)
    with pytest.raises(StaleAttempt):
        jobs.finish(working, {})
    assert jobs.get_job_with_body(working.id, consistent=True) is None


def test_a_checkpoint_outlives_attempts_and_retries(
    repositories: Repositories, clock: FixedClock
) -> None:
    jobs = repositories.jobs
    job = jobs.claim(made(repositories, clock).id, lease_seconds=60)
    assert job.checkpoint is None
    clock.advance(50)
    saved = jobs.save_checkpoint(job, {"after": "H1", "ended": 2}, lease_seconds=60)
    assert saved.checkpoint == {"after": "H1", "ended": 2}
    clock.advance(50)  # it renewed the lease
    with pytest.raises(StaleAttempt):
        jobs.claim(job.id, lease_seconds=60)
    clock.advance(11)
    again = jobs.claim(job.id, lease_seconds=60)
    assert again.checkpoint == saved.checkpoint
    with pytest.raises(StaleAttempt):
        jobs.save_checkpoint(saved, {"after": "H2"}, lease_seconds=60)
    jobs.cancel(job.id)
    with pytest.raises(StaleAttempt):
        jobs.save_checkpoint(again, {"after": "H2"}, lease_seconds=60)
    cancelled = jobs.get_job(job.id, consistent=True)
    assert cancelled is not None
    retried = jobs.retry(cancelled)
    assert retried.checkpoint == saved.checkpoint
    with pytest.raises(TooLarge):
        jobs.save_checkpoint(
            jobs.claim(job.id, lease_seconds=60),
            {"noise": [secrets.token_hex(32) for _ in range(200)]},
            lease_seconds=60,
        )
