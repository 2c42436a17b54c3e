"""Histories: admission, what is read and listed, and who sees what in public."""

from __future__ import annotations

import random
from typing import Any

import pytest

from algoitny.domain.errors import (
    DuplicateRequest,
    InvalidCursor,
    NotFound,
    QuotaExceeded,
    StoreUnavailable,
)
from algoitny.domain.history import History, Results, TestResult
from algoitny.domain.page import Page
from algoitny.domain.problem import ProblemKey
from algoitny.domain.usage import Action
from algoitny.domain.verdict import State, Verdict
from algoitny.models.history import HistoryItem, history_key
from algoitny.models.kit.cursor import Cursors
from algoitny.models.kit.operations import get, query_all
from algoitny.models.kit.sizes import item_size
from algoitny.repositories import Repositories
from algoitny.repositories.history import EXAMINED, DynamoHistoryRepository
from tests.clock import FixedClock
from tests.conftest import SECRET
from tests.faults import Faults, answer_lost, answer_lost_and_repeated, broken, throttled
from tests.repositories.builders import (
    a_key,
    a_problem,
    a_submission,
    admitted,
    an_outcome,
    done,
    running,
)


def used(repositories: Repositories) -> int:
    return repositories.usage.get_daily_usage_count("ann", Action.EXECUTION)


def nothing_is_stored(history_id: str) -> bool:
    return not query_all(HistoryItem, history_key(history_id).partition)


def test_an_admitted_execution_is_queued_charged_and_logged(
    repositories: Repositories, clock: FixedClock
) -> None:
    submission = a_submission(clock, code="print('é')\n" * 100, is_code_public=True)
    history = repositories.histories.create_history(submission, limit=5)
    assert history == History(
        id=submission.id,
        user_id="ann",
        user_identifier="learner-1",
        problem=submission.problem.key,
        problem_title="A+B",
        language="python3",
        is_code_public=True,
        state=State.QUEUED,
        created_at=clock.now(),
        updated_at=clock.now(),
    )
    assert repositories.histories.get_history(history.id) == history
    assert repositories.histories.get_source(history.id) == submission.code
    assert repositories.histories.get_results(history) == Results()
    assert used(repositories) == 1
    (log,) = repositories.usage.get_usage_logs("ann", start=clock.now().date())
    assert (log.action, log.problem, log.at) == (
        Action.EXECUTION,
        submission.problem.key,
        clock.now(),
    )


def test_what_is_not_there(repositories: Repositories) -> None:
    histories = repositories.histories
    assert histories.get_history("ghost") is None
    assert histories.find_request("ann", "ghost") is None
    with pytest.raises(NotFound):
        histories.get_source("ghost")
    with pytest.raises(NotFound):
        histories.update_public_status("ghost", is_code_public=True)
    assert histories.count_user_history("ghost") == 0


def test_the_quota_is_the_limit(repositories: Repositories, clock: FixedClock) -> None:
    for _ in range(2):
        repositories.histories.create_history(a_submission(clock), limit=2)
    third = a_submission(clock)
    with pytest.raises(QuotaExceeded) as caught:
        repositories.histories.create_history(third, limit=2)
    assert (caught.value.count, caught.value.limit) == (2, 2)
    assert caught.value.reset_time.isoformat() == "2025-03-15T00:00:00+00:00"
    assert nothing_is_stored(third.id)
    assert used(repositories) == 2
    clock.advance(days=1)
    repositories.histories.create_history(a_submission(clock), limit=2)


def test_no_limit_still_counts(repositories: Repositories, clock: FixedClock) -> None:
    for _ in range(3):
        admitted(repositories, clock)
    assert used(repositories) == 3


def test_a_limit_of_nothing_admits_nobody(repositories: Repositories, clock: FixedClock) -> None:
    with pytest.raises(QuotaExceeded):
        repositories.histories.create_history(a_submission(clock), limit=0)


def test_the_same_key_again_is_a_duplicate(repositories: Repositories, clock: FixedClock) -> None:
    key = a_key(answer={"history_id": "1", "n": 3})
    repositories.histories.create_history(a_submission(clock), limit=5, idempotency=key)
    second = a_submission(clock)
    with pytest.raises(DuplicateRequest):
        repositories.histories.create_history(second, limit=5, idempotency=key)
    assert nothing_is_stored(second.id)
    assert used(repositories) == 1
    assert repositories.histories.find_request("ann", key.key) == key
    assert repositories.histories.find_request("bob", key.key) is None


def test_another_users_key_is_another_key(repositories: Repositories, clock: FixedClock) -> None:
    for user in ("ann", "bob"):
        repositories.histories.create_history(
            a_submission(clock, user), limit=5, idempotency=a_key()
        )
    assert used(repositories) == 1


def test_a_key_is_kept_for_a_day(repositories: Repositories, clock: FixedClock) -> None:
    repositories.histories.create_history(a_submission(clock), limit=5, idempotency=a_key())
    clock.advance(24 * 3600)
    assert repositories.histories.find_request("ann", "key-1") == a_key()
    clock.advance(1)
    assert repositories.histories.find_request("ann", "key-1") is None
    repositories.histories.create_history(
        a_submission(clock), limit=5, idempotency=a_key(answer={"second": 1})
    )
    assert repositories.histories.find_request("ann", "key-1") == a_key(answer={"second": 1})


@pytest.mark.parametrize("stale_reading", [False, True])
def test_a_duplicate_wins_over_the_quota(
    repositories: Repositories,
    clock: FixedClock,
    monkeypatch: pytest.MonkeyPatch,
    stale_reading: bool,
) -> None:
    repositories.histories.create_history(a_submission(clock), limit=1, idempotency=a_key())
    if stale_reading:
        module = "algoitny.repositories.history_admission"
        monkeypatch.setattr(f"{module}.count_over", lambda *_: None)
    with pytest.raises(DuplicateRequest):
        repositories.histories.create_history(a_submission(clock), limit=1, idempotency=a_key())
    with pytest.raises(QuotaExceeded):
        repositories.histories.create_history(
            a_submission(clock), limit=1, idempotency=a_key("key-2")
        )
    assert used(repositories) == 1


@pytest.mark.parametrize("fault", [answer_lost, answer_lost_and_repeated])
@pytest.mark.parametrize("limit", [1, -1])
def test_admission_survives_a_lost_answer(
    repositories: Repositories, clock: FixedClock, faults: Faults, fault: Any, limit: int
) -> None:
    faults.add("TransactWriteItems", fault)
    history = repositories.histories.create_history(
        a_submission(clock), limit=limit, idempotency=a_key()
    )
    assert repositories.histories.get_history(history.id) == history
    # moto counts the repeat of an unlimited one again, although the token is the same.
    assert used(repositories) == 1
    assert faults.left == 0


@pytest.mark.parametrize("fault", [throttled, broken])
def test_a_store_that_refuses_admits_and_charges_nothing(
    repositories: Repositories, clock: FixedClock, faults: Faults, fault: Any
) -> None:
    faults.add("TransactWriteItems", fault)
    submission = a_submission(clock)
    with pytest.raises(StoreUnavailable):
        repositories.histories.create_history(submission, limit=5, idempotency=a_key())
    assert nothing_is_stored(submission.id)
    assert used(repositories) == 0
    assert repositories.histories.find_request("ann", "key-1") is None


def test_who_is_over_the_limit_pays_for_no_transaction(
    repositories: Repositories, clock: FixedClock, faults: Faults
) -> None:
    repositories.histories.create_history(a_submission(clock), limit=1)
    sent = len(faults.sent("TransactWriteItems"))
    with pytest.raises(QuotaExceeded):
        repositories.histories.create_history(a_submission(clock), limit=1)
    assert len(faults.sent("TransactWriteItems")) == sent


def test_the_largest_summary_is_one_kilobyte(repositories: Repositories, clock: FixedClock) -> None:
    problem = a_problem(
        clock, ProblemKey(platform="p" * 20, number="n" * 20), title="제목" * 5000
    ).summary
    history = running(
        repositories,
        clock,
        user_id="u" * 26,
        user_identifier="이름" * 500,
        problem=problem,
        is_code_public=True,
    )
    item = get(HistoryItem, history_key(history.id))
    assert item is not None
    assert len(item.problem_title.encode()) <= 120
    assert item_size(item.serialize()) <= 1024
    repositories.histories.fail(history, reason="x" * 5000)
    item = get(HistoryItem, history_key(history.id))
    assert item is not None
    assert item_size(item.serialize()) <= 1024


def ids_of(page: Page[History]) -> list[str]:
    return [history.id for history in page.items]


def all_ids(histories: Any, limit: int, **filters: Any) -> tuple[list[str], int]:
    seen: list[str] = []
    cursor, calls = None, 0
    while True:
        page = histories.list_user_history("ann", limit=limit, cursor=cursor, **filters)
        calls += 1
        seen += ids_of(page)
        cursor = page.next_cursor
        if cursor is None:
            return seen, calls


def mixed(repositories: Repositories, clock: FixedClock, count: int) -> list[History]:
    made = []
    for number in range(count):
        clock.advance(1)
        problem = a_problem(
            clock, ProblemKey(platform="boj" if number % 3 else "cf", number=str(number))
        )
        make = done if number % 2 else admitted
        made.append(
            make(
                repositories,
                clock,
                problem=problem.summary,
                language="c" if number % 4 else "cpp",
            )
        )
    return made


FILTERS: list[dict[str, Any]] = [
    {},
    {"platform": "boj"},
    {"language": "cpp"},
    {"verdict": Verdict.AC},
    {"platform": "cf", "language": "c", "verdict": Verdict.AC},
    {"platform": "nowhere"},
]


def test_a_users_pages_lose_and_repeat_nothing(
    repositories: Repositories, clock: FixedClock
) -> None:
    made = mixed(repositories, clock, 12)
    admitted(repositories, clock, user_id="bob")
    for filters in FILTERS:
        expected = [
            history.id
            for history in reversed(made)
            if filters.get("platform") in {None, history.problem.platform}
            and filters.get("language") in {None, history.language}
            and filters.get("verdict") in {None, history.verdict}
        ]
        for limit in (1, 3, 12, 13):
            assert all_ids(repositories.histories, limit, **filters)[0] == expected


def test_a_users_list_has_whole_records(repositories: Repositories, clock: FixedClock) -> None:
    clock.advance(0.000321)
    history = done(repositories, clock)
    assert history.created_at.microsecond % 1000 == 321
    assert repositories.histories.list_user_history("ann").items == (history,)
    assert repositories.histories.get_history(history.id) == history


def test_a_cursor_is_bound_to_owner_and_filters(
    repositories: Repositories, clock: FixedClock
) -> None:
    mixed(repositories, clock, 4)
    histories = repositories.histories
    cursor = histories.list_user_history("ann", limit=1).next_cursor
    assert cursor is not None
    for other in (
        {"user_id": "bob"},
        {"user_id": "ann", "platform": "boj"},
        {"user_id": "ann", "verdict": Verdict.AC},
    ):
        with pytest.raises(InvalidCursor):
            histories.list_user_history(**other, cursor=cursor)  # type: ignore[arg-type]  # a table
    with pytest.raises(InvalidCursor):
        histories.list_public_history(cursor=cursor)


def test_a_filtered_list_examines_a_bounded_number_of_rows(
    repositories: Repositories, clock: FixedClock, faults: Faults, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert EXAMINED == 400
    monkeypatch.setattr("algoitny.repositories.history.EXAMINED", 7)
    made = mixed(repositories, clock, 16)
    faults.requests.clear()
    page = repositories.histories.list_user_history("ann", limit=2, platform="nowhere")
    assert page.items == ()
    assert page.next_cursor is not None
    assert [request["Limit"] for request in faults.sent("Query")] == [2, 4, 1]
    seen, calls = all_ids(repositories.histories, 2, language="cpp")
    assert seen == [history.id for history in reversed(made) if history.language == "cpp"]
    assert calls >= 3


def public_ids(repositories: Repositories) -> list[str]:
    return ids_of(repositories.histories.list_public_history())


def test_only_ended_public_executions_are_on_the_timeline(
    repositories: Repositories, clock: FixedClock
) -> None:
    histories = repositories.histories
    private = done(repositories, clock)
    queued = admitted(repositories, clock, is_code_public=True)
    clock.advance(1)
    shown = done(repositories, clock, Verdict.WA, is_code_public=True)
    assert public_ids(repositories) == [shown.id]
    (line,) = histories.list_public_history().items
    assert line == History(
        id=shown.id,
        user_id=None,
        user_identifier=shown.user_identifier,
        problem=shown.problem,
        problem_title=shown.problem_title,
        language=shown.language,
        is_code_public=True,
        state=State.DONE,
        verdict=Verdict.WA,
        passed_count=1,
        failed_count=2,
        total_count=3,
        max_time_ms=12,
        max_memory_kb=3456,
        created_at=shown.created_at,
        updated_at=shown.updated_at,
    )
    assert private.id not in public_ids(repositories)
    assert queued.id not in public_ids(repositories)


def test_publishing_and_withdrawing_moves_the_public_rows(
    repositories: Repositories, clock: FixedClock
) -> None:
    histories = repositories.histories
    history = done(repositories, clock)
    for wanted in (True, True, False, False, True):
        changed = histories.update_public_status(history.id, is_code_public=wanted)
        assert changed.is_code_public is wanted
        assert histories.get_history(history.id) == changed
        rows = query_all(HistoryItem, history_key(history.id).partition)
        assert public_ids(repositories) == ([history.id] if wanted else [])
        assert sum(row.sk == "LST" for row in rows) == wanted


def test_before_the_end_publishing_changes_the_mark_only(
    repositories: Repositories, clock: FixedClock
) -> None:
    history = running(repositories, clock)
    repositories.histories.update_public_status(history.id, is_code_public=True)
    assert public_ids(repositories) == []
    assert repositories.histories.get_history(history.id, consistent=True) != history


def test_publishing_while_it_ends_ends_up_public(
    repositories: Repositories, clock: FixedClock, faults: Faults
) -> None:
    history = running(repositories, clock)

    def published_first(call: Any) -> Any:
        repositories.histories.update_public_status(history.id, is_code_public=True)
        return call()

    faults.add("TransactWriteItems", published_first)
    ended = repositories.histories.complete(history, an_outcome())
    assert ended.is_code_public
    assert public_ids(repositories) == [history.id]
    assert repositories.stats.get_user_stats("ann").executions == 1


@pytest.mark.parametrize("shards", [1, 3])
def test_public_pages_are_merged_over_shards(
    repositories: Repositories, clock: FixedClock, ids: Any, shards: int
) -> None:
    histories = DynamoHistoryRepository(
        clock=clock, ids=ids, cursors=Cursors(SECRET, clock), public_shards=shards
    )
    made = []
    for _ in range(9):
        clock.advance(1)
        made.append(done(repositories, clock))
        histories.update_public_status(made[-1].id, is_code_public=True)
    seen: list[str] = []
    cursor = None
    while True:
        page = histories.list_public_history(limit=4, cursor=cursor)
        seen += ids_of(page)
        cursor = page.next_cursor
        if cursor is None:
            break
    assert seen == [history.id for history in reversed(made)]


def test_results_come_back(repositories: Repositories, clock: FixedClock) -> None:
    history = running(repositories, clock)
    results = Results(
        tests=(
            TestResult(test_case_id="00001", verdict=Verdict.AC, status="ok", is_sample=True),
            TestResult(
                test_case_id="00002",
                verdict=Verdict.WA,
                status="differs",
                output="\ud800 é\0",
                error="e",
                time_ms=7,
                memory_kb=8,
            ),
        ),
        compile_message="warning",
    )
    repositories.histories.put_results(history, results)
    assert repositories.histories.get_results(history) == Results()
    ended = repositories.histories.complete(history, an_outcome(Verdict.WA))
    assert repositories.histories.get_results(ended) == results


def test_results_too_large_for_a_row_lose_output_but_no_verdict(
    repositories: Repositories, clock: FixedClock
) -> None:
    noise = random.Random(1)
    tests = tuple(
        TestResult(
            test_case_id=f"{number:05d}",
            verdict=Verdict.WA,
            status="differs",
            output="".join(chr(noise.randrange(33, 1000)) for _ in range(2000)),
        )
        for number in range(400)
    )
    history = running(repositories, clock)
    repositories.histories.put_results(history, Results(tests=tests))
    ended = repositories.histories.complete(history, an_outcome(Verdict.WA))
    kept = repositories.histories.get_results(ended).tests
    assert [test.verdict for test in kept] == [Verdict.WA] * 400
    assert 0 < len(kept[0].output) < 2000
    assert tests[0].output.startswith(kept[0].output)
