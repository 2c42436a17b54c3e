"""Lists and details of history."""

from __future__ import annotations

import pytest

from algoitny.domain.verdict import Verdict
from tests.api.refusal import check
from tests.api.world import CREATED, LEARNER

LIST_FIELDS = {
    "id",
    "platform",
    "problem_number",
    "problem_title",
    "language",
    "state",
    "verdict",
    "result_summary",
    "rejudge",
    "passed_count",
    "failed_count",
    "total_count",
    "is_code_public",
    "user_identifier",
    "max_time_ms",
    "max_memory_kb",
    "created_at",
}
RESULT_FIELDS = {
    "test_case_id",
    "verdict",
    "passed",
    "status",
    "output",
    "error",
    "time_ms",
    "memory_kb",
}


def ids_of(answer):
    assert answer.status_code == 200, answer.text
    return [item["id"] for item in answer.json["items"]]


def submit_many(world, count, role="user", **changes):
    found = []
    for _ in range(count):
        world.clock.advance(1)
        found.append(world.submit(role, **changes).json["history_id"])
    return found


def test_detail(world):
    history_id = world.submit().json["history_id"]
    world.judge(history_id)
    detail = world.get(f"/api/history/{history_id}/").json
    assert set(detail) == LIST_FIELDS | {"code", "compile_message", "test_results", "hints"}
    assert detail["code"] == "print(3)"
    assert detail["created_at"] == CREATED
    assert (detail["platform"], detail["problem_number"]) == ("sample", "1#a")
    assert (detail["state"], detail["verdict"], detail["total_count"]) == ("DONE", "WA", 2)
    assert detail["user_identifier"].startswith("learner-")
    sample, hidden = detail["test_results"]
    assert set(sample) == set(hidden) == RESULT_FIELDS
    assert (sample["output"], sample["passed"], sample["status"]) == ("3\n", True, "accepted")
    assert (hidden["output"], hidden["error"], hidden["status"]) == ("", "", "wrong answer")
    assert (hidden["time_ms"], hidden["memory_kb"]) == (20, 2000)


def test_own_list(world):
    mine = submit_many(world, 3)
    submit_many(world, 1, "other")
    answer = world.get("/api/history/")
    assert ids_of(answer) == mine[::-1]
    assert set(answer.json["items"][0]) == LIST_FIELDS
    assert answer.json["next_cursor"] is None
    assert "Link" not in answer.headers


def test_own_list_needs_a_sign_in(world):
    assert world.get("/api/history/", "anonymous").status_code == 401
    assert world.get("/api/history/?scope=own", "anonymous").status_code == 401


@pytest.mark.parametrize("path", ["/api/history/", "/api/history/?scope=public"])
def test_paging(world, path):
    mine = submit_many(world, 5, is_code_public=True)
    for history_id in mine:
        world.judge(history_id)
    first = world.get(path + ("&" if "?" in path else "?") + "limit=2")
    seen, answer = ids_of(first), first
    while answer.json["next_cursor"]:
        link = answer.headers["Link"]
        assert link.endswith('>; rel="next"')
        answer = world.get(link[1 : link.index(">")])
        seen += ids_of(answer)
    assert seen == mine[::-1]
    assert "Link" not in answer.headers


def test_a_cursor_of_another_list(world):
    for history_id in submit_many(world, 3, is_code_public=True):
        world.judge(history_id)
    cursor = world.get("/api/history/?limit=1").json["next_cursor"]
    others = [
        world.get(f"/api/history/?limit=1&scope=public&cursor={cursor}"),
        world.get(f"/api/history/?limit=1&language=c&cursor={cursor}"),
        world.get(f"/api/problems/?limit=1&cursor={cursor}"),
        world.get(f"/api/history/?limit=1&cursor={cursor}", "other"),
        world.get(f"/api/history/?limit=1&cursor={cursor[:-2]}"),
    ]
    for answer in others:
        assert answer.status_code == 400
        assert answer.json["type"].endswith("#invalid-cursor")
    assert world.get(f"/api/history/?limit=1&cursor={cursor}").status_code == 200


def test_filters(world):
    (in_python,) = submit_many(world, 1)
    (in_c,) = submit_many(world, 1, language="c")
    world.judge(in_c, (Verdict.AC,))
    world.judge(in_python)
    for query, expected in {
        "language=python": [in_python],
        "language=python3": [in_python],
        "language=c": [in_c],
        "language=rust": [],
        "verdict=AC": [in_c],
        "verdict=WA": [in_python],
        "verdict=AC&language=python": [],
        "platform=sample": [in_c, in_python],
        "platform=elsewhere": [],
    }.items():
        assert ids_of(world.get(f"/api/history/?{query}")) == expected, query


def test_a_span_of_time(world):
    first, second, third = made = submit_many(world, 3, is_code_public=True)
    for history_id in made:
        world.judge(history_id)
    at = world.get(f"/api/history/{second}/").json["created_at"]
    earlier = at.replace("Z", "%2B00:01")  # the same clock reading, a minute before
    for query, expected in {
        f"since={at}": [third, second],
        f"until={at}": [first],
        f"since={earlier}&until={at}": [first],
        f"since={at.lower()}&platform=sample&language=python&verdict=WA": [third, second],
        "since=0001-01-01T00:00:00Z&until=9999-12-31T23:59:59.999999Z": [third, second, first],
    }.items():
        for scope in ("own", "public"):
            answer = world.get(f"/api/history/?scope={scope}&{query}")
            assert ids_of(answer) == expected, (scope, query)
        nothing_in_it = world.get(f"/api/history/?scope={scope}&since={at}&until={earlier}")
        check(nothing_in_it, 422, "/query/until")
    page = world.get(f"/api/history/?limit=1&since={at}")
    assert ids_of(page) == [third]
    link = page.headers["Link"]
    assert ids_of(world.get(link[1 : link.index(">")])) == [second]


def test_the_public_list(world):
    (private,) = submit_many(world, 1)
    public, running = submit_many(world, 2, is_code_public=True)
    world.judge(private)
    world.judge(public)
    for role in ("anonymous", "other", "user"):
        assert ids_of(world.get("/api/history/?scope=public", role)) == [public]
    assert world.get(f"/api/history/{public}/", "anonymous").json["code"] == "print(3)"
    assert world.get(f"/api/history/{running}/", "anonymous").status_code == 404
    assert world.get(f"/api/history/{private}/", "anonymous").status_code == 404
    assert world.get(f"/api/history/{private}/", "other").status_code == 404
    assert world.get(f"/api/history/{private}/", "admin").status_code == 200


def test_the_public_list_filtered(world):
    in_python, in_c = (
        submit_many(world, 1, is_code_public=True, language=language)[0]
        for language in ("python", "c")
    )
    world.judge(in_c, (Verdict.AC,))
    world.judge(in_python)
    submit_many(world, 1, language="c")
    for query, expected in {
        "language=python": [in_python],
        "language=c": [in_c],
        "language=rust": [],
        "verdict=AC": [in_c],
        "platform=sample": [in_c, in_python],
        "platform=sample&language=python3": [in_python],
        "platform=sample&verdict=WA&language=c": [],
        "platform=elsewhere": [],
    }.items():
        answer = world.get(f"/api/history/?scope=public&{query}", "anonymous")
        assert ids_of(answer) == expected, query
        assert set(answer.json) == {"items", "next_cursor"}
    paged = "/api/history/?scope=public&platform=sample&limit=1"
    first = world.get(paged, "anonymous").json
    second = world.get(f"{paged}&cursor={first['next_cursor']}", "anonymous")
    assert [first["items"][0]["id"], *ids_of(second)] == [in_c, in_python]


def test_hints_are_for_the_person_who_wrote_the_code(world):
    history_id = world.submit(is_code_public=True).json["history_id"]
    world.judge(history_id)
    world.post(f"/api/history/{history_id}/hints/generate/")
    shown = {
        role: world.get(f"/api/history/{history_id}/", role).json["hints"]
        for role in ("user", "other", "anonymous")
    }
    assert [hint["level"] for hint in shown["user"]] == [1]
    assert shown["other"] == shown["anonymous"] == []


def test_publishing_and_withdrawing(world):
    path = f"/api/history/{world.failed}/"
    assert world.get(path, "other").status_code == 404
    answer = world.request("PATCH", path, LEARNER, json={"is_code_public": True})
    assert (answer.status_code, answer.json["is_code_public"]) == (200, True)
    assert world.get(path, "anonymous").status_code == 200
    public = world.get("/api/history/?scope=public", "anonymous").json["items"]
    assert [item["id"] for item in public] == [world.failed]
    # Seen, but somebody else's; an administrator takes off what should not be there.
    assert world.request("PATCH", path, "other", json={"is_code_public": False}).status_code == 403
    answer = world.request("PATCH", path, "admin", json={"is_code_public": False})
    assert (answer.status_code, answer.json["is_code_public"]) == (200, False)
    assert world.get(path, "anonymous").status_code == 404
    assert world.get("/api/history/?scope=public", "anonymous").json["items"] == []


@pytest.mark.parametrize("body", [{}, {"is_code_public": None}, {"is_code_public": 1}, {"x": 1}])
def test_a_publication_says_what_it_wants(world, body):
    before = world.stored()
    answer = world.request("PATCH", f"/api/history/{world.failed}/", LEARNER, json=body)
    assert answer.status_code == 422
    assert world.stored() == before


def test_deleting(world):
    path = f"/api/history/{world.failed}/"
    assert world.request("DELETE", path, "other").status_code == 404
    answer = world.request("DELETE", path, LEARNER)
    assert (answer.status_code, answer.data) == (204, b"")
    assert world.get(path, LEARNER).status_code == 404
    assert world.request("DELETE", path, LEARNER).status_code == 404
    assert world.get("/api/history/", LEARNER).json["items"] == []
