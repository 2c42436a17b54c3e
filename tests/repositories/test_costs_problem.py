"""What lists of problems cost, by AWS's rules, for titles and tags of life-like length."""

from __future__ import annotations

import os
from itertools import pairwise
from typing import Any

import pytest

from algoitny.domain.problem import ProblemKey, TestCase
from algoitny.domain.repositories import Repositories
from algoitny.models import TableItem
from algoitny.models.kit.accounting import READ_UNIT_BYTES, Accountant
from algoitny.models.kit.binding import connection_of
from tests.builders import KEY, a_problem
from tests.clock import FixedClock

OWNER = "01JPA0A0A0A0A0A0A0A0A0A0A0"


@pytest.fixture
def table(memory_table: None) -> None:
    """Costs are worked out from sizes: whoever keeps the rows."""


def test_a_page_of_twenty_lines(repositories: Repositories, clock: FixedClock) -> None:
    problems = repositories.problems
    for number in range(1000, 1021):
        clock.advance(1)
        given = a_problem(
            clock,
            ProblemKey(platform="baekjoon", number=str(number)),
            title=f"Shortest path through the grid {number}",
            tags=("graph theory", "bfs", "implementation"),
            language="python3",
            owner_id=OWNER,
            is_completed=True,
            needs_review=True,
        )
        problems.create_problem(given)
    client: Any = connection_of(TableItem).connection.client
    for page_of, bound in (
        (lambda: problems.list_problems_by_platform("baekjoon"), 1),
        (lambda: problems.list_problems_by_platform("baekjoon", with_drafts=True), 1),
        (lambda: problems.list_problems_by_owner(OWNER), 1),
        (lambda: problems.list_problems_by_language("python3"), 1),
        (lambda: problems.list_problems_by_tag("bfs"), 1),
        (lambda: problems.list_problems_by_title("short"), 1),
        (problems.list_problems_needing_review, 1),
        (problems.list_completed_problems, 1.5),
    ):
        with Accountant(client) as accountant:
            page = page_of()
        assert len(page.items) == 20
        assert page.next_cursor is not None
        assert (accountant.read_units <= bound, accountant.write_units) == (True, 0)


def test_former_sets_are_not_read_whole_with_each_change(
    repositories: Repositories, clock: FixedClock
) -> None:
    problems = repositories.problems
    problems.create_problem(a_problem(clock))
    noise = os.urandom(250 * 1024)
    tests = [TestCase(number=number, input=noise, output=b"") for number in range(1, 25)]
    client: Any = connection_of(TableItem).connection.client
    units = []
    for _ in range(4):
        with Accountant(client) as accountant:
            problems.replace_testcases(KEY, tests)
        units.append(accountant.read_units)
    whole = len(tests) * len(noise) / (2 * READ_UNIT_BYTES)
    growth = [later - earlier for earlier, later in pairwise(units)]
    assert growth[0] > whole  # what has to expire is read
    assert max(growth[1:]) < whole * 2 / 3  # what expires already, in part
