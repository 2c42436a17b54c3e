"""Runs on own input: charged exactly, run by one, gone soon after."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest

from algoitny.domain.errors import (
    DuplicateRequest,
    NotFound,
    QuotaExceeded,
    StaleAttempt,
    TooLarge,
)
from algoitny.domain.repositories import Repositories
from algoitny.domain.run import Run, RunResult
from algoitny.domain.usage import Action
from algoitny.domain.verdict import State, Verdict
from tests.builders import a_key, a_run
from tests.clock import FixedClock

RESULT = RunResult(
    verdict=Verdict.AC, status="exit 0", output="3\n", time_ms=12, memory_kb=900, exit=0
)


def made(repositories: Repositories, clock: FixedClock, **given: object) -> Run:
    return repositories.runs.create_run(a_run(clock, **given), limit=-1)


def claimed(repositories: Repositories, clock: FixedClock) -> Run:
    return repositories.runs.claim(made(repositories, clock).id, lease_seconds=30)


def used(repositories: Repositories) -> int:
    return repositories.usage.get_daily_usage_count("ann", Action.RUN)


def test_the_life_of_a_run(repositories: Repositories, clock: FixedClock) -> None:
    runs = repositories.runs
    wanted = a_run(clock, code="é\n", input="")
    run = runs.create_run(wanted, limit=5)
    assert run == wanted
    assert runs.get_run(run.id) == run
    assert used(repositories) == 1
    clock.advance(1)
    working = runs.claim(run.id, lease_seconds=30)
    assert (working.state, working.attempt, working.code) == (State.RUNNING, 1, "é\n")
    clock.advance(1)
    done = runs.finish(working, RESULT)
    assert (done.state, done.result, done.lease_until) == (State.DONE, RESULT, None)
    clock.advance(1)
    assert runs.finish(working, replace(RESULT, output="4\n")) == done
    assert runs.get_run(run.id, consistent=True) == done
    assert used(repositories) == 1


def test_the_quota_holds(repositories: Repositories, clock: FixedClock) -> None:
    runs = repositories.runs
    for _ in range(2):
        runs.create_run(a_run(clock), limit=2)
    refused = a_run(clock)
    with pytest.raises(QuotaExceeded) as caught:
        runs.create_run(refused, limit=2)
    assert (caught.value.action, caught.value.count, caught.value.limit) == ("run", 2, 2)
    assert runs.get_run(refused.id) is None
    assert used(repositories) == 2
    runs.create_run(a_run(clock, "bob"), limit=2)
    clock.advance(days=1)
    runs.create_run(a_run(clock), limit=2)


def test_a_key_wins_over_a_used_up_quota(repositories: Repositories, clock: FixedClock) -> None:
    runs = repositories.runs
    runs.create_run(a_run(clock), limit=1, idempotency=a_key())
    for limit in (1, 5):
        with pytest.raises(DuplicateRequest):
            runs.create_run(a_run(clock), limit=limit, idempotency=a_key())
    assert used(repositories) == 1
    assert repositories.histories.find_request("ann", a_key().key) == a_key()


def test_making_it_again_is_charged_once(repositories: Repositories, clock: FixedClock) -> None:
    run = a_run(clock)
    for _ in range(2):
        assert repositories.runs.create_run(run, limit=1) == run
    assert used(repositories) == 1


def test_code_and_input_have_a_bound(repositories: Repositories, clock: FixedClock) -> None:
    noise = Random(1).randbytes(240_000).hex()
    for given in ({"code": noise[:150_000]}, {"input": noise}):
        with pytest.raises(TooLarge):
            made(repositories, clock, **given)
    assert used(repositories) == 0
    run = made(repositories, clock, code=noise[:110_000], input=noise[:380_000])
    working = repositories.runs.claim(run.id, lease_seconds=30)
    long = Random(2).randbytes(100_000).hex()
    done = repositories.runs.finish(
        working, replace(RESULT, output=long, error=long, compile_message="\ud800" + long)
    )
    assert done.result is not None
    assert done.result.output == long[: 64 * 1024]
    assert done.result.error == long[: 16 * 1024]
    assert done.result.compile_message.startswith("?")
    assert repositories.runs.get_run(run.id) == done


def test_a_lease_keeps_others_off_until_it_ends(
    repositories: Repositories, clock: FixedClock
) -> None:
    runs = repositories.runs
    first = claimed(repositories, clock)
    with pytest.raises(StaleAttempt):
        runs.claim(first.id, lease_seconds=30)
    clock.advance(31)
    second = runs.claim(first.id, lease_seconds=30)
    assert second.attempt == 2
    with pytest.raises(StaleAttempt):
        runs.finish(first, RESULT)
    with pytest.raises(StaleAttempt):
        runs.fail(first, reason="late")
    assert runs.finish(second, RESULT).state is State.DONE
    with pytest.raises(StaleAttempt):
        runs.claim(first.id, lease_seconds=30)


def test_the_judges_fault_costs_nothing_once(repositories: Repositories, clock: FixedClock) -> None:
    runs = repositories.runs
    made(repositories, clock)
    working = claimed(repositories, clock)
    failed = runs.fail(working, reason="no sandbox" + "." * 500)
    assert (failed.state, len(failed.reason)) == (State.FAILED, 200)
    assert runs.get_run(working.id) == failed
    assert runs.fail(working, reason="again") == failed
    assert used(repositories) == 1
    with pytest.raises(StaleAttempt):
        runs.finish(working, RESULT)
    # One that nobody ever took may be failed too.
    waiting = made(repositories, clock)
    assert runs.fail(waiting, reason="x").state is State.FAILED
    assert used(repositories) == 1


def test_units_go_back_to_the_day_that_paid_and_five_at_most(
    repositories: Repositories, clock: FixedClock
) -> None:
    seven = [made(repositories, clock) for _ in range(7)]
    day = clock.now().date()
    clock.advance(600)
    for run in seven:
        repositories.runs.fail(run, reason="x")
    assert repositories.usage.get_daily_usage_count("ann", Action.RUN, day) == 2


def test_an_open_run_is_kept_for_an_hour_and_its_result_for_ten_minutes(
    repositories: Repositories, clock: FixedClock
) -> None:
    runs = repositories.runs
    waiting = made(repositories, clock)
    working = claimed(repositories, clock)
    clock.advance(3001)
    done = runs.finish(working, RESULT)
    clock.advance(598)
    assert runs.get_run(waiting.id) == waiting
    assert runs.get_run(done.id) == done
    clock.advance(2)
    assert runs.get_run(waiting.id) is None
    with pytest.raises(NotFound):
        runs.claim(waiting.id, lease_seconds=30)
    with pytest.raises(StaleAttempt):
        runs.fail(waiting, reason="x")
    assert runs.get_run(done.id) == done
    clock.advance(1)
    assert runs.get_run(done.id) is None
    assert runs.get_run("ghost") is None
    with pytest.raises(NotFound):
        runs.claim("ghost", lease_seconds=1)


def test_open_runs_are_listed_oldest_first(repositories: Repositories, clock: FixedClock) -> None:
    runs = repositories.runs
    waiting = made(repositories, clock)
    clock.advance(1)
    working = claimed(repositories, clock)
    clock.advance(1)
    runs.finish(claimed(repositories, clock), RESULT)
    runs.fail(claimed(repositories, clock), reason="x")
    clock.advance(1)
    young = made(repositories, clock)
    assert runs.list_open(created_before=clock.now()) == [waiting, working]
    assert runs.list_open(created_before=working.created_at) == [waiting]
    clock.advance(3599)
    assert runs.list_open(created_before=clock.now()) == [young]
    assert runs.list_open(created_before=waiting.created_at) == []


def test_a_run_holds_a_running_place_while_it_runs(
    repositories: Repositories, clock: FixedClock
) -> None:
    histories, runs = repositories.histories, repositories.runs
    working = [claimed(repositories, clock) for _ in range(2)]
    waiting = made(repositories, clock)
    for run in working:
        assert histories.enter_running_set("ann", run.id, capacity=2)
    assert not histories.enter_running_set("ann", waiting.id, capacity=2)
    assert not histories.enter_running_set("ann", a_run(clock).id, capacity=2)
    runs.finish(working[0], RESULT)
    assert histories.enter_running_set("ann", waiting.id, capacity=2)
    clock.advance(31)  # of the other one the worker is dead, and the one that waits never began
    assert histories.enter_running_set("ann", a_run(clock).id, capacity=2)
    assert len(repositories.stats.get_user_stats("ann", consistent=True).running) == 1
