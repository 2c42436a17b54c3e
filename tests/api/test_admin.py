"""Administration: users, usage, the review queue, the audit log."""

from __future__ import annotations

import pytest

from algoitny.domain.errors import StoreUnavailable
from tests.api.refusal import check
from tests.api.world import CREATED, DRAFT, LEARNER, ROLES, SUM

USERS = "/api/admin/users/"
REVIEW = "/api/admin/problems/review/"
REVIEWED = f"/api/admin/problems/{DRAFT.platform}/{DRAFT.number}/"


def patch(world, role, body, actor="admin", **headers):
    address = f"{USERS}{world.users[role]}/"
    return world.request("PATCH", address, actor, json=body, headers=headers)


NAMED = {"platform": SUM.platform, "problem_number": SUM.number}
COMPLETED = {**NAMED, "is_completed": False}
NEW_PLAN = {"name": "Class", "max_hints_per_day": 1, "max_executions_per_day": 1}


def fail(**_):
    raise StoreUnavailable


def audit(world, **parameters):
    return world.get("/api/admin/audit/", "admin", query_string=parameters).json["items"]


def emails(answer):
    return {user["email"] for user in answer.json["items"]}


def test_users_by_plan_and_by_address(world):
    everybody = {f"{role}@example.org" for role in (*ROLES[1:], LEARNER)}
    assert emails(world.get(USERS, "admin")) == everybody
    assert emails(world.get(USERS + "?plan=Pro", "admin")) == {"registrar@example.org"}
    one = world.get(USERS, "admin", query_string={"email": "USER@example.org"})
    (user,) = one.json["items"]
    assert user == {
        "id": world.users["user"],
        "email": "user@example.org",
        "name": "user",
        "picture": None,
        "plan": "Free",
        "is_admin": False,
        "is_active": True,
        "created_at": CREATED,
        "last_sign_in_at": CREATED,
    }
    assert world.get(f"{USERS}{user['id']}/", "admin").json == user
    none = {"email": "user@example.org", "plan": "Pro"}
    assert emails(world.get(USERS, "admin", query_string=none)) == set()
    assert emails(world.get(USERS + "?email=nobody@example.org", "admin")) == set()


def test_users_in_pages(world):
    found, address = set(), USERS + "?limit=2"
    while address:
        answer = world.get(address, "admin")
        found |= emails(answer)
        address = answer.headers.get("Link", "").partition(">")[0].removeprefix("<")
    assert len(found) == len(ROLES)


def test_a_user_is_given_a_plan_and_rights(world):
    changed = patch(world, "user", {"plan": "Pro", "is_admin": True})
    assert (changed.json["plan"], changed.json["is_admin"]) == ("Pro", True)
    assert world.get("/api/account/").json["is_admin"] is True
    assert world.get(USERS).status_code == 200
    (line,) = audit(world)
    assert {**line, "id": ""} == {
        "id": "",
        "at": CREATED,
        "actor": world.users["admin"],
        "action": "user.update",
        "subject": f"user {world.users['user']}",
        "details": {
            "old": {"plan": "Free", "is_admin": False},
            "new": {"plan": "Pro", "is_admin": True},
        },
    }
    # Whoever was made one can be unmade by another, though not by themselves.
    check(patch(world, "user", {"is_admin": False}, actor="user"), 403, None)
    assert patch(world, "user", {"is_admin": False}).json["is_admin"] is False
    assert world.get(USERS).status_code == 403


def test_nobody_new_gets_a_plan_that_is_inactive(world):
    patch(world, "other", {"plan": "Pro"})
    world.request("PATCH", "/api/admin/plans/Pro/", "admin", json={"is_active": False})
    before = world.stored()
    check(patch(world, "user", {"plan": "Pro"}), 422, "/plan")
    assert world.stored() == before
    # Whoever has it keeps it.
    assert patch(world, "other", {"plan": "Pro", "is_active": True}).json["plan"] == "Pro"


def test_whoever_is_deactivated_is_out_at_once(world):
    secret = world.api_token("user", "read")
    session = world.session("user")
    assert patch(world, "user", {"is_active": False}).json["is_active"] is False
    assert world.store.sessions.list_sessions(world.users["user"]) == ()
    for token in (world.tokens["user"], session["access"], secret):
        headers = {"Authorization": f"Bearer {token}"}
        assert world.get("/api/account/", headers=headers).status_code == 401
    # Back again, they sign in anew.
    patch(world, "user", {"is_active": True})
    assert world.get("/api/account/").status_code == 401
    assert world.session("user")["user"]["is_active"] is True


def test_nobody_takes_their_own_rights(world):
    before = world.stored()
    for body in ({"is_active": False}, {"is_admin": False}, {"plan": "Pro", "is_active": False}):
        check(patch(world, "admin", body), 403, None)
    assert world.stored() == before
    assert patch(world, "admin", {"plan": "Pro"}).status_code == 200


def test_who_is_an_administrator_by_the_settings_stays_one(world):
    patch(world, "user", {"is_admin": True})
    refused = patch(world, "admin", {"is_admin": False}, actor="user")
    check(refused, 409, None)
    assert "ADMIN_EMAILS" in refused.json["detail"]


def test_a_user_of_one_version_only(world):
    tag = world.get(f"{USERS}{world.users['user']}/", "admin").headers["ETag"]
    assert patch(world, "user", {"plan": "Pro"}, **{"If-Match": tag}).status_code == 200
    check(patch(world, "user", {"plan": "Free"}, **{"If-Match": tag}), 412, None)
    assert len(audit(world)) == 1


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, None),
        ({"plan": "None"}, "/plan"),
        ({"plan": None}, "/plan"),
        ({"is_active": "no"}, "/is_active"),
        ({"is_admin": 1}, "/is_admin"),
        ({"email": "x@example.org"}, "/email"),
    ],
)
def test_bad_changes(world, body, pointer):
    before = world.stored()
    check(patch(world, "user", body), 422, pointer)
    assert world.stored() == before


def test_nobody(world):
    nobody = f"{USERS}{'0' * 26}/"
    check(world.get(nobody, "admin"), 404, None)
    check(world.request("PATCH", nobody, "admin", json={"plan": "Pro"}), 404, None)


def test_usage_of_a_day(world):
    world.submit()
    answer = world.get("/api/admin/usage-stats/", "admin")
    assert answer.json["day"] == "2025-03-14"
    used = {line["user_id"]: line["executions"] for line in answer.json["items"]}
    assert used == {world.users["user"]: 1, world.users[LEARNER]: 1}
    assert world.get("/api/admin/usage-stats/?day=2025-03-14", "admin").json == answer.json
    other = world.get("/api/admin/usage-stats/?day=2025-03-13", "admin").json
    assert other == {"day": "2025-03-13", "items": [], "next_cursor": None}


@pytest.mark.parametrize("day", ["", "20250314", "2025-3-14", "2025-02-30", "today", "2025-03"])
def test_bad_days(world, day):
    check(world.get(f"/api/admin/usage-stats/?day={day}", "admin"), 422, "/query/day")


def test_bad_months(world):
    for month in ("", "2025-13", "2025", "2025-03-14"):
        check(world.get(f"/api/admin/audit/?month={month}", "admin"), 422, "/query/month")


def wait_for_review(world):
    version = world.store.problems.get_problem_summary(DRAFT).version
    summary = world.store.problems.request_review(DRAFT, notes="Ready", expected_version=version)
    return summary.version


def test_a_problem_is_sent_back_and_then_verified(world):
    assert world.get(REVIEW, "admin").json["items"] == []
    wait_for_review(world)
    (line,) = world.get(REVIEW, "admin").json["items"]
    assert line["problem_number"] == DRAFT.number
    back = world.post(REVIEWED + "send-back/", "admin", json={"notes": "No."})
    assert (back.json["needs_review"], back.json["is_completed"]) == (False, False)
    path = f"/api/problems/{DRAFT.platform}/{DRAFT.number}/"
    assert world.get(path, "registrar").json["review_notes"] == "No."
    wait_for_review(world)
    good = world.post(REVIEWED + "verify/", "admin", json={"notes": "Thanks"})
    assert good.json["needs_review"] is False
    assert world.get(path, "registrar").json["review_notes"] is None
    assert world.get(REVIEW, "admin").json["items"] == []
    assert [(line["action"], line["subject"], line["details"]) for line in audit(world)] == [
        ("problem.verify", f"problem {DRAFT}", {"notes": "Thanks"}),
        ("problem.send_back", f"problem {DRAFT}", {"notes": "No."}),
    ]


def test_a_review_of_one_version_only(world):
    version = wait_for_review(world)
    headers = {"If-Match": f'"{version - 1}"'}
    for action, body in (("verify/", {}), ("send-back/", {"notes": "No."})):
        answer = world.post(REVIEWED + action, "admin", json=body, headers=headers)
        check(answer, 412, None)
    headers = {"If-Match": f'"{version}"'}
    answer = world.post(REVIEWED + "verify/", "admin", json={}, headers=headers)
    assert answer.headers["ETag"] == f'"{version + 1}"'


def test_reviews_of_nothing(world):
    check(world.post(REVIEWED + "send-back/", "admin", json={}), 422, "/notes")
    check(world.post("/api/admin/problems/sample/404/verify/", "admin", json={}), 404, None)


def test_what_is_done_to_others_executions_is_in_the_audit_log(world):
    private, cancelled, own = (
        world.submit(role, is_code_public=True).json["history_id"]
        for role in ("user", "user", "admin")
    )
    world.judge(private)
    world.judge(own)
    for history_id in (private, own):
        path = f"/api/history/{history_id}/"
        assert world.request("PATCH", path, "admin", json={"is_code_public": False}).json
        assert world.request("DELETE", path, "admin").status_code == 204
    assert world.request("DELETE", f"/api/execute/{cancelled}/", "admin").status_code == 200
    whose = {"user_id": world.users["user"]}
    assert [(line["action"], line["subject"], line["details"]) for line in audit(world)] == [
        ("execution.cancel", f"execution {cancelled}", whose),
        ("history.delete", f"execution {private}", whose),
        ("history.publish", f"execution {private}", {**whose, "is_code_public": False}),
    ]


@pytest.mark.parametrize(
    ("method", "path", "body", "action"),
    [
        ("DELETE", "/api/history/{execution}/", None, "history.delete"),
        ("PATCH", "/api/history/{execution}/", {"is_code_public": False}, "history.publish"),
        ("DELETE", "/api/register/problem/", {**NAMED, "reason": "x"}, "problem.delete"),
        ("POST", "/api/register/toggle-completion/", COMPLETED, "problem.complete"),
        ("PATCH", "/api/admin/users/{user}/", {"plan": "Pro"}, "user.update"),
        ("POST", "/api/admin/plans/", NEW_PLAN, "plan.create"),
        ("POST", "/api/admin/rejudge/", NAMED, "rejudge.request"),
        ("DELETE", "/api/admin/rejudge/{job}/", None, "rejudge.cancel"),
    ],
)
def test_no_change_goes_without_its_line(world, monkeypatch, method, path, body, action):
    job = world.post("/api/admin/rejudge/", "admin", json=NAMED).json["id"]
    names = {"execution": world.failed, "user": world.users["user"], "job": job}
    before = len(audit(world))
    keyed = {"headers": {"Idempotency-Key": "k"}} if "rejudge" in action else {}

    def ask():
        return world.request(method, path.format(**names), "admin", json=body, **keyed)

    with monkeypatch.context() as patch_:
        patch_.setattr(world.store.audit, "append", fail)
        assert ask().status_code == 503
    assert ask().status_code < 300
    lines = audit(world)
    assert [line["action"] for line in lines[: len(lines) - before]] == [action]


def test_the_audit_log_by_month(world):
    patch(world, "user", {"plan": "Pro"})
    world.clock.advance(30 * 86_400)
    world.tokens["admin"] = world.sign_in("admin")
    assert audit(world) == []
    assert len(audit(world, month="2025-03")) == 1
