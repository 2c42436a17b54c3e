"""A browser signs in at Google's page, which a server here stands in for, and uses the session."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
import requests

from tests.providers.fake_google import CLIENT_SECRET, FakeGoogle, single
from tests.stack.running import Stack

pytestmark = pytest.mark.stack

EMAIL = "grace@example.org"


@pytest.fixture
def browser() -> Iterator[requests.Session]:
    """It follows redirects, keeps cookies, and sends them where they belong."""
    with requests.Session() as session:
        session.trust_env = False
        yield session


def test_a_browser_signs_in_and_changes_something(
    stack: Stack, google: FakeGoogle, browser: requests.Session
) -> None:
    account = f"{stack.base}/api/account/"
    google.claims = {"email": EMAIL, "sub": "2", "name": "Grace Hopper"}
    assert browser.get(account, timeout=60).status_code == 401
    start = f"{stack.base}/api/auth/google/start/"
    found = browser.get(start, params={"next": "/api/account/"}, timeout=60)
    hops = [answer.url.partition("?")[0] for answer in found.history]
    assert hops == [start, f"{google.url}/authorize", google.redirect_uri]
    assert (found.status_code, found.url) == (200, account)
    assert (found.json()["email"], found.json()["name"]) == (EMAIL, "Grace Hopper")
    refused = browser.patch(account, json={"name": "Grace"}, timeout=60)
    assert refused.status_code == 403
    token = {"X-CSRF-Token": browser.cookies["algoitny_csrf"]}
    changed = browser.patch(account, json={"name": "Grace"}, headers=token, timeout=60)
    assert (changed.status_code, changed.json()["name"]) == (200, "Grace")
    ended = browser.post(f"{stack.base}/api/auth/logout/", headers=token, timeout=60)
    assert ended.status_code == 204
    assert browser.get(account, timeout=60).status_code == 401
    # The way back is of no use a second time, nor to anybody else.
    for client in (browser, requests):
        assert client.get(found.history[-1].url, timeout=60).status_code == 401
    back = single(urlsplit(found.history[-1].url).query)
    log = stack.log.read_text()
    assert "/api/auth/google/callback/" in log
    for secret in (CLIENT_SECRET, *google.tokens, back["code"], back["state"]):
        assert secret not in log
