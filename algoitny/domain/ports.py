"""What services need of the world outside the table, as interfaces."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from algoitny.domain.history import History
from algoitny.domain.history_results import TestResult
from algoitny.domain.problem import Problem, TestCase


class Queue(Protocol):
    """Hands work to the workers. A message carries ids only."""

    def enqueue_execution(
        self, history_id: str, *, user_id: str | None = None, postponed: int = 0
    ) -> None:
        """`user_id` says whose it is, so that users take turns where the broker knows priorities:
        everybody's first comes before anybody's second. `postponed` counts how often it had to
        wait for its user's other executions: the message is taken 0.5 s · 2ⁿ later, at most 10 s.
        Raises QueueUnavailable within about a second when the broker does not take it."""
        ...

    def enqueue_run(self, run_id: str, *, user_id: str | None = None, postponed: int = 0) -> None:
        """As `enqueue_execution`, for a run on own input. Raises QueueUnavailable."""
        ...

    def enqueue_hint(self, history_id: str, level: int, prompt_version: int) -> None:
        """Raises QueueUnavailable."""
        ...

    def connect(self) -> None:
        """Open what the first message would else have to wait for. Raises QueueUnavailable within
        about a second."""
        ...

    def check(self) -> None:
        """Returns when the broker answers. Raises QueueUnavailable within about a second."""
        ...

    def waiting_executions(self) -> int | None:
        """Messages of executions and runs that nobody has taken yet; None where the broker cannot
        tell."""
        ...


LAST_SEQUENCE = 1_000_000
"""Of an attempt's events the number of the one that ends it; no problem has as many tests."""


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened in an attempt. `id` is `<attempt>-<sequence>`: 0 is the `state`,
    from 1 on each `test` in the tests' order, LAST_SEQUENCE is `done`; `kind` says which."""

    id: str
    attempt: int
    kind: str
    data: Mapping[str, object]


class EventChannel(Protocol):
    """Carries news of running executions. Best effort: the table is the truth."""

    def publish(
        self, history_id: str, *, attempt: int, sequence: int, kind: str, data: Mapping[str, object]
    ) -> None:
        """Never raises for a channel that is down: news may be lost, results may not."""
        ...

    def wait(
        self, history_id: str, *, after: str | None, timeout_seconds: float
    ) -> tuple[Event, ...]:
        """Events later than the event id `after` (None: from the first), waiting for one at most
        `timeout_seconds`; empty when nothing came or the channel cannot tell."""
        ...

    def announce_cancellation(self, history_id: str) -> None:
        """Tell the worker that has it, if any, that nobody waits for it any more. Never raises; a
        worker that does not hear it learns it when it renews its lease."""
        ...

    def is_cancelled(self, history_id: str) -> bool:
        """Whether a cancellation was heard since this was first asked in this process."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class HintRequest:
    """All that a provider may see; of the tests, only the samples' data."""

    level: int
    problem: Problem
    language: str
    code: str
    history: History
    compile_message: str
    results: Sequence[TestResult]
    samples: Sequence[TestCase]


class HintProvider(Protocol):
    """Writes hints."""

    prompt_version: int

    def write(self, request: HintRequest) -> str:
        """80 to 160 words. Raises Unavailable when it cannot answer now."""
        ...
