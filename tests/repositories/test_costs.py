"""What the promised access patterns cost, by AWS's rules, for records of life-like size.

The promises are in docs/data-model.md and docs/cost.md; a figure that grows is a failure here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from algoitny.domain.clock import utc_day
from algoitny.domain.patience import Patience
from algoitny.domain.problem import ProblemKey
from algoitny.domain.repositories import Repositories
from algoitny.domain.stats import MOST_PLATFORMS
from algoitny.domain.usage import Action
from algoitny.domain.verdict import Verdict
from algoitny.models import TableItem
from algoitny.models.kit.accounting import Accountant
from algoitny.models.kit.batch import batch_write
from algoitny.models.kit.binding import connection_of
from algoitny.models.stats import stats_key
from algoitny.models.usage import UsageCounterItem, counter_key
from tests.clock import FixedClock
from tests.copies import copy_executions
from tests.realistic import (
    CODE,
    GRACE,
    KEY,
    NEVER_OVER,
    a_key,
    a_problem,
    a_submission,
    an_outcome,
    done,
    grace,
    running,
    some_results,
    some_tests,
)


@pytest.fixture
def table(memory_table: None) -> None:
    """Costs are worked out from sizes: whoever keeps the rows."""


@contextmanager
def spending() -> Iterator[Accountant]:
    client: Any = connection_of(TableItem).connection.client
    with Accountant(client) as accountant:
        yield accountant


def cost(call: Callable[[], object]) -> tuple[float, float]:
    """Read and write units of a call."""
    with spending() as accountant:
        call()
    return accountant.read_units, accountant.write_units


@pytest.fixture
def warm(repositories: Repositories, clock: FixedClock) -> Repositories:
    """Grace has signed up and executed and solved something today, so her counters are there."""
    repositories.users.create_user(grace(clock))
    repositories.problems.create_problem(a_problem(clock))
    done(repositories, clock)
    clock.advance(60)
    return repositories


def execute(
    repositories: Repositories,
    clock: FixedClock,
    *,
    is_public: bool = False,
    with_key: bool = False,
    output_bytes: int = 12,
) -> None:
    """From the request to the end, as the web process and a worker do it with tests in memory."""
    histories = repositories.histories
    key = a_key() if with_key else None
    if key:
        histories.find_request(GRACE, key.key)
    history = histories.create_history(
        a_submission(clock, is_code_public=is_public), limit=NEVER_OVER, idempotency=key
    )
    histories.enter_running_set(GRACE, history.id, capacity=2)
    claimed = histories.claim(history.id, lease_seconds=30)
    repositories.problems.get_problem_summary(KEY)
    histories.get_source(history.id)
    histories.put_results(claimed, some_results(output_bytes=output_bytes))
    histories.complete(claimed, an_outcome())


@pytest.mark.parametrize(
    ("options", "writes", "reads"),
    [
        ({}, 26, 4),
        ({"is_public": True}, 31, 4),
        ({"with_key": True}, 28, 5),
        ({"output_bytes": 100}, 27, 4),
    ],
    ids=["private", "public", "with a key", "longer outputs"],
)
def test_an_execution_from_submit_to_done(
    warm: Repositories, clock: FixedClock, options: dict[str, Any], writes: int, reads: int
) -> None:
    read, written = cost(lambda: execute(warm, clock, **options))
    assert len(CODE) >= 2000
    assert written <= writes
    assert read <= reads


def test_the_steps_of_an_execution(warm: Repositories, clock: FixedClock) -> None:
    histories = warm.histories
    submission = a_submission(clock)
    assert cost(lambda: histories.create_history(submission, limit=NEVER_OVER)) == (0.5, 10)
    assert cost(lambda: histories.enter_running_set(GRACE, submission.id, capacity=2)) == (0, 1)
    claimed = []
    assert cost(lambda: claimed.append(histories.claim(submission.id, lease_seconds=30))) == (0, 2)
    assert cost(lambda: histories.put_results(claimed[0], some_results())) == (0, 1)
    assert cost(lambda: histories.complete(claimed[0], an_outcome(Verdict.WA))) == (0, 9)


def test_another_solve_adds_two_that_hold_the_marker(warm: Repositories, clock: FixedClock) -> None:
    second = running(warm, clock)
    assert cost(lambda: warm.histories.complete(second, an_outcome())) == (1, 9 + 2)


def test_statistics_of_every_kind_stay_within_the_unit_of_a_write(
    repositories: Repositories, clock: FixedClock
) -> None:
    """A user of all languages and as many platforms as are counted by name, with two running."""
    problem = a_problem(clock).summary
    for number in range(MOST_PLATFORMS + 1):
        key = ProblemKey(platform=f"codeforces-{number:02}", number="1")
        done(repositories, clock, summary=replace(problem, key=key))
    named = replace(problem, key=ProblemKey(platform="codeforces-00", number="1"))
    for verdict in Verdict:
        done(repositories, clock, verdict, summary=named, language="javascript")
    for language in ("c", "cpp", "java", "rust", "go", "pypy3", "kotlin"):
        done(repositories, clock, Verdict.WA, summary=named, language=language)
    client: Any = connection_of(TableItem).connection.client
    key_of_row = dict(zip(("PK", "SK"), ({"S": part} for part in stats_key(GRACE)), strict=True))
    client.update_item(
        TableName=connection_of(TableItem).table_name,
        Key=key_of_row,
        UpdateExpression="SET exe = :n, acc = :n, slv = :n, v = :n",
        ExpressionAttributeValues={":n": {"N": "123456"}},
    )
    running(repositories, clock, summary=named)
    last = running(repositories, clock, summary=named)
    assert cost(lambda: repositories.histories.complete(last, an_outcome(Verdict.WA))) == (0, 9)


def test_a_key_adds_two_units_to_the_admission(warm: Repositories, clock: FixedClock) -> None:
    def admit() -> None:
        warm.histories.create_history(a_submission(clock), limit=NEVER_OVER, idempotency=a_key())

    assert cost(admit) == (0.5, 12)


def test_a_first_solve_adds_three(repositories: Repositories, clock: FixedClock) -> None:
    done(repositories, clock, Verdict.WA)
    second = running(repositories, clock)
    assert cost(lambda: repositories.histories.complete(second, an_outcome())) == (1, 9 + 3)


@pytest.mark.parametrize(("output_bytes", "units"), [(12, 1), (100, 2), (4096, 40)])
def test_results_by_the_size_of_what_was_printed(
    warm: Repositories, clock: FixedClock, output_bytes: int, units: int
) -> None:
    claimed = running(warm, clock)
    results = some_results(output_bytes=output_bytes)
    _, written = cost(lambda: warm.histories.put_results(claimed, results))
    assert written <= units


def test_a_refusal_by_quota_writes_nothing(warm: Repositories, clock: FixedClock) -> None:
    def refused() -> None:
        with pytest.raises(Exception, match=r".*"):
            warm.histories.create_history(a_submission(clock), limit=1)

    assert cost(refused) == (0.5 + 1 + 1, 0)


def test_pages_of_twenty(warm: Repositories, clock: FixedClock) -> None:
    public = done(warm, clock, is_code_public=True)
    copy_executions(public, 40)
    histories = warm.histories
    pages: list[Any] = []
    for page, bound in (
        (lambda: histories.list_public_history(limit=20), 1),
        (lambda: histories.list_user_history(GRACE, limit=20), 2),
    ):
        read, written = cost(lambda page=page: pages.append(page()))  # type: ignore[misc]
        assert len(pages[-1].items) == 20
        assert (read <= bound, written) == (True, 0)


def test_look_ups(warm: Repositories, clock: FixedClock) -> None:
    user = grace(clock)
    warm.problems.replace_testcases(KEY, some_tests())
    assert user.google_id is not None
    for look_up, units in (
        (lambda: warm.users.get_user_by_id(GRACE), 0.5),
        (lambda: warm.users.get_user_by_email(user.email), 0.5),
        (lambda: warm.users.get_user_by_google_id(user.google_id or ""), 1),
        (lambda: warm.users.is_admin(GRACE, [user.email]), 0.5),
        (lambda: warm.problems.get_problem(KEY), 1),
        (lambda: warm.usage.check_rate_limit(GRACE, Action.EXECUTION, 50), 0.5),
        (lambda: warm.usage.get_daily_usage_count(GRACE, Action.EXECUTION), 0.5),
        (lambda: warm.histories.count_user_history(GRACE), 0.5),
        (lambda: warm.stats.get_user_stats(GRACE), 0.5),
    ):
        assert cost(look_up) == (units, 0)


def test_ninety_days_of_usage(warm: Repositories, clock: FixedClock) -> None:
    today = utc_day(clock.now())
    rows = [
        UsageCounterItem(
            *counter_key(GRACE, today - timedelta(days=days)),
            executions=37,
            hints=4,
            expires=int((clock.now() + timedelta(days=90)).timestamp()),
            gsi3_pk=f"ULOG#{today - timedelta(days=days):%Y%m%d}",
            gsi3_sk=f"USR#{GRACE}",
        )
        for days in range(90)
    ]
    batch_write(UsageCounterItem, puts=rows, patience=Patience(clock=clock))
    summary: list[Any] = []
    read, _ = cost(lambda: summary.append(warm.usage.get_usage_summary(GRACE, 90)))
    assert len(summary[0]) == 90
    assert read <= 1.5


def test_signing_up(repositories: Repositories, clock: FixedClock) -> None:
    assert cost(lambda: repositories.users.create_user(grace(clock))) == (0, 8)


def test_consuming_a_unit(warm: Repositories) -> None:
    def consume() -> None:
        warm.usage.consume(GRACE, Action.RUN, limit=NEVER_OVER, key="01JPA0RUN", problem=KEY)

    read, written = cost(consume)
    assert written == 4
    assert read <= 1.5
