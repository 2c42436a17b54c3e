"""Cancelling, publishing, withdrawing and deleting executions."""

from __future__ import annotations

import pytest

from algoitny.domain.errors import NotFound, StaleAttempt
from algoitny.domain.history import History
from algoitny.domain.history_results import Results, TestProgress
from algoitny.domain.repositories import Repositories
from algoitny.domain.stats import ProblemStats, UserStats
from algoitny.domain.usage import Action
from algoitny.domain.verdict import State, Verdict
from tests.builders import KEY, a_finished_hint, admitted, an_outcome, done, running
from tests.clock import FixedClock

LATER = 3600
"""Seconds after which no worker is at a deleted execution any more."""


def used(repositories: Repositories) -> int:
    return repositories.usage.get_daily_usage_count("ann", Action.EXECUTION)


def public_ids(repositories: Repositories) -> list[list[str]]:
    """The ids in each of the public lists."""
    histories = repositories.histories
    pages = (
        histories.list_public_history(),
        histories.search_by_language("python3"),
        histories.search_by_platform(KEY.platform),
    )
    return [[line.id for line in page.items] for page in pages]


def test_a_queued_execution_that_is_cancelled_gives_its_unit_back_once(
    repositories: Repositories, clock: FixedClock
) -> None:
    histories = repositories.histories
    history = admitted(repositories, clock)
    clock.advance(1)
    cancelled = histories.cancel(history)
    assert (cancelled.state, cancelled.verdict, cancelled.updated_at) == (
        State.CANCELLED,
        None,
        clock.now(),
    )
    assert histories.get_history(history.id) == cancelled
    assert histories.cancel(history) == cancelled
    assert used(repositories) == 0
    assert repositories.stats.get_user_stats("ann") == UserStats()
    assert repositories.stats.get_problem_stats(KEY) == ProblemStats()
    with pytest.raises(StaleAttempt):
        histories.claim(history.id, lease_seconds=30)
    clock.advance(60)
    assert histories.list_unfinished(created_before=clock.now()) == []
    assert histories.get_results(cancelled) == Results()


def test_a_running_execution_that_is_cancelled_keeps_its_unit_and_stops(
    repositories: Repositories, clock: FixedClock
) -> None:
    histories = repositories.histories
    history = running(repositories, clock)
    cancelled = histories.cancel(history)
    assert (cancelled.state, cancelled.lease_until) == (State.CANCELLED, None)
    assert used(repositories) == 1
    assert repositories.stats.get_user_stats("ann").running == frozenset()
    for late in (
        lambda: histories.renew_lease(history, lease_seconds=30),
        lambda: histories.complete(history, an_outcome()),
        lambda: histories.fail(history, reason="x"),
    ):
        with pytest.raises(StaleAttempt):
            late()
    assert repositories.stats.get_user_stats("ann").executions == 0


def test_what_moved_on_cannot_be_cancelled(repositories: Repositories, clock: FixedClock) -> None:
    histories = repositories.histories
    queued = admitted(repositories, clock)
    claimed = histories.claim(queued.id, lease_seconds=30)
    with pytest.raises(StaleAttempt):
        histories.cancel(queued)
    ended = histories.complete(claimed, an_outcome())
    for history in (queued, claimed):
        with pytest.raises(StaleAttempt):
            histories.cancel(history)
    assert histories.get_history(queued.id) == ended
    assert used(repositories) == 1


def test_cancelling_gives_back_five_units_a_day(
    repositories: Repositories, clock: FixedClock
) -> None:
    for _ in range(7):
        repositories.histories.cancel(admitted(repositories, clock))
    assert used(repositories) == 2


def test_the_unit_of_a_cancelled_one_goes_back_to_its_day(
    repositories: Repositories, clock: FixedClock
) -> None:
    history = admitted(repositories, clock)
    clock.advance(days=1)
    admitted(repositories, clock)
    repositories.histories.cancel(history)
    assert used(repositories) == 1
    day = history.admitted_on
    assert repositories.usage.get_daily_usage_count("ann", Action.EXECUTION, day) == 0


def test_publishing_and_withdrawing_moves_the_public_rows(
    repositories: Repositories, clock: FixedClock
) -> None:
    histories = repositories.histories
    history = done(repositories, clock)
    for wanted in (True, True, False, False, True):
        changed = histories.update_public_status(history.id, is_code_public=wanted)
        assert changed.is_code_public is wanted
        assert histories.get_history(history.id) == changed
        assert public_ids(repositories) == [[history.id] if wanted else []] * 3
    with pytest.raises(NotFound):
        histories.update_public_status("ghost", is_code_public=True)


@pytest.mark.parametrize("ending", ["complete", "fail", "cancel"])
def test_what_is_published_before_its_end_is_shown_after_it(
    repositories: Repositories, clock: FixedClock, ending: str
) -> None:
    histories = repositories.histories
    history = running(repositories, clock)
    histories.update_public_status(history.id, is_code_public=True)
    assert public_ids(repositories) == [[], [], []]
    # The worker's copy is from before.
    ended = {
        "complete": lambda: histories.complete(history, an_outcome()),
        "fail": lambda: histories.fail(history, reason="x"),
        "cancel": lambda: histories.cancel(history),
    }[ending]()
    assert ended.is_code_public
    assert public_ids(repositories) == [[history.id]] * 3


def test_what_is_withdrawn_before_its_end_is_not_shown(
    repositories: Repositories, clock: FixedClock
) -> None:
    history = running(repositories, clock, is_code_public=True)
    repositories.histories.update_public_status(history.id, is_code_public=False)
    assert not repositories.histories.complete(history, an_outcome()).is_code_public
    assert public_ids(repositories) == [[], [], []]


def filled(repositories: Repositories, history: History) -> None:
    """Results, progress and a hint for an attempt."""
    repositories.histories.put_results(history, Results(compile_message="x"))
    test = TestProgress(index=0, verdict=Verdict.AC, time_ms=1, memory_kb=1)
    repositories.histories.put_progress(history, (test,))
    repositories.histories.update_hints(history.id, (a_finished_hint(history),))


def is_gone(repositories: Repositories, history: History) -> bool:
    histories = repositories.histories
    assert histories.get_history(history.id, consistent=True) is None
    with pytest.raises(NotFound):
        histories.get_source(history.id)
    assert histories.get_progress(history) == ()
    assert repositories.hints.list_hints(history.id) == ()
    listed = histories.list_user_history("ann").items
    problems = histories.list_problem_executions(KEY).items
    shown = [history_id for page in public_ids(repositories) for history_id in page]
    return history.id not in {*(entry.id for entry in (*listed, *problems)), *shown}


@pytest.mark.parametrize("public", [True, False])
def test_a_deleted_execution_is_gone_from_everywhere(
    repositories: Repositories, clock: FixedClock, public: bool
) -> None:
    histories = repositories.histories
    kept = done(repositories, clock)
    history = running(repositories, clock, is_code_public=public)
    filled(repositories, history)
    history = histories.complete(history, an_outcome())
    assert histories.delete_history(history.id)
    assert is_gone(repositories, history)
    assert not histories.delete_history(history.id)
    assert [entry.id for entry in histories.list_user_history("ann").items] == [kept.id]
    for late in (
        lambda: histories.update_public_status(history.id, is_code_public=True),
        lambda: histories.claim(history.id, lease_seconds=30),
    ):
        with pytest.raises(NotFound):
            late()


def test_statistics_outlive_what_they_tell_of(
    repositories: Repositories, clock: FixedClock
) -> None:
    history = done(repositories, clock)
    before = repositories.stats.get_user_stats("ann"), repositories.stats.get_problem_stats(KEY)
    repositories.histories.delete_history(history.id)
    after = repositories.stats.get_user_stats("ann"), repositories.stats.get_problem_stats(KEY)
    assert before == after
    assert repositories.histories.count_user_history("ann") == 1
    assert used(repositories) == 1


@pytest.mark.parametrize("claimed", [True, False])
def test_an_unfinished_execution_is_cancelled_before_it_is_deleted(
    repositories: Repositories, clock: FixedClock, claimed: bool
) -> None:
    histories = repositories.histories
    history = (running if claimed else admitted)(repositories, clock)
    assert histories.delete_history(history.id)
    assert is_gone(repositories, history)
    assert used(repositories) == claimed
    assert repositories.stats.get_user_stats("ann").running == frozenset()
    clock.advance(60)
    assert histories.list_unfinished(created_before=clock.now()) == []
    with pytest.raises(StaleAttempt):
        histories.complete(history, an_outcome())


def test_what_a_late_worker_stores_is_removed_an_hour_later(
    repositories: Repositories, clock: FixedClock
) -> None:
    histories = repositories.histories
    history, other = running(repositories, clock), running(repositories, clock)
    histories.delete_history(history.id)
    clock.advance(1)
    histories.delete_history(other.id)
    histories.put_results(history, Results(compile_message="late"))
    assert histories.list_deleted() == []
    clock.advance(LATER - 1)
    assert histories.list_deleted() == [history.id]
    assert histories.delete_history(history.id)
    assert histories.list_deleted() == []
    assert not histories.delete_history(history.id)
    clock.advance(1)
    assert histories.list_deleted() == [other.id]
