"""What has ended does not end again: not as it was read before, and not as it is read now."""

from __future__ import annotations

import pytest

from algoitny.domain.errors import StaleAttempt
from algoitny.domain.job import JobState
from algoitny.domain.repositories import Repositories
from algoitny.domain.run import RunResult
from algoitny.domain.usage import Action
from algoitny.domain.verdict import State, Verdict
from tests.builders import KEY, a_hint, a_job, a_run, admitted, an_outcome, done
from tests.clock import FixedClock


def used(repositories: Repositories, action: Action) -> int:
    return repositories.usage.get_daily_usage_count("ann", action)


def test_an_execution(repositories: Repositories, clock: FixedClock) -> None:
    histories = repositories.histories
    finished = done(repositories, clock)
    failed = histories.fail(admitted(repositories, clock), reason="x")
    for ended in (finished, failed):
        with pytest.raises(StaleAttempt):
            histories.complete(ended, an_outcome())
        with pytest.raises(StaleAttempt):
            histories.fail(ended, reason="again")
        with pytest.raises(StaleAttempt):
            histories.cancel(ended)
        assert histories.get_history(ended.id) == ended
    assert used(repositories, Action.EXECUTION) == 1
    assert repositories.stats.get_user_stats("ann").executions == 1
    assert repositories.stats.get_problem_stats(KEY).executions == 1


def test_an_execution_that_nobody_claimed_has_no_verdict(
    repositories: Repositories, clock: FixedClock
) -> None:
    waiting = admitted(repositories, clock)
    with pytest.raises(StaleAttempt):
        repositories.histories.complete(waiting, an_outcome())
    assert repositories.histories.get_history(waiting.id) == waiting


def test_a_job(repositories: Repositories, clock: FixedClock) -> None:
    jobs = repositories.jobs
    job = jobs.create_job(a_job(clock), {})
    finished = jobs.finish(jobs.claim(job.id, lease_seconds=30), {"id": 1})
    with pytest.raises(StaleAttempt):
        jobs.fail(finished, reason="x")
    stored = jobs.get_job(job.id)
    assert stored is not None
    assert stored.state is JobState.COMPLETED


def test_a_run(repositories: Repositories, clock: FixedClock) -> None:
    runs = repositories.runs
    run = runs.create_run(a_run(clock), limit=5)
    result = RunResult(verdict=Verdict.AC, output="3", error="", time_ms=1, memory_kb=1)
    finished = runs.finish(runs.claim(run.id, lease_seconds=30), result)
    with pytest.raises(StaleAttempt):
        runs.fail(finished, reason="x")
    stored = runs.get_run(run.id)
    assert stored is not None
    assert stored.state is State.DONE
    assert used(repositories, Action.RUN) == 1


def test_a_hint(repositories: Repositories, clock: FixedClock) -> None:
    hints = repositories.hints
    for level in (1, 2):
        pending = hints.claim_hint(a_hint(clock, level, "H1"), limit=5)
        ended = hints.finish_hint(pending, "Look.") if level == 1 else hints.fail_hint(pending)
        with pytest.raises(StaleAttempt):
            hints.fail_hint(ended)
        with pytest.raises(StaleAttempt):
            hints.finish_hint(ended, "Other.")
        with pytest.raises(StaleAttempt):
            hints.renew_hint(ended, lease_seconds=30)
        assert hints.get_hint("H1", level, 1) == ended
    assert used(repositories, Action.HINT) == 1
