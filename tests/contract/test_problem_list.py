"""Lists of problems: by status, platform, owner, language, tag and title."""

from __future__ import annotations

from typing import Any

import pytest

from algoitny.domain.errors import InvalidCursor, InvalidInput
from algoitny.domain.page import Page
from algoitny.domain.problem import ProblemKey, ProblemLine, ProblemStatus
from algoitny.domain.repositories import Repositories
from tests.builders import KEY, a_problem, some_tests
from tests.clock import FixedClock


def key(number: object, platform: str = "baekjoon") -> ProblemKey:
    return ProblemKey(platform=platform, number=str(number))


def listed(repositories: Repositories) -> dict[str, list[str]]:
    problems = repositories.problems
    pages = {
        "completed": problems.list_completed_problems(),
        "platform": problems.list_completed_problems(platform="baekjoon"),
        "draft": problems.list_draft_problems(),
        "review": problems.list_problems_needing_review(),
    }
    return {
        name: [problem.key.number for problem in page.items]
        for name, page in pages.items()
        if page.items
    }


def test_a_problem_is_listed_where_its_status_says(
    repositories: Repositories, clock: FixedClock
) -> None:
    problems = repositories.problems
    problems.create_problem(a_problem(clock))
    problems.create_problem(a_problem(clock, key(2), needs_review=True))
    assert listed(repositories) == {"draft": ["1000"], "review": ["2"]}
    done = problems.update_problem_completion(KEY, is_completed=True, expected_version=1)
    assert done.status is ProblemStatus.COMPLETED
    assert listed(repositories) == {"completed": ["1000"], "platform": ["1000"], "review": ["2"]}
    problems.update_problem_completion(KEY, is_completed=False, expected_version=2)
    assert listed(repositories) == {"draft": ["1000"], "review": ["2"]}
    problems.update_problem_completion(KEY, is_completed=True, expected_version=3)
    problems.soft_delete_problem(KEY, reason="broken", expected_version=4)
    assert listed(repositories) == {"review": ["2"]}


def test_completed_problems_come_newest_first_or_in_natural_order(
    repositories: Repositories, clock: FixedClock
) -> None:
    problems = repositories.problems
    for number in ("10", "9", "1A", "2"):
        clock.advance(1)
        problems.create_problem(a_problem(clock, key(number), is_completed=True, tags=("t",)))
    clock.advance(1)
    problems.create_problem(a_problem(clock, key("1", "codeforces"), is_completed=True))
    assert listed(repositories) == {
        "completed": ["1", "2", "1A", "9", "10"],
        "platform": ["1A", "2", "9", "10"],
    }


@pytest.mark.parametrize("platform", [None, "baekjoon"])
def test_pages_lose_and_repeat_nothing(
    repositories: Repositories, clock: FixedClock, platform: str | None
) -> None:
    problems = repositories.problems
    for number in range(7):
        problems.create_problem(a_problem(clock, key(number), is_completed=True))
    seen: list[str] = []
    cursor = None
    while True:
        page = problems.list_completed_problems(platform=platform, limit=3, cursor=cursor)
        seen += [problem.key.number for problem in page.items]
        cursor = page.next_cursor
        if cursor is None:
            break
    assert sorted(seen) == [str(number) for number in range(7)]
    first = problems.list_completed_problems(platform=platform, limit=3)
    with pytest.raises(InvalidCursor):
        problems.list_completed_problems(platform="codeforces", cursor=first.next_cursor)


def numbers(page: Page[ProblemLine]) -> list[str]:
    return [line.key.number for line in page.items]


def lists(repositories: Repositories) -> dict[str, list[str]]:
    """Where problems stand that `everywhere` described."""
    problems = repositories.problems
    pages: dict[str, Page[ProblemLine]] = {
        "owner": problems.list_problems_by_owner("ann"),
        "platform": problems.list_problems_by_platform("baekjoon", with_drafts=True),
        "completed": problems.list_problems_by_platform("baekjoon"),
        "language": problems.list_problems_by_language("C"),
        "tag": problems.list_problems_by_tag("Graph  theory"),
        "title": problems.list_problems_by_title("shor"),
        "review": problems.list_problems_needing_review(),
    }
    return {name: numbers(page) for name, page in pages.items() if page.items}


def everywhere(clock: FixedClock, **given: Any) -> Any:
    values: dict[str, Any] = {
        "title": "Shortest Path",
        "owner_id": "ann",
        "language": "c",
        "tags": ("graph theory", "bfs"),
    }
    return a_problem(clock, **values | given)


def test_drafts_are_listed_for_their_owner_and_platform_only(
    repositories: Repositories, clock: FixedClock
) -> None:
    problems = repositories.problems
    problems.create_problem(everywhere(clock))
    draft = {"owner": ["1000"], "platform": ["1000"]}
    full = draft | {name: ["1000"] for name in ("completed", "language", "tag", "title")}
    assert lists(repositories) == draft
    problems.update_problem_completion(KEY, is_completed=True, expected_version=1)
    assert lists(repositories) == full
    problems.request_review(KEY, notes="x", expected_version=2)
    assert lists(repositories) == full | {"review": ["1000"]}
    problems.verify_problem(KEY, expected_version=3)
    assert lists(repositories) == full
    problems.update_problem_completion(KEY, is_completed=False, expected_version=4)
    assert lists(repositories) == draft
    problems.request_review(KEY, notes="x", expected_version=5)
    assert lists(repositories) == draft | {"review": ["1000"]}
    problems.send_back(KEY, notes="x", expected_version=6)
    problems.update_problem_completion(KEY, is_completed=True, expected_version=7)
    problems.soft_delete_problem(KEY, reason="x", expected_version=8)
    assert lists(repositories) == {}


def test_an_edit_moves_a_problem_between_lists(
    repositories: Repositories, clock: FixedClock
) -> None:
    problems = repositories.problems
    problems.create_problem(everywhere(clock, is_completed=True))
    edited = everywhere(clock, title="Longest way", language="cpp", tags=("dp", "bfs"))
    problems.update_problem(edited, expected_version=1)
    still = {"owner": ["1000"], "platform": ["1000"], "completed": ["1000"]}
    assert lists(repositories) == still
    assert numbers(problems.list_problems_by_title("long")) == ["1000"]
    assert numbers(problems.list_problems_by_language("cpp")) == ["1000"]
    assert numbers(problems.list_problems_by_tag("dp")) == ["1000"]
    (line,) = problems.list_problems_by_tag("bfs").items
    assert line.title == "Longest way"
    problems.update_problem_owner(KEY, owner_id="bob", expected_version=2)
    assert lists(repositories) == {name: ["1000"] for name in ("platform", "completed")}
    assert numbers(problems.list_problems_by_owner("bob")) == ["1000"]
    problems.update_problem_owner(KEY, owner_id=None, expected_version=3)
    assert numbers(problems.list_problems_by_owner("bob")) == []


def test_a_line_is_the_same_in_every_list_and_up_to_date(
    repositories: Repositories, clock: FixedClock
) -> None:
    problems = repositories.problems
    created = problems.create_problem(everywhere(clock, is_completed=True, memory_limit_mb=64))
    clock.advance(7)
    summary = problems.replace_testcases(KEY, some_tests(3))
    line = ProblemLine(
        id=created.summary.id,
        key=KEY,
        title="Shortest Path",
        tags=("graph theory", "bfs"),
        language="c",
        status=ProblemStatus.COMPLETED,
        test_case_count=3,
        time_limit_ms=1000,
        memory_limit_mb=64,
        created_at=created.summary.created_at,
        updated_at=summary.updated_at,
    )
    assert line.is_completed
    for page in (
        problems.list_completed_problems(),
        problems.list_completed_problems(platform="baekjoon"),
        problems.list_problems_by_platform("baekjoon", with_drafts=True),
        problems.list_problems_by_owner("ann"),
        problems.list_problems_by_language("c"),
        problems.list_problems_by_tag("bfs"),
        problems.list_problems_by_title("path"),
    ):
        assert page.items == (line,)


def test_a_platform_with_drafts_comes_newest_first(
    repositories: Repositories, clock: FixedClock
) -> None:
    problems = repositories.problems
    for number in ("3", "1", "2"):
        clock.advance(1)
        problems.create_problem(a_problem(clock, key(number), is_completed=number == "1"))
    problems.create_problem(a_problem(clock, key("9", "other")))
    newest = problems.list_problems_by_platform("baekjoon", with_drafts=True)
    assert numbers(newest) == ["2", "1", "3"]
    draft, completed = ProblemStatus.DRAFT, ProblemStatus.COMPLETED
    assert [line.status for line in newest.items] == [draft, completed, draft]
    assert numbers(problems.list_problems_by_platform("baekjoon")) == ["1"]
    pages = problems.list_problems_by_platform("baekjoon", with_drafts=True, limit=2)
    rest = problems.list_problems_by_platform(
        "baekjoon", with_drafts=True, limit=2, cursor=pages.next_cursor
    )
    assert numbers(pages) + numbers(rest) == ["2", "1", "3"]
    with pytest.raises(InvalidCursor):
        problems.list_problems_by_owner("baekjoon", cursor=pages.next_cursor)


@pytest.mark.parametrize(
    ("stored", "asked"),
    [
        ("Straße", "STRASSE"),
        ("ﬁgure", "Figure"),
        ("그래프", "그래프"),
        ("a#b%", "A#B%"),
        ("ＷＩＤＥ  tag", "wide tag"),
        ("😀", "😀"),
    ],
)
def test_tags_are_compared_without_case_and_form(
    repositories: Repositories, clock: FixedClock, stored: str, asked: str
) -> None:
    problems = repositories.problems
    problems.create_problem(a_problem(clock, tags=(stored,), language=stored, is_completed=True))
    assert problems.list_problems_by_tag(asked).items[0].tags == (stored,)
    assert numbers(problems.list_problems_by_language(asked)) == ["1000"]


def test_titles_are_found_by_the_beginning_of_any_word(
    repositories: Repositories, clock: FixedClock
) -> None:
    problems = repositories.problems
    titles = {
        "1": "Two Sum",
        "2": "Sum of the Summaries",
        "3": "A+B",
        "4": "Die Straße zum Fluß",
        "5": "두 수의 합",
        "6": "***",
        "7": "100% #hash",
        "8": "x" * 2000,
    }
    for number, title in titles.items():
        problems.create_problem(a_problem(clock, key(number), title=title, is_completed=True))

    def found(prefix: str) -> list[str]:
        return numbers(problems.list_problems_by_title(prefix))

    assert found("sum") == ["1", "2"]
    assert found("SUMM") == ["2"]
    assert found("su th") == ["2"]
    assert found("two sum") == found("sum two") == ["1"]
    assert found("two three") == []
    assert found("a") == found("b") == ["3"]
    assert found("strasse flus") == ["4"]
    assert found("수의") == found("두") == ["5"]
    assert found("**") == ["6"]
    assert found("hash") == found("100%") == ["7"]
    assert found("x" * 50) == found("x" * 3000) == ["8"]
    assert found("") == found("  ") == found("s") == []


def test_pages_of_titles_lose_and_repeat_nothing(
    repositories: Repositories, clock: FixedClock
) -> None:
    problems = repositories.problems
    for number in range(9):
        title = f"Sum {'summary sums' if number % 2 else 'of'} {number}"
        problems.create_problem(a_problem(clock, key(number), title=title, is_completed=True))
    for prefix, expected in (("sum", 9), ("sum of", 5), ("sum summ", 4)):
        for limit in (1, 2, 4, 9):
            seen: list[str] = []
            cursor = None
            while True:
                page = problems.list_problems_by_title(prefix, limit=limit, cursor=cursor)
                assert len(page.items) <= limit
                seen += numbers(page)
                cursor = page.next_cursor
                if cursor is None:
                    break
            assert (len(seen), len(set(seen))) == (expected, expected)


@pytest.mark.parametrize(
    ("given", "pointer"),
    [
        ({"title": ""}, "/title"),
        ({"title": " \n"}, "/title"),
        ({"title": " ".join(f"w{n}" for n in range(25))}, "/title"),
        ({"tags": tuple(f"t{n}" for n in range(21))}, "/tags"),
        ({"tags": ("ok", "")}, "/tags/1"),
        ({"tags": ("é" * 129,)}, "/tags/0"),
        ({"language": "x" * 257}, "/language"),
    ],
)
def test_what_cannot_be_listed_is_refused(
    repositories: Repositories, clock: FixedClock, given: dict[str, Any], pointer: str
) -> None:
    problems = repositories.problems
    bad = a_problem(clock, **given)
    with pytest.raises(InvalidInput) as caught:
        problems.create_problem(bad)
    assert caught.value.errors[0].pointer == pointer
    assert problems.get_problem(KEY) is None
    created = problems.create_problem(a_problem(clock))
    with pytest.raises(InvalidInput):
        problems.update_problem(bad, expected_version=1)
    assert problems.get_problem(KEY) == created
