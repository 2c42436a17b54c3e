"""Plans: on offer, one's own, and as administrators change them."""

from __future__ import annotations

import pytest

from tests.api.refusal import check

ADMIN = "/api/admin/plans/"
NEW = {"name": "Class 3", "max_hints_per_day": 1, "max_executions_per_day": -1}


def names(answer):
    assert answer.status_code == 200, answer.text
    return [plan["name"] for plan in answer.json["items"]]


def test_the_plans_on_offer(world):
    answer = world.get("/api/auth/plans/", "anonymous")
    assert names(answer) == ["Free", "Pro", "Unlimited"]
    assert answer.json["items"][1] == {
        "id": "Pro",
        "name": "Pro",
        "max_hints_per_day": 30,
        "max_executions_per_day": 500,
        "max_problems": 100,
        "can_view_all_problems": True,
        "can_register_problems": True,
        "price": 9.9,
        "is_active": True,
    }


def test_a_plan_is_created_changed_and_taken_away(world):
    made = world.post(ADMIN, "admin", json={**NEW, "price": 2.5})
    assert made.status_code == 201
    assert (made.json["price"], made.json["max_problems"]) == (2.5, 0)
    address = made.headers["Location"]
    assert address == "/api/admin/plans/Class%203/"
    assert world.get(address, "admin").json == made.json
    # In this process at once.
    assert names(world.get("/api/auth/plans/")) == ["Free", "Class 3", "Pro", "Unlimited"]
    assert world.post(ADMIN, "admin", json=NEW).status_code == 409
    changed = world.request("PATCH", address, "admin", json={"price": 0, "max_problems": -1})
    assert changed.json == {**made.json, "price": 0, "max_problems": -1}
    world.request("PATCH", address, "admin", json={"is_active": False})
    assert "Class 3" not in names(world.get("/api/auth/plans/"))
    assert "Class 3" in names(world.get(ADMIN, "admin"))
    month = world.clock.now().date()
    lines = world.store.audit.list_month(month).items
    assert [line.action for line in lines] == ["plan.update", "plan.update", "plan.create"]
    assert {line.actor for line in lines} == {world.users["admin"]}
    assert lines[1].subject == "plan Class 3"
    assert lines[1].details == {
        "old": {"price": 2.5, "max_problems": 0},
        "new": {"price": 0, "max_problems": -1},
    }


def test_a_changed_limit_holds_for_the_next_request(world):
    address = ADMIN + "Free/"
    world.request("PATCH", address, "admin", json={"max_executions_per_day": 1})
    assert world.submit().status_code == 202
    assert world.submit().status_code == 429
    world.request("PATCH", address, "admin", json={"max_executions_per_day": -1})
    assert world.submit().status_code == 202


def test_new_users_need_a_plan_to_begin_on(world):
    before = world.stored()
    check(world.request("PATCH", ADMIN + "Free/", "admin", json={"is_active": False}), 409, None)
    assert world.stored() == before


def test_changes_of_one_version_only(world):
    tag = world.get(ADMIN + "Pro/", "admin").headers["ETag"]

    def change(price, tag):
        headers = {"If-Match": tag}
        body = {"price": price}
        return world.request("PATCH", ADMIN + "Pro/", "admin", json=body, headers=headers)

    changed = change(5, tag)
    assert changed.status_code == 200
    assert changed.headers["ETag"] != tag
    stale = change(6, tag)
    check(stale, 412, None)
    assert stale.json["type"].endswith("#precondition-failed")
    assert world.get(ADMIN + "Pro/", "admin").json["price"] == 5
    for other in ('"0"', '"x"', "W/" + changed.headers["ETag"], '"99"', '"01"'):
        check(change(6, other), 412, None)
    for bad in ("2", '"2', '"2", "3"', ""):
        check(change(6, bad), 422, "/headers/If-Match")
    assert change(7, changed.headers["ETag"]).json["price"] == 7
    assert change(8, "*").json["price"] == 8


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", "a/b"),
        ("name", ".."),
        ("name", ""),
        ("name", "x" * 65),
        ("max_hints_per_day", -2),
        ("max_hints_per_day", True),
        ("max_executions_per_day", 1.0),
        ("max_problems", "3"),
        ("price", -1),
        ("price", 0.001),
        ("price", -1.64e307),
        ("price", 1e300),
        ("price", "1"),
        ("price", True),
        ("is_active", 1),
        ("users", 1),
    ],
)
def test_bad_values(world, field, value):
    before = world.stored()
    check(world.post(ADMIN, "admin", json={**NEW, field: value}), 422, f"/{field}")
    if field != "name":
        change = world.request("PATCH", ADMIN + "Pro/", "admin", json={field: value})
        check(change, 422, f"/{field}")
    assert world.stored() == before


def test_what_cannot_be_changed(world):
    check(world.request("PATCH", ADMIN + "Pro/", "admin", json={}), 422, None)
    check(world.request("PATCH", ADMIN + "Pro/", "admin", json={"name": "x"}), 422, "/name")
    check(world.request("PATCH", ADMIN + "None/", "admin", json={"price": 1}), 404, None)
    check(world.get(ADMIN + "None/", "admin"), 404, None)


def test_a_name_is_given_once(world):
    assert world.post(ADMIN, "admin", json=NEW).status_code == 201
    for body in (NEW, {**NEW, "price": 1}):
        world.clock.advance(1)
        check(world.post(ADMIN, "admin", json=body), 409, None)
    assert len(world.get("/api/admin/audit/", "admin").json["items"]) == 1


def test_ones_own_plan(world):
    assert world.get("/api/account/plan/", "registrar").json["name"] == "Pro"
    changed = world.request("PUT", "/api/account/plan/", "registrar", json={"plan": "Free"})
    assert (changed.status_code, changed.json["name"]) == (200, "Free")
    assert world.get("/api/account/", "registrar").json["plan"] == "Free"
    listed = world.store.users.list_users(plan="Free", limit=50).items
    assert world.users["registrar"] in [user.id for user in listed]


def test_only_free_plans_that_are_on_offer_may_be_chosen(world):
    before = world.stored()
    refused = world.request("PUT", "/api/account/plan/", json={"plan": "Pro"})
    check(refused, 403, None)
    assert refused.json["detail"] == "The plan Pro is not free: ask an administrator for it."
    check(world.request("PUT", "/api/account/plan/", json={"plan": "None"}), 422, "/plan")
    assert world.stored() == before
    world.post(ADMIN, "admin", json={**NEW, "is_active": False})
    refused = world.request("PUT", "/api/account/plan/", json={"plan": "Class 3"})
    check(refused, 403, None)
    assert "not offered" in refused.json["detail"]
    # Whoever has one keeps it.
    same = world.request("PUT", "/api/account/plan/", "registrar", json={"plan": "Pro"})
    assert same.status_code == 200


def test_a_plan_chosen_for_one_version_of_the_account(world):
    tag = world.get("/api/account/plan/").headers["ETag"]
    assert tag == world.get("/api/account/").headers["ETag"]
    world.post(ADMIN, "admin", json=NEW)
    same, other = (
        {"json": {"plan": plan}, "headers": {"If-Match": tag}} for plan in ("Free", NEW["name"])
    )
    # The plan that one has is chosen already.
    assert world.request("PUT", "/api/account/plan/", **same).headers["ETag"] == tag
    assert world.request("PUT", "/api/account/plan/", **other).headers["ETag"] != tag
    world.clock.advance(1)
    for put in (same, other):
        check(world.request("PUT", "/api/account/plan/", **put), 412, None)
