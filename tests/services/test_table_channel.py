"""Progress without Redis: the worker's tests reach who waits by way of the table."""

from __future__ import annotations

from itertools import chain
from typing import Any

import pytest

from algoitny.domain.errors import StoreUnavailable
from algoitny.domain.history import History
from algoitny.domain.ids import Ids
from algoitny.domain.ports import Event
from algoitny.domain.repositories import Repositories
from algoitny.domain.verdict import State
from algoitny.providers import table_channel
from algoitny.providers.channel import RedisChannel, open_channel
from algoitny.providers.table_channel import TableChannel
from tests.clock import FixedClock
from tests.services.world import World

DATA = {"verdict": "AC", "time_ms": 3, "memory_kb": 900}


@pytest.fixture
def channel(world: World, monkeypatch: pytest.MonkeyPatch) -> TableChannel:
    monkeypatch.setattr(table_channel, "POLL_SECONDS", 0.0)
    return TableChannel(world.store.histories, world.clock)


@pytest.fixture
def world(repositories: Repositories, clock: FixedClock, ids: Ids) -> World:
    return World(store=repositories, clock=clock, ids=ids)


@pytest.fixture
def history(world: World) -> History:
    """Of a running execution."""
    world.problem()
    history_id = world.submit(world.caller())
    return world.store.histories.claim(history_id, lease_seconds=30)


def begin(channel: TableChannel, history: History) -> None:
    channel.publish(
        history.id, attempt=history.attempt, sequence=0, kind="state", data={"state": "RUNNING"}
    )


def tell(channel: TableChannel, history: History, *sequences: int) -> None:
    for sequence in sequences:
        data = {"index": sequence - 1, **DATA}
        channel.publish(
            history.id, attempt=history.attempt, sequence=sequence, kind="test", data=data
        )


def heard(channel: TableChannel, history: History, after: str | None = None) -> list[str]:
    events = channel.wait(history.id, after=after, timeout_seconds=5)
    return [event.id for event in events]


def test_at_most_one_row_a_second(
    world: World, channel: TableChannel, history: History, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows: list[int] = []
    put = world.store.histories.put_progress

    def noted(history: History, tests: Any) -> None:
        rows.append(len(tests))
        put(history, tests)

    monkeypatch.setattr(world.store.histories, "put_progress", noted)
    begin(channel, history)
    for sequence in range(1, 31):
        world.clock.advance(0.1)
        tell(channel, history, sequence)
    assert len(rows) in (2, 3)
    assert rows == sorted(rows)
    assert rows[0] in (10, 11)


def test_who_waits_hears_each_test_once(
    world: World, channel: TableChannel, history: History
) -> None:
    begin(channel, history)
    tell(channel, history, 1)
    assert heard(channel, history) == []  # within the first second
    world.clock.advance(1)
    tell(channel, history, 2)
    events = channel.wait(history.id, after=None, timeout_seconds=5)
    assert events == tuple(
        Event(f"1-{number}", 1, "test", {"index": number - 1, **DATA}) for number in (1, 2)
    )
    assert heard(channel, history, "1-1") == ["1-2"]
    assert heard(channel, history, "1-2") == []
    world.clock.advance(1)
    tell(channel, history, 3)
    assert heard(channel, history, "1-2") == ["1-3"]


def test_a_new_attempt_begins_anew(world: World, channel: TableChannel, history: History) -> None:
    begin(channel, history)
    world.clock.advance(1)
    tell(channel, history, 1, 2)
    world.clock.advance(31)
    second = world.store.histories.claim(history.id, lease_seconds=30)
    tell(channel, history, 3)  # of the first one, late
    assert heard(channel, second, "1-1") == []
    begin(channel, second)
    world.clock.advance(1)
    tell(channel, second, 1)
    assert heard(channel, second, "1-1") == ["2-1"]


def test_an_attempt_that_was_overtaken_writes_nothing(
    world: World, channel: TableChannel, history: History
) -> None:
    begin(channel, history)
    world.clock.advance(31)
    second = world.store.histories.claim(history.id, lease_seconds=30)
    tell(channel, history, 1)
    assert heard(channel, second) == []


def test_of_what_does_not_run_there_is_no_news(
    world: World, channel: TableChannel, history: History
) -> None:
    begin(channel, history)
    world.clock.advance(1)
    tell(channel, history, 1)
    world.store.histories.cancel(history)
    assert heard(channel, history) == []
    assert channel.wait(world.ids.new(), after=None, timeout_seconds=0) == ()
    channel.announce_cancellation(history.id)
    assert not channel.is_cancelled(history.id)


def test_a_store_that_is_away_stops_nobody(
    world: World, channel: TableChannel, history: History, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object, **__: object) -> None:
        raise StoreUnavailable

    begin(channel, history)
    world.clock.advance(1)
    monkeypatch.setattr(world.store.histories, "get_history", away)
    tell(channel, history, 1)
    assert heard(channel, history) == []


def test_status_and_stream_show_it(
    world: World, channel: TableChannel, history: History, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(world.executions, "_channel", channel)
    begin(channel, history)
    world.clock.advance(1)
    tell(channel, history, 1, 2)
    caller = world.caller(is_admin=True)
    status = world.executions.status(caller, history.id)
    # The second came within a second after the first, which was written.
    assert (status.history.state, status.tests_done) == (State.RUNNING, 1)
    stream = world.executions.stream(caller, history.id, after=None)
    assert stream is not None
    events = chain.from_iterable(stream.events())
    shown = [next(events) for _ in range(2)]
    assert [event.kind for event in shown] == ["state", "test"]
    stream.close()


@pytest.mark.parametrize("url", ["amqp://127.0.0.1//", "sqs://"])
def test_which_broker_has_which_channel(
    url: str, repositories: Repositories, clock: FixedClock
) -> None:
    assert isinstance(open_channel(url, repositories.histories, clock), TableChannel)
    redis = open_channel("redis://127.0.0.1/0", repositories.histories, clock)
    assert isinstance(redis, RedisChannel)
