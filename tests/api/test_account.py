"""Changing and deleting one's own account."""

from __future__ import annotations

import pytest

from tests.api.refusal import check

ACCOUNT = "/api/account/"
KEEP = "keep_public_history"


def patch(world, body, **headers):
    return world.request("PATCH", ACCOUNT, json=body, headers=headers)


def delete(world, confirm="user@example.org", *, role="user", keep=None, **headers):
    body = {"confirm": confirm} if keep is None else {"confirm": confirm, KEEP: keep}
    return world.request("DELETE", ACCOUNT, role, json=body, headers=headers)


def test_name_and_picture(world):
    before = world.get(ACCOUNT).json
    changed = patch(world, {"name": "Grace H.", "picture": "https://example.org/g.png"})
    expected = {**before, "name": "Grace H.", "picture": "https://example.org/g.png"}
    assert changed.json == expected
    assert world.get(ACCOUNT).json == expected
    assert patch(world, {"picture": ""}).json == {**expected, "picture": None}
    assert patch(world, {"name": "G", "picture": None}).json["picture"] is None


def test_for_one_version_only(world):
    tag = world.get(ACCOUNT).headers["ETag"]
    changed = patch(world, {"name": "First"}, **{"If-Match": tag})
    assert changed.headers["ETag"] == world.get(ACCOUNT).headers["ETag"] != tag
    check(patch(world, {"name": "Second"}, **{"If-Match": tag}), 412, None)
    check(delete(world, **{"If-Match": tag}), 412, None)
    assert world.get(ACCOUNT).json["name"] == "First"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", " x"),
        ("name", "a\nb"),
        ("name", "n" * 65),
        ("name", 1),
        ("picture", "javascript:alert(1)"),
        ("picture", "example"),
        ("picture", "https://example.org/" + "x" * 2000),
        ("email", "new@example.org"),
        ("plan", "Pro"),
        ("is_admin", True),
    ],
)
def test_what_is_refused(world, field, value):
    before = world.stored()
    check(patch(world, {field: value}), 422, f"/{field}")
    check(patch(world, {}), 422, None)
    assert world.stored() == before


def test_a_deleted_account_is_out_at_once(world):
    secret = world.api_token("user", "read")
    session = world.session("user")
    check(delete(world, "other@example.org"), 422, "/confirm")
    check(delete(world, ""), 422, "/confirm")
    assert delete(world, "USER@example.org").status_code == 204
    for token in (world.tokens["user"], session["access"], secret):
        answer = world.get(ACCOUNT, headers={"Authorization": f"Bearer {token}"})
        assert answer.status_code == 401
    again = world.post("/api/auth/refresh/", "anonymous", json={"refresh": session["refresh"]})
    assert again.status_code == 401
    assert world.users["user"] in world.store.erasures.list_due()
    assert world.store.sessions.list_sessions(world.users["user"]) == ()
    # The address is free again, and nobody's.
    assert world.session("user")["user"]["id"] != world.users["user"]


def test_public_history_is_kept_only_for_those_who_say_so(world):
    assert delete(world).status_code == 204
    for wrong in ("yes", 1):
        refused = delete(world, "other@example.org", role="other", keep=wrong)
        check(refused, 422, f"/{KEEP}")
    assert delete(world, "other@example.org", role="other", keep=True).status_code == 204
    for role, keeps in (("user", False), ("other", True)):
        erasure = world.store.erasures.get_erasure(world.users[role])
        assert erasure.keeps_public_history is keeps


def test_a_kept_execution_is_nobodys(world):
    history_id = world.submit(is_code_public=True).json["history_id"]
    world.judge(history_id)
    world.post(f"/api/history/{history_id}/hints/generate/")
    assert delete(world, keep=True).status_code == 204
    erasures = world.store.erasures
    erasure = erasures.claim(world.users["user"], lease_seconds=900)
    while erasures.remove_some(erasure):
        pass
    path = f"/api/history/{history_id}/"
    for role in ("anonymous", "other", "admin"):
        detail = world.get(path, role)
        assert detail.status_code == 200
        assert (detail.json["user_identifier"], detail.json["hints"]) == ("anonymous", [])
        assert world.users["user"] not in detail.text
    line = world.get("/api/history/?scope=public", "anonymous").json["items"][0]
    assert (line["id"], line["user_identifier"]) == (history_id, "anonymous")
    # Whoever signs in with the same address is another user, to whom it does not belong.
    world.tokens["user"] = world.sign_in("user")
    assert world.request("PATCH", path, json={"is_code_public": False}).status_code == 403
    assert world.request("DELETE", path).status_code == 403
    assert world.request("DELETE", path, "admin").status_code == 204
