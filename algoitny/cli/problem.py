"""`flask problem`: look at the catalogue."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import click
from flask.cli import AppGroup

from algoitny.cli.display import gather, json_option, limit_option, show_list
from algoitny.cli.errors import one_line_errors
from algoitny.domain.page import Page
from algoitny.domain.problem import ProblemLine, ProblemRepository, ProblemStatus
from algoitny.services.container import container

problem = AppGroup(
    "problem",
    help="Problems: list them.\n\n"
    "Exit codes: 0 done; 1 could not be done, with one line that says why; 2 wrong usage.",
)

LISTED = (ProblemStatus.COMPLETED, ProblemStatus.DRAFT, ProblemStatus.REVIEW)


@problem.command("list")
@click.option(
    "--status",
    type=click.Choice([status.value for status in LISTED]),
    default=ProblemStatus.COMPLETED.value,
    show_default=True,
    help="In this state.",
)
@click.option("--platform", help="Of this platform, in the order of their numbers.")
@limit_option
@json_option
def list_problems(*, status: str, platform: str | None, limit: int, as_json: bool) -> None:
    """Print problems, newest first.

    \b
    Examples:
      flask problem list --platform sample
      flask problem list --status review --json
    """
    if platform is not None and status != ProblemStatus.COMPLETED:
        raise click.UsageError("--platform is for completed problems.")
    problems = container().problems
    with one_line_errors():
        found, is_cut = gather(_list_of(problems, status, platform), limit)
    columns = ("id", "key.platform", "key.number", "title", "status", "test_case_count")
    show_list(found, *columns, as_json=as_json, is_cut=is_cut)


def _list_of(
    problems: ProblemRepository, status: str, platform: str | None
) -> Callable[..., Page[ProblemLine]]:
    if platform is not None:
        return partial(problems.list_problems_by_platform, platform)
    lists: dict[ProblemStatus, Callable[..., Page[ProblemLine]]] = {
        ProblemStatus.COMPLETED: problems.list_completed_problems,
        ProblemStatus.DRAFT: problems.list_draft_problems,
        ProblemStatus.REVIEW: problems.list_problems_needing_review,
    }
    return lists[ProblemStatus(status)]
