"""`flask judge rejudge`: executions are judged again, by the workers."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import click
from flask.cli import with_appcontext

from algoitny.cli.actor import at_shell, yes_option
from algoitny.cli.display import json_option, progress_bar, to_json
from algoitny.cli.errors import FAILED, fail, one_line_errors
from algoitny.domain.errors import InvalidInput
from algoitny.domain.job import JobState
from algoitny.domain.problem import ProblemKey
from algoitny.domain.rejudge import Selection
from algoitny.domain.verdict import Verdict
from algoitny.services.container import container
from algoitny.services.rejudge import RejudgeJob, RejudgeService

LOOK_AGAIN_SECONDS = 0.5
pause: Callable[[float], None] = time.sleep


class ProblemType(click.ParamType[ProblemKey]):
    """`baekjoon/1000`."""

    name = "problem"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> ProblemKey:
        platform, slash, number = str(value).partition("/")
        if not (platform and slash and number):
            self.fail(f"{value} is not PLATFORM/NUMBER.", param, ctx)
        return ProblemKey(platform=platform, number=number)


class InstantType(click.ParamType[datetime]):
    """An instant of ISO 8601; UTC when it does not say."""

    name = "instant"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> datetime:
        try:
            instant = datetime.fromisoformat(str(value))
            return instant.astimezone(UTC) if instant.tzinfo else instant.replace(tzinfo=UTC)
        except (ValueError, OverflowError):
            self.fail(
                f"{value} is not a time, such as 2030-01-31 or 2030-01-31T09:00Z.", param, ctx
            )


@click.command("rejudge")
@click.option("--execution", "execution_id", metavar="ID", help="One execution.")
@click.option("--problem", type=ProblemType(), metavar="PLATFORM/NUMBER", help="A problem's.")
@click.option(
    "--user", "user_id", metavar="ID", help="A user's; with --problem, theirs on that problem."
)
@click.option("--language", help="Only those in this language.")
@click.option(
    "--verdict", type=click.Choice(list(Verdict)), help="Only those with this verdict until now."
)
@click.option("--since", type=InstantType(), metavar="TIME", help="Submitted then or later.")
@click.option("--until", type=InstantType(), metavar="TIME", help="Submitted before.")
@click.option("--dry-run", is_flag=True, help="Only count what would be judged again.")
@click.option("--no-wait", is_flag=True, help="Do not wait for the end.")
@yes_option
@json_option
@with_appcontext
def rejudge(
    *, verdict: str | None, dry_run: bool, no_wait: bool, yes: bool, as_json: bool, **named: Any
) -> None:
    """Judge executions again, with the tests and limits that their problem has now.

    The workers do it, a few at a time, while no learner waits; Ctrl-C here does not stop them.
    Everybody sees the old results until the new ones are there. Needs a running store.

    \b
    Examples:
      flask judge rejudge --execution 01KA1J2B3C4D5E6F7G8H9J0K1M
      flask judge rejudge --problem baekjoon/1000 --dry-run
      flask judge rejudge --problem baekjoon/1000 --verdict WA --since 2030-01-31 --yes --json

    Exit code: 0 when all were judged; 1 when it could not be asked for, was cancelled, or the judge
    failed on some, which keep their old results; 2 when an option is wrong.
    """
    service = container().services.rejudges
    selection = Selection(verdict=Verdict(verdict) if verdict else None, **named)
    if not any(named[name] for name in ("execution_id", "problem", "user_id")):
        fail("Name an --execution, a --problem or a --user.", 2)
    with one_line_errors():
        counts = _preview(service, selection)
        total = sum(counts.values())
        if dry_run or not total:
            _show_preview(counts, as_json=as_json)
            return
        if not yes:
            click.confirm(f"Judge {_executions(total)} again?", abort=True, err=True)
        job_id, _ = service.request(selection, actor=at_shell())
        click.echo(f"Job {job_id}.", err=True)
        found = service.find(job_id) if no_wait else _wait(service, job_id, total)
    _show(found, as_json=as_json)
    is_good = no_wait or (found.job.state is JobState.COMPLETED and not found.rejudged.failed)
    sys.exit(0 if is_good else FAILED)


def _preview(service: RejudgeService, selection: Selection) -> dict[str, int]:
    try:
        return service.preview(selection)
    except InvalidInput as error:
        hints = ["--" + each.pointer.strip("/").removesuffix("_id") for each in error.errors]
        raise click.BadParameter(error.detail, param_hint=hints or None) from error


def _wait(service: RejudgeService, job_id: str, total: int) -> RejudgeJob:
    ended = 0
    with progress_bar("Judging again", total) as advance:
        while True:
            found = service.find(job_id)
            advance(found.rejudged.ended - ended)
            ended = found.rejudged.ended
            if not found.job.state.open:
                return found
            pause(LOOK_AGAIN_SECONDS)


def _show_preview(counts: dict[str, int], *, as_json: bool) -> None:
    total = sum(counts.values())
    if as_json:
        click.echo(to_json({"executions": total, "by_verdict": counts}))
        return
    parts = ", ".join(f"{number} {verdict}" for verdict, number in counts.items())
    click.echo(f"{_executions(total)}{': ' + parts if parts else ''}.")


def _show(found: RejudgeJob, *, as_json: bool) -> None:
    counts = found.rejudged.counts()
    if as_json:
        click.echo(to_json({"job": found.job.id, "state": found.job.state, "executions": counts}))
        return
    shown = ", ".join(f"{number} {name.replace('_', ' ')}" for name, number in counts.items())
    click.echo(f"{found.job.state}: {shown}.")


def _executions(number: int) -> str:
    return f"{number} execution{'' if number == 1 else 's'}"
