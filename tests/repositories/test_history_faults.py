"""Every write on executions under every fault of the store: it happens once, or it did not happen
and the caller is told; the same call again makes it whole."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import pytest

from algoitny.domain.errors import StoreUnavailable
from algoitny.domain.history import History
from algoitny.domain.history_results import Results, TestProgress
from algoitny.domain.problem import ProblemKey
from algoitny.domain.repositories import Repositories
from algoitny.domain.verdict import Verdict
from algoitny.models.history import HISTORY_PARTITION, HistoryItem
from algoitny.models.kit.operations import query_all
from tests.builders import a_finished_hint, a_problem, a_submission, admitted, an_outcome, running
from tests.clock import FixedClock
from tests.faults import (
    LOST,
    NOTHING_HAPPENED,
    Faults,
    conflict,
)


@pytest.fixture
def table(memory_table: None) -> None:
    """The faults are ours, whoever answers."""


Call = Callable[[Repositories, History], Any]


@dataclass(frozen=True)
class Write:
    """A write, the requests it sends in their order, and what is there before it."""

    call: Call
    requests: tuple[str, ...]
    before: Callable[..., History] = running
    public: bool = True


def done(repositories: Repositories, clock: FixedClock, **given: Any) -> History:
    return repositories.histories.complete(running(repositories, clock, **given), an_outcome())


def not_yet(repositories: Repositories, clock: FixedClock, **given: Any) -> History:
    """What admission will make of a submission."""
    submission = a_submission(clock, **given)
    seen = admitted(repositories, clock, user_id="nobody", problem=submission.problem)
    return replace(seen, id=submission.id, user_id=submission.user_id)


def admit(repositories: Repositories, history: History) -> None:
    submission = a_submission(
        FixedClock(),
        id=history.id,
        user_id=history.user_id,
        problem=a_problem(FixedClock(), history.problem).summary,
        is_code_public=True,
    )
    repositories.histories.create_history(submission, limit=5)


def attach(repositories: Repositories, history: History) -> None:
    repositories.histories.update_hints(history.id, [a_finished_hint(history)])


def make_public(repositories: Repositories, history: History, *, public: bool) -> None:
    repositories.histories.update_public_status(history.id, is_code_public=public)


TEST = TestProgress(index=0, verdict=Verdict.AC, time_ms=1, memory_kb=1)
NOW = FixedClock().now()

WRITES = {
    "create": Write(admit, ("TransactWriteItems",), not_yet),
    "enter": Write(
        lambda r, h: r.histories.enter_running_set(str(h.user_id), h.id, capacity=2),
        ("UpdateItem",),
        admitted,
    ),
    "leave": Write(
        lambda r, h: r.histories.leave_running_set(str(h.user_id), h.id), ("UpdateItem",)
    ),
    "claim": Write(
        lambda r, h: r.histories.claim(h.id, lease_seconds=30), ("UpdateItem",), admitted
    ),
    "renew": Write(lambda r, h: r.histories.renew_lease(h, lease_seconds=60), ("UpdateItem",)),
    "results": Write(
        lambda r, h: r.histories.put_results(h, Results(compile_message="x")), ("PutItem",)
    ),
    "progress": Write(lambda r, h: r.histories.put_progress(h, (TEST,)), ("PutItem",)),
    "publication": Write(
        lambda r, h: r.histories.note_publication(h, publish_after=NOW), ("UpdateItem",), admitted
    ),
    "complete": Write(lambda r, h: r.histories.complete(h, an_outcome()), ("TransactWriteItems",)),
    "fail": Write(lambda r, h: r.histories.fail(h, reason="x"), ("TransactWriteItems",)),
    "cancel": Write(lambda r, h: r.histories.cancel(h), ("TransactWriteItems",), admitted),
    "publish": Write(partial(make_public, public=True), ("TransactWriteItems",), done, False),
    "withdraw": Write(partial(make_public, public=False), ("TransactWriteItems",), done),
    "mark": Write(partial(make_public, public=True), ("UpdateItem",), public=False),
    "hints": Write(attach, ("TransactWriteItems",), done),
    "delete": Write(
        lambda r, h: r.histories.delete_history(h.id),
        ("TransactWriteItems", "BatchWriteItem"),
        done,
    ),
    "delete unfinished": Write(
        lambda r, h: r.histories.delete_history(h.id),
        ("TransactWriteItems", "TransactWriteItems", "BatchWriteItem"),
        admitted,
    ),
}

FAULTS = {fault.__name__: fault for fault in (*NOTHING_HAPPENED, *LOST)}


def prepared(repositories: Repositories, clock: FixedClock, write: Write, user: str) -> History:
    problem = a_problem(clock, ProblemKey(platform="boj", number=user)).summary
    return write.before(
        repositories, clock, user_id=user, problem=problem, is_code_public=write.public
    )


def story(repositories: Repositories, made: History, user: str) -> dict[str, Any]:
    """All that is to be seen of an execution and its counts, without what names it."""
    histories = repositories.histories
    history = histories.get_history(made.id, consistent=True)
    stats = repositories.stats.get_user_stats(user, consistent=True)
    day = made.admitted_on
    public = (
        histories.list_public_history(),
        histories.search_by_language(made.language),
        histories.search_by_platform("boj"),
    )
    rows = query_all(HistoryItem, HISTORY_PARTITION(history=made.id), consistent=True)
    hints = repositories.hints.list_hints(made.id)
    return {
        "history": history and replace(history, id="", user_id="", problem=None),  # type: ignore[arg-type]
        "stats": replace(stats, running=frozenset()),
        "running": len(stats.running),
        "problem": repositories.stats.get_problem_stats(made.problem),
        "used": repositories.usage.get_day(user, day),
        "logs": len(repositories.usage.get_usage_logs(user, start=day).items),
        "public": [made.id in {line.id for line in page.items} for page in public],
        "rows": [row.sk for row in rows],
        "hints": [hint.text for hint in hints],
        "progress": histories.get_progress(made),
    }


CASES = [
    pytest.param(name, position, id=f"{name}-{position}")
    for name, write in WRITES.items()
    for position in range(len(write.requests))
]


def faulty_requests(write: Write, position: int, fault: Any) -> list[tuple[str, Any]]:
    """One fault, at the write's request of this position."""
    operation = write.requests[position]
    earlier = write.requests[:position].count(operation)
    return [*((operation, lambda call: call()) for _ in range(earlier)), (operation, fault)]


@pytest.mark.slow
@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize(("name", "position"), CASES)
def test_a_fault_leaves_all_or_nothing_and_the_next_call_makes_it_whole(
    repositories: Repositories,
    clock: FixedClock,
    faults: Faults,
    name: str,
    position: int,
    fault: str,
) -> None:
    write = WRITES[name]
    other = prepared(repositories, clock, write, "bob")
    write.call(repositories, other)
    whole = story(repositories, other, "bob")
    history = prepared(repositories, clock, write, "ann")
    before = story(repositories, history, "ann")
    for operation, each in faulty_requests(write, position, FAULTS[fault]):
        faults.add(operation, each)
    try:
        write.call(repositories, history)
    except StoreUnavailable:
        lost = fault in {"answer_lost", "answer_lost_and_repeated"}
        assert not (lost and write.requests[position] == "TransactWriteItems")
        after = story(repositories, history, "ann")
        assert len(write.requests) > 1 or after in (before, whole)
        write.call(repositories, history)
    assert faults.left == 0
    assert story(repositories, history, "ann") == whole


@pytest.mark.slow
@pytest.mark.parametrize(
    "name", [name for name, write in WRITES.items() if write.requests[0] == "TransactWriteItems"]
)
def test_conflicts_are_tried_again_for_a_bounded_time(
    repositories: Repositories, clock: FixedClock, faults: Faults, name: str
) -> None:
    write = WRITES[name]
    other = prepared(repositories, clock, write, "bob")
    faults.add("TransactWriteItems", *[conflict("None", "TransactionConflict")] * 3)
    write.call(repositories, other)
    whole = story(repositories, other, "bob")
    history = prepared(repositories, clock, write, "ann")
    before = story(repositories, history, "ann")
    faults.add("TransactWriteItems", *[conflict("TransactionConflict")] * 10)
    with pytest.raises(StoreUnavailable):
        write.call(repositories, history)
    assert faults.left == 0
    assert story(repositories, history, "ann") == before
    write.call(repositories, history)
    assert story(repositories, history, "ann") == whole
