"""What deleting an execution removes from table and object store, in which order."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest

from algoitny.domain.errors import StoreUnavailable
from algoitny.domain.history import History
from algoitny.domain.history_results import Results, TestResult
from algoitny.domain.ids import Ids
from algoitny.domain.patience import Patience
from algoitny.domain.repositories import Repositories
from algoitny.domain.verdict import Verdict
from algoitny.models.history import HISTORY_PARTITION, HistoryItem, history_key
from algoitny.models.kit.objects import FolderStore
from algoitny.models.kit.operations import get, query_all, update
from algoitny.models.stats import DeletedStatsItem, deleted_stats_key
from algoitny.repositories import build_repositories
from tests.builders import admitted, an_outcome, done, running
from tests.clock import FixedClock
from tests.conftest import SECRET
from tests.faults import Faults


@pytest.fixture
def objects(tmp_path: Path) -> FolderStore:
    return FolderStore(tmp_path / "objects")


@pytest.fixture
def repositories(table: None, clock: FixedClock, ids: Ids, objects: FolderStore) -> Repositories:
    patience = Patience(clock=clock, sleep=lambda _: None)
    return build_repositories(
        clock=clock, ids=ids, secret_key=SECRET, patience=patience, objects=objects
    )


def large() -> Results:
    noise = random.Random(1)
    output = "".join(chr(noise.randrange(33, 1000)) for _ in range(300_000))
    test = TestResult(test_case_id="1", verdict=Verdict.WA, status="differs", output=output)
    return Results(tests=(test,))


def two_attempts(repositories: Repositories, clock: FixedClock) -> History:
    """Both with results in the object store, the first attempt's stored twice."""
    first = running(repositories, clock)
    for _ in range(2):
        repositories.histories.put_results(first, large())
    clock.advance(31)
    second = repositories.histories.claim(first.id, lease_seconds=30)
    repositories.histories.put_results(second, large())
    return repositories.histories.complete(second, an_outcome())


def sort_keys(history: History) -> list[str]:
    rows = query_all(HistoryItem, HISTORY_PARTITION(history=history.id), consistent=True)
    return [row.sk for row in rows]


def test_every_attempts_results_go_from_the_object_store_too(
    repositories: Repositories, clock: FixedClock, objects: FolderStore
) -> None:
    history, other = two_attempts(repositories, clock), running(repositories, clock)
    repositories.histories.put_results(other, large())
    assert len(list(objects.names("results"))) == 4
    assert sort_keys(history) == ["META", "RES#0001", "RES#0002", "SRC"]
    assert repositories.histories.delete_history(history.id)
    assert sort_keys(history) == ["DEL"]
    (kept,) = objects.names("results")
    assert other.id in kept


def test_rows_stay_until_their_objects_are_gone(
    repositories: Repositories,
    clock: FixedClock,
    objects: FolderStore,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    history = two_attempts(repositories, clock)
    repositories.histories.update_public_status(history.id, is_code_public=True)

    def away(_: str) -> None:
        raise StoreUnavailable("away")

    with monkeypatch.context() as patch:
        patch.setattr(objects, "delete", away)
        with pytest.raises(StoreUnavailable):
            repositories.histories.delete_history(history.id)
    assert repositories.histories.get_history(history.id, consistent=True) is None
    assert repositories.histories.list_user_history("ann").items == ()
    assert repositories.histories.list_public_history().items == ()
    assert repositories.histories.search_by_platform(history.problem.platform).items == ()
    assert sort_keys(history) == ["DEL", "RES#0001", "RES#0002", "SRC"]
    assert repositories.histories.delete_history(history.id)
    assert (sort_keys(history), list(objects.names("results"))) == (["DEL"], [])
    clock.advance(3600)
    assert repositories.histories.delete_history(history.id)
    assert sort_keys(history) == []


def test_what_happens_while_it_is_deleted_is_looked_at_again(
    repositories: Repositories, clock: FixedClock, faults: Faults
) -> None:
    histories = repositories.histories

    def claimed_first(call: Any) -> Any:
        histories.claim(history.id, lease_seconds=30)
        return call()

    def published_first(call: Any) -> Any:
        histories.update_public_status(history.id, is_code_public=True)
        return call()

    def deleted_first(call: Any) -> Any:
        histories.delete_history(history.id)
        return call()

    history = admitted(repositories, clock)
    faults.add("TransactWriteItems", claimed_first)
    assert histories.delete_history(history.id)
    for meanwhile in (published_first, deleted_first):
        history = done(repositories, clock)
        faults.add("TransactWriteItems", meanwhile)
        assert histories.delete_history(history.id)
        assert sort_keys(history) == ["DEL"]
    assert histories.list_public_history().items == ()
    assert histories.search_by_language("python3").items == ()
    assert repositories.usage.get_day("ann").executions == 3


def test_an_execution_that_never_rests_is_not_deleted_half(
    repositories: Repositories, clock: FixedClock, faults: Faults
) -> None:
    history = done(repositories, clock)
    histories = repositories.histories
    public = [False]

    def moved(call: Any) -> Any:
        public[0] = not public[0]
        histories.update_public_status(history.id, is_code_public=public[0])
        return call()

    # Each refused try is followed by the moving's own transaction, which passes.
    for _ in range(8):
        faults.add("TransactWriteItems", moved, lambda call: call())
    with pytest.raises(StoreUnavailable):
        histories.delete_history(history.id)
    assert sort_keys(history) == ["META", "SRC"]
    assert histories.get_history(history.id, consistent=True) is not None


def test_a_result_that_is_replaced_meanwhile_is_counted_as_it_was_then(
    repositories: Repositories, clock: FixedClock, faults: Faults
) -> None:
    history = done(repositories, clock, Verdict.WA)

    def replaced(call: Any) -> Any:
        judged_again = [HistoryItem.shown_attempt.set(2), HistoryItem.verdict.set("AC")]
        update(HistoryItem, history_key(history.id), judged_again)
        return call()

    faults.add("TransactWriteItems", replaced)
    assert repositories.histories.delete_history(history.id)
    remembered = get(DeletedStatsItem, deleted_stats_key("ann"))
    assert remembered is not None
    assert DeletedStatsItem.verdict_counts.of(remembered) == {"AC": 1}
