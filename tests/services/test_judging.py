"""The worker's side: one verdict, one count, whatever comes twice, late or broken."""

from __future__ import annotations

from dataclasses import replace

import pytest

from algoitny.domain.errors import JudgeFailure, LanguageUnavailable, StaleAttempt
from algoitny.domain.history import History
from algoitny.domain.history_filter import HistoryFilter
from algoitny.domain.problem import CheckerProgram, ProblemSummary
from algoitny.domain.usage import Action
from algoitny.domain.verdict import State, Verdict
from algoitny.judge import CustomChecker
from tests.services.world import KEY, LEASE_SECONDS, World


def history_of(world: World, history_id: str) -> History:
    history = world.store.histories.get_history(history_id, consistent=True)
    assert history is not None
    return history


@pytest.mark.parametrize(
    ("verdicts", "verdict", "passed", "summary"),
    [
        ([], Verdict.AC, 3, "AC: 3 of 3 tests passed"),
        (
            [Verdict.AC, Verdict.TLE, Verdict.WA],
            Verdict.TLE,
            1,
            "TLE on test 2: 1 of 3 tests passed",
        ),
        ([Verdict.PE, Verdict.PE], Verdict.PE, 1, "PE on test 1: 1 of 3 tests passed"),
    ],
)
def test_the_outcome_is_stored(
    world: World, verdicts: list[Verdict], verdict: Verdict, passed: int, summary: str
) -> None:
    world.problem()
    caller = world.caller()
    history_id = world.submit(caller)
    world.judge.verdicts = verdicts
    world.judging.execute(history_id)
    history = history_of(world, history_id)
    assert (history.state, history.verdict) == (State.DONE, verdict)
    assert (history.passed_count, history.failed_count) == (passed, 3 - passed)
    assert history.result_summary == summary
    assert (history.max_time_ms, history.max_memory_kb) == (3, 1002)
    results = world.store.histories.get_results(history)
    assert [result.is_sample for result in results.tests] == [True, False, False]
    listed = world.store.histories.list_user_history(caller.user.id, HistoryFilter(verdict=verdict))
    assert [line.id for line in listed.items] == [history_id]
    assert world.channel.kinds(history_id) == ["state", "test", "test", "test", "done"]


@pytest.mark.parametrize(
    ("verdicts", "verdict", "counts", "summary"),
    [
        (
            [Verdict.AC, Verdict.WA, Verdict.TLE],
            Verdict.WA,
            (1, 1, 4),
            "WA on test 2: 1 of 4 tests passed, 2 not run",
        ),
        (
            [Verdict.AC] * 3 + [Verdict.MLE],
            Verdict.MLE,
            (3, 1, 4),
            "MLE on test 4: 3 of 4 tests passed",
        ),
        ([], Verdict.AC, (4, 0, 4), "AC: 4 of 4 tests passed"),
    ],
)
def test_a_problem_may_stop_at_the_first_failure(
    world: World,
    verdicts: list[Verdict],
    verdict: Verdict,
    counts: tuple[int, int, int],
    summary: str,
) -> None:
    world.problem(tests=4, stop_on_first_failure=True)
    caller = world.caller()
    history_id = world.submit(caller)
    world.judge.verdicts = verdicts
    world.judging.execute(history_id)
    history = history_of(world, history_id)
    assert (history.verdict, history.result_summary) == (verdict, summary)
    assert (history.passed_count, history.failed_count, history.total_count) == counts
    run = counts[0] + counts[1]
    assert history.max_time_ms == run
    results = world.store.histories.get_results(history).tests
    assert [result.test_case_id for result in results] == [f"{n:05d}" for n in range(1, run + 1)]
    assert world.channel.kinds(history_id) == ["state", *["test"] * run, "done"]
    assert world.executions.status(caller, history_id).tests_done == run


def test_a_compile_error_runs_no_test(world: World) -> None:
    world.problem()
    history_id = world.submit(world.caller(), language="c", code="int")
    world.judge.compiles = False
    world.judging.execute(history_id)
    history = history_of(world, history_id)
    assert (history.state, history.verdict, history.total_count) == (State.DONE, Verdict.CE, 0)
    assert world.store.histories.get_results(history).compile_message == "no"


def test_a_message_that_comes_twice_counts_once(world: World) -> None:
    world.problem()
    caller = world.caller()
    history_id = world.submit(caller)
    world.judging.execute(history_id)
    world.judging.execute(history_id)
    assert world.judge.judged == 1
    stats = world.store.stats.get_user_stats(caller.user.id, consistent=True)
    assert (stats.executions, stats.accepted, stats.solved) == (1, 1, 1)
    assert stats.running == frozenset()
    assert world.store.stats.get_problem_stats(KEY).executions == 1


def test_a_message_for_what_another_worker_runs_does_nothing(world: World) -> None:
    world.problem()
    caller = world.caller()
    history_id = world.submit(caller)
    world.store.histories.enter_running_set(caller.user.id, history_id, capacity=2)
    world.store.histories.claim(history_id, lease_seconds=LEASE_SECONDS)
    world.judging.execute(history_id)
    assert world.judge.judged == 0
    # The place belongs to the one that runs.
    assert world.store.stats.get_user_stats(caller.user.id, consistent=True).running == {history_id}


def test_an_unknown_id_does_nothing(world: World) -> None:
    world.judging.execute(world.ids.new())
    assert world.judge.judged == 0


def test_a_users_third_execution_waits_its_turn(world: World) -> None:
    world.problem()
    caller = world.caller()
    ids = [world.submit(caller) for _ in range(3)]
    for history_id in ids[:2]:
        world.store.histories.enter_running_set(caller.user.id, history_id, capacity=2)
        world.store.histories.claim(history_id, lease_seconds=LEASE_SECONDS)
    world.queue.executions.clear()
    world.judging.execute(ids[2], postponed=1)
    assert world.queue.executions == [(ids[2], 2)]
    assert history_of(world, ids[2]).state is State.QUEUED
    # Others are not held back by it.
    other = world.submit(world.caller())
    world.judging.execute(other)
    assert history_of(world, other).state is State.DONE


@pytest.mark.parametrize(
    "error", [JudgeFailure("the runner died"), LanguageUnavailable("no c here")]
)
def test_the_judges_own_fault_is_not_charged(world: World, error: Exception) -> None:
    world.problem()
    caller = world.caller()
    history_id = world.submit(caller)
    world.judge.error = error
    world.judging.execute(history_id)
    assert history_of(world, history_id).state is State.FAILED
    assert world.store.usage.get_daily_usage_count(caller.user.id, Action.EXECUTION) == 0
    stats = world.store.stats.get_user_stats(caller.user.id, consistent=True)
    assert (stats.executions, stats.running) == (0, frozenset())
    assert world.channel.kinds(history_id)[-1] == "done"


def test_a_test_that_ends_in_a_system_error_fails_the_execution(world: World) -> None:
    world.problem()
    caller = world.caller()
    history_id = world.submit(caller)
    world.judge.verdicts = [Verdict.AC, Verdict.SE]
    world.judging.execute(history_id)
    assert history_of(world, history_id).state is State.FAILED
    assert world.store.usage.get_daily_usage_count(caller.user.id, Action.EXECUTION) == 0


def test_an_overtaken_attempt_changes_nothing(world: World) -> None:
    """Two workers with one job: the lease ended, another attempt took over and completed."""
    world.problem()
    caller = world.caller()
    history_id = world.submit(caller)

    def overtake() -> None:
        world.judge.on_test = lambda: None
        world.judge.verdicts = []
        world.clock.advance(LEASE_SECONDS + 1)
        world.judging.execute(history_id)

    world.judge.verdicts = [Verdict.WA]
    world.judge.on_test = overtake
    world.judging.execute(history_id)
    history = history_of(world, history_id)
    assert (history.state, history.verdict) == (State.DONE, Verdict.AC)
    assert (history.attempt, history.shown_attempt) == (2, 2)
    stats = world.store.stats.get_user_stats(caller.user.id, consistent=True)
    assert (stats.executions, stats.accepted) == (1, 1)


def test_given_up_after_three_tries(world: World) -> None:
    world.problem()
    caller = world.caller()
    history_id = world.submit(caller)
    for _ in range(3):
        world.store.histories.enter_running_set(caller.user.id, history_id, capacity=2)
        world.store.histories.claim(history_id, lease_seconds=LEASE_SECONDS)
        with pytest.raises(StaleAttempt):
            world.store.histories.claim(history_id, lease_seconds=LEASE_SECONDS)
        world.clock.advance(LEASE_SECONDS + 1)
    report = world.sweeping.sweep()
    assert (report.failed, report.requeued) == (1, 0)
    assert history_of(world, history_id).state is State.FAILED
    assert world.store.usage.get_daily_usage_count(caller.user.id, Action.EXECUTION) == 0


def test_a_problems_own_checker(world: World) -> None:
    """Read once, and again when it has been replaced."""
    world.problem()
    reads: list[str] = []
    problems = world.store.problems
    asked = problems.get_checker_program

    def counted(summary: ProblemSummary) -> CheckerProgram:
        reads.append(summary.checker_digest)
        return asked(summary)

    problems.get_checker_program = counted  # type: ignore[method-assign]

    def bring(code: str, spec: str) -> None:
        current = problems.get_problem(KEY, consistent=True)
        assert current is not None
        problems.update_problem(
            replace(
                current,
                summary=replace(current.summary, checker=spec),
                checker_program=CheckerProgram(language="python3", code=code),
            ),
            expected_version=current.summary.version,
        )

    for code, spec in (("one", "custom"), ("one", "custom X y"), ("two", "custom")):
        bring(code, spec)
        for _ in range(2):
            world.judging.execute(world.submit(world.caller()))
    given = [one for one in world.judge.checkers if isinstance(one, CustomChecker)]
    flags = [(checker.code, checker.flags) for checker in given]
    assert flags == [(b"one", ())] * 2 + [(b"one", ("X", "y"))] * 2 + [(b"two", ())] * 2
    assert len(reads) == 2


def test_what_a_checker_says_to_the_setter_is_not_stored(world: World) -> None:
    world.problem()
    history_id = world.submit(world.caller())
    world.judge.judge_message = b"SECRET"
    world.judge.verdicts = [Verdict.WA]
    world.judging.execute(history_id)
    history = history_of(world, history_id)
    assert history.verdict is Verdict.WA
    assert "SECRET" not in repr((history, world.store.histories.get_results(history)))


def test_a_checker_that_fails_gives_the_unit_back_and_tells_nobody_what_it_said(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    world.problem()
    caller = world.caller()
    history_id = world.submit(caller)
    world.judge.error = JudgeFailure("The checker does not compile.", complaint="SECRET")
    world.judging.execute(history_id)
    history = history_of(world, history_id)
    assert history.state is State.FAILED
    assert world.store.usage.get_daily_usage_count(caller.user.id, Action.EXECUTION) == 0
    assert "SECRET" not in repr((history, world.channel.events)) + caplog.text
