"""Many processes at once: work that has one owner has one, whoever comes first."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from algoitny.domain.clock import SystemClock
from algoitny.domain.job import Job, JobState
from algoitny.domain.pointer import Pointer, PointerKind
from algoitny.domain.repositories import Repositories
from tests.builders import a_job, a_key
from tests.processes import at_once

pytestmark = pytest.mark.service

CLOCK: Any = SystemClock()


def claim(repositories: Repositories, number: int, job_id: str) -> str:
    return f"attempt {repositories.jobs.claim(job_id, lease_seconds=60).attempt}"


def test_sixteen_claims_at_once_have_one_winner(
    stored: Repositories, store_endpoint: str, store_table: str
) -> None:
    job = stored.jobs.create_job(a_job(CLOCK), {})
    outcomes = at_once(store_endpoint, store_table, claim, job.id, processes=4, threads=4)
    assert Counter(outcomes) == {"attempt 1": 1, "StaleAttempt": 15}


def test_a_dead_workers_job_is_taken_over_once(
    stored: Repositories, store_endpoint: str, store_table: str
) -> None:
    job = stored.jobs.create_job(a_job(CLOCK), {})
    stored.jobs.claim(job.id, lease_seconds=-1)
    outcomes = at_once(store_endpoint, store_table, claim, job.id, processes=4, threads=2)
    assert Counter(outcomes) == {"attempt 2": 1, "StaleAttempt": 7}


def create(repositories: Repositories, number: int) -> str:
    repositories.jobs.create_job(a_job(CLOCK), {}, idempotency=a_key())
    return "created"


def test_a_key_sent_many_times_makes_one_job(
    stored: Repositories, store_endpoint: str, store_table: str
) -> None:
    outcomes = at_once(store_endpoint, store_table, create, processes=4, threads=2)
    assert Counter(outcomes) == {"created": 1, "DuplicateRequest": 7}
    assert len(stored.jobs.list_user_jobs("ann").items) == 1


def append(repositories: Repositories, number: int, job: Job) -> int:
    return repositories.jobs.add_progress(job, str(number)).progress_count


def test_lines_appended_at_once_are_all_there(
    stored: Repositories, store_endpoint: str, store_table: str
) -> None:
    working = stored.jobs.claim(stored.jobs.create_job(a_job(CLOCK), {}).id, lease_seconds=60)
    outcomes = at_once(store_endpoint, store_table, append, working, processes=4, threads=1)
    assert sorted(outcomes) == [1, 2, 3, 4]
    lines = stored.jobs.list_progress(working.id)
    assert [line.number for line in lines] == [1, 2, 3, 4]
    assert {line.message for line in lines} == {"0", "1", "2", "3"}


def end(repositories: Repositories, number: int, job: Job) -> str:
    if number % 3 == 0:
        return repositories.jobs.finish(job, {"by": number}).state.value
    if number % 3 == 1:
        return repositories.jobs.fail(job, reason="x").state.value
    return repositories.jobs.cancel(job.id).state.value


def test_one_ending_wins(stored: Repositories, store_endpoint: str, store_table: str) -> None:
    working = stored.jobs.claim(stored.jobs.create_job(a_job(CLOCK), {}).id, lease_seconds=60)
    outcomes = at_once(store_endpoint, store_table, end, working, processes=4, threads=2)
    found = stored.jobs.get_job_with_body(working.id, consistent=True)
    assert found is not None
    job, body = found
    assert not job.state.open
    ends = Counter(outcomes)
    refused = ends.pop("StaleAttempt", 0) + ends.pop("Conflict", 0)
    assert set(ends) == {job.state.value}
    assert refused == 8 - ends[job.state.value]
    assert (body.result is None) is (job.state is not JobState.COMPLETED)
    assert stored.jobs.list_due(before=CLOCK.now()) == []


def acquire(repositories: Repositories, number: int) -> int | None:
    lease = repositories.leases.acquire("sweeper", owner=str(number), seconds=60)
    return None if lease is None else lease.fence


def test_a_lease_has_one_holder(
    stored: Repositories, store_endpoint: str, store_table: str
) -> None:
    outcomes = at_once(store_endpoint, store_table, acquire, processes=4, threads=4)
    assert Counter(outcomes) == {1: 1, None: 15}


def test_an_ended_lease_has_one_follower(
    stored: Repositories, store_endpoint: str, store_table: str
) -> None:
    stored.leases.acquire("sweeper", owner="dead", seconds=-60)
    outcomes = at_once(store_endpoint, store_table, acquire, processes=4, threads=4)
    assert Counter(outcomes) == {2: 1, None: 15}


def point(repositories: Repositories, number: int) -> int:
    wanted = [
        Pointer(kind=PointerKind.USER, old_id=str(old_id), target=f"{number % 2}")
        for old_id in range(5)
    ]
    return len(repositories.pointers.batch_put(wanted))


def test_an_old_id_gets_one_target(
    stored: Repositories, store_endpoint: str, store_table: str
) -> None:
    outcomes = at_once(store_endpoint, store_table, point, processes=4, threads=2)
    assert Counter(outcomes) == {0: 4, 5: 4}
