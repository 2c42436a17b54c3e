"""Saving, deleting and testing problems over HTTP; what administrators do is in the audit log."""

from __future__ import annotations

from tests.api.refusal import check
from tests.api.world import DRAFT, EMPTY, HIDDEN, SECRET_SOLUTION, SUM

KEY = {"platform": DRAFT.platform, "problem_number": DRAFT.number}
PATH = f"/api/problems/{DRAFT.platform}/{DRAFT.number}/"
TESTS = f"{PATH}testcases/"
SAVE = "/api/register/save/"


def audit(world):
    lines = world.get("/api/admin/audit/", "admin").json["items"]
    return [(line["action"], line["subject"], line["details"]) for line in lines]


def test_nothing_changed_before_it_was_made(world):
    world.clock.advance(microseconds=678)
    made = world.post(
        SAVE, "registrar", json={"platform": "new", "problem_number": "8", "title": "8"}
    )
    shown = world.get("/api/problems/new/8/", "registrar").json
    for problem in (made.json, shown):
        assert problem["created_at"] == problem["updated_at"] == "2025-03-14T09:26:53.589678Z"


def test_an_answer_shows_the_version_that_was_made(world, monkeypatch):
    update = world.store.problems.update_problem

    def overtaken_at_once(problem, *, expected_version):
        made = update(problem, expected_version=expected_version)
        world.store.problems.request_review(
            made.summary.key, notes="later", expected_version=made.summary.version
        )
        return made

    for method, path in (("PUT", "/api/register/problem/"), ("POST", SAVE)):
        before = world.get(PATH, "registrar").headers["ETag"]
        with monkeypatch.context() as patch:
            patch.setattr(world.store.problems, "update_problem", overtaken_at_once)
            made = world.request(method, path, "registrar", json={**KEY, "title": "Mine"})
        assert (made.status_code, made.json["review_notes"]) == (200, None)
        assert made.json["testcases"] == world.get(PATH, "registrar").json["testcases"]
        assert int(made.headers["ETag"].strip('"')) == int(before.strip('"')) + 1
        world.post(f"/api/admin{PATH[4:]}verify/", "admin", json={})


def test_saving_step_by_step(world):
    key = {"platform": "new", "problem_number": "7"}
    check(world.post(SAVE, "registrar", json=key), 422, "/title")
    body = {**key, "title": "Seven"}
    check(world.post(SAVE, "registrar", json=body, headers={"If-Match": '"1"'}), 412, None)
    created = world.post(SAVE, "registrar", json=body)
    assert (created.status_code, created.json["is_completed"]) == (201, False)
    assert created.headers["Location"] == "/api/problems/new/7/"
    for change in (
        {"statement": "Print 7.", "tags": ["easy"], "time_limit_ms": 2000},
        {"solution_code": "print(7)", "language": "python"},
        {"checker": "custom", "checker_code": "print(1)", "checker_language": "python"},
        {"stop_on_first_failure": True},
        {"title": "Lucky seven", "url": None},
    ):
        saved = world.post(SAVE, "registrar", json={**key, **change})
        assert saved.status_code == 200, saved.text
        assert "Location" not in saved.headers
    shown = world.get("/api/problems/new/7/", "registrar")
    assert saved.json == shown.json
    assert saved.headers["ETag"] == shown.headers["ETag"]
    expected = {
        "title": "Lucky seven",
        "statement": "Print 7.",
        "tags": ["easy"],
        "time_limit_ms": 2000,
        "memory_limit_mb": 256,
        "solution_code": "print(7)",
        "language": "python3",
        "checker": "custom",
        "checker_code": "print(1)",
        "checker_language": "python3",
        "stop_on_first_failure": True,
    }
    assert {name: shown.json[name] for name in expected} == expected
    changes = {"checker": "tokens", "stop_on_first_failure": False}
    given_up = world.post(SAVE, "registrar", json={**key, **changes}).json
    assert given_up["stop_on_first_failure"] is False
    assert (given_up["checker"], given_up["checker_code"]) == ("tokens", None)
    tag = shown.headers["ETag"]
    check(world.post(SAVE, "registrar", json=body, headers={"If-Match": tag}), 412, None)
    world.store.users.update_subscription_plan(world.users["other"], "Pro")
    check(world.post(SAVE, "other", json=body), 403, None)
    assert audit(world) == []


def test_deleting_a_problem(world):
    history_id = world.submit().json["history_id"]
    world.judge(history_id)
    tag = world.get(f"/api/problems/{SUM.platform}/1%23a/", "registrar").headers["ETag"]
    body = {"platform": SUM.platform, "problem_number": SUM.number, "reason": "A copy."}

    def delete(role, tag=None):
        headers = {"If-Match": tag} if tag else {}
        return world.request("DELETE", "/api/register/problem/", role, json=body, headers=headers)

    check(delete("registrar", '"99"'), 412, None)
    check(delete("registrar", '"not-ours"'), 412, None)
    assert delete("registrar", tag).status_code == 204
    check(delete("registrar"), 404, None)
    assert world.get(f"/api/problems/{SUM.platform}/1%23a/").status_code == 404
    assert world.get("/api/problems/").json["items"] == []
    check(world.submit(), 404, None)
    assert world.get(f"/api/history/{history_id}/").json["problem_title"] == "Problem 1#a"
    stored = world.store.problems.get_problem(SUM)
    assert (stored.summary.is_deleted, stored.deleted_reason) == (True, "A copy.")
    body_of_new = {"platform": SUM.platform, "problem_number": SUM.number, "title": "Again"}
    for path in ("/api/register/problem/", SAVE):
        check(world.post(path, "registrar", json=body_of_new), 409, None)


def inputs(world):
    return [test["input"] for test in world.get(TESTS, "registrar").json["testcases"]]


def test_adding_and_removing_tests(world):
    assert inputs(world) == ["1 2\n", HIDDEN]
    more = {"testcases": [{"input": "3", "output": "3"}, {"input": "4", "output": "4"}]}
    added = world.post(TESTS, "registrar", json=more)
    assert (added.status_code, added.json["test_case_count"]) == (200, 4)
    assert inputs(world) == ["1 2\n", HIDDEN, "3", "4"]
    for number in ("2", "00003"):
        removed = world.request("DELETE", f"{TESTS}{number}/", "registrar")
        assert removed.status_code == 200
    assert (removed.json["test_case_count"], inputs(world)) == (2, ["1 2\n", "3"])
    for number, status in (("3", 404), ("0", 404), ("x", 404), ("100000", 404)):
        answer = world.request("DELETE", f"{TESTS}{number}/", "registrar")
        assert answer.status_code == status
    many = {"testcases": [{"input": "1", "output": "1"}] * 499}
    check(world.post(TESTS, "registrar", json=many), 422, "/testcases")
    assert inputs(world) == ["1 2\n", "3"]


def test_the_last_test_of_a_published_problem_stays(world):
    for number in (1, 1):
        assert world.request("DELETE", f"{TESTS}{number}/", "registrar").status_code == 200
    assert inputs(world) == []
    path = f"/api/problems/{SUM.platform}/1%23a/testcases/1/"
    assert world.request("DELETE", path, "registrar").status_code == 200
    refused = world.request("DELETE", path, "registrar")
    check(refused, 409, None)
    assert refused.json["type"].endswith("#no-tests")


def test_changes_of_tests_hold_for_one_version(world):
    answer = world.get(TESTS, "registrar")
    tag = answer.headers["ETag"]
    assert tag == world.get(PATH, "registrar").headers["ETag"]
    headers = {"If-Match": tag}
    more = {"testcases": [{"input": "3", "output": "3"}]}
    added = world.post(TESTS, "registrar", json=more, headers=headers)
    assert added.headers["ETag"] == world.get(TESTS, "registrar").headers["ETag"] != tag
    check(world.post(TESTS, "registrar", json=more, headers=headers), 412, None)
    check(world.request("DELETE", f"{TESTS}1/", "registrar", headers=headers), 412, None)
    headers = {"If-Match": '"never-ours"'}
    check(world.request("DELETE", f"{TESTS}1/", "registrar", headers=headers), 412, None)
    check(world.post(TESTS, "registrar", json=more, headers=headers), 412, None)
    assert len(inputs(world)) == 3


def test_what_an_administrator_does_to_others_problems_is_noted(world):
    tests = {"testcases": [{"input": "1", "output": "1"}]}
    change = {**KEY, "title": "Better"}
    for role in ("registrar", "admin"):
        world.request("PUT", TESTS, role, json=tests)
        world.post(TESTS, role, json=tests)
        world.request("DELETE", f"{TESTS}2/", role)
        world.request("PUT", "/api/register/problem/", role, json=change)
        world.post(SAVE, role, json=change)
        done = {**KEY, "is_completed": role == "admin"}
        world.post("/api/register/toggle-completion/", role, json=done)
    world.request("DELETE", "/api/register/problem/", "admin", json={**KEY, "reason": "Spam."})
    subject = f"problem {DRAFT}"
    assert audit(world)[::-1] == [
        ("problem.tests", subject, {"test_case_count": 1}),
        ("problem.tests", subject, {"test_case_count": 2}),
        ("problem.tests", subject, {"test_case_count": 1}),
        ("problem.update", subject, {}),
        ("problem.update", subject, {}),
        ("problem.complete", subject, {"is_completed": True}),
        ("problem.delete", subject, {"reason": "Spam."}),
    ]
    assert SECRET_SOLUTION not in str(audit(world))
    assert world.store.problems.get_problem_summary(EMPTY) is not None
