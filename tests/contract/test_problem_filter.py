"""Lists of problems under several filters at once, and one's drafts."""

from __future__ import annotations

import pytest

from algoitny.domain.errors import InvalidCursor
from algoitny.domain.problem import ProblemKey, ProblemRepository
from algoitny.domain.repositories import Repositories
from tests.builders import a_problem
from tests.clock import FixedClock


@pytest.fixture
def problems(repositories: Repositories, clock: FixedClock) -> ProblemRepository:
    """Six completed ones named by their numbers, and a draft."""
    for number in range(6):
        key = ProblemKey(platform="even" if number % 2 == 0 else "odd", number=str(number))
        problem = a_problem(
            clock,
            key,
            title=f"Sum {number}",
            language="c" if number < 3 else "rust",
            tags=("Math", "first") if number in {0, 5} else ("Math",),
            owner_id="ann",
            is_completed=True,
        )
        repositories.problems.create_problem(problem)
    draft = ProblemKey(platform="odd", number="7")
    repositories.problems.create_problem(a_problem(clock, draft, title="Zero", owner_id="ann"))
    return repositories.problems


def test_all_filters_hold_together(problems: ProblemRepository) -> None:
    for filters, expected in (
        ({"tag": "math", "platform": "odd"}, "135"),
        ({"tag": "math", "language": "C"}, "012"),
        ({"tag": "MATH", "language": "rust", "platform": "even"}, "4"),
        ({"language": "c", "platform": "even"}, "02"),
        ({"title": "su", "tag": "first"}, "05"),
        ({"title": "sum", "language": "rust", "tag": "first", "platform": "odd"}, "5"),
        ({"title": "sum", "platform": "none"}, ""),
    ):
        found = problems.list_completed_problems(**filters)
        assert "".join(line.key.number for line in found.items) == expected, filters


def test_filtered_pages_lose_and_repeat_nothing(problems: ProblemRepository) -> None:
    numbers, cursor = "", None
    while True:
        page = problems.list_completed_problems(tag="math", platform="odd", limit=1, cursor=cursor)
        numbers += "".join(line.key.number for line in page.items)
        if page.next_cursor is None:
            break
        cursor = page.next_cursor
        for other in ("even", None):
            with pytest.raises(InvalidCursor):
                problems.list_completed_problems(tag="math", platform=other, cursor=cursor)
    assert numbers == "135"


def test_ones_drafts(problems: ProblemRepository) -> None:
    (line,) = problems.list_problems_by_owner("ann", only_drafts=True).items
    assert line.key.number == "7"
    assert len(problems.list_problems_by_owner("ann").items) == 7
    assert problems.list_problems_by_owner("eve", only_drafts=True).items == ()
