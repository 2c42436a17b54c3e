"""Judging executions again: a few at a time, each once in a job, whatever happens in between."""

from __future__ import annotations

from dataclasses import replace
from itertools import chain

import pytest

from algoitny.domain.access import Caller
from algoitny.domain.errors import (
    Conflict,
    JudgeFailure,
    LanguageUnavailable,
)
from algoitny.domain.history import History
from algoitny.domain.job import JobState
from algoitny.domain.rejudge import Selection
from algoitny.domain.usage import Action
from algoitny.domain.verdict import State, Verdict
from algoitny.services.stream import Position
from tests.services.world import KEY, LEASE_SECONDS, World

pytestmark = pytest.mark.slow

AC, WA = Verdict.AC, Verdict.WA
PROBLEM = Selection(problem=KEY)


class Killed(BaseException):
    """A worker dies here."""


@pytest.fixture
def caller(world: World) -> Caller:
    world.problem()
    return world.caller()


def done(world: World, caller: Caller, verdict: Verdict = WA, **changes: object) -> str:
    """An execution that has ended."""
    history_id = world.submit(caller, **changes)
    world.judge.verdicts = [verdict]
    world.judging.execute(history_id)
    world.queue.executions.clear()
    world.clock.advance(1)
    return history_id


def read(world: World, history_id: str) -> History:
    history = world.store.histories.get_history(history_id, consistent=True)
    assert history is not None
    return history


def asked(world: World, selection: Selection = PROBLEM) -> str:
    job_id, repeated = world.rejudges.request(selection, actor="root")
    assert not repeated
    world.clock.advance(1)
    return job_id


def judge_one(world: World) -> None:
    """What a judge worker and time do while a run of rejudging waits."""
    world.clock.advance(1)
    if world.queue.executions:
        world.judging.execute(world.queue.executions.pop(0)[0])


def run(world: World, *, runs: int = 30, in_flight: int = 2) -> None:
    """Runs of rejudging, as a scheduler starts them, until a job is finished."""
    worker = world.rejudging(lambda _: judge_one(world), in_flight=in_flight)
    for _ in range(runs):
        if worker.run().finished:
            return
        judge_one(world)


def counts(world: World, job_id: str) -> dict[str, int]:
    found = world.rejudges.find(job_id)
    assert found.job.state is JobState.COMPLETED
    assert found.rejudged.in_flight == {}
    return {name: number for name, number in found.rejudged.counts().items() if number}


def test_a_problem_is_judged_again_with_its_new_tests(world: World, caller: Caller) -> None:
    ids = [done(world, caller, verdict) for verdict in (WA, AC, WA)]
    job_id = asked(world)
    newer = done(world, caller)
    world.judge.verdicts = []
    judged = world.judge.judged
    run(world)
    assert [read(world, history_id).verdict for history_id in ids] == [AC] * 3
    assert counts(world, job_id) == {"selected": 3, "changed": 2, "unchanged": 1}
    assert world.judge.judged == judged + 3
    assert read(world, newer).rejudge_job is None  # submitted since
    lines = world.rejudges.progress(job_id, after=0, limit=100)
    text = " ".join(line.message for line in lines)
    assert [f"{history_id}: WA to AC" in text for history_id in ids] == [True, False, True]
    assert world.store.usage.get_daily_usage_count(caller.user.id, Action.EXECUTION) == 4
    stats = world.store.stats.get_user_stats(caller.user.id, consistent=True)
    assert (stats.executions, stats.accepted, stats.solved) == (4, 3, 1)
    # The next job does it again; the same one never.
    again = asked(world)
    run(world)
    assert counts(world, again)["unchanged"] == 3


def test_a_problem_that_stops_at_the_first_failure_by_now(world: World, caller: Caller) -> None:
    history_id = done(world, caller, AC)
    problem = world.store.problems.get_problem(KEY, consistent=True)
    assert problem is not None
    world.store.problems.update_problem(
        replace(problem, summary=replace(problem.summary, stop_on_first_failure=True)),
        expected_version=problem.summary.version,
    )
    world.judge.verdicts = [WA]
    job_id = asked(world)
    run(world)
    history = read(world, history_id)
    assert (history.passed_count, history.failed_count, history.total_count) == (0, 1, 3)
    assert history.result_summary == "WA on test 1: 0 of 3 tests passed, 2 not run"
    assert len(world.store.histories.get_results(history).tests) == 1
    assert counts(world, job_id) == {"selected": 1, "changed": 1}


@pytest.mark.parametrize("error", [JudgeFailure("the runner died"), LanguageUnavailable("no c")])
def test_the_judges_failure_keeps_the_old_result(
    world: World, caller: Caller, error: Exception
) -> None:
    history_id = done(world, caller, AC)
    shown = world.executions.status(caller, history_id)
    job_id = asked(world, Selection(execution_id=history_id))
    world.judge.error = error
    run(world, runs=2)
    history = read(world, history_id)
    assert (history.state, history.verdict, history.shown_attempt) == (State.DONE, AC, 1)
    assert (history.attempt, history.rejudge_error) == (2, error.detail)  # type: ignore[attr-defined]
    assert counts(world, job_id) == {"selected": 1, "failed": 1}
    assert world.store.histories.get_results(history).tests[0].verdict is AC
    assert world.executions.status(caller, history_id).history.verdict is shown.history.verdict
    stream = world.executions.stream(caller, history_id, after=None)
    assert stream is not None
    positions = [event.position for event in chain.from_iterable(stream.events())]
    stream.close()
    assert positions[-1] == Position(1, 1_000_000)
    assert world.executions.stream(caller, history_id, after=positions[-1]) is None


def test_whoever_follows_hears_of_the_old_result_only(world: World, caller: Caller) -> None:
    history_id = done(world, caller)
    heard = world.channel.kinds(history_id)
    asked(world, Selection(execution_id=history_id))
    world.rejudging(lambda _: world.clock.advance(2)).run()
    (message,) = world.queue.executions

    def look() -> None:
        status = world.executions.status(caller, history_id)
        assert (status.history.state, status.history.verdict) == (State.DONE, WA)
        assert (status.history.rejudge, status.tests_done) == (State.RUNNING, 3)
        with pytest.raises(Conflict):
            world.executions.cancel(caller, history_id)
        stats = world.store.stats.get_user_stats(caller.user.id, consistent=True)
        assert stats.running == frozenset()

    world.judge.on_test = look
    world.judge.verdicts = []
    world.judging.execute(message[0])
    assert world.channel.kinds(history_id) == heard
    assert read(world, history_id).verdict is AC


@pytest.mark.parametrize(
    ("step", "after"),
    [
        ("save_checkpoint", True),
        ("begin_rejudge", False),
        ("begin_rejudge", True),
        ("enqueue_execution", True),
    ],
)
def test_a_worker_that_is_killed_loses_and_repeats_nothing(
    world: World, caller: Caller, monkeypatch: pytest.MonkeyPatch, step: str, *, after: bool
) -> None:
    ids = [done(world, caller) for _ in range(3)]
    job_id = asked(world)
    world.judge.verdicts = []
    judged = world.judge.judged
    owner = {
        "begin_rejudge": world.store.histories,
        "save_checkpoint": world.store.jobs,
        "enqueue_execution": world.queue,
    }[step]
    real = getattr(owner, step)
    left = [2]

    def die(*given: object, **named: object) -> object:
        left[0] -= 1
        if left[0] or after:
            result = real(*given, **named)
        if not left[0]:
            raise Killed
        return result

    monkeypatch.setattr(owner, step, die)
    with pytest.raises(Killed):
        run(world)
    monkeypatch.undo()
    world.clock.advance(61)  # its leases end, and the sweeper passes
    world.sweeping.sweep()
    run(world)
    assert counts(world, job_id) == {"selected": 3, "changed": 3}
    assert world.judge.judged == judged + 3
    assert [read(world, history_id).attempt for history_id in ids] == [2, 2, 2]


def begun(world: World) -> str:
    """The one execution that a job has let wait, its message lost."""
    world.rejudging(lambda _: world.clock.advance(5)).run()
    ((history_id, _),) = world.queue.executions
    world.queue.executions.clear()
    return history_id


def test_a_lost_rejudge_is_swept_like_a_lost_execution(world: World, caller: Caller) -> None:
    done(world, caller)
    job_id = asked(world)
    history_id = begun(world)
    assert world.sweeping.sweep().requeued == 0  # its message may be on its way
    world.clock.advance(31)
    assert world.sweeping.sweep().requeued == 1
    assert world.queue.executions == [(history_id, 0)]
    for tries in (1, 2, 3):
        claimed = world.store.histories.claim_rejudge(history_id, lease_seconds=LEASE_SECONDS)
        assert claimed.tries == tries  # … and the worker dies
        world.queue.executions.clear()
        world.judging.execute(history_id)  # a message that comes twice
        world.clock.advance(LEASE_SECONDS + 1 if tries == 3 else 3600)
        report = world.sweeping.sweep()
        assert (report.requeued, report.failed) == ((0, 1) if tries == 3 else (1, 0))
    history = read(world, history_id)
    assert (history.verdict, history.rejudge, history.shown_attempt) == (WA, None, 1)
    assert history.rejudge_error == "given up after 3 tries"
    run(world, runs=2)
    assert counts(world, job_id) == {"selected": 1, "failed": 1}


def test_learners_go_first_and_few_are_in_flight(world: World, caller: Caller) -> None:
    for _ in range(4):
        done(world, caller)
    job_id, other = asked(world), asked(world)
    world.queue.waiting = 1
    run(world, runs=3)
    assert world.queue.executions == []
    world.queue.waiting = None  # a broker that cannot count
    worker = world.rejudging(lambda _: world.clock.advance(1), in_flight=3)
    worker.run()
    worker.run()
    assert len(world.queue.executions) == 3
    found = [world.rejudges.find(each).rejudged for each in (job_id, other)]
    assert [len(each.in_flight) for each in found] == [3, 0]
    assert found[0].selected == 3


def test_one_worker_at_a_time(world: World, caller: Caller) -> None:
    done(world, caller)
    asked(world)
    world.store.leases.acquire("rejudge", owner="another", seconds=60)
    run(world, runs=1)
    assert world.queue.executions == []


def test_what_is_gone_or_taken_meanwhile_is_skipped(world: World, caller: Caller) -> None:
    gone, taken, erased = (done(world, caller) for _ in range(3))
    job_id = asked(world)
    world.rejudging(lambda _: world.clock.advance(5), in_flight=3).run()
    world.store.histories.delete_history(gone)
    world.store.histories.update_public_status(taken, is_code_public=True)
    world.store.histories.delete_history(erased)
    for history_id, _ in list(world.queue.executions):
        world.judging.execute(history_id)
    run(world, runs=2)
    assert counts(world, job_id)["skipped"] == 2
    assert world.store.histories.get_history(gone) is None
    lines = world.store.histories.search_by_language("python3").items
    assert [line.id for line in lines] == [taken]


def test_a_cancelled_job_begins_no_more_and_can_go_on(world: World, caller: Caller) -> None:
    ids = [done(world, caller) for _ in range(3)]
    job_id = asked(world)
    world.judge.verdicts = []
    world.rejudging(lambda _: world.clock.advance(5), in_flight=1).run()
    for _ in range(2):
        assert world.rejudges.cancel(job_id, actor="root").job.state is JobState.CANCELLED
    run(world, runs=3)
    # What was in flight ends by itself.
    assert [read(world, history_id).verdict for history_id in ids] == [AC, WA, WA]
    world.store.jobs.retry(world.rejudges.find(job_id).job)
    world.clock.advance(1)
    run(world)
    assert counts(world, job_id) == {"selected": 3, "changed": 3}
    with pytest.raises(Conflict):
        world.rejudges.cancel(job_id, actor="root")


def test_a_broker_that_is_down_is_waited_for(world: World, caller: Caller) -> None:
    history_id = done(world, caller)
    job_id = asked(world)
    world.queue.down = True
    run(world, runs=2)
    assert read(world, history_id).rejudge is State.QUEUED
    world.queue.down = False
    world.clock.advance(31)
    world.sweeping.sweep()
    run(world, runs=3)
    assert counts(world, job_id)["selected"] == 1


def test_filters(world: World, caller: Caller) -> None:
    other = world.caller()
    begin = world.clock.now()
    wrong, right, foreign = done(world, caller), done(world, caller, AC), done(world, other)
    end = world.clock.now()
    late = done(world, caller)
    world.judge.error = JudgeFailure("it keeps the verdicts")
    for selection, chosen in (
        (PROBLEM, [wrong, right, foreign, late]),
        (Selection(problem=KEY, verdict=WA), [wrong, foreign, late]),
        (Selection(problem=KEY, language="python"), [wrong, right, foreign, late]),
        (Selection(problem=KEY, language="c"), []),
        (Selection(problem=KEY, since=begin, until=end), [wrong, right, foreign]),
        (Selection(user_id=other.user.id), [foreign]),
        (Selection(user_id=caller.user.id, problem=KEY, verdict=WA), [wrong, late]),
        (Selection(execution_id=right), [right]),
    ):
        previewed = world.rejudges.preview(selection)
        assert sum(previewed.values()) == len(chosen)
        job_id = asked(world, selection)
        if len(chosen) == 2:  # the others are walked over in the same way
            run(world, runs=3)
            assert counts(world, job_id)["selected"] == 2
            for history_id in (wrong, right, foreign, late):
                assert (read(world, history_id).rejudge_job == job_id) == (history_id in chosen)
        else:
            world.rejudges.cancel(job_id, actor="root")


def test_tests_that_went_away_meanwhile_change_nothing(world: World, caller: Caller) -> None:
    history_id = done(world, caller, AC)
    job_id = asked(world)
    world.store.problems.replace_testcases(KEY, [])
    run(world, runs=2)
    assert read(world, history_id).verdict is AC
    assert counts(world, job_id) == {"selected": 1, "failed": 1}
