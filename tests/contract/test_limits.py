"""Lengths of pages that make no sense."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from algoitny.domain.errors import InvalidInput
from algoitny.domain.history_filter import HistoryFilter
from algoitny.domain.repositories import Repositories
from tests.builders import a_plan, a_user, done
from tests.clock import FixedClock

List = Callable[[Repositories, int], Any]

LISTS: dict[str, List] = {
    "users": lambda all_, limit: all_.users.list_users(limit=limit),
    "users of a plan": lambda all_, limit: all_.users.list_users(limit=limit, plan="Free"),
    "tokens": lambda all_, limit: all_.tokens.list_tokens("ann", limit=limit),
    "history": lambda all_, limit: all_.histories.list_user_history("ann", limit=limit),
    "filtered history": lambda all_, limit: all_.histories.list_user_history(
        "ann", HistoryFilter(language="python3"), limit=limit
    ),
    "timeline": lambda all_, limit: all_.histories.list_public_history(limit=limit),
    "problems": lambda all_, limit: all_.problems.list_completed_problems(limit=limit),
    "titles": lambda all_, limit: all_.problems.list_problems_by_title("a", limit=limit),
    "jobs": lambda all_, limit: all_.jobs.list_user_jobs("ann", limit=limit),
    "solved": lambda all_, limit: all_.stats.list_solved("ann", limit=limit),
}


@pytest.mark.parametrize("which", LISTS)
def test_a_page_has_at_least_one_line(repositories: Repositories, which: str) -> None:
    for limit in (0, -1):
        with pytest.raises(InvalidInput):
            LISTS[which](repositories, limit)


def test_a_page_may_be_of_any_length(repositories: Repositories, clock: FixedClock) -> None:
    repositories.plans.create_plan(a_plan())
    repositories.users.create_user(a_user(clock))
    done(repositories, clock, is_code_public=True)
    for which in ("users", "users of a plan", "history", "filtered history", "timeline", "solved"):
        page = LISTS[which](repositories, 2**40)
        assert (len(page.items), page.next_cursor) == (1, None)
