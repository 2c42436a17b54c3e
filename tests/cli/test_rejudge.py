"""`flask judge rejudge`."""

from __future__ import annotations

import json
from importlib import import_module

import pytest
from click.testing import Result

from algoitny.domain.job import Job, JobState, JobType
from algoitny.domain.rejudge import Rejudged
from algoitny.domain.repositories import Repositories
from algoitny.domain.verdict import Verdict
from tests.builders import KEY, a_problem, done, some_tests
from tests.cli.commands import run_command
from tests.clock import FixedClock

PROBLEM = f"{KEY.platform}/{KEY.number}"


@pytest.fixture(autouse=True)
def problem(repositories: Repositories, clock: FixedClock) -> None:
    repositories.problems.create_problem(a_problem(clock))
    repositories.problems.replace_testcases(KEY, some_tests())
    for verdict in (Verdict.AC, Verdict.WA, Verdict.WA):
        clock.advance(1)
        done(repositories, clock, verdict)


def run(repositories: Repositories, clock: FixedClock, *arguments: str, typed: str = "") -> Result:
    return run_command(repositories, "judge", "rejudge", *arguments, typed=typed, clock=clock)


def jobs(repositories: Repositories, state: JobState = JobState.PENDING) -> tuple[Job, ...]:
    return repositories.jobs.list_jobs(JobType.REJUDGE, state).items


def worker(monkeypatch: pytest.MonkeyPatch, repositories: Repositories, rejudged: Rejudged) -> None:
    """In the first pause the job goes on, in the second it ends."""

    def work(_: float) -> None:
        for job in jobs(repositories, JobState.PROCESSING):
            repositories.jobs.finish(job, {})
        for job in jobs(repositories):
            claimed = repositories.jobs.claim(job.id, lease_seconds=60)
            repositories.jobs.save_checkpoint(claimed, rejudged.as_json(), lease_seconds=60)

    # The package's attribute of this name is the command.
    monkeypatch.setattr(import_module("algoitny.cli.rejudge"), "pause", work)


def test_a_dry_run_only_counts(repositories: Repositories, clock: FixedClock) -> None:
    result = run(repositories, clock, "--problem", PROBLEM, "--dry-run")
    assert (result.exit_code, result.stdout) == (0, "3 executions: 1 AC, 2 WA.\n")
    result = run(
        repositories, clock, "--problem", PROBLEM, "--verdict", "AC", "--dry-run", "--json"
    )
    assert json.loads(result.stdout) == {"executions": 1, "by_verdict": {"AC": 1}}
    result = run(repositories, clock, "--problem", PROBLEM, "--until", "2001-01-01", "--yes")
    assert (result.exit_code, result.stdout) == (0, "0 executions.\n")
    assert jobs(repositories) == ()


def test_it_asks_and_waits_for_the_end(
    repositories: Repositories, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    worker(monkeypatch, repositories, Rejudged(is_walked=True, selected=2, changed=1, unchanged=1))
    given = ("--problem", PROBLEM, "--verdict", "WA")
    result = run(repositories, clock, *given, typed="n\n")
    assert (result.exit_code, jobs(repositories)) == (1, ())
    assert "Judge 2 executions again?" in result.stderr
    result = run(repositories, clock, *given, "--json", typed="y\n")
    (job,) = jobs(repositories, JobState.COMPLETED)
    assert result.exit_code == 0
    assert json.loads(result.stdout) == {
        "job": job.id,
        "state": "COMPLETED",
        "executions": {
            "selected": 2,
            "changed": 1,
            "unchanged": 1,
            "failed": 0,
            "skipped": 0,
            "in_flight": 0,
        },
    }
    assert job.user_id.startswith("shell:")


def test_failures_make_it_fail(
    repositories: Repositories, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    worker(monkeypatch, repositories, Rejudged(is_walked=True, selected=1, failed=1))
    history = done(repositories, clock)
    result = run(repositories, clock, "--execution", history.id, "--yes")
    assert result.exit_code == 1
    assert result.stdout.endswith(
        "COMPLETED: 1 selected, 0 changed, 0 unchanged, 1 failed, 0 skipped, 0 in flight.\n"
    )


def test_nobody_need_wait(repositories: Repositories, clock: FixedClock) -> None:
    result = run(repositories, clock, "--problem", PROBLEM, "--yes", "--no-wait", "--json")
    (job,) = jobs(repositories)
    assert (result.exit_code, json.loads(result.stdout)["job"]) == (0, job.id)


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ((), 2),
        (("--verdict", "WA"), 2),
        (("--problem", "1000"), 2),
        (("--problem", PROBLEM, "--since", "yesterday"), 2),
        (("--problem", PROBLEM, "--until", "9999-12-31T23:59:59-12:00"), 2),
        (("--problem", PROBLEM, "--verdict", "OK"), 2),
        (("--problem", "nowhere/1"), 1),
        (("--problem", "\udcff/1"), 2),
        (("--problem", PROBLEM, "--language", "cobol"), 2),
        (("--problem", PROBLEM, "--since", "2025-01-02", "--until", "2025-01-02"), 2),
        (("--execution", "0" * 26, "--verdict", "WA"), 2),
        (("--execution", "0" * 26), 1),
    ],
)
def test_what_is_wrong(
    repositories: Repositories, clock: FixedClock, arguments: tuple[str, ...], code: int
) -> None:
    result = run(repositories, clock, *arguments, "--yes")
    assert result.exit_code == code
    assert result.stderr
    assert "value for :" not in result.stderr
    assert "Traceback" not in result.stderr
    assert jobs(repositories) == ()


def test_a_language_that_nobody_knows(repositories: Repositories, clock: FixedClock) -> None:
    result = run(repositories, clock, "--problem", PROBLEM, "--language", "cobol", "--dry-run")
    assert (result.exit_code, result.stdout) == (2, "")
    assert (
        "Invalid value for '--language': Unknown language; choose one of: python3, c, "
        in result.stderr
    )
