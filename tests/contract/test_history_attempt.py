"""Attempts and their endings: one attempt counts, and every count moves exactly once."""

from __future__ import annotations

from dataclasses import replace

import pytest

from algoitny.domain.errors import NotFound, StaleAttempt
from algoitny.domain.history import History
from algoitny.domain.problem import ProblemKey
from algoitny.domain.repositories import Repositories
from algoitny.domain.stats import ProblemStats, UserStats
from algoitny.domain.usage import Action
from algoitny.domain.verdict import State, Verdict
from tests.builders import KEY, a_problem, admitted, an_outcome, done, running
from tests.clock import FixedClock


def counts(repositories: Repositories) -> tuple[UserStats, ProblemStats]:
    return repositories.stats.get_user_stats("ann"), repositories.stats.get_problem_stats(KEY)


def used(repositories: Repositories) -> int:
    return repositories.usage.get_daily_usage_count("ann", Action.EXECUTION)


def taken_over(repositories: Repositories, clock: FixedClock, history: History) -> History:
    clock.advance(31)
    return repositories.histories.claim(history.id, lease_seconds=30)


def test_nothing_is_counted_before_the_end(repositories: Repositories, clock: FixedClock) -> None:
    history = running(repositories, clock)
    assert counts(repositories) == (UserStats(running=frozenset({history.id})), ProblemStats())


def test_a_completed_execution_is_counted_once(
    repositories: Repositories, clock: FixedClock
) -> None:
    history = running(repositories, clock)
    clock.advance(3)
    ended = repositories.histories.complete(history, an_outcome())
    assert ended == replace(
        history,
        state=State.DONE,
        verdict=Verdict.AC,
        result_summary="3 of 3 passed",
        passed_count=3,
        total_count=3,
        max_time_ms=12,
        max_memory_kb=3456,
        shown_attempt=1,
        lease_until=None,
        updated_at=clock.now(),
    )
    assert repositories.histories.get_history(history.id) == ended
    expected = (
        UserStats(executions=1, accepted=1, solved=1),
        ProblemStats(executions=1, accepted=1),
    )
    assert counts(repositories) == expected
    assert repositories.histories.complete(history, an_outcome(Verdict.WA)) == ended
    assert counts(repositories) == expected
    assert repositories.histories.count_user_history("ann") == 1


def test_a_problem_is_solved_once_however_often(
    repositories: Repositories, clock: FixedClock
) -> None:
    for verdict in (Verdict.WA, Verdict.AC, Verdict.CE, Verdict.AC):
        done(repositories, clock, verdict)
    assert counts(repositories) == (
        UserStats(executions=4, accepted=2, solved=1),
        ProblemStats(executions=4, accepted=2),
    )
    other = a_problem(clock, ProblemKey(platform="baekjoon", number="#2%"))
    done(repositories, clock, problem=other.summary)
    assert repositories.stats.get_user_stats("ann", consistent=True).solved == 2


def test_problem_counters_add_up_over_users(repositories: Repositories, clock: FixedClock) -> None:
    for number in range(12):
        done(repositories, clock, Verdict.AC if number % 2 else Verdict.WA, user_id=f"u{number}")
    assert repositories.stats.get_problem_stats(KEY) == ProblemStats(executions=12, accepted=6)


def test_an_attempt_that_was_overtaken_changes_nothing(
    repositories: Repositories, clock: FixedClock
) -> None:
    histories = repositories.histories
    first = running(repositories, clock)
    second = taken_over(repositories, clock, first)
    assert (second.attempt, second.tries) == (2, 2)
    for late in (
        lambda: histories.complete(first, an_outcome()),
        lambda: histories.fail(first, reason="late"),
        lambda: histories.renew_lease(first, lease_seconds=30),
    ):
        with pytest.raises(StaleAttempt):
            late()
    assert histories.get_history(first.id) == second
    assert histories.complete(second, an_outcome(Verdict.WA)).shown_attempt == 2
    with pytest.raises(StaleAttempt):
        histories.complete(first, an_outcome())
    assert counts(repositories)[0] == UserStats(executions=1)


def test_failing_gives_the_unit_back_once(repositories: Repositories, clock: FixedClock) -> None:
    history = running(repositories, clock)
    assert used(repositories) == 1
    failed = repositories.histories.fail(history, reason="the judge broke")
    assert (failed.state, failed.result_summary) == (State.FAILED, "the judge broke")
    assert repositories.histories.get_history(history.id) == failed
    assert repositories.histories.fail(history, reason="again") == failed
    assert used(repositories) == 0
    assert counts(repositories) == (UserStats(), ProblemStats())
    with pytest.raises(StaleAttempt):
        repositories.histories.complete(history, an_outcome())


def test_a_queued_execution_can_fail(repositories: Repositories, clock: FixedClock) -> None:
    history = admitted(repositories, clock)
    repositories.histories.fail(history, reason="x")
    assert used(repositories) == 0
    with pytest.raises(StaleAttempt):
        repositories.histories.claim(history.id, lease_seconds=30)


def test_a_failure_seen_before_a_claim_is_refused(
    repositories: Repositories, clock: FixedClock
) -> None:
    queued = admitted(repositories, clock)
    repositories.histories.claim(queued.id, lease_seconds=30)
    with pytest.raises(StaleAttempt):
        repositories.histories.fail(queued, reason="given up")
    assert used(repositories) == 1


def test_the_unit_goes_back_to_the_day_of_admission(
    repositories: Repositories, clock: FixedClock
) -> None:
    day = clock.now().date()
    history = running(repositories, clock)
    clock.advance(days=1)
    admitted(repositories, clock)
    repositories.histories.fail(history, reason="x")
    assert repositories.usage.get_daily_usage_count("ann", Action.EXECUTION, day) == 0
    assert used(repositories) == 1


def test_five_units_a_day_go_back(repositories: Repositories, clock: FixedClock) -> None:
    for _ in range(7):
        history = running(repositories, clock)
        assert repositories.histories.fail(history, reason="x").state is State.FAILED
    assert used(repositories) == 2
    assert repositories.stats.get_user_stats("ann").running == frozenset()


def test_a_failed_public_execution_is_on_the_timeline(
    repositories: Repositories, clock: FixedClock
) -> None:
    history = running(repositories, clock, is_code_public=True)
    repositories.histories.fail(history, reason="x")
    (line,) = repositories.histories.list_public_history().items
    assert (line.id, line.state, line.verdict) == (history.id, State.FAILED, None)


def test_a_claim_takes_a_queued_execution_or_one_whose_lease_ended(
    repositories: Repositories, clock: FixedClock
) -> None:
    histories = repositories.histories
    with pytest.raises(NotFound):
        histories.claim("ghost", lease_seconds=30)
    history = admitted(repositories, clock)
    claimed = histories.claim(history.id, lease_seconds=30)
    assert (claimed.state, claimed.attempt, claimed.tries) == (State.RUNNING, 1, 1)
    for _ in range(2):
        with pytest.raises(StaleAttempt):
            histories.claim(history.id, lease_seconds=30)
        clock.advance(20)
        histories.renew_lease(claimed, lease_seconds=30)
    assert taken_over(repositories, clock, history).attempt == 2


def test_places_are_limited_and_kept_by_who_has_one(
    repositories: Repositories, clock: FixedClock
) -> None:
    histories = repositories.histories
    made = [admitted(repositories, clock) for _ in range(3)]
    for history in made[:2]:
        assert histories.enter_running_set("ann", history.id, capacity=2)
        histories.claim(history.id, lease_seconds=30)
    assert not histories.enter_running_set("ann", made[2].id, capacity=2)
    assert histories.enter_running_set("ann", made[0].id, capacity=2)
    assert histories.enter_running_set("bob", "other", capacity=2)
    histories.leave_running_set("ann", made[0].id)
    histories.leave_running_set("ann", made[0].id)
    histories.leave_running_set("ghost", "x")
    assert repositories.stats.get_user_stats("ghost") == UserStats()
    assert histories.enter_running_set("ann", made[2].id, capacity=2)


def test_places_of_those_who_no_longer_run_are_freed(
    repositories: Repositories, clock: FixedClock
) -> None:
    histories = repositories.histories
    dead, alive = running(repositories, clock), running(repositories, clock)
    histories.enter_running_set("ann", "ghost", capacity=9)
    clock.advance(20)
    histories.renew_lease(alive, lease_seconds=30)
    clock.advance(11)
    assert histories.enter_running_set("ann", "new", capacity=2)
    assert repositories.stats.get_user_stats("ann").running == {alive.id, "new"}
    assert dead.id not in repositories.stats.get_user_stats("ann").running


def test_unfinished_executions_are_listed_oldest_first(
    repositories: Repositories, clock: FixedClock
) -> None:
    made = []
    for number in range(8):
        clock.advance(1)
        made.append((running if number % 2 else admitted)(repositories, clock))
    repositories.histories.complete(made[1], an_outcome())
    repositories.histories.fail(made[2], reason="x")
    clock.advance(1)
    expected = [made[0], *made[3:7]]
    assert repositories.histories.list_unfinished(created_before=made[7].created_at) == expected


def test_a_publication_is_noted_by_one_only(repositories: Repositories, clock: FixedClock) -> None:
    histories = repositories.histories
    history = admitted(repositories, clock)
    assert histories.note_publication(history, publish_after=clock.now())
    assert not histories.note_publication(history, publish_after=clock.now())
    noted = histories.get_history(history.id)
    assert noted is not None
    assert (noted.publications, noted.publish_after) == (1, clock.now())
    assert histories.note_publication(noted, publish_after=clock.now())
    histories.claim(history.id, lease_seconds=30)
    noted = replace(noted, publications=2)
    assert not histories.note_publication(noted, publish_after=clock.now())
