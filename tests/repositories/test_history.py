"""What executions cost in requests and bytes, and that faults of the store double nothing."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from algoitny.domain.errors import DuplicateRequest, QuotaExceeded, StoreUnavailable
from algoitny.domain.history import ANONYMOUS
from algoitny.domain.history_filter import HistoryFilter
from algoitny.domain.history_results import Results, TestResult
from algoitny.domain.ids import Ids
from algoitny.domain.patience import Patience
from algoitny.domain.problem import ProblemKey
from algoitny.domain.repositories import Repositories
from algoitny.domain.usage import Action
from algoitny.domain.verdict import Verdict
from algoitny.models.base import GSI2_ATTRIBUTES, TableItem
from algoitny.models.history import HistoryItem, history_key, listed_before, public_partition
from algoitny.models.history_public import PublicRowItem, public_row_key
from algoitny.models.kit.batch import batch_write
from algoitny.models.kit.cursor import Cursors
from algoitny.models.kit.operations import get, query_all, update
from algoitny.models.kit.sizes import item_size
from algoitny.repositories.history import DynamoHistoryRepository
from algoitny.repositories.listing import EXAMINED
from tests.builders import (
    a_key,
    a_problem,
    a_submission,
    an_outcome,
    done,
    running,
)
from tests.clock import FixedClock
from tests.conftest import SECRET
from tests.faults import Faults, answer_lost, answer_lost_and_repeated, broken, throttled
from tests.store import on_store_too


def used(repositories: Repositories) -> int:
    return repositories.usage.get_daily_usage_count("ann", Action.EXECUTION)


def nothing_is_stored(history_id: str) -> bool:
    return not query_all(HistoryItem, history_key(history_id).partition)


@on_store_too
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


@on_store_too
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


def largest(repositories: Repositories, clock: FixedClock) -> str:
    """A done public execution with the longest values; its id."""
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
    assert item_size(item.serialize()) <= 1024
    outcome = replace(an_outcome(), result_summary="x" * 5000, max_time_ms=99_999)
    return repositories.histories.complete(history, outcome).id


def test_the_largest_summary_is_one_kilobyte(repositories: Repositories, clock: FixedClock) -> None:
    item = get(HistoryItem, history_key(largest(repositories, clock)))
    assert item is not None
    assert len(item.problem_title.encode()) <= 120
    assert len(item.user_identifier.encode()) <= 64
    assert item_size(item.serialize()) <= 1024


def read_units(lines: list[TableItem], attributes: list[str] | None = None) -> float:
    """RCU of one eventual Query that reads these items, or what an index holds of them."""
    size = 0
    for line in lines:
        raw = line.serialize()
        if attributes is not None:
            keys = ("PK", "SK", "GSI2PK", "GSI2SK")
            raw = {name: raw[name] for name in (*keys, *attributes) if name in raw}
        size += item_size(raw)
    return -(-size // 4096) * 0.5


def test_what_a_page_of_the_largest_lines_costs(
    repositories: Repositories, clock: FixedClock
) -> None:
    history_id = largest(repositories, clock)
    summary = get(HistoryItem, history_key(history_id))
    line = get(PublicRowItem, public_row_key(history_id))
    assert summary is not None
    assert line is not None
    assert read_units([line] * 20) <= 1.5
    assert read_units([line] * 20, GSI2_ATTRIBUTES) <= 1.5
    assert read_units([summary] * 20, GSI2_ATTRIBUTES) <= 1.5


def test_what_a_page_of_usual_lines_costs(repositories: Repositories, clock: FixedClock) -> None:
    problem = a_problem(clock, title="The shortest way through the old town").summary
    history = done(repositories, clock, is_code_public=True, problem=problem)
    summary = get(HistoryItem, history_key(history.id))
    line = get(PublicRowItem, public_row_key(history.id))
    assert summary is not None
    assert line is not None
    assert read_units([summary] * 20) <= 2
    assert read_units([summary] * 20, GSI2_ATTRIBUTES) <= 1
    assert read_units([line] * 20) <= 1.5


def summaries(clock: FixedClock, ids: Ids, chance: random.Random, count: int) -> list[HistoryItem]:
    """Stored at once, for lists longer than a test can submit."""
    made = []
    for _ in range(count):
        clock.advance(chance.choice([0, 0.001, 1]))
        key = ProblemKey(platform=chance.choice(["boj", "cf"]), number="1")
        submission = a_submission(
            clock,
            id=ids.new(),
            problem=a_problem(clock, key).summary,
            language=chance.choice(["c", "c", "cpp", "rust"]),
        )
        item = HistoryItem.admitted(submission, queue_shards=1)
        item.verdict = chance.choice([None, "AC", "WA"])
        made.append(item)
    batch_write(HistoryItem, puts=made, patience=Patience(clock=clock))
    return made


@on_store_too
@pytest.mark.slow
def test_a_filtered_list_examines_four_hundred_rows_a_call(
    repositories: Repositories, clock: FixedClock, ids: Ids, faults: Faults
) -> None:
    made = summaries(clock, ids, random.Random(5), 900)
    ordered = sorted((item.record() for item in made), key=lambda each: each.id, reverse=True)
    listed = repositories.histories.list_user_history
    page = listed("ann", HistoryFilter(platform="nowhere"))
    assert page.items == ()
    assert page.next_cursor is not None
    assert [request["Limit"] for request in faults.sent("Query")] == [20, 40, 80, 160, 100]
    for filters in ({"language": "rust", "verdict": Verdict.WA}, {"platform": "nowhere"}):
        seen, cursor, calls = [], None, 0
        while calls == 0 or cursor is not None:
            faults.requests.clear()
            page = listed("ann", HistoryFilter(**filters), limit=33, cursor=cursor)  # type: ignore[arg-type]
            assert sum(request["Limit"] for request in faults.sent("Query")) <= EXAMINED
            seen += page.items
            cursor, calls = page.next_cursor, calls + 1
        assert seen == [
            history
            for history in ordered
            if filters.get("language") in {None, history.language}
            and filters.get("platform") in {None, history.problem.platform}
            and filters.get("verdict") in {None, history.verdict}
        ]
        assert calls >= 3


def test_an_anonymous_record_of_the_old_site(
    repositories: Repositories, clock: FixedClock, ids: Ids
) -> None:
    history = done(repositories, clock, is_code_public=True)
    item = get(HistoryItem, history_key(history.id))
    assert item is not None
    item.user_id = item.gsi1_pk = item.gsi1_sk = None
    item.user_identifier = "ada@example.org"
    batch_write(HistoryItem, puts=[item], patience=Patience(clock=clock))
    found = repositories.histories.get_history(history.id)
    assert found is not None
    assert (found.user_id, found.user_identifier) == (None, "a***")
    assert repositories.histories.list_user_history("ann").items == ()
    (line,) = repositories.histories.list_public_history().items
    assert line.user_identifier == "a***"
    for wanted in (False, True):
        repositories.histories.update_public_status(history.id, is_code_public=wanted)
    row = get(PublicRowItem, public_row_key(history.id))
    assert row is not None
    assert row.user_identifier == "a***"
    assert repositories.histories.delete_history(history.id)
    assert repositories.histories.list_public_history().items == ()


@pytest.mark.parametrize("shards", [1, 3])
def test_public_pages_are_merged_over_shards(
    repositories: Repositories,
    clock: FixedClock,
    ids: Ids,
    faults: Faults,
    monkeypatch: pytest.MonkeyPatch,
    shards: int,
) -> None:
    # So few rows a call that shards are left at different places.
    monkeypatch.setattr("algoitny.repositories.listing.EXAMINED", 4)
    histories = DynamoHistoryRepository(
        clock=clock,
        ids=ids,
        cursors=Cursors(SECRET, clock),
        problems=repositories.problems,
        patience=Patience(clock=clock),
        public_shards=shards,
    )
    made = summaries(clock, ids, random.Random(shards), 24)
    for item in made:
        item.state = "DONE"
        item.gsi2_pk = public_partition(item.record().id, shards)
        item.gsi2_sk = item.gsi1_sk
        item.passed = item.failed = item.total = item.max_time = item.max_memory = 0
    batch_write(HistoryItem, puts=made, patience=Patience(clock=clock))
    assert len({item.gsi2_pk for item in made}) == shards
    ordered = sorted((item.record() for item in made), key=lambda each: each.id, reverse=True)
    for limit, verdict in ((3, None), (4, None), (2, Verdict.AC), (100, Verdict.WA)):
        seen: list[str] = []
        cursor = None
        while True:
            faults.requests.clear()
            page = histories.list_public_history(
                HistoryFilter(verdict=verdict), limit=limit, cursor=cursor
            )
            if verdict is None:
                assert [request["Limit"] for request in faults.sent("Query")] == [limit] * shards
            assert len(page.items) <= limit
            seen += [line.id for line in page.items]
            cursor = page.next_cursor
            if cursor is None:
                break
        assert seen == [each.id for each in ordered if verdict in {None, each.verdict}]
    assert histories.get_recent_public_history_count(168) == 24


def test_counting_goes_on_past_a_megabyte(
    repositories: Repositories, clock: FixedClock, faults: Faults
) -> None:
    done(repositories, clock, is_code_public=True)
    begun = {"Count": 41, "ScannedCount": 41, "LastEvaluatedKey": {"PK": {"S": "x"}}}
    faults.requests.clear()

    def a_full_answer(_: Any) -> Any:
        return begun

    def the_rest(_: Any) -> Any:
        return {"Count": 1, "ScannedCount": 1}

    faults.add("Query", a_full_answer, the_rest)
    assert repositories.histories.get_recent_public_history_count() == 42
    first, second = faults.sent("Query")
    assert first["Select"] == second["Select"] == "COUNT"
    assert first["KeyConditionExpression"] == "(#0 = :0 AND #1 >= :1)"
    assert second["ExclusiveStartKey"] == begun["LastEvaluatedKey"]
    since = clock.now() - timedelta(hours=24)
    assert first["ExpressionAttributeValues"][":1"]["S"] == listed_before(since)


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


def test_a_record_of_the_old_site_without_a_user_is_anonymous(
    repositories: Repositories, clock: FixedClock
) -> None:
    history = done(repositories, clock, is_code_public=True)
    summary, row = history_key(history.id), public_row_key(history.id)
    nobody = [HistoryItem.user_id.remove(), HistoryItem.user_identifier.remove()]
    update(HistoryItem, summary, nobody)
    update(PublicRowItem, row, [PublicRowItem.user_identifier.remove()])
    stored = repositories.histories.get_history(history.id)
    assert stored == replace(history, user_id=None, user_identifier=ANONYMOUS)
    for page in (
        repositories.histories.list_public_history(),
        repositories.histories.search_by_language("python3"),
    ):
        assert [line.user_identifier for line in page.items] == [ANONYMOUS]
