"""`flask jobs list|retry|sweep`."""

from __future__ import annotations

import json

from click.testing import Result

from algoitny.domain.job import JobState
from algoitny.domain.repositories import Repositories
from tests.builders import a_job, admitted
from tests.cli.commands import run_command
from tests.clock import FixedClock


def run(repositories: Repositories, *arguments: str, clock: FixedClock | None = None) -> Result:
    return run_command(repositories, "jobs", *arguments, clock=clock)


def listed(repositories: Repositories, *arguments: str) -> list[str]:
    found = json.loads(run(repositories, "list", "--json", *arguments).stdout)
    return [job["id"] for job in found["items"]]


def test_jobs_are_listed_and_tried_again(repositories: Repositories, clock: FixedClock) -> None:
    first = repositories.jobs.create_job(a_job(clock, "ada"), {"page": "1"})
    clock.advance(1)
    second = repositories.jobs.create_job(a_job(clock, "ada"), {"page": "2"})
    assert listed(repositories) == [second.id, first.id]
    assert listed(repositories, "--limit", "1") == [second.id]
    claimed = repositories.jobs.claim(first.id, lease_seconds=60)
    repositories.jobs.fail(claimed, reason="it broke")
    assert listed(repositories, "--state", "FAILED") == [first.id]
    assert listed(repositories, "--type", "transfer") == []
    assert run(repositories, "retry", first.id).stdout == f"{first.id} is PENDING again.\n"
    again = repositories.jobs.get_job(first.id, consistent=True)
    assert again is not None
    assert again.state is JobState.PENDING
    refused = run(repositories, "retry", first.id)
    assert (refused.exit_code, refused.stderr.count("\n")) == (1, 1)
    assert run(repositories, "retry", "ghost").stderr == "There is no job ghost.\n"
    (line,) = repositories.audit.list_month(clock.now().date()).items
    assert line.actor.startswith("shell:")
    assert (line.action, line.subject) == ("job.retry", f"job {first.id}")
    assert line.details == {"type": first.type, "state": "FAILED", "error": "it broke"}


def test_a_sweep_publishes_what_was_lost(repositories: Repositories, clock: FixedClock) -> None:
    admitted(repositories, clock, user_id="ada")
    clock.advance(3600)
    result = run(repositories, "sweep", "--json", clock=clock)
    assert json.loads(result.stdout) == {"looked_at": 1, "requeued": 1, "failed": 0}
