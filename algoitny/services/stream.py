"""Following one execution event by event: live from the channel, in the end from the table.

The channel's news are best effort, so only what continues without a gap is passed on; whatever is
missing, for one who was away too, comes from the stored results. An event's position is the pair
(attempt, number): 0 is the attempt's `state`, from 1 on its tests in order, last its `done`. Who
names the last position that they have gets all later ones, each once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import structlog

from algoitny.domain.access import may_see_history
from algoitny.domain.clock import Clock
from algoitny.domain.errors import NotAuthenticated, NotFound, Unavailable
from algoitny.domain.history import History, HistoryRepository
from algoitny.domain.history_results import TestResult
from algoitny.domain.ports import LAST_SEQUENCE, Event, EventChannel
from algoitny.domain.verdict import State
from algoitny.services.presence import Presence

log = structlog.get_logger(__name__)

READ_AGAIN_SECONDS = 5.0
"""The table is read this often: a worker may die between commit and event."""

LONGEST_STREAM_SECONDS = 600.0
"""Then the client connects again and goes on: nobody holds a place for ever."""


@dataclass(frozen=True, slots=True, order=True)
class Position:
    """Where in an execution's events somebody is."""

    attempt: int
    number: int


START = Position(-1, LAST_SEQUENCE)
QUEUED = Position(0, 0)


@dataclass(frozen=True, slots=True)
class StreamEvent:
    """`kind` is `state`, `test` or `done`. Of a test only what anybody may see."""

    position: Position
    kind: str
    data: Mapping[str, object]


def is_over(history: History, after: Position | None) -> bool:
    """Whether nothing comes after what this client has."""
    return history.state.ended and after == Position(history.last_attempt, LAST_SEQUENCE)


class ExecutionStream:
    """The events of one execution after a position; to be closed."""

    def __init__(
        self,
        *,
        histories: HistoryRepository,
        channel: EventChannel,
        clock: Clock,
        history: History,
        presence: Presence,
        after: Position | None,
        on_close: Callable[[], None],
    ) -> None:
        self._histories = histories
        self._channel = channel
        self._clock = clock
        self._presence = presence
        self._history = history
        known = after is not None and after.attempt <= history.attempt
        self._at = after if after is not None and known else START
        self._on_close: Callable[[], None] | None = on_close

    def close(self) -> None:
        """Give the place back; further calls do nothing."""
        on_close, self._on_close = self._on_close, None
        if on_close is not None:
            on_close()

    def events(self) -> Iterator[tuple[StreamEvent, ...]]:
        """What happens, those together that are known at once, until the end or for ten minutes;
        none at all say that time has passed.

        An unreachable store ends it early: the client comes back and loses nothing. And so does
        whatever makes the execution nothing for this client to see; then it comes back in vain.
        """
        try:
            yield from self._events()
        except (Unavailable, NotFound, NotAuthenticated) as error:
            log.warning("stream broken", execution_id=self._history.id, reason=error.detail)

    def _events(self) -> Iterator[tuple[StreamEvent, ...]]:
        deadline = self._clock.monotonic() + LONGEST_STREAM_SECONDS
        seen: str | None = None
        while True:
            if self._history.state.ended:
                yield tuple(self._rest())
                return
            if state := tuple(self._state_now()):
                yield state
            read_at = self._clock.monotonic() + READ_AGAIN_SECONDS
            reading = False
            while not reading and (now := self._clock.monotonic()) < read_at:
                news = self._channel.wait(
                    self._history.id, after=seen, timeout_seconds=read_at - now
                )
                seen = news[-1].id if news else seen
                if live := tuple(self._live(news)):
                    yield live
                reading = not news or any(event.kind == "done" for event in news)
            if self._clock.monotonic() >= deadline:
                return
            yield ()
            stored = self._histories.get_history(self._history.id, consistent=True)
            if stored is None or not may_see_history(self._presence.caller(), stored):
                raise NotFound("The execution is gone, or this client may no longer see it.")
            self._history = stored

    def _live(self, news: Sequence[Event]) -> Iterator[StreamEvent]:
        for event in news:
            position = Position(event.attempt, _number(event))
            if position <= self._at or event.kind == "done":
                continue
            if event.attempt > self._at.attempt:
                yield self._passed(_running(event.attempt))
            if event.kind == "test" and position.number == self._at.number + 1:
                yield self._passed(StreamEvent(position, "test", event.data))

    def _state_now(self) -> Iterator[StreamEvent]:
        history = self._history
        if history.state is State.QUEUED and self._at < QUEUED:
            yield self._passed(StreamEvent(QUEUED, "state", {"state": State.QUEUED, "attempt": 0}))
        if history.state is State.RUNNING and self._at.attempt < history.attempt:
            yield self._passed(_running(history.attempt))

    def _rest(self) -> Iterator[StreamEvent]:
        """The events of an ended execution that the client still lacks, from the table."""
        history, attempt = self._history, self._history.last_attempt
        if history.shown_attempt:
            if self._at.attempt < attempt:
                yield self._passed(_running(attempt))
            if self._at.number < history.passed_count + history.failed_count:
                tests = self._histories.get_results(history).tests
                for index in range(self._at.number, len(tests)):
                    position = Position(attempt, index + 1)
                    yield self._passed(StreamEvent(position, "test", _test(index, tests[index])))
        yield self._passed(StreamEvent(Position(attempt, LAST_SEQUENCE), "done", history.ending()))

    def _passed(self, event: StreamEvent) -> StreamEvent:
        self._at = event.position
        return event


def _number(event: Event) -> int:
    return int(event.id.rpartition("-")[2])


def _running(attempt: int) -> StreamEvent:
    data = {"state": State.RUNNING, "attempt": attempt}
    return StreamEvent(Position(attempt, 0), "state", data)


def _test(index: int, result: TestResult) -> Mapping[str, object]:
    return {
        "index": index,
        "verdict": result.verdict,
        "time_ms": result.time_ms,
        "memory_kb": result.memory_kb,
    }
