"""Google's ID tokens, checked against Google's keys.

The signature is google-auth's to check. Keys are fetched when they are needed and kept as long as
the answer allows; or they are pinned, for machines that may not call out.
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

import structlog
import urllib3
from google.auth import exceptions, jwt  # its functions have no types

from algoitny import metrics
from algoitny.domain.clock import Clock
from algoitny.domain.errors import NotAuthenticated, Unavailable
from algoitny.domain.identity import Identity

log = structlog.get_logger(__name__)

ISSUERS = frozenset({"accounts.google.com", "https://accounts.google.com"})
"""As Google's documentation of ID tokens names them."""

CLOCK_SKEW_SECONDS = 60
LONGEST_TOKEN = 8192

_LEAST_KEPT, _MOST_KEPT = 300.0, 86_400.0
_BETWEEN_FETCHES = 60.0
_BIGGEST_ANSWER = 1 << 16
_ANY_TIME = 1 << 60

Keys = Mapping[str, str]
"""PEM certificates or public keys by key id."""


class PinnedKeys:
    """Keys from a file: a JSON object of key ids and PEM texts, as Google serves them."""

    def __init__(self, path: Path) -> None:
        self._keys = _parse(path.read_bytes())

    def current(self, _key_id: str) -> Keys:
        """All keys, whichever is asked for."""
        return self._keys


class FetchedKeys:
    """Keys from an address, kept for as long as its `Cache-Control` says (5 minutes to a day)."""

    def __init__(self, url: str, clock: Clock) -> None:
        self._url = url
        self._clock = clock
        self._lock = threading.Lock()
        self._keys: Keys = {}
        self._fresh_until = self._next_fetch = self._usable_until = float("-inf")
        self._http = urllib3.PoolManager(
            timeout=urllib3.Timeout(connect=1.0, read=2.0),
            retries=urllib3.Retry(
                total=2,
                redirect=0,
                status_forcelist=(429, 500, 502, 503, 504),
                backoff_factor=0.1,
                backoff_jitter=0.1,
                respect_retry_after_header=False,
            ),
        )

    def current(self, key_id: str) -> Keys:
        """The keys, fetched anew when they are old or, once a minute at most, when they lack this
        one. Raises Unavailable when there are none; keys of the last day outlive an outage."""
        with self._lock:
            now = self._clock.monotonic()
            stale = now >= self._fresh_until or key_id not in self._keys
            if stale and now >= self._next_fetch:
                self._next_fetch = now + _BETWEEN_FETCHES
                self._fetch(now)
            if now >= self._usable_until:
                raise Unavailable("Google's keys are not available at the moment.")
            return self._keys

    def _fetch(self, now: float) -> None:
        started, outcome = self._clock.monotonic(), "failed"
        try:
            answer = self._http.request("GET", self._url, preload_content=False)
            try:
                body = answer.read(_BIGGEST_ANSWER)
            finally:
                answer.release_conn()
            if answer.status != 200:
                raise ValueError(f"status {answer.status}")
            keys = _parse(body)
            outcome = "ok"
        except (urllib3.exceptions.HTTPError, ValueError, OSError) as error:
            log.warning("google's keys not fetched", reason=type(error).__name__)
            return
        finally:
            seconds = self._clock.monotonic() - started
            metrics.OUTBOUND_SECONDS.labels("google-keys", outcome).observe(seconds)
        self._keys = keys
        self._fresh_until = now + _seconds_to_keep(answer.headers.get("Cache-Control", ""))
        self._usable_until = now + _MOST_KEPT


class GoogleTokens:
    """Implements `IdentityVerifier`. `audience` are the client ids that tokens may be made for."""

    def __init__(
        self, keys: PinnedKeys | FetchedKeys, *, audience: Collection[str], clock: Clock
    ) -> None:
        self._keys = keys
        self._audience = frozenset(audience)
        self._clock = clock

    def verify(self, token: str, *, nonce: str | None = None) -> Identity:
        """Signature, audience, issuer, times, nonce and verified e-mail."""
        claims = self._claims(token)
        self._check(claims, nonce)
        return Identity(
            subject=claims["sub"],
            email=claims["email"],
            name=_text(claims.get("name")),
            picture=_text(claims.get("picture")),
        )

    def _claims(self, token: str) -> Mapping[str, Any]:
        if len(token) > LONGEST_TOKEN or not token.isascii():
            raise _refused()
        try:
            key_id = str(jwt.decode_header(token).get("kid", ""))  # type: ignore[no-untyped-call]
            # Its times are checked below, against the product's clock.
            claims: Mapping[str, Any] = jwt.decode(  # type: ignore[no-untyped-call]
                token,
                certs=dict(self._keys.current(key_id)),
                audience=list(self._audience),
                clock_skew_in_seconds=_ANY_TIME,
            )
        except (exceptions.GoogleAuthError, ValueError, TypeError, RecursionError):
            # It quotes the token in its messages: nothing of them may be told or logged.
            raise _refused() from None
        return claims

    def _check(self, claims: Mapping[str, Any], nonce: str | None) -> None:
        now = self._clock.now().timestamp()
        issued, expires = claims.get("iat"), claims.get("exp")
        good = (
            isinstance(issued, int | float)
            and isinstance(expires, int | float)
            and issued - CLOCK_SKEW_SECONDS <= now < expires + CLOCK_SKEW_SECONDS
            and claims.get("iss") in ISSUERS
            and (nonce is None or claims.get("nonce") == nonce)
            and bool(_text(claims.get("sub")))
        )
        if not good:
            raise _refused()
        if claims.get("email_verified") is not True or not _text(claims.get("email")):
            raise NotAuthenticated("Google has not verified this account's e-mail address.")


def _refused() -> NotAuthenticated:
    return NotAuthenticated("The Google token is not valid.")


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None


def _parse(body: bytes) -> Keys:
    """Raises ValueError."""
    keys = json.loads(body)
    if not isinstance(keys, dict) or not all(isinstance(pem, str) for pem in keys.values()):
        raise ValueError("Google's keys are a JSON object of key ids and PEM texts")
    return keys


def _seconds_to_keep(cache_control: str) -> float:
    found = re.search(r"max-age=(\d{1,9})", cache_control)
    return min(max(float(found[1]) if found else 0.0, _LEAST_KEPT), _MOST_KEPT)
