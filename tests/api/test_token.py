"""Personal API tokens over HTTP."""

from __future__ import annotations

import pytest

PATH = "/api/account/tokens/"
NEW = {"name": "my laptop", "scopes": ["read", "execute"]}


def bearer(secret):
    return {"Authorization": f"Bearer {secret}"}


def test_a_token_is_shown_once_and_acts_for_its_user(world):
    answer = world.post(PATH, json=NEW)
    assert answer.status_code == 201
    created = answer.json
    assert created["secret"].startswith("itny_")
    assert created["scopes"] == ["execute", "read"]
    assert (created["expires_at"], created["last_used_at"]) == (None, None)
    me = world.request("GET", "/api/account/", "anonymous", headers=bearer(created["secret"]))
    assert me.json["id"] == world.users["user"]
    (listed,) = world.get(PATH).json["items"]
    assert "secret" not in listed
    assert listed["last_used_at"] is not None
    assert created["secret"] not in str(world.stored())


def test_a_revoked_token_is_out_at_once(world):
    created = world.post(PATH, json=NEW)
    address, secret = created.headers["Location"], created.json["secret"]
    assert address == f"{PATH}{created.json['id']}/"
    # Somebody else's hand changes nothing.
    assert world.request("DELETE", address, "other").status_code == 404
    assert world.request("DELETE", address).status_code == 204
    answer = world.request("GET", "/api/account/", "anonymous", headers=bearer(secret))
    assert answer.status_code == 401
    assert world.get(PATH).json["items"] == []
    assert world.request("DELETE", address).status_code == 404


def test_a_token_may_end_with_time_itself(world):
    created = world.post(PATH, json={**NEW, "expires_at": "9999-12-31T23:59:59.999999Z"}).json
    assert created["expires_at"] == "9999-12-31T23:59:59.000000Z"
    (listed,) = world.get(PATH).json["items"]
    assert listed["expires_at"] == created["expires_at"]


def test_a_token_ends_when_it_says(world):
    expires = "2025-03-14T10:26:53Z"
    created = world.post(PATH, json={**NEW, "expires_at": expires}).json
    assert created["expires_at"] == "2025-03-14T10:26:53.000000Z"
    path = "/api/languages/"
    headers = bearer(created["secret"])
    assert world.request("GET", path, "anonymous", headers=headers).status_code == 200
    world.clock.advance(3601)
    assert world.request("GET", path, "anonymous", headers=headers).status_code == 401


def test_a_deactivated_users_token_is_out(world):
    secret = world.post(PATH, json=NEW).json["secret"]
    world.store.users.deactivate_user(world.users["user"])
    answer = world.request("GET", "/api/account/", "anonymous", headers=bearer(secret))
    assert answer.status_code == 401


def test_what_a_token_stands_for_is_read_as_it_is_now(world, faults):
    secret = world.api_token("user", "read")
    faults.requests.clear()
    assert world.get("/api/account/", headers=bearer(secret)).status_code == 200
    read = {request["Key"]["PK"]["S"]: request for request in faults.sent("GetItem")}
    assert f"USR#{world.users['user']}" in read
    assert any(key.startswith("TOK#") for key in read)
    assert all(request["ConsistentRead"] for request in read.values())


@pytest.mark.parametrize(
    "changes",
    [
        {"name": ""},
        {"name": "x" * 101},
        {"name": 5},
        {"scopes": []},
        {"scopes": ["everything"]},
        {"scopes": "read"},
        {"scopes": ["read"] * 5},
        {"scopes": ["admin"]},
        {"expires_at": "2025-03-14T09:26:53Z"},
        {"expires_at": "2026-01-01T00:00:00"},
        {"expires_at": "9999-12-31T23:59:59-12:00"},
        {"expires_at": "tomorrow"},
        {"expires_at": 5},
        {"owner": "me"},
    ],
    ids=str,
)
def test_bad_tokens_are_not_made(world, changes):
    before = world.stored()
    assert world.post(PATH, json=NEW | changes).status_code == 422
    assert world.stored() == before


def test_an_administrators_token_may_administer(world):
    assert world.post(PATH, "admin", json={"name": "ops", "scopes": ["admin"]}).status_code == 201


@pytest.mark.slow
def test_there_is_an_end_to_them(world):
    for _ in range(50):
        assert world.post(PATH, json=NEW).status_code == 201
    answer = world.post(PATH, json=NEW)
    assert answer.status_code == 422
    assert "revoke" in answer.json["detail"]


def test_pages_of_tokens(world):
    made = [world.post(PATH, json=NEW).json["id"] for _ in range(3)]
    first = world.get(f"{PATH}?limit=2").json
    second = world.get(f"{PATH}?limit=2&cursor={first['next_cursor']}").json
    assert {item["id"] for item in first["items"] + second["items"]} == set(made)
    assert second["next_cursor"] is None
