"""Rejudges whose requests get lost or meet others': every figure follows from the verdicts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from algoitny.domain.errors import StaleAttempt
from algoitny.domain.history import History
from algoitny.domain.repositories import Repositories
from algoitny.domain.verdict import State, Verdict
from tests.builders import an_outcome, done, running
from tests.clock import FixedClock
from tests.faults import LOST, Call, Fault, Faults

AC, WA = Verdict.AC, Verdict.WA


def begin(repositories: Repositories, clock: FixedClock, history: History) -> History:
    later = clock.now() + timedelta(seconds=30)
    return repositories.histories.begin_rejudge(history.id, job_id="J1", publish_after=later)


def claimed(repositories: Repositories, clock: FixedClock, history: History) -> History:
    begin(repositories, clock, history)
    return repositories.histories.claim_rejudge(history.id, lease_seconds=30)


def first(action: Callable[[], object]) -> Fault:
    """Somebody else acts just before the request."""

    def fault(call: Call) -> object:
        action()
        return call()

    return fault


def solved(repositories: Repositories) -> tuple[int, int, list[str]]:
    stats = repositories.stats.get_user_stats("ann", consistent=True)
    markers = [line.history_id for line in repositories.stats.list_solved("ann").items]
    return stats.accepted, stats.solved, markers


@pytest.mark.parametrize("lost", LOST)
def test_an_answer_that_is_lost(
    repositories: Repositories, clock: FixedClock, faults: Faults, lost: Fault
) -> None:
    history = done(repositories, clock, WA)
    faults.add("UpdateItem", lost)
    assert begin(repositories, clock, history).rejudge is State.QUEUED
    faults.add("UpdateItem", lost)
    claim = repositories.histories.claim_rejudge(history.id, lease_seconds=30)
    assert (claim.rejudge, claim.attempt) == (State.RUNNING, 2)
    faults.add("TransactWriteItems", lost)
    after = repositories.histories.complete(claim, an_outcome())
    assert (after.verdict, after.shown_attempt) == (AC, 2)
    assert solved(repositories) == (1, 1, [history.id])
    claim = repositories.histories.claim_rejudge(
        repositories.histories.begin_rejudge(history.id, job_id="J2", publish_after=clock.now()).id,
        lease_seconds=30,
    )
    faults.add("UpdateItem", lost)
    assert repositories.histories.fail(claim, reason="x").rejudge_error == "x"
    assert faults.left == 0


def test_both_that_solve_a_problem_lose_it_at_once(
    repositories: Repositories, clock: FixedClock, faults: Faults
) -> None:
    """The marker is about to be handed to one that is accepted no more."""
    histories = repositories.histories
    one, two = done(repositories, clock), done(repositories, clock)
    first_claim, second_claim = (claimed(repositories, clock, each) for each in (one, two))
    lose = an_outcome(WA)
    faults.add("TransactWriteItems", first(lambda: histories.complete(second_claim, lose)))
    histories.complete(first_claim, lose)
    assert solved(repositories) == (0, 0, [])


def test_the_marker_comes_to_one_that_is_losing_its_verdict(
    repositories: Repositories, clock: FixedClock, faults: Faults
) -> None:
    histories = repositories.histories
    one, two = done(repositories, clock), done(repositories, clock)
    first_claim, second_claim = (claimed(repositories, clock, each) for each in (one, two))
    lose = an_outcome(WA)
    faults.add("TransactWriteItems", first(lambda: histories.complete(first_claim, lose)))
    histories.complete(second_claim, lose)
    assert solved(repositories) == (0, 0, [])


@pytest.mark.parametrize("is_rejudge", [True, False])
def test_a_problem_is_solved_again_while_its_marker_goes(
    repositories: Repositories, clock: FixedClock, faults: Faults, *, is_rejudge: bool
) -> None:
    histories = repositories.histories
    marked = claimed(repositories, clock, done(repositories, clock))
    if is_rejudge:
        other = claimed(repositories, clock, done(repositories, clock, WA))
    else:
        other = running(repositories, clock)
    faults.add("TransactWriteItems", first(lambda: histories.complete(marked, an_outcome(WA))))
    histories.complete(other, an_outcome())
    assert solved(repositories) == (1, 1, [other.id])


def test_publishing_between_the_reading_and_the_end(
    repositories: Repositories, clock: FixedClock, faults: Faults
) -> None:
    """A public line shows what the summary shows, whichever comes first."""
    histories = repositories.histories
    claim = claimed(repositories, clock, done(repositories, clock, WA))
    publish = histories.update_public_status
    faults.add("TransactWriteItems", first(lambda: publish(claim.id, is_code_public=True)))
    histories.complete(claim, an_outcome())
    assert [line.verdict for line in histories.search_by_language("python3").items] == [AC]
    claim = claimed(repositories, clock, done(repositories, clock, WA, language="c"))
    faults.add("TransactWriteItems", first(lambda: histories.complete(claim, an_outcome())))
    publish(claim.id, is_code_public=True)
    assert [line.verdict for line in histories.search_by_language("c").items] == [AC]


def test_deleting_between_the_reading_and_the_end(
    repositories: Repositories, clock: FixedClock, faults: Faults
) -> None:
    """What is remembered of a deleted execution is the verdict that was counted last."""
    histories = repositories.histories
    claim = claimed(repositories, clock, done(repositories, clock, WA))
    faults.add("TransactWriteItems", first(lambda: histories.complete(claim, an_outcome())))
    assert histories.delete_history(claim.id)
    before, after = repositories.stats.rebuild_user_stats("ann")
    assert (before, after.by_verdict) == (after, {"AC": 1})


def test_two_completions_of_one_rejudge(
    repositories: Repositories, clock: FixedClock, faults: Faults
) -> None:
    histories = repositories.histories
    claim = claimed(repositories, clock, done(repositories, clock, WA))

    def overtake() -> None:
        clock.advance(31)
        histories.complete(
            histories.claim_rejudge(claim.id, lease_seconds=30), an_outcome(Verdict.TLE)
        )

    faults.add("TransactWriteItems", first(overtake))
    with pytest.raises(StaleAttempt):
        histories.complete(claim, an_outcome())
    totals = repositories.stats.get_user_totals("ann")
    assert (totals.executions, totals.by_verdict) == (1, {"TLE": 1})
