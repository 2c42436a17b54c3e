"""`flask jobs`: long work in the background."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from functools import partial
from itertools import product

import click
from flask.cli import AppGroup

from algoitny.cli.actor import at_shell
from algoitny.cli.display import gather, json_option, limit_option, show_list, to_json
from algoitny.cli.errors import one_line_errors
from algoitny.domain.job import Job, JobState, JobType
from algoitny.services.container import container

jobs = AppGroup(
    "jobs",
    help="Background work: list jobs, try one again, pick up what was lost.\n\n"
    "Exit codes: 0 done; 1 could not be done, with one line that says why; 2 wrong usage.",
)


@jobs.command("list")
@click.option(
    "--type",
    "type_",
    type=click.Choice([type_.value for type_ in JobType]),
    help="Of this type only.",
)
@click.option(
    "--state", type=click.Choice([state.value for state in JobState]), help="In this state only."
)
@limit_option
@json_option
def list_jobs(*, type_: str | None, state: str | None, limit: int, as_json: bool) -> None:
    """Print jobs, newest first.

    \b
    Example:
      flask jobs list --state FAILED --json
    """
    types = [JobType(type_)] if type_ else list(JobType)
    states = [JobState(state)] if state else list(JobState)
    with one_line_errors():
        found = sorted(_jobs(types, states, limit), key=lambda job: job.id, reverse=True)
    columns = ("id", "type", "state", "title", "tries", "error", "created_at")
    show_list(found[:limit], *columns, as_json=as_json, is_cut=len(found) > limit)


@jobs.command("retry")
@click.argument("job_id", metavar="JOB")
@json_option
def retry(job_id: str, *, as_json: bool) -> None:
    """Begin a failed or cancelled job again.

    \b
    Example:
      flask jobs retry 01KA1J2B3C4D5E6F7G8H9J0K1M
    """
    with one_line_errors():
        job = container().services.jobs.retry(job_id, actor=at_shell())
    click.echo(to_json(asdict(job)) if as_json else f"{job.id} is {job.state} again.")


@jobs.command("sweep")
@json_option
def sweep(*, as_json: bool) -> None:
    """Pick up executions, runs and hints that nobody works on any more.

    Workers do this all the time; here is one pass by hand.

    \b
    Example:
      flask jobs sweep
    """
    with one_line_errors():
        report = asdict(container().services.sweeping.sweep())
    if as_json:
        click.echo(to_json(report))
        return
    click.echo(", ".join(f"{count} {what.replace('_', ' ')}" for what, count in report.items()))


def _jobs(types: list[JobType], states: list[JobState], limit: int) -> Iterator[Job]:
    """Up to one more than `limit` of each list."""
    for type_, state in product(types, states):
        yield from gather(partial(container().jobs.list_jobs, type_, state), limit + 1)[0]
