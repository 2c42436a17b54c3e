"""Following an execution: every event once and in order, whatever the channel and the client do."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from itertools import chain, islice

import pytest

from algoitny.domain.access import Caller
from algoitny.domain.errors import NotAuthenticated, NotFound, Overloaded
from algoitny.domain.ports import LAST_SEQUENCE, Event
from algoitny.domain.verdict import State, Verdict
from algoitny.services.stream import LONGEST_STREAM_SECONDS, Position, StreamEvent
from tests.services.world import World

pytestmark = pytest.mark.slow

ALL = [(0, 0), (1, 0), (1, 1), (1, 2), (1, 3), (1, LAST_SEQUENCE)]
"""Positions of an execution of three tests that is followed from the beginning."""


@pytest.fixture
def caller(world: World) -> Caller:
    world.problem()
    world.judge.verdicts = (Verdict.AC, Verdict.WA)
    return world.caller()


@pytest.fixture
def history_id(world: World, caller: Caller) -> str:
    return world.submit(caller)


def positions(events: Iterable[StreamEvent]) -> list[tuple[int, int]]:
    return [(event.position.attempt, event.position.number) for event in events]


def follow(
    world: World, caller: Caller, history_id: str, after: tuple[int, int] | None = None
) -> list[StreamEvent]:
    """All events after a position, until the stream ends."""
    stream = world.executions.stream(caller, history_id, after=after and Position(*after))
    if stream is None:
        return []
    events = [*chain.from_iterable(stream.events())]
    stream.close()
    return events


def judge_while_waiting(world: World, history_id: str) -> None:
    world.channel.on_wait = lambda _: world.judging.execute(history_id)


def test_an_execution_is_followed_from_the_queue_to_its_end(
    world: World, caller: Caller, history_id: str
) -> None:
    judge_while_waiting(world, history_id)
    events = follow(world, caller, history_id)
    assert positions(events) == ALL
    assert [event.kind for event in events] == ["state", "state", *["test"] * 3, "done"]
    assert [event.data.get("state") for event in events[:2]] == [State.QUEUED, State.RUNNING]
    assert events[3].data == {"index": 1, "verdict": "WA", "time_ms": 2, "memory_kb": 1001}
    assert events[-1].data["verdict"] == "WA"
    assert events[-1].data["passed_count"] == 2


def test_who_heard_everything_live_has_nothing_read_for_them(
    world: World, caller: Caller, history_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def read(_: object) -> None:
        raise AssertionError("nothing is missing")

    judge_while_waiting(world, history_id)
    monkeypatch.setattr(world.store.histories, "get_results", read)
    assert positions(follow(world, caller, history_id)) == ALL


def test_what_is_known_at_once_comes_together(
    world: World, caller: Caller, history_id: str
) -> None:
    world.judging.execute(history_id)
    stream = world.executions.stream(caller, history_id, after=None)
    assert stream is not None
    (together,) = stream.events()
    assert positions(together) == ALL[1:]


def test_live_and_replayed_events_are_the_same(
    world: World, caller: Caller, history_id: str
) -> None:
    judge_while_waiting(world, history_id)
    live = follow(world, caller, history_id)
    assert follow(world, caller, history_id) == live[1:]


@pytest.mark.slow
@pytest.mark.parametrize("cut", range(len(ALL)))
@pytest.mark.parametrize("is_live", [True, False])
def test_a_stream_cut_after_any_event_goes_on_without_loss_or_repetition(
    world: World, caller: Caller, history_id: str, cut: int, is_live: bool
) -> None:
    judge_while_waiting(world, history_id)
    if not is_live:
        world.judging.execute(history_id)
    wanted = ALL if is_live else ALL[1:]
    if cut >= len(wanted):
        return
    stream = world.executions.stream(caller, history_id, after=None)
    assert stream is not None
    first = [*islice(chain.from_iterable(stream.events()), cut + 1)]
    stream.close()
    rest = follow(world, caller, history_id, positions(first)[-1])
    assert positions([*first, *rest]) == wanted


@pytest.mark.parametrize("lost", range(5))
def test_news_that_the_channel_lost_come_from_the_table(
    world: World, caller: Caller, history_id: str, lost: int
) -> None:
    def execute(_: float) -> None:
        world.judging.execute(history_id)
        if len(world.channel.events) == 5:
            del world.channel.events[lost]

    world.channel.on_wait = execute
    assert positions(follow(world, caller, history_id)) == ALL


def test_without_a_channel_everything_comes_at_the_end(
    world: World, caller: Caller, history_id: str
) -> None:
    def execute(_: float) -> None:
        world.judging.execute(history_id)
        world.channel.events.clear()

    world.channel.on_wait = execute
    assert positions(follow(world, caller, history_id)) == ALL


def test_another_attempt_begins_anew(world: World, caller: Caller, history_id: str) -> None:
    def die_on_the_first() -> None:
        world.judge.on_test = lambda: None
        world.clock.advance(31)
        world.judging.execute(history_id)

    world.judge.on_test = die_on_the_first
    judge_while_waiting(world, history_id)
    events = follow(world, caller, history_id)
    found = positions(events)
    assert found[-5:] == [(2, 0), (2, 1), (2, 2), (2, 3), (2, LAST_SEQUENCE)]
    assert found == sorted(set(found))
    # One who saw the first attempt gets all of the second.
    assert positions(follow(world, caller, history_id, (1, 2))) == found[-5:]


def test_a_failure_ends_the_stream(world: World, caller: Caller, history_id: str) -> None:
    world.judge.verdicts = (Verdict.SE,)
    judge_while_waiting(world, history_id)
    last = follow(world, caller, history_id)[-1]
    assert (last.kind, last.data["state"], last.data["verdict"]) == ("done", State.FAILED, None)


def test_a_position_that_never_was_is_the_beginning(
    world: World, caller: Caller, history_id: str
) -> None:
    world.judging.execute(history_id)
    assert positions(follow(world, caller, history_id, (7, 1))) == ALL[1:]


def test_after_the_end_there_is_nothing(world: World, caller: Caller, history_id: str) -> None:
    world.judging.execute(history_id)
    stream = world.executions.stream(caller, history_id, after=Position(1, LAST_SEQUENCE))
    assert stream is None


def test_a_long_wait_ends_and_may_be_taken_up_again(
    world: World, caller: Caller, history_id: str
) -> None:
    world.channel.on_wait = world.clock.advance
    started = world.clock.monotonic()
    assert positions(follow(world, caller, history_id)) == [(0, 0)]
    assert world.clock.monotonic() - started == pytest.approx(LONGEST_STREAM_SECONDS, abs=6)
    judge_while_waiting(world, history_id)
    assert positions(follow(world, caller, history_id, (0, 0))) == ALL[1:]


def test_a_stream_holds_a_place_until_it_is_closed(
    world: World, caller: Caller, history_id: str
) -> None:
    stream = world.executions.stream(caller, history_id, after=None)
    assert stream is not None
    for _ in range(2):
        with pytest.raises(Overloaded):
            world.executions.stream(caller, history_id, after=None)
        with pytest.raises(Overloaded):
            world.executions.wait(caller, history_id, seconds=1)
    stream.close()
    stream.close()
    judge_while_waiting(world, history_id)
    assert world.executions.wait(caller, history_id, seconds=1).history.state is State.DONE


def test_others_may_not_listen(world: World, history_id: str) -> None:
    for other in (None, world.caller()):
        with pytest.raises(NotFound):
            world.executions.stream(other, history_id, after=None)


def test_events_of_another_kind_or_order_are_not_passed_on(
    world: World, caller: Caller, history_id: str
) -> None:
    """A worker that was overtaken may still speak."""

    def execute(_: float) -> None:
        world.judging.execute(history_id)
        late = Event(id="0-9", attempt=0, kind="test", data={"index": 8})
        world.channel.events.append((history_id, late))

    world.channel.on_wait = execute
    assert positions(follow(world, caller, history_id)) == ALL


class Door:
    """Tells who calls, as they are by then."""

    def __init__(self, caller: Caller) -> None:
        self.caller = caller
        self.is_shut = False
        self.asked = 0

    def __call__(self) -> Caller:
        self.asked += 1
        if self.is_shut:
            raise NotAuthenticated("This session has ended.")
        return self.caller


def followed(world: World, door: Door, history_id: str) -> tuple[list[tuple[int, int]], float]:
    """What is seen, and how long it is followed."""
    started = world.clock.monotonic()
    stream = world.executions.stream(door.caller, history_id, after=None, again=door)
    assert stream is not None
    seen = positions(chain.from_iterable(stream.events()))
    stream.close()
    return seen, world.clock.monotonic() - started


def test_who_is_signed_out_hears_no_more(world: World, caller: Caller, history_id: str) -> None:
    door = Door(caller)

    def wait(seconds: float) -> None:
        world.clock.advance(seconds)
        door.is_shut = True

    world.channel.on_wait = wait
    seen, seconds = followed(world, door, history_id)
    assert seen == [(0, 0)]
    assert seconds <= 15
    door.is_shut = False
    with pytest.raises(NotAuthenticated):
        world.executions.wait(caller, history_id, seconds=30, again=door)


def test_who_may_not_see_it_any_more_hears_no_more(world: World, history_id: str) -> None:
    door = Door(world.caller(is_admin=True))

    def wait(seconds: float) -> None:
        world.clock.advance(seconds)
        door.caller = replace(door.caller, is_admin=False)

    admin, world.channel.on_wait = door.caller, wait
    seen, seconds = followed(world, door, history_id)
    assert seen == [(0, 0)]
    assert seconds <= 15
    with pytest.raises(NotFound):
        world.executions.wait(admin, history_id, seconds=30, again=door)


def test_who_stays_is_asked_for_rarely(world: World, caller: Caller, history_id: str) -> None:
    door = Door(caller)
    world.channel.on_wait = world.clock.advance
    _, seconds = followed(world, door, history_id)
    assert 0 < door.asked <= seconds / 10
