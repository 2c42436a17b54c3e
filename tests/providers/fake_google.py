"""A stand-in for Google's sign-in: its page, its token endpoint and its keys, on this machine.

It holds clients to what Google does: the registered address to come back to, the secret, a code
that is good once, and the verifier of the challenge that the code was asked for with.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from algoitny.domain.clock import Clock
from tests.providers.google_keys import Signer
from tests.waiting import PATIENCE_SECONDS

CLIENT_ID = "page.apps.example.org"
CLIENT_SECRET = "client-secret-marker"

Answer = tuple[int, bytes]


@dataclass
class FakeGoogle:
    """One registered client, and one person who signs in."""

    url: str
    redirect_uri: str
    signer: Signer
    clock: Clock
    claims: dict[str, Any] = field(default_factory=dict)
    """What the next ID token says otherwise than usual."""
    answer: Answer | None = None
    """What the token endpoint answers, whatever it is asked."""
    location: str | None = None
    """Where its answers point."""
    hangs_up: bool = False
    """It takes the request and closes the connection."""
    lets_go: threading.Event = field(default_factory=threading.Event)
    """It answers nothing until then."""
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    requests: int = 0
    connections: set[object] = field(default_factory=set)
    """That codes came by."""
    tokens: list[str] = field(default_factory=list)

    @property
    def settings(self) -> dict[str, str]:
        """How to be set up for it."""
        return {
            "google_web_client_id": CLIENT_ID,
            "google_web_client_secret": CLIENT_SECRET,
            "google_authorization_url": f"{self.url}/authorize",
            "google_token_url": f"{self.url}/token",
            "google_keys_url": f"{self.url}/certs",
        }

    def sign_in(self, address: str) -> str:
        """The person agrees on the page at `address`; where their browser is sent then."""
        asked = single(urlsplit(address).query)
        assert address.startswith(f"{self.url}/authorize?")
        assert asked.pop("client_id") == CLIENT_ID
        assert asked.pop("redirect_uri") == self.redirect_uri
        assert asked.pop("response_type") == "code"
        assert asked.pop("scope").split() == ["openid", "email", "profile"]
        assert asked.pop("code_challenge_method") == "S256"
        assert set(asked) == {"state", "nonce", "code_challenge"}
        assert all(len(value) >= 43 for value in asked.values())
        code = f"4/{secrets.token_urlsafe(24)}"
        self.codes[code] = asked
        return self.back(state=asked["state"], code=code, authuser="0", prompt="none")

    def back(self, **parameters: str) -> str:
        """Where a browser is sent, with these parameters and Google's own."""
        query = {"iss": "https://accounts.google.com", "scope": "email openid", **parameters}
        return f"{self.redirect_uri}?{urlencode(query)}"

    def exchange(self, form: dict[str, str]) -> Answer:
        """What the token endpoint answers."""
        if (form.get("client_id"), form.get("client_secret")) != (CLIENT_ID, CLIENT_SECRET):
            return refusal(401, "invalid_client")
        if form.get("redirect_uri") != self.redirect_uri:
            return refusal(400, "redirect_uri_mismatch")
        if form.get("grant_type") != "authorization_code":
            return refusal(400, "unsupported_grant_type")
        asked = self.codes.pop(form.get("code", ""), None)
        if asked is None or s256(form.get("code_verifier", "")) != asked["code_challenge"]:
            return refusal(400, "invalid_grant")
        claims = {"aud": CLIENT_ID, "nonce": asked["nonce"], **self.claims}
        self.tokens.append(self.signer.token(self.clock, **claims))
        given = {"access_token": "ya29.access-marker", "expires_in": 3599, "token_type": "Bearer"}
        return 200, json.dumps(given | {"id_token": self.tokens[-1]}).encode()


def single(query: str) -> dict[str, str]:
    """The parameters, none of them given twice."""
    found = parse_qs(query, strict_parsing=True)
    assert all(len(values) == 1 for values in found.values())
    return {name: value for name, (value,) in found.items()}


def s256(verifier: str) -> str:
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def refusal(status: int, error: str) -> Answer:
    return status, json.dumps({"error": error, "error_description": "description-marker"}).encode()


@contextmanager
def serving_google(redirect_uri: str, signer: Signer, clock: Clock) -> Iterator[FakeGoogle]:
    """A server on loopback, while the block runs."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def handle(self) -> None:
            with suppress(ConnectionError):  # nobody waits for the answer any more
                super().handle()

        def do_GET(self) -> None:
            if self.path.startswith("/certs"):
                self._send(200, json.dumps(signer.keys).encode())
            else:
                self.send_response(302)
                self.send_header("Location", google.sign_in(google.url + self.path))
                self.send_header("Content-Length", "0")
                self.end_headers()

        def do_POST(self) -> None:
            google.requests += 1
            google.connections.add(self.client_address)
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            assert self.path == "/token"
            assert self.headers["Content-Type"] == "application/x-www-form-urlencoded"
            google.lets_go.wait(PATIENCE_SECONDS)
            if google.hangs_up:
                self.close_connection = True
                return
            self._send(*(google.answer or google.exchange(single(body))))

        def _send(self, status: int, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            if google.location:
                self.send_header("Location", google.location)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            return

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        google = FakeGoogle(f"http://127.0.0.1:{server.server_port}", redirect_uri, signer, clock)
        google.lets_go.set()
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        try:
            yield google
        finally:
            google.lets_go.set()
            server.shutdown()
