"""What of a record a reader may see."""

from __future__ import annotations

import pytest

from algoitny.domain.errors import NotFound
from algoitny.domain.history_filter import HistoryFilter
from algoitny.domain.verdict import Verdict
from algoitny.services.history import HistoryService
from tests.services.world import World


@pytest.fixture
def histories(world: World) -> HistoryService:
    return HistoryService(
        histories=world.store.histories,
        hints=world.store.hints,
        problems=world.store.problems,
        audit=world.store.audit,
    )


def test_a_hidden_test_shows_verdict_time_memory_and_nothing_of_its_data(
    world: World, histories: HistoryService
) -> None:
    world.problem()
    author = world.caller()
    history_id = world.submit(author, is_code_public=True)
    world.judge.verdicts = [Verdict.WA, Verdict.RTE, Verdict.AC]
    world.judging.execute(history_id)
    for reader in (author, world.caller(), None):
        tests = histories.detail(reader, history_id).results.tests
        assert [test.output for test in tests] == ["1\n", "", ""]
        assert tests[1].status == Verdict.RTE.words
        assert all(test.time_ms and test.memory_kb for test in tests)
    tests = histories.detail(world.caller(is_admin=True), history_id).results.tests
    assert [test.output for test in tests] == ["1\n", "2\n", "3\n"]


def test_private_is_not_there_for_others(world: World, histories: HistoryService) -> None:
    world.problem()
    author = world.caller()
    history_id = world.submit(author)
    world.judging.execute(history_id)
    for reader in (world.caller(), None):
        with pytest.raises(NotFound):
            histories.detail(reader, history_id)
    assert histories.detail(author, history_id).code == "print(2)"
    assert histories.list_public(limit=10, cursor=None).items == ()


def test_hints_go_to_the_author_only(world: World, histories: HistoryService) -> None:
    world.problem()
    author = world.caller()
    history_id = world.submit(author, is_code_public=True)
    world.judge.verdicts = [Verdict.WA]
    world.judging.execute(history_id)
    world.hints.request(author, history_id, None)
    world.hints.generate(history_id, 1, 1)
    assert len(histories.detail(author, history_id).hints) == 1
    assert histories.detail(world.caller(), history_id).hints == ()
    assert histories.detail(None, history_id).hints == ()


def test_lists_filter_and_page(world: World, histories: HistoryService) -> None:
    world.problem()
    author = world.caller()
    wrong = world.submit(author)
    world.judge.verdicts = [Verdict.WA]
    world.judging.execute(wrong)
    world.judge.verdicts = []
    right = world.submit(author, is_code_public=True)
    world.judging.execute(right)
    first = histories.list_own(author, limit=1, cursor=None)
    second = histories.list_own(author, limit=1, cursor=first.next_cursor)
    assert [entry.id for entry in (*first.items, *second.items)] == [right, wrong]
    failed = histories.list_own(author, HistoryFilter(verdict=Verdict.WA), limit=10, cursor=None)
    assert [entry.id for entry in failed.items] == [wrong]
    assert [entry.id for entry in histories.list_public(limit=10, cursor=None).items] == [right]
