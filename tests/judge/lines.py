"""Lines of tests that only pretend to run, and a world to have them run in."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from algoitny.domain.errors import JudgeFailure
from algoitny.domain.verdict import Verdict
from algoitny.judge import Case, CaseResult
from algoitny.judge.cores import Cores
from algoitny.judge.submission import Trial
from algoitny.judge.testing import Testing
from tests.waiting import wait_until

TOGETHER_SECONDS = 60.0


def result(name: str, verdict: Verdict) -> CaseResult:
    return CaseResult(
        name=name,
        verdict=verdict,
        status="",
        time_ms=0,
        wall_ms=0,
        memory_kb=0,
        exit=0,
        output=b"",
        stderr=b"",
    )


@dataclass
class World:
    """`outcome` tells what comes of a case: with a margin, and when it is run again without."""

    cores: Cores
    outcome: Callable[[str, bool], Trial] = lambda name, _: Trial(result(name, Verdict.AC))
    ran: list[tuple[str, bool]] = field(default_factory=list)
    heard: list[int] = field(default_factory=list)
    opened: int = 0
    closed: int = 0
    cancelled: bool = False
    has_no_room: bool = False
    stops_early: bool = False
    submission: Testing | None = None
    refused: threading.Event = field(default_factory=threading.Event)

    def run(self, count: int) -> tuple[CaseResult, ...]:
        self.submission = Testing(
            self.open(),
            self.open,
            [Case(name=str(n), input=b"", answer=None) for n in range(count)],
            None,  # type: ignore[arg-type]
            self.cores,
            on_test=lambda index, _: self.heard.append(index),
            cancelled=lambda: self.cancelled,
            stop_on_first_failure=self.stops_early,
        )
        with ThreadPoolExecutor(max(1, self.cores.count - 1)) as helpers:
            return self.submission.run(helpers)

    def wait_for_result(self, index: int) -> None:
        submission = self.submission
        assert submission is not None
        wait_until(lambda: index in submission._results, f"test {index} has its result")

    def open(self) -> Any:
        self.opened += 1
        return Line(self, is_first=self.opened == 1)


@dataclass
class Line:
    world: World
    is_first: bool

    def make_ready(self) -> None:
        if self.world.has_no_room and not self.is_first:
            self.world.refused.set()
            raise JudgeFailure("no room for another box")

    def test(self, case: Case, *_: object, has_margin: bool) -> Trial:
        self.world.ran.append((case.name, has_margin))
        return self.world.outcome(case.name, has_margin)

    def close(self) -> None:
        self.world.closed += 1


def together(number: int) -> Callable[[str, bool], Trial]:
    """Each of so many tests ends only when all of them run."""
    meeting = threading.Barrier(number)

    def outcome(name: str, _: bool) -> Trial:
        meeting.wait(TOGETHER_SECONDS)
        return Trial(result(name, Verdict.AC))

    return outcome


def close(verdict: Verdict, alone: Verdict) -> Callable[[str, bool], Trial]:
    """Every test is close to its limit at first."""
    return lambda name, has_margin: (
        Trial(result(name, verdict), is_close=True) if has_margin else Trial(result(name, alone))
    )


def starved(name: str) -> Trial:
    return Trial(result(name, Verdict.ILE), is_close=True, is_starved=True)
