"""Lists of problems: filters, drafts, and what one registered."""

from __future__ import annotations

import pytest

from tests.api.refusal import check

LIST = "/api/problems/"
KNOWN: dict[str, tuple[str, str, str, list[str]]] = {
    "1": ("alpha", "Sum of two", "python", ["math", "easy"]),
    "2": ("alpha", "Sum of three", "c", ["math"]),
    "3": ("beta", "Product of sums", "python", ["math"]),
    "4": ("beta", "Shortest path", "c", ["graphs"]),
}
"""By number: platform, title, language, tags."""


@pytest.fixture
def listed(world):
    """The world with these problems, published."""
    for number, (platform, title, language, tags) in KNOWN.items():
        problem = {
            "platform": platform,
            "problem_number": number,
            "title": title,
            "language": language,
            "solution_code": "x",
            "tags": tags,
        }
        made = world.post("/api/register/problem/", "registrar", json=problem)
        assert made.status_code == 201
        path = f"/api/problems/{platform}/{number}/testcases/"
        tests = {"testcases": [{"input": "1", "output": "2"}]}
        world.request("PUT", path, "registrar", json=tests)
        key = {"platform": platform, "problem_number": number, "is_completed": True}
        world.post("/api/register/toggle-completion/", "registrar", json=key)
    return world


def numbers(world, role="user", path=LIST, **query):
    answer = world.get(path, role, query_string=query)
    assert answer.status_code == 200, answer.text
    return "".join(problem["problem_number"] for problem in answer.json["items"])


def test_filters_alone_and_together(listed):
    for query, expected in (
        ({"platform": "alpha"}, "12"),
        ({"language": "python3"}, "31#a1"),
        ({"language": "python"}, "31#a1"),
        ({"tag": "math"}, "321"),
        ({"tag": "MATH"}, "321"),
        ({"q": "sum"}, "123"),
        ({"q": "su tw"}, "1"),
        ({"q": "sum", "platform": "alpha"}, "12"),
        ({"q": "sum", "tag": "easy"}, "1"),
        ({"tag": "math", "language": "c"}, "2"),
        ({"tag": "math", "platform": "beta"}, "3"),
        ({"language": "c", "platform": "beta"}, "4"),
        ({"q": "sum", "tag": "math", "language": "python", "platform": "beta"}, "3"),
        ({"q": "sum", "tag": "graphs"}, ""),
        ({"tag": "none"}, ""),
    ):
        assert "".join(sorted(numbers(listed, **query))) == "".join(sorted(expected)), query
    # By title.
    assert numbers(listed, tag="math") == "321"


def test_a_cursor_is_of_its_filters(listed):
    query = {"tag": "math", "language": "python", "limit": 1}
    first = listed.get(LIST, query_string=query).json
    cursor = first["next_cursor"]
    assert numbers(listed, **query, cursor=cursor) == "1"
    check(listed.get(LIST, query_string={**query, "language": "c", "cursor": cursor}), 400, None)
    check(listed.get(LIST, query_string={"tag": "math", "cursor": cursor}), 400, None)


def test_drafts_are_ones_own(world):
    path = LIST + "drafts/"
    assert numbers(world, "registrar", path) == "23"
    assert numbers(world, "registrar", LIST + "registered/") == "1#a23"
    assert numbers(world, "admin", path) == ""
    assert sorted(numbers(world, "admin", path, scope="all")) == ["2", "3"]
    limits = {"max_hints_per_day": 1, "max_executions_per_day": 1}
    plan = {"name": "Authors", "can_register_problems": True, **limits}
    world.post("/api/admin/plans/", "admin", json=plan)
    world.store.users.update_subscription_plan(world.users["registrar"], "Authors")
    assert numbers(world, "registrar", path) == "23"
    check(world.get(path + "?scope=all", "registrar"), 403, None)
