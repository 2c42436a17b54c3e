"""Signing in on one's own machine, tokens, the account."""

from __future__ import annotations

import jwt
import pytest

from algoitny.setting_values import Environment
from tests.api.world import ADMIN_EMAIL, CREATED, SECONDS_LEFT

DEV = "/api/auth/dev/"


def test_dev_sign_in_makes_an_account(world):
    answer = world.client.post(DEV, json={"email": "new@example.org"})
    assert answer.status_code == 200
    user = answer.json["user"]
    assert user == {
        "id": world.store.users.get_user_by_email("new@example.org").id,
        "email": "new@example.org",
        "name": "new",
        "picture": None,
        "plan": "Free",
        "is_admin": False,
        "is_active": True,
        "created_at": CREATED,
    }
    headers = {"Authorization": f"Bearer {answer.json['access']}"}
    assert world.client.get("/api/account/", headers=headers).json == user
    again = world.client.post(DEV, json={"email": "NEW@Example.org"})
    assert again.json["user"]["id"] == user["id"]


def test_admins_are_named_by_the_settings(world):
    answer = world.client.post(DEV, json={"email": ADMIN_EMAIL.upper()})
    assert answer.json["user"]["is_admin"] is True


ELSEWHERE = [
    {"environ_overrides": {"REMOTE_ADDR": "192.0.2.1"}},
    {"environ_overrides": {"REMOTE_ADDR": "::ffff:192.0.2.1"}},
    {"environ_overrides": {"REMOTE_ADDR": ""}},
    {"headers": {"Host": "example.org"}},
    {"headers": {"Host": "localhost.example.org"}},
    {"headers": {"Host": "127.0.0.1.example.org:8000"}},
    {"headers": {"Host": "192.0.2.1"}},
    {"headers": {"Host": "[::"}},
    {"headers": {"Forwarded": "for=127.0.0.1"}},
    {"headers": {"X-Forwarded-For": "127.0.0.1"}},
    {"headers": {"X-Forwarded-Proto": "https"}},
    {"headers": {"X-Forwarded-Host": "localhost"}},
    {"headers": {"X-Real-IP": "127.0.0.1"}},
    {"headers": {"Via": "1.1 proxy"}},
]


def test_dev_sign_in_only_from_this_machine(world):
    for changes in ELSEWHERE:
        print(changes)
        answer = world.client.post(DEV, json={"email": "new@example.org"}, **changes)
        assert answer.status_code == 404
        assert answer.content_type == "application/problem+json"
    assert world.store.users.get_user_by_email("new@example.org") is None


def test_dev_sign_in_from_this_machine(world):
    for host in ("localhost", "localhost:8000", "127.0.0.1:8000", "[::1]:8000"):
        for peer in ("127.0.0.1", "127.1.2.3", "::1"):
            answer = world.client.post(
                DEV,
                json={"email": "new@example.org"},
                headers={"Host": host},
                environ_overrides={"REMOTE_ADDR": peer},
            )
            assert answer.status_code == 200, (host, peer)


def test_dev_sign_in_only_in_the_embedded_stack(world):
    app = world.app_with(environment=Environment.PRODUCTION)
    answer = app.test_client().post(DEV, json={"email": "new@example.org"})
    assert answer.status_code == 404
    document = app.test_client().get("/api/openapi.json").json
    assert DEV not in document["paths"]


def test_a_deactivated_user_is_out_at_once(world):
    assert world.get("/api/account/").status_code == 200
    world.store.users.deactivate_user(world.users["user"])
    answer = world.get("/api/account/")
    assert answer.status_code == 401
    assert "deactivated" in answer.json["detail"]
    again = world.client.post(DEV, json={"email": "user@example.org"})
    assert again.status_code == 401


def test_a_token_lives_as_long_as_the_settings_say(world):
    world.clock.advance(15 * 60 - 1)
    assert world.get("/api/account/").status_code == 200
    world.clock.advance(1)
    answer = world.get("/api/account/")
    assert answer.status_code == 401
    assert "expired" in answer.json["detail"]


def signed(world, key="s" * 40, algorithm="HS256", **changes):
    now = int(world.clock.now().timestamp())
    real = jwt.decode(world.tokens["user"], options={"verify_signature": False})
    claims = {
        "sub": world.users["user"],
        "fam": real["fam"],
        "type": "access",
        "iss": "algoitny",
        "iat": now,
        "exp": now + 60,
        "jti": "x",
        "fresh": False,
    }
    claims = {name: value for name, value in {**claims, **changes}.items() if value is not None}
    return "Bearer " + jwt.encode(claims, key, algorithm=algorithm)


def test_the_token_that_the_bad_ones_are_made_from(world):
    answer = world.client.get("/api/account/", headers={"Authorization": signed(world)})
    assert answer.status_code == 200


BAD_TOKENS = {
    "empty": lambda _: "",
    "scheme only": lambda _: "Bearer",
    "no token": lambda _: "Bearer ",
    "basic": lambda _: "Basic dXNlcjpwYXNz",
    "not a token": lambda _: "Bearer abc",
    "two": lambda w: f"{signed(w)}, {signed(w)}",
    "not ASCII": lambda _: "Bearer é.é.é",
    "deeply nested": lambda _: (
        "Bearer " + jwt.utils.base64url_encode(b"[" * 5000).decode() + ".e.e"
    ),
    "other key": lambda w: signed(w, key="t" * 40),
    "no signature": lambda w: signed(w, key="", algorithm="none"),
    "another algorithm": lambda w: signed(w, key="s" * 64, algorithm="HS512"),
    "refresh token": lambda w: signed(w, type="refresh"),
    "no type": lambda w: signed(w, type=0),
    "no expiry": lambda w: signed(w, exp=None),
    "another issuer": lambda w: signed(w, iss="elsewhere"),
    "nobody": lambda w: signed(w, sub=None),
    "no session": lambda w: signed(w, fam=None),
    "another session": lambda w: signed(w, fam="0" * 26),
    "a session's number": lambda w: signed(w, fam=10**25),
    "no such user": lambda w: signed(w, sub="0" * 26),
    "not an id": lambda w: signed(w, sub="1 OR 1"),
}


@pytest.mark.parametrize("path", ["/api/account/", "/api/problems/", "/api/languages/"])
def test_bad_tokens(world, path):
    for name, make in BAD_TOKENS.items():
        print(name)
        answer = world.client.get(path, headers={"Authorization": make(world)})
        assert answer.status_code == 401
        assert answer.content_type == "application/problem+json"
        assert answer.headers["WWW-Authenticate"] == (
            'Bearer realm="algoitny", error="invalid_token"'
        )


def test_no_token(world):
    answer = world.get("/api/account/", "anonymous")
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == 'Bearer realm="algoitny"'


def test_who_calls_is_known_before_the_body_is_read(world):
    for role, status in (("anonymous", 401), ("deactivated", 401)):
        answer = world.post("/api/execute/", role, data="{", content_type="text/plain")
        assert answer.status_code == status
    path = "/api/problems/sample/2/testcases/"
    answer = world.request("PUT", path, "user", data="{", content_type="text/plain")
    assert answer.status_code == 403


def test_plan_usage(world):
    history_id = world.submit().json["history_id"]
    world.judge(history_id)
    world.submit()
    world.post(f"/api/history/{history_id}/hints/generate/")
    answer = world.get("/api/account/plan-usage/")
    assert answer.json == {
        "plan": "Free",
        "executions": {"current_count": 2, "limit": 50, "remaining": 48},
        "hints": {"current_count": 1, "limit": 5, "remaining": 4},
        "runs": {"current_count": 0, "limit": 200, "remaining": 200},
        "reset_time": "2025-03-15T00:00:00.000000Z",
    }
    assert answer.headers["RateLimit-Policy"] == (
        '"executions";q=50;w=86400, "hints";q=5;w=86400, "runs";q=200;w=86400'
    )
    assert answer.headers["RateLimit"] == (
        f'"executions";r=48;t={SECONDS_LEFT}, "hints";r=4;t={SECONDS_LEFT}, '
        f'"runs";r=200;t={SECONDS_LEFT}'
    )


def test_plan_usage_without_limits(make_world):
    world = make_world(max_runs_per_day=-1)
    world.store.users.update_subscription_plan(world.users["user"], "Unlimited")
    answer = world.get("/api/account/plan-usage/")
    assert answer.json["hints"] == {"current_count": 0, "limit": -1, "remaining": None}
    assert "RateLimit" not in answer.headers
