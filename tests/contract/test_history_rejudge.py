"""Judging ended executions again: what is shown, what is counted, and who may do it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from algoitny.domain.errors import Conflict, NotFound, StaleAttempt
from algoitny.domain.history import ANONYMOUS, History
from algoitny.domain.history_results import Outcome, Results
from algoitny.domain.repositories import Repositories
from algoitny.domain.stats import ProblemStats
from algoitny.domain.usage import Action
from algoitny.domain.verdict import State, Verdict
from tests.builders import KEY, admitted, an_outcome, done, running
from tests.clock import FixedClock

AC, WA, TLE = Verdict.AC, Verdict.WA, Verdict.TLE


def begin(repositories: Repositories, clock: FixedClock, history: History, job: str) -> History:
    later = clock.now() + timedelta(seconds=30)
    return repositories.histories.begin_rejudge(history.id, job_id=job, publish_after=later)


def again(
    repositories: Repositories, clock: FixedClock, history: History, job: str
) -> tuple[History, History]:
    """The execution before, and claimed to be judged again."""
    before = read(repositories, history)
    begin(repositories, clock, history, job)
    return before, repositories.histories.claim_rejudge(history.id, lease_seconds=30)


def rejudged(
    repositories: Repositories, clock: FixedClock, history: History, job: str, verdict: Verdict
) -> History:
    clock.advance(1)
    _, claimed = again(repositories, clock, history, job)
    repositories.histories.put_results(claimed, Results(compile_message=job))
    return repositories.histories.complete(claimed, an_outcome(verdict))


def read(repositories: Repositories, history: History) -> History:
    stored = repositories.histories.get_history(history.id, consistent=True)
    assert stored is not None
    return stored


def derived(repositories: Repositories, clock: FixedClock) -> tuple[object, ...]:
    """Every figure and line that follows from what executions ended with."""
    histories, stats = repositories.histories, repositories.stats

    def lines(items: tuple[History, ...]) -> list[tuple[object, ...]]:
        return [(each.id, each.state, each.verdict, each.passed_count) for each in items]

    return (
        stats.get_user_totals("ann"),
        stats.list_solved("ann").items,
        stats.list_solved_on(clock.now().date()).items,
        stats.get_problem_stats(KEY),
        lines(histories.list_public_history().items),
        lines(histories.search_by_language("python3").items),
        lines(histories.search_by_platform(KEY.platform).items),
        lines(histories.list_user_history("ann").items),
        histories.list_problem_executions(KEY).items,
        repositories.usage.get_daily_usage_count("ann", Action.EXECUTION),
    )


def test_the_old_result_is_shown_until_the_new_one_takes_its_place(
    repositories: Repositories, clock: FixedClock
) -> None:
    histories = repositories.histories
    history = running(repositories, clock, is_code_public=True)
    histories.put_results(history, Results(compile_message="old"))
    history = histories.complete(history, an_outcome(WA))
    shown = derived(repositories, clock)
    waiting = begin(repositories, clock, history, "J1")
    assert (waiting.state, waiting.verdict, waiting.rejudge) == (State.DONE, WA, State.QUEUED)
    claimed = histories.claim_rejudge(history.id, lease_seconds=30)
    assert (claimed.rejudge, claimed.attempt, claimed.tries) == (State.RUNNING, 2, 1)
    histories.renew_lease(claimed, lease_seconds=30)
    histories.put_results(claimed, Results(compile_message="new"))
    for there in (waiting, claimed):
        assert histories.get_results(there).compile_message == "old"
    # It is not among those that a job may walk over, and else nothing has changed.
    assert derived(repositories, clock)[:8] == shown[:8]
    assert histories.list_problem_executions(KEY).items == ()
    after = histories.complete(claimed, an_outcome())
    assert (after.verdict, after.rejudge, after.shown_attempt) == (AC, None, 2)
    assert read(repositories, history) == after
    assert histories.complete(claimed, an_outcome()) == after  # its repeat
    assert histories.get_results(after).compile_message == "new"
    before = histories.get_results(history)
    assert before.compile_message == "old"  # a previous attempt
    assert [line.verdict for line in histories.list_public_history().items] == [AC]
    assert [line.verdict for line in histories.search_by_language("python3").items] == [AC]
    assert [line.verdict for line in histories.list_problem_executions(KEY).items] == [AC]
    assert histories.list_unfinished(created_before=clock.now() + timedelta(1)) == []


@pytest.mark.parametrize(("first", "then"), [(AC, WA), (WA, AC), (WA, TLE), (AC, AC)])
def test_every_figure_moves_and_comes_back(
    repositories: Repositories, clock: FixedClock, first: Verdict, then: Verdict
) -> None:
    history = done(repositories, clock, first, is_code_public=True)
    as_it_was = derived(repositories, clock)
    rejudged(repositories, clock, history, "J1", then)
    totals, solved = derived(repositories, clock)[:2]
    accepted = int(then is AC)
    assert (totals.executions, totals.accepted, totals.solved) == (1, accepted, accepted)
    assert (totals.by_verdict, len(solved)) == ({then.value: 1}, accepted)
    assert totals.by_platform[0].solved == accepted
    assert repositories.stats.get_problem_stats(KEY) == ProblemStats(
        executions=1, accepted=accepted
    )
    assert (derived(repositories, clock) == as_it_was) == (first is then)
    rejudged(repositories, clock, history, "J2", first)
    assert derived(repositories, clock) == as_it_was


def test_a_solved_problem_stays_solved_while_another_execution_solves_it(
    repositories: Repositories, clock: FixedClock
) -> None:
    made = []
    for verdict in (AC, WA, AC):
        clock.advance(hours=1)
        made.append(done(repositories, clock, verdict))
    first, _, last = made
    as_it_was = derived(repositories, clock)

    def marked() -> list[str]:
        return [line.history_id for line in repositories.stats.list_solved("ann").items]

    rejudged(repositories, clock, first, "J1", WA)
    assert marked() == [last.id]
    rejudged(repositories, clock, last, "J2", WA)
    assert marked() == []
    assert repositories.stats.get_user_stats("ann").solved == 0
    rejudged(repositories, clock, last, "J3", AC)
    rejudged(repositories, clock, first, "J4", AC)
    assert derived(repositories, clock) == as_it_was
    rejudged(repositories, clock, last, "J5", WA)
    assert marked() == [first.id]


def test_a_failed_execution_gets_its_verdict_uncharged(
    repositories: Repositories, clock: FixedClock
) -> None:
    history = repositories.histories.fail(running(repositories, clock), reason="x")
    after = rejudged(repositories, clock, history, "J1", AC)
    assert (after.state, after.verdict, after.shown_attempt) == (State.DONE, AC, 2)
    stats = repositories.stats.get_user_stats("ann")
    assert (stats.executions, stats.accepted, stats.solved) == (1, 1, 1)
    assert repositories.usage.get_daily_usage_count("ann", Action.EXECUTION) == 0


@pytest.mark.parametrize("verdict", [AC, None])
def test_a_failure_keeps_what_was_shown(
    repositories: Repositories, clock: FixedClock, verdict: Verdict | None
) -> None:
    histories = repositories.histories
    history = running(repositories, clock, is_code_public=True)
    if verdict is None:
        history = histories.fail(history, reason="x")
    else:
        history = histories.complete(history, an_outcome(verdict))
    as_it_was = derived(repositories, clock)
    _, claimed = again(repositories, clock, history, "J1")
    after = histories.fail(claimed, reason="no c here")
    assert (after.rejudge, after.rejudge_error, after.lease_until) == (None, "no c here", None)
    assert (after.state, after.verdict) == (history.state, history.verdict)
    assert after.shown_attempt == history.shown_attempt
    assert histories.fail(claimed, reason="no c here") == after
    assert derived(repositories, clock) == as_it_was
    with pytest.raises(StaleAttempt):
        histories.complete(claimed, an_outcome())
    assert begin(repositories, clock, history, "J2").rejudge_error == ""


def test_once_in_a_job_and_not_for_an_earlier_one(
    repositories: Repositories, clock: FixedClock
) -> None:
    history = done(repositories, clock)
    first = begin(repositories, clock, history, "J2")
    assert begin(repositories, clock, history, "J2") == first
    for job in ("J1", "J3"):
        with pytest.raises(Conflict, match="already"):
            begin(repositories, clock, history, job)
    claimed = repositories.histories.claim_rejudge(history.id, lease_seconds=30)
    after = repositories.histories.complete(claimed, an_outcome(WA))
    assert begin(repositories, clock, history, "J2") == after
    with pytest.raises(Conflict, match="later"):
        begin(repositories, clock, history, "J1")
    assert begin(repositories, clock, history, "J3").rejudge is State.QUEUED


def test_what_cannot_be_judged_again(repositories: Repositories, clock: FixedClock) -> None:
    histories = repositories.histories
    waiting, runs = admitted(repositories, clock), running(repositories, clock)
    cancelled = histories.cancel(admitted(repositories, clock))
    for history, reason in ((waiting, "not ended"), (runs, "not ended"), (cancelled, "cancelled")):
        with pytest.raises(Conflict, match=reason):
            begin(repositories, clock, history, "J1")
        assert read(repositories, history) == history
        with pytest.raises(StaleAttempt):
            histories.claim_rejudge(history.id, lease_seconds=30)
    histories.delete_history(cancelled.id)
    with pytest.raises(NotFound):
        begin(repositories, clock, cancelled, "J1")
    with pytest.raises(NotFound):
        histories.claim_rejudge(cancelled.id, lease_seconds=30)


def test_one_worker_at_a_time(repositories: Repositories, clock: FixedClock) -> None:
    histories = repositories.histories
    history = done(repositories, clock, WA)
    _, first = again(repositories, clock, history, "J1")
    with pytest.raises(StaleAttempt):
        histories.claim_rejudge(history.id, lease_seconds=30)
    clock.advance(31)
    second = histories.claim_rejudge(history.id, lease_seconds=30)
    assert (second.attempt, second.tries) == (3, 2)
    for late in (
        lambda: histories.renew_lease(first, lease_seconds=30),
        lambda: histories.complete(first, an_outcome()),
        lambda: histories.fail(first, reason="x"),
    ):
        with pytest.raises(StaleAttempt):
            late()
    assert histories.complete(second, an_outcome()).shown_attempt == 3
    assert repositories.stats.get_user_stats("ann").accepted == 1


def test_nobody_cancels_it(repositories: Repositories, clock: FixedClock) -> None:
    _, claimed = again(repositories, clock, done(repositories, clock), "J1")
    with pytest.raises(StaleAttempt):
        repositories.histories.cancel(claimed)
    assert read(repositories, claimed) == claimed


def test_the_sweeper_finds_what_waits_and_what_runs(
    repositories: Repositories, clock: FixedClock
) -> None:
    histories = repositories.histories
    history = done(repositories, clock)
    clock.advance(60)
    waiting = begin(repositories, clock, history, "J1")
    assert histories.list_unfinished(created_before=clock.now()) == [waiting]
    later = clock.now() + timedelta(seconds=60)
    assert histories.note_publication(waiting, publish_after=later)
    assert not histories.note_publication(waiting, publish_after=later)
    claimed = histories.claim_rejudge(history.id, lease_seconds=30)
    (unfinished,) = histories.list_unfinished(created_before=clock.now())
    assert unfinished == claimed
    assert not histories.note_publication(waiting, publish_after=later)


@pytest.mark.parametrize("publish", [True, False])
def test_publishing_and_withdrawing_meanwhile(
    repositories: Repositories, clock: FixedClock, *, publish: bool
) -> None:
    histories = repositories.histories
    history = done(repositories, clock, WA, is_code_public=not publish)
    _, claimed = again(repositories, clock, history, "J1")
    marked = histories.update_public_status(history.id, is_code_public=publish)
    assert (marked.rejudge, marked.is_code_public) == (State.RUNNING, publish)
    shown = [line.verdict for line in histories.search_by_language("python3").items]
    assert shown == ([WA] if publish else [])
    histories.complete(claimed, an_outcome())
    for page in (histories.list_public_history(), histories.search_by_language("python3")):
        assert [line.verdict for line in page.items] == ([AC] if publish else [])


def test_its_receiver_is_told_the_first_end_only(
    repositories: Repositories, clock: FixedClock
) -> None:
    history = done(repositories, clock, webhook_url="https://example.org/hook")
    (delivery,) = repositories.outbox.list_due()
    repositories.outbox.done(delivery)
    rejudged(repositories, clock, history, "J1", WA)
    assert repositories.outbox.list_due() == []


def test_an_execution_that_loses_its_author_meanwhile(
    repositories: Repositories, clock: FixedClock
) -> None:
    histories = repositories.histories
    history = done(repositories, clock, WA, is_code_public=True)
    _, claimed = again(repositories, clock, history, "J1")
    assert histories.anonymise_history(history.id)
    totals = repositories.stats.get_user_totals("ann")
    histories.renew_lease(claimed, lease_seconds=30)
    after = histories.complete(claimed, an_outcome())
    assert (after.verdict, after.user_id) == (AC, None)
    for page in (histories.list_public_history(), histories.search_by_language("python3")):
        assert [(line.verdict, line.user_identifier) for line in page.items] == [(AC, ANONYMOUS)]
    assert repositories.stats.get_user_totals("ann") == totals
    assert repositories.stats.get_problem_stats(KEY) == ProblemStats(executions=1, accepted=1)


def test_deleting_meanwhile(repositories: Repositories, clock: FixedClock) -> None:
    histories = repositories.histories
    _, claimed = again(repositories, clock, done(repositories, clock), "J1")
    before = repositories.stats.get_user_totals("ann")
    assert histories.delete_history(claimed.id)
    histories.put_results(claimed, Results())  # it had not heard of it
    outcome: Outcome = an_outcome(WA)
    for late in (
        lambda: histories.complete(claimed, outcome),
        lambda: histories.fail(claimed, reason="x"),
    ):
        with pytest.raises(StaleAttempt):
            late()
    assert repositories.stats.get_user_totals("ann") == before
    assert histories.list_unfinished(created_before=clock.now() + timedelta(1)) == []
    clock.advance(3600)
    assert histories.list_deleted() == [claimed.id]
