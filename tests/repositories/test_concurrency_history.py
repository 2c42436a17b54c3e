"""Many processes at once on executions and quotas: what must be exact is, whoever comes first."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from algoitny.domain.clock import SystemClock
from algoitny.domain.history import History
from algoitny.domain.repositories import Repositories
from algoitny.domain.stats import ProblemStats, UserStats
from algoitny.domain.usage import Action
from algoitny.domain.verdict import State, Verdict
from algoitny.models.history import HISTORY_PARTITION, HistoryItem
from algoitny.models.kit.operations import query_all
from tests.builders import KEY, a_key, a_submission, admitted, an_outcome, running
from tests.processes import at_once

pytestmark = [pytest.mark.service, pytest.mark.usefixtures("within_a_day")]

CLOCK: Any = SystemClock()


def used(stored: Repositories, action: Action = Action.EXECUTION) -> int:
    return stored.usage.get_daily_usage_count("ann", action)


def is_whole(stored: Repositories, history_id: str) -> bool:
    """Whether summary, index keys, public row and the counts of an execution tell one story."""
    rows = query_all(HistoryItem, HISTORY_PARTITION(history=history_id), consistent=True)
    listed = [row for row in rows if row.sk == "LST"]
    history = stored.histories.get_history(history_id, consistent=True)
    shown = history is not None and history.is_code_public and history.state.ended
    timeline = [line.id for line in stored.histories.list_public_history().items]
    unfinished = stored.histories.list_unfinished(created_before=CLOCK.now())
    waits = history is not None and not history.state.ended
    done = history is not None and history.state is State.DONE
    executions = [each.id for each in stored.histories.list_problem_executions(KEY).items]
    return (
        bool(listed) == shown == (history_id in timeline)
        and waits == bool(unfinished)
        and (history is not None and history.state.ended) == (history_id in executions)
        and (waits or not stored.stats.get_user_stats("ann", consistent=True).running)
        and (not done or stored.stats.get_problem_stats(KEY).executions == 1)
    )


def admit(repositories: Repositories, number: int, key: str | None) -> str:
    idempotency = None if key is None else a_key(key)
    history = repositories.histories.create_history(
        a_submission(CLOCK), limit=5, idempotency=idempotency
    )
    return f"admitted {history.id}"


def test_forty_at_once_at_a_limit_of_five(
    stored: Repositories, store_endpoint: str, store_table: str
) -> None:
    outcomes = at_once(store_endpoint, store_table, admit, None, processes=4, threads=10)
    admitted = [outcome for outcome in outcomes if outcome.startswith("admitted")]
    assert len(admitted) == 5
    assert Counter(outcomes)["QuotaExceeded"] == 35
    assert stored.usage.get_daily_usage_count("ann", Action.EXECUTION) == 5
    assert len(stored.histories.list_user_history("ann", limit=100).items) == 5
    assert len(stored.usage.get_usage_logs("ann", start=CLOCK.now().date()).items) == 5


def test_one_key_sent_many_times_at_once(
    stored: Repositories, store_endpoint: str, store_table: str
) -> None:
    outcomes = at_once(store_endpoint, store_table, admit, "the key", processes=4, threads=4)
    assert Counter(outcome.split()[0] for outcome in outcomes) == {
        "admitted": 1,
        "DuplicateRequest": 15,
    }
    assert stored.usage.get_daily_usage_count("ann", Action.EXECUTION) == 1


def solve(repositories: Repositories, number: int, ids: list[str]) -> str:
    history = repositories.histories.claim(ids[number], lease_seconds=60)
    assert history.user_id is not None
    repositories.histories.enter_running_set(history.user_id, history.id, capacity=100)
    return repositories.histories.complete(history, an_outcome()).state.value


def test_sixteen_first_solves_at_once_count_one(
    stored: Repositories, store_endpoint: str, store_table: str
) -> None:
    made = [stored.histories.create_history(a_submission(CLOCK), limit=-1) for _ in range(16)]
    ids = [history.id for history in made]
    outcomes = at_once(store_endpoint, store_table, solve, ids, processes=4, threads=4)
    assert outcomes == ["DONE"] * 16
    stats = stored.stats.get_user_stats("ann", consistent=True)
    assert stats == UserStats(executions=16, accepted=16, solved=1)
    assert stored.stats.get_problem_stats(KEY) == ProblemStats(executions=16, accepted=16)


def claim(repositories: Repositories, number: int, history_id: str) -> str:
    return f"attempt {repositories.histories.claim(history_id, lease_seconds=60).attempt}"


def test_a_claim_is_won_by_one(stored: Repositories, store_endpoint: str, store_table: str) -> None:
    history = stored.histories.create_history(a_submission(CLOCK), limit=-1)
    outcomes = at_once(store_endpoint, store_table, claim, history.id, processes=4, threads=4)
    assert Counter(outcomes) == {"attempt 1": 1, "StaleAttempt": 15}


def end(repositories: Repositories, number: int, history: History) -> str:
    if number % 2:
        return repositories.histories.fail(history, reason="x").state.value
    return repositories.histories.complete(history, an_outcome(Verdict.WA)).state.value


def test_one_ending_wins(stored: Repositories, store_endpoint: str, store_table: str) -> None:
    history = running(stored, CLOCK)
    outcomes = at_once(store_endpoint, store_table, end, history, processes=4, threads=2)
    ended = stored.histories.get_history(history.id, consistent=True)
    assert ended is not None
    # Those who wanted the same ending have it; the others were too late.
    assert Counter(outcomes) == {ended.state.value: 4, "StaleAttempt": 4}
    counted = stored.stats.get_user_stats("ann", consistent=True)
    assert counted.executions == (ended.state is State.DONE)
    used = stored.usage.get_daily_usage_count("ann", Action.EXECUTION)
    assert used == (ended.state is State.DONE)


def enter(repositories: Repositories, number: int, ids: list[str]) -> bool:
    return repositories.histories.enter_running_set("ann", ids[number], capacity=2)


def test_places_are_never_more_than_there_are(
    stored: Repositories, store_endpoint: str, store_table: str
) -> None:
    ids = [running(stored, CLOCK, is_code_public=False).id for _ in range(8)]
    for history_id in ids:
        stored.histories.leave_running_set("ann", history_id)
    outcomes = at_once(store_endpoint, store_table, enter, ids, processes=4, threads=2)
    assert Counter(outcomes) == {True: 2, False: 6}
    assert len(stored.stats.get_user_stats("ann", consistent=True).running) == 2


def publish(repositories: Repositories, number: int, history_id: str) -> bool:
    wanted = bool(number % 2)
    changed = repositories.histories.update_public_status(history_id, is_code_public=wanted)
    return changed.is_code_public == wanted


def test_publishing_and_withdrawing_at_once_leave_rows_that_agree(
    stored: Repositories, store_endpoint: str, store_table: str
) -> None:
    history = stored.histories.complete(running(stored, CLOCK), an_outcome())
    at_once(store_endpoint, store_table, publish, history.id, processes=4, threads=2)
    assert is_whole(stored, history.id)


def consume(repositories: Repositories, number: int, same_key: bool) -> int:
    key = "same" if same_key else str(number)
    return repositories.usage.consume("ann", Action.HINT, limit=5, key=key)


def test_five_of_forty_units_are_taken(
    stored: Repositories, store_endpoint: str, store_table: str
) -> None:
    outcomes = at_once(store_endpoint, store_table, consume, False, processes=4, threads=10)
    assert Counter(outcomes)["QuotaExceeded"] == 35
    assert used(stored, Action.HINT) == 5
    assert len(stored.usage.get_usage_logs("ann", start=CLOCK.now().date()).items) == 5


def test_a_key_takes_one_unit_however_often_it_comes_at_once(
    stored: Repositories, store_endpoint: str, store_table: str
) -> None:
    outcomes = at_once(store_endpoint, store_table, consume, True, processes=4, threads=4)
    assert set(outcomes) <= {1, "StoreUnavailable"}
    assert used(stored, Action.HINT) == 1


def publish_or_end(repositories: Repositories, number: int, history: History) -> str:
    if number == 0:
        return repositories.histories.complete(history, an_outcome()).state.value
    wanted = bool(number % 2)
    changed = repositories.histories.update_public_status(history.id, is_code_public=wanted)
    return "published" if changed.is_code_public else "withdrawn"


@pytest.mark.parametrize("public", [True, False])
def test_publishing_and_withdrawing_while_it_ends(
    stored: Repositories, store_endpoint: str, store_table: str, public: bool
) -> None:
    history = running(stored, CLOCK, is_code_public=public)
    outcomes = at_once(store_endpoint, store_table, publish_or_end, history, processes=4)
    assert "DONE" in outcomes
    assert is_whole(stored, history.id)
    stats = stored.stats.get_user_stats("ann", consistent=True)
    assert stats == UserStats(executions=1, accepted=1, solved=1)


def cancel_or_complete(repositories: Repositories, number: int, history: History) -> str:
    if number % 2:
        return repositories.histories.cancel(history).state.value
    return repositories.histories.complete(history, an_outcome()).state.value


def test_cancelling_what_is_being_completed(
    stored: Repositories, store_endpoint: str, store_table: str
) -> None:
    history = running(stored, CLOCK, is_code_public=True)
    outcomes = at_once(
        store_endpoint, store_table, cancel_or_complete, history, processes=4, threads=2
    )
    ended = stored.histories.get_history(history.id, consistent=True)
    assert ended is not None
    assert Counter(outcomes) == {ended.state.value: 4, "StaleAttempt": 4}
    assert is_whole(stored, history.id)
    assert used(stored) == 1


def cancel_or_claim(repositories: Repositories, number: int, history: History) -> str:
    if number % 2:
        return repositories.histories.cancel(history).state.value
    return repositories.histories.claim(history.id, lease_seconds=60).state.value


def test_a_unit_goes_back_only_if_nobody_claimed_it(
    stored: Repositories, store_endpoint: str, store_table: str
) -> None:
    history = admitted(stored, CLOCK)
    outcomes = Counter(
        at_once(store_endpoint, store_table, cancel_or_claim, history, processes=4, threads=2)
    )
    assert outcomes in (
        {"RUNNING": 1, "StaleAttempt": 7},
        {"CANCELLED": 4, "StaleAttempt": 4},
    )
    assert used(stored) == outcomes["RUNNING"]
    assert is_whole(stored, history.id)


def delete_or_complete(repositories: Repositories, number: int, history: History) -> str:
    if number % 2:
        return f"deleted {repositories.histories.delete_history(history.id)}"
    return repositories.histories.complete(history, an_outcome()).state.value


def test_deleting_what_is_being_completed(
    stored: Repositories, store_endpoint: str, store_table: str
) -> None:
    history = running(stored, CLOCK, is_code_public=True)
    outcomes = at_once(
        store_endpoint, store_table, delete_or_complete, history, processes=4, threads=2
    )
    assert "deleted True" in outcomes
    assert stored.histories.get_history(history.id, consistent=True) is None
    assert is_whole(stored, history.id)
    completed = "DONE" in outcomes
    stats = stored.stats.get_user_stats("ann", consistent=True)
    assert (stats.executions, stats.running) == (completed, frozenset())
    rows = query_all(HistoryItem, HISTORY_PARTITION(history=history.id), consistent=True)
    assert [row.sk for row in rows] == ["DEL"]
