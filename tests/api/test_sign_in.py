"""Signing in with a browser at Google's pages, and all who would rather be somebody else."""

from __future__ import annotations

import json
import logging
from dataclasses import replace
from urllib.parse import quote, urlsplit

import pytest

from algoitny.api.authentication import CONFIGURATION
from tests.api.test_bad_input import check
from tests.clock import FixedClock
from tests.providers.fake_google import CLIENT_ID, CLIENT_SECRET, refusal, serving_google, single
from tests.providers.google_keys import Signer

START = "/api/auth/google/start/"
CALLBACK = "/api/auth/google/callback/"
ACCOUNT = "/api/account/"
PUBLIC = "https://algoitny.example.org"
TICKET = "algoitny_sign_in"
COOKIE_PATH = "/api/auth/google/"


@pytest.fixture(scope="module")
def signer():
    return Signer()


@pytest.fixture
def google(signer):
    with serving_google(PUBLIC + CALLBACK, signer, FixedClock()) as server:
        yield server


class Browser:
    """A client with cookies of its own, in a world where signing in with Google is set up."""

    def __init__(self, world, google):
        self.world, self.google = world, google
        self.client = world.app.test_client()

    def get(self, path, **arguments):
        world = self.world
        world.client, before = self.client, world.client
        try:
            return world.get(path, "anonymous", **arguments)
        finally:
            world.client = before

    def start(self, **query):
        """Begin; the address of Google's page."""
        answer = self.get(START, query_string=query)
        assert (answer.status_code, answer.data) == (302, b"")
        return answer.headers["Location"]

    def come_back(self, address):
        """Follow where Google sends the browser."""
        parts = urlsplit(address)
        assert f"{parts.scheme}://{parts.netloc}{parts.path}" == PUBLIC + CALLBACK
        return self.get(f"{parts.path}?{parts.query}")

    def sign_in(self, **query):
        return self.come_back(self.google.sign_in(self.start(**query)))

    def cookie(self, name=TICKET, path=COOKIE_PATH):
        found = self.client.get_cookie(name, path=path)
        return found and found.value

    def is_in(self):
        return self.client.get(ACCOUNT).status_code == 200


@pytest.fixture
def make_browser(make_world, google):
    world = make_world(public_url=PUBLIC, **google.settings)
    google.clock = world.clock
    return lambda: Browser(world, google)


@pytest.fixture
def browser(make_browser):
    return make_browser()


def state_of(address):
    return single(urlsplit(address).query)["state"]


def refused(browser, answer, status=401):
    """It is, and nobody is signed in by it."""
    check(answer, status, None)
    assert browser.cookie("algoitny_access", "/") is None
    assert not browser.is_in()
    return answer.json["detail"]


def test_the_first_sign_in_makes_an_account_and_comes_back(browser):
    browser.google.claims = {"email": "new@example.org"}
    answer = browser.sign_in(next="/problems?tag=math#list")
    assert (answer.status_code, answer.data) == (302, b"")
    assert answer.headers["Location"] == "/problems?tag=math#list"
    assert answer.headers["Cache-Control"] == "no-store"
    account = browser.client.get(ACCOUNT).json
    assert (account["email"], account["name"], account["plan"]) == (
        "new@example.org",
        "Ada Lovelace",
        "Free",
    )
    browser.google.claims = {"email": "newer@example.org"}
    assert browser.sign_in().headers["Location"] == "/"
    assert browser.client.get(ACCOUNT).json["id"] == account["id"]


def test_the_session_is_one_in_cookies(browser):
    answer = browser.sign_in()
    made = {line.partition("=")[0]: line for line in answer.headers.getlist("Set-Cookie")}
    assert set(made) == {"algoitny_access", "algoitny_refresh", "algoitny_csrf", TICKET}
    assert all("SameSite=Lax" in made[name] for name in set(made) - {TICKET})
    assert "HttpOnly" in made["algoitny_access"]
    assert "HttpOnly" in made["algoitny_refresh"]
    assert "Max-Age=0" in made[TICKET]
    body = {"name": "x", "scopes": ["read"]}
    path = "/api/account/tokens/"
    assert browser.client.post(path, json=body).status_code == 403
    headers = {"X-CSRF-Token": browser.cookie("algoitny_csrf", "/")}
    assert browser.client.post(path, json=body, headers=headers).status_code == 201


def test_the_ticket_is_short_lived_sealed_and_out_of_scripts_reach(browser):
    (line,) = browser.get(START).headers.getlist("Set-Cookie")
    assert line.startswith(f"{TICKET}=")
    for attribute in ("HttpOnly", "SameSite=Lax", "Max-Age=600", f"Path={COOKIE_PATH}"):
        assert f"; {attribute}" in line
    assert "Secure" not in line
    address = browser.start(next="/next-marker")
    asked = single(urlsplit(address).query)
    ticket = browser.cookie()
    for value in (asked["state"], asked["nonce"], asked["code_challenge"], "next-marker"):
        assert value not in ticket
    again = single(urlsplit(browser.start()).query)
    for name in ("state", "nonce", "code_challenge"):
        assert again[name] != asked[name]


def test_where_cookies_go_over_tls_only_the_ticket_does(browser, monkeypatch):
    config = browser.world.app.config
    monkeypatch.setitem(config, CONFIGURATION, replace(config[CONFIGURATION], secure=True))
    assert "; Secure" in browser.get(START).headers["Set-Cookie"]


HERE = (
    *("/", "/a", "/a/", "/?q", "/a/b?c=//d&e=https://f#/g", "/#x", "/%2F%2Fevil.example", "/a:b@c"),
    "/" + "a" * 511,
)
ELSEWHERE = (
    *("", "a", "//evil.example", "///evil.example", "/\\evil.example", "\\\\evil.example"),
    *("https://evil.example", "https:evil.example", "javascript:alert(1)", "data:,x"),
    *("/\t/evil.example", "/\n/evil.example", "\t//evil.example", " //evil.example"),
    *("/a//evil.example", "/.//evil.example", "/a\\b", "/a b", "/a\r\nSet-Cookie: x=y", "/a\n"),
    *("/\0", "/ü", "/\u2028", "?a", "#a", "@evil.example", "/" + "a" * 512, "/?\\", "/#\t"),
)


def test_one_ends_up_where_one_wanted_to_be(browser):
    for where in HERE:
        browser.start(next=where)
    for where in HERE[4], HERE[-1]:
        assert browser.sign_in(next=where).headers["Location"] == where


def test_nobody_is_sent_elsewhere(browser):
    for where in ELSEWHERE:
        print(repr(where[:40]))
        check(browser.get(f"{START}?next={quote(where)}"), 422, "/query/next")
        assert browser.cookie() is None


def test_what_the_callback_needs(browser):
    browser.start()
    check(browser.get(CALLBACK), 422, "/query/state")
    check(browser.get(f"{CALLBACK}?code=x"), 422, "/query/state")
    check(browser.get(f"{CALLBACK}?state=x"), 422, "/query/code")
    check(browser.get(f"{CALLBACK}?state=x&code="), 422, "/query/code")
    check(browser.get(f"{CALLBACK}?state=x&code=y&code=z"), 422, "/query/code")
    check(browser.get(f"{CALLBACK}?state=x&code={'y' * 513}"), 422, "/query/code")
    check(browser.get(f"{START}?x=1"), 422, "/query/x")
    assert browser.google.requests == 0


def test_a_state_that_is_not_the_browsers_is_refused_and_asks_google_nothing(browser):
    address = browser.google.sign_in(browser.start())
    code = single(urlsplit(address).query)["code"]
    for state in ("x", "é", "s" * 43):
        refused(browser, browser.come_back(browser.google.back(state=state, code=code)))
        forged = browser.google.back(state=state, error="access_denied")
        refused(browser, browser.come_back(forged))
    assert browser.google.requests == 0
    # What the browser began is still good: nobody can spoil it from outside.
    assert browser.come_back(address).status_code == 302


def test_another_browser_is_not_signed_in_as_whoever_began(make_browser):
    attacker, victim = make_browser(), make_browser()
    link = attacker.google.sign_in(attacker.start())
    assert "did not start this" in refused(victim, victim.come_back(link))
    mine = victim.start()
    refused(victim, victim.come_back(link))
    assert victim.google.requests == 0
    assert victim.come_back(victim.google.sign_in(mine)).status_code == 302
    assert attacker.come_back(link).status_code == 302


def test_a_ticket_that_is_not_the_one_given_out_is_refused(browser):
    address = browser.google.sign_in(browser.start())
    ticket = browser.cookie()
    changed = ticket[:40] + ("A" if ticket[40] != "A" else "B") + ticket[41:]
    secrets = browser.world.services.webhook_secrets
    alien = secrets._seal.close(json.dumps({"state": state_of(address)})).decode()
    for value in (changed, alien, ticket[:-1], "", "x", "é", "gAAAAA==", "x" * 4000):
        browser.client.set_cookie(TICKET, value, path=COOKIE_PATH)
        refused(browser, browser.come_back(address))
    assert browser.google.requests == 0
    browser.client.set_cookie(TICKET, ticket, path=COOKIE_PATH)
    assert browser.come_back(address).status_code == 302


def test_a_sign_in_is_good_for_ten_minutes(browser):
    address = browser.google.sign_in(browser.start())
    ticket = browser.cookie()
    browser.world.clock.advance(599.9)
    assert browser.come_back(address).status_code == 302
    browser.client.delete_cookie("algoitny_access")
    address = browser.google.sign_in(browser.start())
    ticket = browser.cookie()
    browser.world.clock.advance(600)
    browser.client.set_cookie(TICKET, ticket, path=COOKIE_PATH)  # kept longer than it was told to
    assert "ten minutes" in refused(browser, browser.come_back(address))
    assert browser.google.requests == 1


def test_a_sign_in_is_good_once(browser):
    address = browser.google.sign_in(browser.start())
    ticket = browser.cookie()
    assert browser.come_back(address).status_code == 302
    assert browser.cookie() is None
    browser.client.delete_cookie("algoitny_access")
    refused(browser, browser.come_back(address))
    # With the ticket put back, too: Google knows its codes.
    browser.client.set_cookie(TICKET, ticket, path=COOKIE_PATH)
    refused(browser, browser.come_back(address))


def test_a_code_of_another_sign_in_is_refused(make_browser):
    """PKCE: a code that was stolen on its way is of no use with another verifier."""
    victim, thief = make_browser(), make_browser()
    code = single(urlsplit(victim.google.sign_in(victim.start())).query)["code"]
    state = state_of(thief.start())
    answer = thief.come_back(thief.google.back(state=state, code=code))
    assert "start again" in refused(thief, answer)
    assert thief.google.requests == 1


def test_who_would_rather_not_is_sent_back_as_they_were(browser):
    for where, there in {
        "/": "/?sign_in=cancelled",
        "/a?b=c": "/a?b=c&sign_in=cancelled",
        "/a#d": "/a?sign_in=cancelled#d",
        "/a?b=c#d?e": "/a?b=c&sign_in=cancelled#d?e",
    }.items():
        state = state_of(browser.start(next=where))
        answer = browser.come_back(browser.google.back(state=state, error="access_denied"))
        assert (answer.status_code, answer.headers["Location"]) == (302, there)
        assert browser.cookie() is None
    assert not browser.is_in()
    assert browser.google.requests == 0


def test_other_errors_of_googles_page(browser, logged):
    for error in ("server_error", "invalid_scope", "error-marker"):
        state = state_of(browser.start())
        answer = browser.come_back(browser.google.back(state=state, error=error, code="x"))
        assert "start again" in refused(browser, answer, 503)
        assert browser.cookie() is None
        reasons = {entry.get("reason") for entry in logged if entry["log_level"] == "warning"}
        assert ("other" if error == "error-marker" else error) in reasons
    assert browser.google.requests == 0
    assert "error-marker" not in repr(logged)


def test_google_has_troubles(browser):
    before = browser.world.stored()
    for answer in ((500, b""), (200, b"<html>"), refusal(401, "invalid_client")):
        browser.google.answer = answer
        found = browser.sign_in()
        assert found.headers["Retry-After"]
        refused(browser, found, 503)
        assert browser.cookie() is None
    assert browser.world.stored() == before


def test_who_is_not_let_in(browser):
    before = browser.world.stored()
    for claims in (
        {"nonce": "n" * 43},
        {"nonce": None},
        {"aud": "another client"},
        {"iss": "https://accounts.example.org"},
        {"exp": 0},
        {"email_verified": False},
        {"email": "deactivated@example.org"},
    ):
        print(claims)
        browser.google.claims = {"email": "new@example.org", **claims}
        refused(browser, browser.sign_in())
        assert browser.cookie() is None
    assert browser.world.stored() == before


def test_tokens_of_programs_and_of_the_page_are_kept_apart(make_world, google, signer):
    world = make_world(public_url=PUBLIC, google_client_ids="program", **google.settings)
    tokens = {aud: signer.token(world.clock, aud=aud) for aud in ("program", CLIENT_ID)}
    answers = {
        aud: world.post("/api/auth/google/", "anonymous", json={"token": token}).status_code
        for aud, token in tokens.items()
    }
    assert answers == {"program": 200, CLIENT_ID: 401}
    google.clock, google.claims = world.clock, {"aud": "program"}
    browser = Browser(world, google)
    refused(browser, browser.sign_in())


def test_where_it_is_not_set_up_there_is_no_such_sign_in(world):
    for path in (START, f"{CALLBACK}?state=x&code=y", f"{CALLBACK}?state=x&error=access_denied"):
        answer = world.get(path, "anonymous")
        check(answer, 404, None)
        assert "not set up" in answer.json["detail"]
        assert "Set-Cookie" not in answer.headers


def test_nothing_that_signs_somebody_in_is_logged(browser, logged, caplog):
    caplog.set_level(logging.DEBUG)
    secrets = [CLIENT_SECRET, "next-marker", "access-marker"]
    for answer in (None, refusal(400, "invalid_grant"), refusal(401, "invalid_client")):
        browser.google.answer = answer
        address = browser.start(next="/next-marker")
        asked = single(urlsplit(address).query)
        back = browser.google.sign_in(address)
        secrets += [asked["state"], asked["nonce"], browser.cookie()]
        secrets += [single(urlsplit(back).query)["code"]]
        browser.come_back(back)
    secrets += [*browser.google.tokens, browser.cookie("algoitny_access", "/")]
    written = repr(logged) + caplog.text
    assert len([entry for entry in logged if entry["event"] == "request"]) == 6
    assert not [secret for secret in secrets if secret in written]


def test_the_document_says_where_one_is_sent(world):
    for path in (START, CALLBACK):
        responses = world.document.operation("GET", path)["responses"]
        assert "Location" in responses["302"]["headers"]
        assert "200" not in responses
    (parameter,) = world.document.operation("GET", START)["parameters"]
    assert parameter["schema"]["default"] == "/"
    assert parameter["schema"]["maxLength"] == 512
