"""Sessions: tokens that rotate, sign-out, cookies, and signing in with Google."""

from __future__ import annotations

import pytest

from algoitny.providers.google import GoogleTokens
from tests.providers.google_keys import CLIENT_ID, Signer

REFRESH = "/api/auth/refresh/"
GOOGLE = "/api/auth/google/"
ACCOUNT = "/api/account/"


def bearer(token):
    return {"Authorization": f"Bearer {token}"}


def refresh(world, token, **changes):
    return world.request("POST", REFRESH, "anonymous", json={"refresh": token}, **changes)


def is_in(world, access):
    return world.client.get(ACCOUNT, headers=bearer(access)).status_code == 200


def test_a_refresh_token_is_exchanged_once(world):
    first = world.session("user")
    second = refresh(world, first["refresh"])
    assert second.status_code == 200
    assert is_in(world, second.json["access"])
    assert second.json["refresh"] != first["refresh"]
    third = refresh(world, second.json["refresh"])
    assert third.status_code == 200


def test_one_that_is_used_again_ends_the_session(world):
    first = world.session("user")
    second = refresh(world, first["refresh"]).json
    world.clock.advance(60)
    assert refresh(world, first["refresh"]).status_code == 401
    assert refresh(world, second["refresh"]).status_code == 401
    assert not is_in(world, second["access"])
    # Other sessions of the user go on.
    assert world.get(ACCOUNT).status_code == 200


def test_two_tabs_at_the_same_moment_do_not_end_it(world):
    first = world.session("user")
    second = refresh(world, first["refresh"]).json
    assert refresh(world, first["refresh"]).status_code == 401
    assert refresh(world, second["refresh"]).status_code == 200


def test_a_session_ends_when_it_is_not_refreshed(world):
    session = world.session("user")
    world.clock.advance(30 * 86_400)
    answer = refresh(world, session["refresh"])
    assert answer.status_code == 401
    assert "expired" in answer.json["detail"]


def test_an_access_token_is_no_refresh_token(world):
    session = world.session("user")
    for token in (session["access"], "", "x", "a.b.c"):
        assert refresh(world, token).status_code in (401, 422)
    assert refresh(world, session["refresh"]).status_code == 200


def test_signing_out_ends_this_session_only(world):
    session = world.session("user")
    answer = world.request(
        "POST", "/api/auth/logout/", "anonymous", headers=bearer(session["access"])
    )
    assert (answer.status_code, answer.data) == (204, b"")
    assert not is_in(world, session["access"])
    assert refresh(world, session["refresh"]).status_code == 401
    assert world.get(ACCOUNT).status_code == 200


def test_a_deactivated_user_refreshes_nothing(world):
    session = world.session("user")
    world.store.users.deactivate_user(world.users["user"])
    assert refresh(world, session["refresh"]).status_code == 401
    assert not is_in(world, session["access"])


def cookies(world):
    answer = world.client.post(
        "/api/auth/dev/", json={"email": "user@example.org", "cookies": True}
    )
    assert answer.status_code == 200
    assert (answer.json["access"], answer.json["refresh"]) == (None, None)
    return answer


def csrf(world):
    return {"X-CSRF-Token": world.client.get_cookie("algoitny_csrf").value}


def test_tokens_in_cookies_are_out_of_scripts_reach(world):
    set_cookies = cookies(world).headers.getlist("Set-Cookie")
    by_name = {cookie.partition("=")[0]: cookie for cookie in set_cookies}
    assert set(by_name) == {"algoitny_access", "algoitny_refresh", "algoitny_csrf"}
    assert all("SameSite=Lax" in cookie for cookie in set_cookies)
    assert "HttpOnly" in by_name["algoitny_access"]
    assert "HttpOnly" in by_name["algoitny_refresh"]
    assert "Path=/api/auth/" in by_name["algoitny_refresh"]
    assert "HttpOnly" not in by_name["algoitny_csrf"]


def test_cookies_read_but_change_only_with_the_csrf_token(world):
    cookies(world)
    assert world.client.get(ACCOUNT).status_code == 200
    body = {"name": "x", "scopes": ["read"]}
    path = "/api/account/tokens/"
    for headers in ({}, {"X-CSRF-Token": ""}, {"X-CSRF-Token": "guess"}):
        answer = world.request("POST", path, "anonymous", json=body, headers=headers)
        assert answer.status_code == 403
    answer = world.request("POST", path, "anonymous", json=body, headers=csrf(world))
    assert answer.status_code == 201


def test_cookies_are_refreshed_and_forgotten(world):
    cookies(world)
    old = world.client.get_cookie("algoitny_refresh", path="/api/auth/").value
    assert world.client.post(REFRESH, json={}).status_code == 403
    assert world.client.post(REFRESH, json={}, headers=csrf(world)).status_code == 200
    assert world.client.get_cookie("algoitny_refresh", path="/api/auth/").value != old
    assert world.client.get(ACCOUNT).status_code == 200
    assert world.client.post("/api/auth/logout/", headers=csrf(world)).status_code == 204
    assert world.client.get_cookie("algoitny_access") is None
    assert world.client.get(ACCOUNT).status_code == 401


def test_cookies_of_a_session_that_has_ended_are_forgotten(world):
    cookies(world)
    # Somebody who is not let in by a cookie may still be who they are.
    assert world.client.patch(ACCOUNT, json={"name": "x"}).status_code == 403
    assert world.client.get_cookie("algoitny_access") is not None
    world.store.sessions.revoke_all(world.users["user"])
    assert world.client.get("/api/problems/").status_code == 401
    for name, path in (("access", "/"), ("refresh", "/api/auth/"), ("csrf", "/")):
        assert world.client.get_cookie(f"algoitny_{name}", path=path) is None
    assert world.client.get("/api/problems/").status_code == 200


def test_cookies_of_another_key_are_forgotten_too(world):
    world.client.set_cookie("algoitny_access", "of.another.key")
    assert world.client.get("/api/problems/").status_code == 401
    assert world.client.get_cookie("algoitny_access") is None
    assert world.client.get("/api/problems/").status_code == 200


def test_an_access_cookie_that_has_expired_leaves_the_refresh_token(world):
    cookies(world)
    world.clock.advance(16 * 60)
    assert world.client.get("/api/problems/").status_code == 401
    assert world.client.post(REFRESH, json={}, headers=csrf(world)).status_code == 200
    assert world.client.get("/api/problems/").status_code == 200


def test_cookies_go_over_tls_only_elsewhere(world):
    app = world.app_with(environment="production", google_client_ids=CLIENT_ID)
    with app.test_request_context():
        from flask import Response

        from algoitny.api.authentication import keep_in_cookies, make_tokens

        response = Response()
        keep_in_cookies(response, make_tokens(world.users["user"], "0" * 26))
    assert all("Secure" in cookie for cookie in response.headers.getlist("Set-Cookie"))


@pytest.fixture(scope="module")
def signer():
    return Signer()


class Keys:
    def __init__(self, keys):
        self.keys = keys

    def current(self, _key_id):
        return self.keys


@pytest.fixture
def google(make_world, signer):
    world = make_world()
    world.services.sessions._identities = GoogleTokens(
        Keys(signer.keys), audience={CLIENT_ID}, clock=world.clock
    )
    return world


def sign_in(world, token, **more):
    return world.request("POST", GOOGLE, "anonymous", json={"token": token, **more})


def test_the_first_sign_in_with_google_makes_an_account(google, signer):
    answer = sign_in(google, signer.token(google.clock, email="new@example.org"))
    assert answer.status_code == 200
    user = answer.json["user"]
    assert (user["email"], user["name"], user["plan"]) == (
        "new@example.org",
        "Ada Lovelace",
        "Free",
    )
    assert user["picture"] == "https://example.org/ada.png"
    assert is_in(google, answer.json["access"])
    # The subject is what counts: the address may change.
    again = sign_in(google, signer.token(google.clock, email="newer@example.org"))
    assert again.json["user"]["id"] == user["id"]


def test_a_verified_address_leads_to_the_account_that_has_it(google, signer):
    answer = sign_in(google, signer.token(google.clock, email="USER@example.org"))
    assert answer.json["user"]["id"] == google.users["user"]
    stranger = signer.token(google.clock, sub="2", email="user@example.org")
    refused = sign_in(google, stranger)
    assert refused.status_code == 401
    assert "linked" in refused.json["detail"]


def test_bad_google_tokens_make_nothing(google, signer):
    before = google.stored()
    for token in ("x", "a.b.c", signer.token(google.clock, aud="else"), "x" * 9000):
        assert sign_in(google, token).status_code in (401, 413, 422)
    token = signer.token(google.clock, nonce="n1", email="new@example.org")
    assert sign_in(google, token, nonce="n2").status_code == 401
    assert google.stored() == before
    assert sign_in(google, token, nonce="n1").status_code == 200


def test_a_deactivated_user_cannot_sign_in_with_google(google, signer):
    token = signer.token(google.clock, email="deactivated@example.org")
    assert sign_in(google, token).status_code == 401
    assert sign_in(google, token).status_code == 401


def test_where_it_is_not_set_up_there_is_no_such_sign_in(world, signer):
    assert sign_in(world, signer.token(world.clock)).status_code == 404
