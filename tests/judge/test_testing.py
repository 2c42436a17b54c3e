"""Running a submission's tests, at once and alone, with lines that only pretend to."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from algoitny.domain.errors import JudgeFailure
from algoitny.domain.verdict import Verdict
from algoitny.judge import Cancelled, Case, testing
from algoitny.judge import cores as processors
from algoitny.judge.cores import Cores
from algoitny.judge.submission import Trial
from algoitny.judge.testing import MOST_REPEATED, Testing
from tests.judge.lines import TOGETHER_SECONDS, World, close, result, starved, together
from tests.waiting import wait_until


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """Help comes at once."""
    monkeypatch.setattr(testing, "HELP_SECONDS", 0.0)
    monkeypatch.setattr(testing, "WORTH_SECONDS", 0.0)
    monkeypatch.setattr(testing, "SPARE_SECONDS", 0.001)
    monkeypatch.setattr(testing, "SHARE_SECONDS", 0.0)
    monkeypatch.setattr(Cores, "are_idle", lambda _: True)
    monkeypatch.setattr(processors, "ALONE_SECONDS", TOGETHER_SECONDS)
    cores = Cores(tmp_path / "cores", 2)
    yield World(cores)
    assert not cores._held
    cores.close()


def test_as_many_at_once_as_there_are_processors(world: World) -> None:
    world.outcome = together(2)
    assert [one.name for one in world.run(4)] == ["0", "1", "2", "3"]
    assert world.heard == [0, 1, 2, 3]
    assert (world.opened, world.closed) == (2, 1), "the first line is its opener's"


def test_results_come_in_order_whoever_is_first(world: World) -> None:
    second_ended = threading.Event()

    def outcome(name: str, _: bool) -> Trial:
        if name == "0":
            assert second_ended.wait(TOGETHER_SECONDS)
            assert world.heard == []
        else:
            second_ended.set()
        return Trial(result(name, Verdict.WA))

    world.outcome = outcome
    assert [one.name for one in world.run(3)] == ["0", "1", "2"]
    assert world.heard == [0, 1, 2]


def test_without_a_processor_to_spare_there_is_no_help(world: World) -> None:
    with world.cores.one(lambda: False):
        world.run(5)
    assert [name for name, _ in world.ran] == ["0", "1", "2", "3", "4"]


def test_a_machine_that_is_busy_otherwise_gives_no_help(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Cores, "are_idle", lambda _: False)
    world.run(50)
    assert world.opened == 1


def test_a_processor_that_is_wanted_is_given_up_between_tests(world: World) -> None:
    went_on = threading.Event()

    def run() -> None:
        with world.cores.one(lambda: False):
            went_on.set()

    other = threading.Thread(target=run)

    def outcome(name: str, _: bool) -> Trial:
        if name == "0":
            other.start()
            wait_until(lambda: world.cores._waiting, "the other stands in line")
        return Trial(result(name, Verdict.AC))

    world.outcome = outcome
    with world.cores.one(lambda: False):
        world.run(50)
        assert went_on.is_set()
    other.join()


def test_help_that_finds_no_box_is_done_without(world: World) -> None:
    def outcome(name: str, _: bool) -> Trial:
        assert world.refused.wait(TOGETHER_SECONDS)
        return Trial(result(name, Verdict.AC))

    world.has_no_room, world.outcome = True, outcome
    assert [one.name for one in world.run(4)] == ["0", "1", "2", "3"]
    assert (world.opened, world.closed) == (2, 1)


def test_what_is_soon_over_gets_no_help(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(testing, "WORTH_SECONDS", 3600.0)
    world.run(50)
    assert world.opened == 1


@pytest.mark.parametrize("error", [JudgeFailure("no"), KeyError("a defect")])
def test_a_failure_in_any_thread_is_the_outcome(world: World, error: Exception) -> None:
    """And the other thread's test, which has no end, is given up."""
    meeting = threading.Barrier(2)

    def outcome(_: str, __: bool) -> Trial:
        meeting.wait(TOGETHER_SECONDS)
        if threading.current_thread() is threading.main_thread():
            while not submission._stopped():
                stopped.wait(0.001)
            raise Cancelled
        raise error

    stopped = threading.Event()
    world.outcome = outcome
    submission = Testing(
        world.open(),
        world.open,
        [Case(name=str(n), input=b"", answer=None) for n in range(9)],
        None,  # type: ignore[arg-type]
        world.cores,
        on_test=lambda *_: None,
        cancelled=None,
    )
    with ThreadPoolExecutor(1) as helpers, pytest.raises(type(error)) as raised:
        submission.run(helpers)
    assert raised.value is error
    assert len(world.ran) == 2


def test_a_failure_to_tell_is_the_outcome(world: World) -> None:
    class Deaf(list[int]):
        def append(self, _: int) -> None:
            raise OSError("nobody listens")

    world.heard = Deaf()
    with pytest.raises(OSError, match="nobody"):
        world.run(3)


def test_cancelled_before_it_began(world: World) -> None:
    world.cancelled = True
    with world.cores.all(lambda: False), pytest.raises(Cancelled):
        world.run(3)
    assert world.ran == []


def test_a_close_one_is_run_again_alone_before_it_counts(world: World) -> None:
    alone = []

    def outcome(name: str, has_margin: bool) -> Trial:
        if not has_margin:
            alone.append(len(world.cores._held))
        return close(Verdict.TLE, Verdict.AC)(name, has_margin)

    world.outcome = outcome
    assert [one.verdict for one in world.run(2)] == [Verdict.AC] * 2
    assert alone == [2, 2], "all processors are held"


def test_the_second_time_counts(world: World) -> None:
    world.outcome = close(Verdict.TLE, Verdict.WA)
    assert [one.verdict for one in world.run(1)] == [Verdict.WA]
    assert world.ran == [("0", True), ("0", False)]


@pytest.mark.parametrize(
    ("alone", "again"),
    [(Verdict.TLE, testing.ENOUGH_CONFIRMED), (Verdict.AC, testing.MOST_REPEATED)],
)
def test_running_again_has_an_end(world: World, alone: Verdict, again: int) -> None:
    """Whoever is over the limit alone too, or is always close to it, keeps nobody waiting."""
    world.outcome = close(Verdict.TLE, alone)
    found = [one.verdict for one in world.run(12)]
    assert len([name for name, has_margin in world.ran if not has_margin]) in (again, again + 1)
    assert found.count(Verdict.TLE) >= 12 - testing.MOST_REPEATED - 1


def test_after_a_crowd_was_at_fault_tests_run_one_by_one(world: World) -> None:
    """A test is close to its limit while another runs beside it."""
    beside = threading.Barrier(2)
    helped_after = []

    def outcome(name: str, has_margin: bool) -> Trial:
        is_main = threading.current_thread() is threading.main_thread()
        if any(not margin for _, margin in world.ran):
            if has_margin:
                helped_after.append(not is_main)
            return Trial(result(name, Verdict.AC))
        beside.wait(TOGETHER_SECONDS)
        if is_main:
            return Trial(result(name, Verdict.TLE), is_close=True)
        wait_until(lambda: world.cores._waiting, "the other stands in line")
        return Trial(result(name, Verdict.AC))

    world.outcome = outcome
    world.run(100)
    assert helped_after == [False] * 98


def test_what_was_starved_counts_only_as_it_is_alone(world: World) -> None:
    world.outcome = lambda name, has_margin: (
        starved(name) if has_margin else Trial(result(name, Verdict.AC))
    )
    assert {found.verdict for found in world.run(MOST_REPEATED + 3)} == {Verdict.AC}


def test_a_machine_that_starves_even_a_lone_test_gives_no_verdict(world: World) -> None:
    world.outcome = lambda name, _: starved(name)
    with pytest.raises(JudgeFailure, match="too busy"):
        world.run(3)


@pytest.mark.parametrize(
    ("stops_early", "found"),
    [(True, [Verdict.AC, Verdict.RTE]), (False, [Verdict.AC, Verdict.RTE, Verdict.WA])],
)
def test_one_box_stops_at_the_first_failure(
    world: World, stops_early: bool, found: list[Verdict]
) -> None:
    verdicts = {"1": Verdict.RTE, "2": Verdict.WA}
    world.stops_early = stops_early
    world.outcome = lambda name, _: Trial(result(name, verdicts.get(name, Verdict.AC)))
    with world.cores.one(lambda: False):
        assert [one.verdict for one in world.run(3)] == found
    assert [name for name, _ in world.ran] == [str(n) for n in range(len(found))]
    assert world.heard == list(range(len(found)))


@pytest.mark.parametrize("first", [Verdict.AC, Verdict.TLE])
def test_an_earlier_test_that_runs_still_is_finished(world: World, first: Verdict) -> None:
    """And no later one is begun."""
    both = threading.Barrier(2)

    def outcome(name: str, _: bool) -> Trial:
        both.wait(TOGETHER_SECONDS)
        if name == "1":
            return Trial(result(name, Verdict.WA))
        world.wait_for_result(1)
        assert world.heard == []
        return Trial(result(name, first))

    world.stops_early, world.outcome = True, outcome
    found = [one.verdict for one in world.run(9)]
    assert found == ([Verdict.AC, Verdict.WA] if first is Verdict.AC else [Verdict.TLE])
    assert world.heard == list(range(len(found)))
    assert sorted(name for name, _ in world.ran) == ["0", "1"]


@pytest.mark.parametrize(("is_close", "is_starved"), [(False, False), (True, False), (True, True)])
def test_a_later_test_that_runs_still_is_dropped(
    world: World, is_close: bool, is_starved: bool
) -> None:
    """Nor is it run again alone."""
    both = threading.Barrier(2)

    def outcome(name: str, _: bool) -> Trial:
        both.wait(TOGETHER_SECONDS)
        if name == "0":
            return Trial(result(name, Verdict.WA))
        world.wait_for_result(0)
        return Trial(result(name, Verdict.ILE), is_close=is_close, is_starved=is_starved)

    world.stops_early, world.outcome = True, outcome
    assert [one.verdict for one in world.run(9)] == [Verdict.WA]
    assert world.heard == [0]
    assert sorted(world.ran) == [("0", True), ("1", True)]


@pytest.mark.parametrize(
    ("alone", "found"), [(Verdict.AC, [Verdict.AC] * 3), (Verdict.TLE, [Verdict.TLE])]
)
def test_a_close_one_stops_nothing_before_it_counts(
    world: World, alone: Verdict, found: list[Verdict]
) -> None:
    world.stops_early, world.outcome = True, close(Verdict.TLE, alone)
    assert [one.verdict for one in world.run(3)] == found


@pytest.mark.parametrize("is_first_to_end", [False, True])
def test_what_the_judge_failed_at_after_the_first_failure_does_not_matter(
    world: World, is_first_to_end: bool
) -> None:
    both, judge_failed = threading.Barrier(2), threading.Event()

    def outcome(name: str, _: bool) -> Trial:
        both.wait(TOGETHER_SECONDS)
        if name == "0":
            assert not is_first_to_end or judge_failed.wait(TOGETHER_SECONDS)
            return Trial(result(name, Verdict.WA))
        if not is_first_to_end:
            world.wait_for_result(0)
        judge_failed.set()
        raise JudgeFailure("no")

    world.stops_early, world.outcome = True, outcome
    assert [one.verdict for one in world.run(9)] == [Verdict.WA]
    assert world.heard == [0]
    assert sorted(name for name, _ in world.ran) == ["0", "1"]


def test_what_the_judge_failed_at_before_the_first_failure_is_the_outcome(world: World) -> None:
    both = threading.Barrier(2)

    def outcome(name: str, _: bool) -> Trial:
        both.wait(TOGETHER_SECONDS)
        if name == "0":
            world.wait_for_result(1)
            raise JudgeFailure("no")
        return Trial(result(name, Verdict.WA))

    world.stops_early, world.outcome = True, outcome
    with pytest.raises(JudgeFailure, match="no"):
        world.run(9)
    assert world.heard == []


def test_what_the_judge_failed_at_is_the_outcome_when_all_before_it_pass(world: World) -> None:
    both = threading.Barrier(2)

    def outcome(name: str, _: bool) -> Trial:
        both.wait(TOGETHER_SECONDS)
        if name == "1":
            raise JudgeFailure("no")
        wait_until(lambda: world.submission and world.submission._failed_at, "it is noted")
        return Trial(result(name, Verdict.AC))

    world.stops_early, world.outcome = True, outcome
    with pytest.raises(JudgeFailure, match="no"):
        world.run(9)
    assert sorted(name for name, _ in world.ran) == ["0", "1"]
    assert world.heard == [0]


def test_a_machine_that_starves_even_a_lone_test_gives_no_verdict_when_it_would_stop(
    world: World,
) -> None:
    world.stops_early, world.outcome = True, lambda name, _: starved(name)
    with pytest.raises(JudgeFailure, match="too busy"):
        world.run(3)
