"""Google's ID tokens: only genuine ones, made for us, in their time."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from algoitny.domain.errors import NotAuthenticated, Unavailable
from algoitny.domain.identity import Identity
from algoitny.providers.google import FetchedKeys, GoogleTokens, PinnedKeys
from tests.clock import FixedClock
from tests.providers.google_keys import CLIENT_ID, KeyServer, Signer, serving_keys


@pytest.fixture(scope="module")
def signer() -> Signer:
    return Signer()


@pytest.fixture(scope="module")
def stranger() -> Signer:
    """Another key under the same id."""
    return Signer()


@pytest.fixture
def served(signer: Signer) -> Iterator[KeyServer]:
    with serving_keys(signer.keys) as server:
        yield server


@pytest.fixture
def tokens(served: KeyServer, clock: FixedClock) -> GoogleTokens:
    return GoogleTokens(FetchedKeys(served.url, clock), audience={CLIENT_ID}, clock=clock)


def test_a_genuine_token_says_who_it_is(
    tokens: GoogleTokens, signer: Signer, clock: FixedClock
) -> None:
    assert tokens.verify(signer.token(clock)) == Identity(
        subject="110169484474386276334",
        email="ada@example.org",
        name="Ada Lovelace",
        picture="https://example.org/ada.png",
    )
    bare = tokens.verify(signer.token(clock, name=None, picture=""))
    assert (bare.name, bare.picture) == (None, None)


@pytest.mark.parametrize(
    "changes",
    [
        {"aud": "another client"},
        {"aud": None},
        {"iss": "https://accounts.example.org"},
        {"iss": None},
        {"sub": ""},
        {"sub": 7},
        {"exp": 0},
        {"exp": "tomorrow"},
        {"exp": None},
        {"iat": 4_000_000_000},
        {"iat": [1]},
        {"email_verified": False},
        {"email_verified": "true"},
        {"email_verified": None},
        {"email": ""},
        {"email": None},
    ],
    ids=str,
)
def test_claims_that_are_not_right_are_refused(
    tokens: GoogleTokens, signer: Signer, clock: FixedClock, changes: dict[str, Any]
) -> None:
    with pytest.raises(NotAuthenticated):
        tokens.verify(signer.token(clock, **changes))


def test_both_spellings_of_the_issuer_are_googles(
    tokens: GoogleTokens, signer: Signer, clock: FixedClock
) -> None:
    assert tokens.verify(signer.token(clock, iss="accounts.google.com")).subject


def test_a_nonce_that_was_asked_for_must_be_there(
    tokens: GoogleTokens, signer: Signer, clock: FixedClock
) -> None:
    assert tokens.verify(signer.token(clock, nonce="n1"), nonce="n1").subject
    for nonce in ("n2", None):
        with pytest.raises(NotAuthenticated):
            tokens.verify(signer.token(clock, nonce=nonce), nonce="n1")


def test_a_token_lives_as_long_as_it_says_by_the_products_clock(
    tokens: GoogleTokens, signer: Signer, clock: FixedClock
) -> None:
    token = signer.token(clock)
    clock.advance(3600 + 59)
    assert tokens.verify(token).subject
    clock.advance(2)
    with pytest.raises(NotAuthenticated):
        tokens.verify(token)


def test_another_signature_is_refused(
    tokens: GoogleTokens, stranger: Signer, clock: FixedClock
) -> None:
    with pytest.raises(NotAuthenticated):
        tokens.verify(stranger.token(clock))


def _unsigned(**header: object) -> str:
    def part(content: object) -> str:
        return base64.urlsafe_b64encode(json.dumps(content).encode()).decode().rstrip("=")

    claims = {"iss": "accounts.google.com", "aud": CLIENT_ID, "sub": "1", "email_verified": True}
    return f"{part(header)}.{part(claims)}."


@pytest.mark.parametrize(
    "token",
    [
        "",
        "a.b",
        "a.b.c",
        "ü.b.c",
        "W10.W10.W10",
        "x" * 9000,
        _unsigned(alg="none"),
        _unsigned(alg="none", kid="key-1"),
        _unsigned(alg="HS256", kid="key-1"),
        _unsigned(alg=["RS256"], kid=["key-1"]),
    ],
)
def test_what_is_no_token_is_refused(tokens: GoogleTokens, token: str) -> None:
    with pytest.raises(NotAuthenticated, match="not valid"):
        tokens.verify(token)


def test_keys_are_fetched_once_while_they_are_fresh(
    tokens: GoogleTokens, signer: Signer, served: KeyServer, clock: FixedClock
) -> None:
    for _ in range(3):
        tokens.verify(signer.token(clock))
    assert served.requests == 1
    clock.advance(3601)
    tokens.verify(signer.token(clock))
    assert served.requests == 2


def test_a_new_key_is_found_and_unknown_ones_do_not_flood_google(
    tokens: GoogleTokens, signer: Signer, served: KeyServer, clock: FixedClock
) -> None:
    tokens.verify(signer.token(clock))
    rotated = Signer("key-2")
    served.keys = rotated.keys
    clock.advance(61)
    assert tokens.verify(rotated.token(clock)).subject
    for number in range(5):
        with pytest.raises(NotAuthenticated):
            tokens.verify(Signer.token(signer, clock, sub=str(number)))
    assert served.requests == 2


def test_an_outage_is_outlived_for_a_day(
    tokens: GoogleTokens, signer: Signer, served: KeyServer, clock: FixedClock
) -> None:
    tokens.verify(signer.token(clock))
    served.status = 500
    clock.advance(7200)
    assert tokens.verify(signer.token(clock)).subject
    clock.advance(86_400)
    with pytest.raises(Unavailable):
        tokens.verify(signer.token(clock))


@pytest.mark.parametrize("answer", [{"status": 404}, {"status": 302}, {"keys": {"key-1": 5}}])
def test_without_keys_nobody_is_let_in(
    tokens: GoogleTokens,
    signer: Signer,
    served: KeyServer,
    clock: FixedClock,
    answer: dict[str, Any],
) -> None:
    for name, value in answer.items():
        setattr(served, name, value)
    with pytest.raises(Unavailable):
        tokens.verify(signer.token(clock))


def test_pinned_keys_need_no_network(tmp_path: Path, signer: Signer, clock: FixedClock) -> None:
    path = tmp_path / "keys.json"
    path.write_text(json.dumps(signer.keys), encoding="utf-8")
    tokens = GoogleTokens(PinnedKeys(path), audience={CLIENT_ID}, clock=clock)
    assert tokens.verify(signer.token(clock)).email == "ada@example.org"
    with pytest.raises(NotAuthenticated):
        tokens.verify(Signer("key-9").token(clock))
