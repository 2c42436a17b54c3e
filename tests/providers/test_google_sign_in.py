"""Signing in at Google's pages: where browsers are sent, and what becomes of the code."""

from __future__ import annotations

import json
import logging
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import urlsplit

import pytest
from prometheus_client import REGISTRY
from structlog.testing import capture_logs
from urllib3.util import connection

from algoitny.domain.errors import NotAuthenticated, Overloaded, Unavailable
from algoitny.providers.google import FetchedKeys, GoogleTokens
from algoitny.providers.google_sign_in import GoogleSignIn
from tests.clock import FixedClock
from tests.providers.fake_google import (
    CLIENT_ID,
    CLIENT_SECRET,
    FakeGoogle,
    refusal,
    s256,
    serving_google,
    single,
)
from tests.providers.google_keys import Signer
from tests.waiting import PATIENCE_SECONDS, wait_until

HERE = "https://algoitny.example.org/api/auth/google/callback/"
VERIFIER = "v" * 43
STATE, NONCE = "s" * 43, "n" * 43


@pytest.fixture(scope="module")
def signer() -> Signer:
    return Signer()


@pytest.fixture
def google(signer: Signer, clock: FixedClock) -> Iterator[FakeGoogle]:
    with serving_google(HERE, signer, clock) as server:
        yield server


def provider(google: FakeGoogle, clock: FixedClock, **changes: Any) -> GoogleSignIn:
    keys = FetchedKeys(f"{google.url}/certs", clock)
    return GoogleSignIn(
        **{
            "client_id": CLIENT_ID,
            "client_secret": CLIENT_SECRET,
            "redirect_uri": HERE,
            "authorization_url": f"{google.url}/authorize",
            "token_url": f"{google.url}/token",
            "tokens": GoogleTokens(keys, audience={CLIENT_ID}, clock=clock),
            "clock": clock,
            **changes,
        }
    )


@pytest.fixture
def sign_in(google: FakeGoogle, clock: FixedClock) -> GoogleSignIn:
    return provider(google, clock)


def code_of(google: FakeGoogle, sign_in: GoogleSignIn) -> str:
    address = sign_in.address(state=STATE, nonce=NONCE, challenge=s256(VERIFIER))
    back = single(urlsplit(google.sign_in(address)).query)
    assert back["state"] == STATE
    return back["code"]


def test_a_code_is_exchanged_for_who_signed_in(google: FakeGoogle, sign_in: GoogleSignIn) -> None:
    found = sign_in.identify(code_of(google, sign_in), verifier=VERIFIER, nonce=NONCE)
    assert (found.email, found.name) == ("ada@example.org", "Ada Lovelace")
    assert google.requests == 1


def test_an_address_that_has_parameters_keeps_them(google: FakeGoogle, clock: FixedClock) -> None:
    own = provider(google, clock, authorization_url="https://id.example.org/auth?tenant=1")
    address = own.address(state=STATE, nonce=NONCE, challenge=s256(VERIFIER))
    query = single(urlsplit(address).query)
    assert (query["tenant"], query["state"]) == ("1", STATE)


def test_a_code_is_good_once_and_with_its_verifier(
    google: FakeGoogle, sign_in: GoogleSignIn
) -> None:
    stolen = code_of(google, sign_in)
    with pytest.raises(NotAuthenticated, match="start again"):
        sign_in.identify(stolen, verifier="w" * 43, nonce=NONCE)
    code = code_of(google, sign_in)
    sign_in.identify(code, verifier=VERIFIER, nonce=NONCE)
    for refused in (code, stolen, "4/made-up"):
        with pytest.raises(NotAuthenticated):
            sign_in.identify(refused, verifier=VERIFIER, nonce=NONCE)


@pytest.mark.parametrize(
    "claims",
    [
        {"nonce": "another"},
        {"nonce": None},
        {"aud": "another client"},
        {"iss": "https://accounts.example.org"},
        {"exp": 0},
        {"email_verified": False},
    ],
    ids=str,
)
def test_the_token_is_checked_as_any_other(
    google: FakeGoogle, sign_in: GoogleSignIn, claims: dict[str, Any]
) -> None:
    google.claims = claims
    with pytest.raises(NotAuthenticated):
        sign_in.identify(code_of(google, sign_in), verifier=VERIFIER, nonce=NONCE)
    assert len(google.tokens) == 1


@pytest.mark.parametrize(
    "answer",
    [
        (200, b""),
        (200, b"<html>Sign in</html>"),
        (200, b"\xff\xfe"),
        (200, b"[" * 60_000),
        (200, b"[]"),
        (200, b'{"access_token": "x"}'),
        (200, b'{"id_token": 7}'),
        (400, b'{"error": ["invalid_client"]}'),
        (200, json.dumps({"id_token": "x", "more": "y" * 70_000}).encode()),
        (302, b'{"id_token": "a.b.c"}'),
        (404, b"<html>"),
        (429, b""),
        (500, b'{"error": "invalid_grant"}'),
        (503, b""),
        refusal(400, "something_new"),
    ],
    ids=lambda answer: f"{answer[0]} {answer[1][:20]!r}",
)
def test_other_answers_are_troubles_of_googles_and_not_asked_for_twice(
    google: FakeGoogle, sign_in: GoogleSignIn, answer: tuple[int, bytes]
) -> None:
    google.answer = answer
    with pytest.raises(Unavailable, match="start again"):
        sign_in.identify(code_of(google, sign_in), verifier=VERIFIER, nonce=NONCE)
    assert google.requests == 1


@pytest.mark.parametrize("status", [302, 307])
def test_the_secret_goes_nowhere_else(
    google: FakeGoogle, sign_in: GoogleSignIn, status: int
) -> None:
    google.answer, google.location = (status, b""), f"{google.url}/token"
    with pytest.raises(Unavailable):
        sign_in.identify(code_of(google, sign_in), verifier=VERIFIER, nonce=NONCE)
    assert google.requests == 1


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"client_secret": "wrong"}, "invalid_client"),
        ({"redirect_uri": "https://elsewhere.example.org/"}, "redirect_uri_mismatch"),
    ],
)
def test_settings_that_google_refuses_are_told_to_the_operator(
    google: FakeGoogle,
    sign_in: GoogleSignIn,
    clock: FixedClock,
    wrong: dict[str, str],
    reason: str,
) -> None:
    code = code_of(google, sign_in)
    with capture_logs() as logged, pytest.raises(Unavailable):
        provider(google, clock, **wrong).identify(code, verifier=VERIFIER, nonce=NONCE)
    (entry,) = logged
    assert (entry["log_level"], entry["reason"]) == ("error", reason)


def test_a_slow_google_is_not_waited_for(google: FakeGoogle, clock: FixedClock) -> None:
    hasty = provider(google, clock, read_seconds=0.05)
    code = code_of(google, hasty)
    google.lets_go.clear()
    with pytest.raises(Unavailable):
        hasty.identify(code, verifier=VERIFIER, nonce=NONCE)
    wait_until(lambda: google.requests, "the code arrives")
    assert google.requests == 1


def test_a_google_that_hangs_takes_no_more_threads_than_it_may(
    google: FakeGoogle, clock: FixedClock
) -> None:
    sign_in = provider(google, clock, at_once=1, read_seconds=PATIENCE_SECONDS)
    codes = [code_of(google, sign_in) for _ in range(3)]
    google.lets_go.clear()
    with ThreadPoolExecutor(1) as threads:
        first = threads.submit(sign_in.identify, codes[0], verifier=VERIFIER, nonce=NONCE)
        wait_until(lambda: google.requests, "the first code arrives")
        with pytest.raises(Overloaded, match="start again"):
            sign_in.identify(codes[1], verifier=VERIFIER, nonce=NONCE)
        google.lets_go.set()
        assert first.result().email
    assert sign_in.identify(codes[2], verifier=VERIFIER, nonce=NONCE).email
    assert google.requests == 2


def test_no_connection_is_kept_that_could_end_under_a_code(
    google: FakeGoogle, sign_in: GoogleSignIn
) -> None:
    for _ in range(2):
        sign_in.identify(code_of(google, sign_in), verifier=VERIFIER, nonce=NONCE)
    assert len(google.connections) == google.requests == 2


def test_what_may_have_arrived_is_not_sent_again(google: FakeGoogle, sign_in: GoogleSignIn) -> None:
    google.hangs_up = True
    with pytest.raises(Unavailable):
        sign_in.identify(code_of(google, sign_in), verifier=VERIFIER, nonce=NONCE)
    assert google.requests == 1


@pytest.mark.parametrize(("failures", "arrives"), [(1, True), (2, True), (3, False)])
def test_what_found_no_server_is_sent_again_twice(
    google: FakeGoogle,
    sign_in: GoogleSignIn,
    monkeypatch: pytest.MonkeyPatch,
    failures: int,
    arrives: bool,
) -> None:
    code = code_of(google, sign_in)
    tries: list[object] = []
    connect = connection.create_connection

    def refuse(address: tuple[str, int], *rest: Any, **more: Any) -> socket.socket:
        tries.append(address)
        if len(tries) <= failures:
            raise ConnectionRefusedError
        return connect(address, *rest, **more)

    monkeypatch.setattr(connection, "create_connection", refuse)
    if arrives:
        sign_in.identify(code, verifier=VERIFIER, nonce=NONCE)
    else:
        with pytest.raises(Unavailable):
            sign_in.identify(code, verifier=VERIFIER, nonce=NONCE)
    assert google.requests == int(arrives)
    # A connection more fetches the keys.
    assert len(tries) == (failures + 2 if arrives else failures)


def test_exchanges_are_counted(google: FakeGoogle, sign_in: GoogleSignIn) -> None:
    def counted() -> list[float]:
        return [
            REGISTRY.get_sample_value(
                "algoitny_outbound_seconds_count", {"target": "google-token", "outcome": outcome}
            )
            or 0.0
            for outcome in ("ok", "failed")
        ]

    ok, failed = counted()
    sign_in.identify(code_of(google, sign_in), verifier=VERIFIER, nonce=NONCE)
    assert counted() == [ok + 1, failed]
    google.hangs_up = True
    with pytest.raises(Unavailable):
        sign_in.identify(code_of(google, sign_in), verifier=VERIFIER, nonce=NONCE)
    assert counted() == [ok + 1, failed + 1]


def test_neither_secret_nor_code_nor_token_is_logged(
    google: FakeGoogle, sign_in: GoogleSignIn, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    secrets = [CLIENT_SECRET, VERIFIER, NONCE, STATE, "access-marker", "description-marker"]
    with capture_logs() as logged:
        secrets.append(code_of(google, sign_in))
        sign_in.identify(secrets[-1], verifier=VERIFIER, nonce=NONCE)
        secrets += google.tokens
        for answer in (refusal(400, "description-marker"), (200, google.tokens[0].encode())):
            google.answer = answer
            with pytest.raises(Unavailable):
                sign_in.identify(code_of(google, sign_in), verifier=VERIFIER, nonce=NONCE)
    assert logged
    assert caplog.records
    written = repr(logged) + caplog.text
    assert not [secret for secret in secrets if secret in written]
