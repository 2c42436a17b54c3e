"""The catalogue and registration over HTTP."""

from __future__ import annotations

import base64

import pytest

from algoitny.api.blueprint import BODY_LIMIT_BYTES, UPLOAD_LIMIT_BYTES, _room_for_body
from algoitny.domain.problem import ProblemKey
from tests.api.world import DRAFT, EMPTY, HIDDEN, SECRET_SOLUTION

NEW = {
    "platform": "codeforces",
    "problem_number": "1#A b",
    "title": "Zwölf — 十二",
    "statement": "Print it.\n",
    "constraints": "n ≤ 10",
    "url": "https://example.org/p?a=1",
    "tags": ["maths", "implementation"],
    "solution_code": "print(12)",
    "language": "python",
    "time_limit_ms": 2000,
    "memory_limit_mb": 64,
    "checker": "exact",
}
NEW_PATH = "/api/problems/codeforces/1%23A%20b/"


def register(world, role="registrar", **changes):
    return world.post("/api/register/problem/", role, json=NEW | changes)


def test_registering_to_completing_to_submitting(world):
    answer = register(world)
    assert answer.status_code == 201, answer.text
    assert answer.headers["Location"] == NEW_PATH
    body = answer.json
    expected = NEW | {"language": "python3", "is_completed": False, "test_case_count": 0}
    assert {name: body[name] for name in expected} == expected
    assert world.get(NEW_PATH).status_code == 404
    assert world.get(NEW_PATH, "registrar").json == body

    key = {"platform": NEW["platform"], "problem_number": NEW["problem_number"]}
    complete = ("/api/register/toggle-completion/", "registrar")
    refused = world.post(*complete, json={**key, "is_completed": True})
    assert refused.status_code == 409
    assert refused.json["type"].endswith("#no-tests")

    tests = [
        {"input": "1\n", "output": "12\n", "is_sample": True},
        {"input": "2\r\n", "output": "é"},
    ]
    put = world.request("PUT", NEW_PATH + "testcases/", "registrar", json={"testcases": tests})
    assert put.status_code == 200, put.text
    assert put.json["test_case_count"] == 2
    completed = world.post(*complete, json={**key, "is_completed": True})
    assert (completed.status_code, completed.json["is_completed"]) == (200, True)

    shown = world.get(NEW_PATH, "anonymous").json
    assert shown["testcases"] == tests[:1]
    assert "solution_code" not in shown
    assert "review_notes" not in shown
    submitted = world.submit(platform="codeforces", problem_identifier="1#A b")
    assert submitted.status_code == 202

    withdrawn = world.post(*complete, json={**key, "is_completed": False})
    assert withdrawn.json["is_completed"] is False
    assert world.get(NEW_PATH).status_code == 404


def test_registering_twice(world):
    register(world)
    answer = register(world, title="Another")
    assert answer.status_code == 409
    assert answer.json["type"].endswith("#already-exists")
    assert world.get(NEW_PATH, "registrar").json["title"] == NEW["title"]


def test_defaults(world):
    small = {"platform": "new", "problem_number": "1", "title": "t"}
    body = world.post("/api/register/problem/", "registrar", json=small).json
    assert (body["time_limit_ms"], body["memory_limit_mb"], body["checker"]) == (
        1000,
        256,
        "tokens",
    )
    assert (body["tags"], body["url"], body["statement"]) == ([], None, "")
    assert body["stop_on_first_failure"] is False
    key = ProblemKey(platform="new", number="1")
    stored = world.store.problems.get_problem_summary(key, consistent=True)
    assert stored.owner_id == world.users["registrar"]


def test_tests_read_can_be_put_again(world):
    path = f"/api/problems/{DRAFT.platform}/{DRAFT.number}/testcases/"
    read = world.get(path, "registrar").json
    assert [test["input"] for test in read["testcases"]] == ["1 2\n", HIDDEN]
    assert world.request("PUT", path, "registrar", json=read).status_code == 200
    assert world.get(path, "registrar").json == read


def test_tests_may_be_larger_than_other_bodies(world):
    path = f"/api/problems/{DRAFT.platform}/{DRAFT.number}/testcases/"
    sent = {"testcases": [{"input": "x" * BODY_LIMIT_BYTES, "output": "", "is_sample": True}]}
    assert world.request("PUT", path, "registrar", json=sent).status_code == 200
    assert world.get(path, "registrar").json == sent


@pytest.mark.parametrize(
    "data", [{"input": b"\xff\0", "output": b"\x80"}, {"input": b"1\0", "output": b"1\n"}]
)
def test_data_that_are_not_text(world, data):
    path = f"/api/problems/{DRAFT.platform}/{DRAFT.number}/testcases/"
    test = {name: base64.b64encode(value).decode() for name, value in data.items()}
    sent = {"testcases": [{**test, "encoding": "base64", "is_sample": False}]}
    assert world.request("PUT", path, "registrar", json=sent).status_code == 200
    summary = world.store.problems.get_problem_summary(DRAFT, consistent=True)
    (stored,) = world.store.problems.get_testcases(summary)
    assert (stored.input, stored.output) == (data["input"], data["output"])
    assert world.get(path, "registrar").json == sent


def test_editors_see_the_solution(world):
    path = "/api/problems/1/"
    for role in ("registrar", "admin"):
        assert world.get(path, role).json["solution_code"] == SECRET_SOLUTION
    for role in ("anonymous", "user"):
        assert "solution_code" not in world.get(path, role).json


def test_by_number_and_by_id(world):
    by_key = world.get("/api/problems/sample/1%23a/", "anonymous").json
    assert by_key["id"] == 1
    assert world.get("/api/problems/1", "anonymous").json == by_key
    assert by_key["testcases"] == [{"input": "1 2\n", "output": "3\n", "is_sample": True}]


def test_the_list_has_only_completed_ones(world):
    for number in ("10", "9"):
        key = ProblemKey(platform="other", number=number)
        register(world, platform="other", problem_number=number)
        path = f"/api/problems/{key.platform}/{key.number}/testcases/"
        tests = {"testcases": [{"input": "1", "output": "1"}]}
        world.request("PUT", path, "registrar", json=tests)
        world.post(
            "/api/register/toggle-completion/",
            "registrar",
            json={"platform": "other", "problem_number": number, "is_completed": True},
        )
    everything = world.get("/api/problems/", "anonymous").json["items"]
    assert {(p["platform"], p["problem_number"]) for p in everything} == {
        ("sample", "1#a"),
        ("other", "9"),
        ("other", "10"),
    }
    one = world.get("/api/problems/?platform=other&limit=1", "anonymous")
    assert one.headers["Link"].endswith('rel="next"')
    two = world.get(one.headers["Link"][1:].partition(">")[0], "anonymous")
    assert [p["platform"] for p in one.json["items"] + two.json["items"]] == ["other", "other"]
    assert world.get("/api/problems/?platform=none").json == {"items": [], "next_cursor": None}


def test_somebody_elses_problem(world):
    world.store.users.update_subscription_plan(world.users["other"], "Pro")
    for key, status in ((DRAFT, 403), (EMPTY, 403), (ProblemKey(platform="a", number="b"), 404)):
        path = f"/api/problems/{key.platform}/{key.number}/testcases/"
        assert world.get(path, "other").status_code == status
        tests = {"testcases": [{"input": "1", "output": "1"}]}
        assert world.request("PUT", path, "other", json=tests).status_code == status
        body = {"platform": key.platform, "problem_number": key.number, "is_completed": False}
        answer = world.post("/api/register/toggle-completion/", "other", json=body)
        assert answer.status_code == status


def test_few_large_uploads_are_read_at_once(world):
    path = f"/api/problems/{DRAFT.platform}/{DRAFT.number}/testcases/"
    small = {"testcases": [{"input": "1", "output": "1"}]}
    large = {"testcases": [{"input": "x" * BODY_LIMIT_BYTES, "output": ""}]}
    with _room_for_body(UPLOAD_LIMIT_BYTES, None), _room_for_body(UPLOAD_LIMIT_BYTES, None):
        refused = world.request("PUT", path, "registrar", json=large)
        assert refused.status_code == 503
        assert refused.json["type"].endswith("#overloaded")
        assert world.request("PUT", path, "registrar", json=small).status_code == 200
    assert world.request("PUT", path, "registrar", json=large).status_code == 200


def test_changes_of_one_version_only(world):
    path = f"/api/problems/{DRAFT.platform}/{DRAFT.number}/"
    tag = world.get(path, "registrar").headers["ETag"]
    tests = {"testcases": [{"input": "1", "output": "2"}]}

    def put(tag):
        headers = {"If-Match": tag}
        return world.request("PUT", path + "testcases/", "registrar", json=tests, headers=headers)

    first = put(tag)
    assert first.status_code == 200
    assert first.headers["ETag"] == world.get(path, "admin").headers["ETag"]
    assert put(tag).status_code == 412
    body = {"platform": DRAFT.platform, "problem_number": DRAFT.number, "is_completed": True}
    for given, status in ((tag, 412), (first.headers["ETag"], 200), (first.headers["ETag"], 412)):
        answer = world.post(
            "/api/register/toggle-completion/", "registrar", json=body, headers={"If-Match": given}
        )
        assert answer.status_code == status
    summary = world.store.problems.get_problem_summary(DRAFT)
    by_id = world.get(f"/api/problems/{summary.id}/")
    assert by_id.headers["ETag"] == f'"{summary.version}"'


def test_a_plan_allows_so_many_problems(world):
    def set_most(number):
        change = {"max_problems": number}
        world.request("PATCH", "/api/admin/plans/Pro/", "admin", json=change)

    # The registrar has three.
    set_most(3)
    before = world.stored()
    refused = register(world)
    assert refused.status_code == 403
    assert "3 problems" in refused.json["detail"]
    assert world.stored() == before
    set_most(4)
    assert register(world).status_code == 201
    assert register(world, problem_number="2").status_code == 403
    # What is deleted does not count; administrators have no limit.
    version = world.store.problems.get_problem_summary(EMPTY).version
    world.store.problems.soft_delete_problem(EMPTY, reason="x", expected_version=version)
    assert register(world, problem_number="2").status_code == 201
    assert register(world, "admin", problem_number="3").status_code == 201
    set_most(-1)
    assert register(world, problem_number="4").status_code == 201


CUSTOM = {
    "checker": "custom 1e-6 Flag_2",
    "checker_language": "python",
    "checker_code": "SECRET_CHECKER = 42\nexit(SECRET_CHECKER)\n",
}


def test_a_checker_of_ones_own_is_for_editors(world):
    body = register(world, **CUSTOM).json
    assert {name: body[name] for name in CUSTOM} == CUSTOM | {"checker_language": "python3"}
    assert world.get(NEW_PATH, "admin").json["checker_code"] == CUSTOM["checker_code"]
    tests = {"testcases": [{"input": "", "output": "", "is_sample": True}]}
    world.request("PUT", NEW_PATH + "testcases/", "registrar", json=tests)
    key = {"platform": NEW["platform"], "problem_number": NEW["problem_number"]}
    toggle = "/api/register/toggle-completion/"
    assert world.post(toggle, "registrar", json={**key, "is_completed": True}).status_code == 200
    pages = ("", "?platform=codeforces", "?q=zw", "?tag=maths", "?language=python3")
    for role in ("anonymous", "user", "other"):
        shown = world.get(NEW_PATH, role)
        assert shown.json["checker"] == CUSTOM["checker"]
        assert not {"checker_code", "checker_language"} & shown.json.keys()
        lists = [world.get("/api/problems/" + page, role) for page in pages]
        assert all(len(page.json["items"]) >= 1 for page in lists)
        assert "SECRET_CHECKER" not in "".join(page.text for page in (shown, *lists))


def test_changing_a_problem(world):
    registered = register(world, **CUSTOM, stop_on_first_failure=True)
    assert registered.json["stop_on_first_failure"] is True
    assert world.get(NEW_PATH, "registrar").json == registered.json
    sent = NEW | {"title": "Dreizehn", "checker": "lines presentation", "tags": ["new"]}
    stale = {"If-Match": '"99"'}
    path = "/api/register/problem/"
    assert world.request("PUT", path, "registrar", json=sent, headers=stale).status_code == 412
    now = {"If-Match": registered.headers["ETag"]}
    answer = world.request("PUT", path, "registrar", json=sent, headers=now)
    assert answer.status_code == 200, answer.text
    body = answer.json
    assert {name: body[name] for name in sent} == sent | {"language": "python3"}
    assert (body["checker_code"], body["checker_language"]) == (None, None)
    assert body["stop_on_first_failure"] is False, "what is left out has its default"
    assert answer.headers["ETag"] != registered.headers["ETag"]
    assert world.get(NEW_PATH, "registrar").json == body
    missing = {**sent, "problem_number": "404"}
    assert world.request("PUT", path, "registrar", json=missing).status_code == 404
    wrong = world.request("PUT", path, "registrar", json={**sent, "checker": "custom"})
    assert (wrong.status_code, wrong.json["errors"][0]["pointer"]) == (422, "/checker_code")
