"""Many processes at once: what must be exact is exact, whoever comes first."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from algoitny.domain.clock import SystemClock
from algoitny.domain.history import History
from algoitny.domain.problem import ProblemKey
from algoitny.domain.stats import ProblemStats, UserStats
from algoitny.domain.usage import Action
from algoitny.domain.user import User
from algoitny.domain.verdict import State, Verdict
from algoitny.models import TableItem, create_table, describe_table, table_differences
from algoitny.models.history import HISTORY_PARTITION, HistoryItem
from algoitny.models.kit.operations import query_all
from algoitny.repositories import Repositories
from tests.processes import at_once
from tests.repositories.builders import (
    KEY,
    a_key,
    a_problem,
    a_submission,
    a_user,
    an_outcome,
    running,
    some_tests,
)

pytestmark = pytest.mark.service

CLOCK: Any = SystemClock()


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
    assert len(stored.usage.get_usage_logs("ann", start=CLOCK.now().date())) == 5


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


def sign_up(repositories: Repositories, number: int, email: str) -> str:
    user: User = a_user(CLOCK, email=email if number % 2 else email.upper())
    return f"created {repositories.users.create_user(user).id}"


def test_an_email_belongs_to_one(
    stored: Repositories, store_endpoint: str, store_table: str
) -> None:
    outcomes = at_once(
        store_endpoint, store_table, sign_up, "ada@example.org", processes=4, threads=4
    )
    (winner,) = [outcome for outcome in outcomes if outcome.startswith("created")]
    assert Counter(outcomes)["AlreadyExists"] == 15
    found = stored.users.get_user_by_email("ada@example.org")
    assert found is not None
    assert winner == f"created {found.id}"
    assert stored.users.list_users(plan="Free", limit=100).items == (found,)


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


def register(repositories: Repositories, number: int) -> int:
    key = ProblemKey(platform="p", number=str(number))
    return repositories.problems.create_problem(a_problem(CLOCK, key)).summary.id


def test_no_integer_is_given_out_twice(
    stored: Repositories, store_endpoint: str, store_table: str
) -> None:
    ids = at_once(store_endpoint, store_table, register, processes=4, threads=4)
    assert sorted(ids) == list(range(1, 17))
    assert {stored.problems.resolve_id(number) for number in ids} == {
        ProblemKey(platform="p", number=str(number)) for number in range(16)
    }


def replace_tests(repositories: Repositories, number: int) -> str:
    mark = b"set %d " % number
    summary = repositories.problems.replace_testcases(KEY, some_tests(30, mark=mark))
    return f"replaced {summary.tests_version}"


def test_replacements_at_once_leave_one_whole_set(
    stored: Repositories, store_endpoint: str, store_table: str
) -> None:
    stored.problems.create_problem(a_problem(CLOCK))
    outcomes = at_once(store_endpoint, store_table, replace_tests, processes=4, threads=2)
    assert any(outcome.startswith("replaced") for outcome in outcomes)
    assert {outcome.split()[0] for outcome in outcomes} <= {"replaced", "StaleVersion"}
    summary = stored.problems.get_problem_summary(KEY, consistent=True)
    assert summary is not None
    tests = stored.problems.get_testcases(summary)
    assert any(tests == some_tests(30, mark=b"set %d " % number) for number in range(8))


def edit(repositories: Repositories, number: int) -> str:
    given = a_problem(CLOCK, title=f"Title {number}", statement=f"Statement {number}")
    return repositories.problems.update_problem(given, expected_version=1).summary.title


def test_one_edit_of_a_version_wins(
    stored: Repositories, store_endpoint: str, store_table: str
) -> None:
    stored.problems.create_problem(a_problem(CLOCK))
    outcomes = at_once(store_endpoint, store_table, edit, processes=4, threads=2)
    assert Counter(outcomes)["StaleVersion"] == 7
    problem = stored.problems.get_problem(KEY, consistent=True)
    assert problem is not None
    assert problem.summary.title in outcomes
    assert problem.statement.split()[1] == problem.summary.title.split()[1]


def publish(repositories: Repositories, number: int, history_id: str) -> bool:
    wanted = bool(number % 2)
    changed = repositories.histories.update_public_status(history_id, is_code_public=wanted)
    return changed.is_code_public == wanted


def test_publishing_and_withdrawing_at_once_leave_rows_that_agree(
    stored: Repositories, store_endpoint: str, store_table: str
) -> None:
    history = stored.histories.complete(running(stored, CLOCK), an_outcome())
    at_once(store_endpoint, store_table, publish, history.id, processes=4, threads=2)
    rows = query_all(HistoryItem, HISTORY_PARTITION(history=history.id), consistent=True)
    (summary,) = [row for row in rows if row.sk == "META"]
    listed = [row for row in rows if row.sk == "LST"]
    assert bool(listed) == summary.is_public == (summary.gsi2_pk is not None)
    timeline = stored.histories.list_public_history().items
    assert bool(timeline) == summary.is_public


def make(_: Repositories, number: int) -> bool:
    return create_table(protected=False)


def test_one_of_many_creates_the_table(store_endpoint: str, store_table: str) -> None:
    fresh = store_table + "-2"
    outcomes = at_once(store_endpoint, fresh, make, processes=4, threads=1)
    assert sum(outcomes) == 1


def test_the_stores_schema_is_the_declared_one(store_table: str) -> None:
    description = describe_table()
    assert description is not None
    assert table_differences(description) == ()
    assert description["TimeToLive"]["AttributeName"] == "ttl"
    assert description["StreamSpecification"]["StreamViewType"] == "NEW_AND_OLD_IMAGES"
    assert TableItem.Meta.table_name == store_table
