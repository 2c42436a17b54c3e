"""Signing in at Google's own pages: where a browser is sent, and the exchange of its code.

google-auth has no such exchange. What the ID token says is checked as any other is; the access
token that comes with it is not looked at.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping
from urllib.parse import urlencode

import structlog
import urllib3

from algoitny import metrics
from algoitny.domain.clock import Clock
from algoitny.domain.errors import NotAuthenticated, Overloaded, Unavailable
from algoitny.domain.identity import Identity, IdentityVerifier

log = structlog.get_logger(__name__)

SCOPE = "openid email profile"
READ_SECONDS = 5.0
AT_ONCE = 8
"""Exchanges that one process waits for; a Google that hangs must not take the other threads."""

_BIGGEST_ANSWER = 1 << 16
_OUR_MISTAKES = frozenset(
    {"invalid_client", "invalid_request", "redirect_uri_mismatch", "unauthorized_client"}
)
"""What Google answers (RFC 6749, 5.2) to settings that are not those of the registered client."""


class GoogleSignIn:
    """Implements `IdentityProvider`, for one client. `tokens` takes tokens made for it alone;
    `redirect_uri` is where it is registered to send browsers back to."""

    def __init__(
        self,
        *,
        client_id: str,
        client_secret: str,
        redirect_uri: str,
        authorization_url: str,
        token_url: str,
        tokens: IdentityVerifier,
        clock: Clock,
        read_seconds: float = READ_SECONDS,
        at_once: int = AT_ONCE,
    ) -> None:
        self._client_id = client_id
        self._client_secret = client_secret
        self._redirect_uri = redirect_uri
        self._authorization_url = authorization_url
        self._token_url = token_url
        self._tokens = tokens
        self._clock = clock
        self._places = threading.BoundedSemaphore(at_once)
        self._timeout = urllib3.Timeout(connect=1.0, read=read_seconds)
        # A code is good once: sent again is only what found no server. Nor does the secret go
        # where an answer may point.
        self._retries = urllib3.Retry(
            connect=2,
            read=False,
            redirect=False,
            status=False,
            other=False,
            backoff_factor=0.1,
            backoff_jitter=0.1,
            respect_retry_after_header=False,
        )

    def address(self, *, state: str, nonce: str, challenge: str) -> str:
        """Google's page, with all that it has to know."""
        query = urlencode(
            {
                "response_type": "code",
                "client_id": self._client_id,
                "redirect_uri": self._redirect_uri,
                "scope": SCOPE,
                "state": state,
                "nonce": nonce,
                "code_challenge": challenge,
                "code_challenge_method": "S256",
            }
        )
        return f"{self._authorization_url}{'&' if '?' in self._authorization_url else '?'}{query}"

    def identify(self, code: str, *, verifier: str, nonce: str) -> Identity:
        """Exchanges the code for an ID token, and checks that. Raises Overloaded as well."""
        if not self._places.acquire(blocking=False):
            raise Overloaded("Too many people are signing in just now; start again in a moment.")
        try:
            token = self._redeem(code, verifier)
        finally:
            self._places.release()
        return self._tokens.verify(token, nonce=nonce)

    def _redeem(self, code: str, verifier: str) -> str:
        started, outcome = self._clock.monotonic(), "failed"
        try:
            token = _id_token(*self._exchange(code, verifier))
            outcome = "ok"
            return token
        finally:
            seconds = self._clock.monotonic() - started
            metrics.OUTBOUND_SECONDS.labels("google-token", outcome).observe(seconds)

    def _exchange(self, code: str, verifier: str) -> tuple[int, bytes]:
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "client_id": self._client_id,
            "client_secret": self._client_secret,
            "redirect_uri": self._redirect_uri,
            "code_verifier": verifier,
        }
        # A pool, and so a connection, for each: one that was kept may be closed by Google while a
        # code is on its way, and nobody could tell then whether it arrived.
        pool = urllib3.PoolManager(timeout=self._timeout, retries=self._retries)
        try:
            with pool as http:
                answer = http.request(
                    "POST",
                    self._token_url,
                    fields=form,
                    encode_multipart=False,
                    preload_content=False,
                )
                return answer.status, answer.read(_BIGGEST_ANSWER)
        except (urllib3.exceptions.HTTPError, OSError) as error:
            log.warning("google did not exchange a sign-in", reason=type(error).__name__)
            raise _unavailable() from None


def _id_token(status: int, body: bytes) -> str:
    answer = _object(body)
    token, error = answer.get("id_token"), answer.get("error")
    if status == 200 and isinstance(token, str):
        return token
    if status == 400 and error == "invalid_grant":
        raise NotAuthenticated("Google no longer accepts this sign-in; start again.")
    if isinstance(error, str) and error in _OUR_MISTAKES:
        log.error("google does not know the web client as it is set", status=status, reason=error)
    else:
        log.warning("google did not exchange a sign-in", status=status)
    raise _unavailable()


def _object(body: bytes) -> Mapping[str, object]:
    """A JSON object; an empty one in the place of anything else."""
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


def _unavailable() -> Unavailable:
    return Unavailable("Google could not be reached; start again in a moment.")
