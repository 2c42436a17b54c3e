"""A stand-in for Google: keys of our own, served on this machine, and tokens signed with them."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from google.auth import crypt, jwt

from algoitny.domain.clock import Clock

CLIENT_ID = "client-1.apps.example.org"


class Signer:
    """A key pair under a key id."""

    def __init__(self, key_id: str = "key-1") -> None:
        private = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.key_id = key_id
        self.public_pem = (
            private.public_key()
            .public_bytes(
                serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
            )
            .decode()
        )
        pem = private.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.TraditionalOpenSSL,
            serialization.NoEncryption(),
        )
        self._signer = crypt.RSASigner.from_string(pem, key_id=key_id)

    @property
    def keys(self) -> dict[str, str]:
        return {self.key_id: self.public_pem}

    def token(self, clock: Clock, **changes: Any) -> str:
        """A good token, with claims changed; None takes a claim away."""
        now = int(clock.now().timestamp())
        claims: dict[str, Any] = {
            "iss": "https://accounts.google.com",
            "aud": CLIENT_ID,
            "sub": "110169484474386276334",
            "email": "ada@example.org",
            "email_verified": True,
            "name": "Ada Lovelace",
            "picture": "https://example.org/ada.png",
            "iat": now,
            "exp": now + 3600,
        }
        given = {name: value for name, value in (claims | changes).items() if value is not None}
        encoded: bytes = jwt.encode(self._signer, given)
        return encoded.decode()


class KeyServer:
    """What is served, and how often it was asked for."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.keys: Mapping[str, str] = {}
        self.status = 200
        self.cache_control = "public, max-age=3600"
        self.requests = 0


@contextmanager
def serving_keys(keys: Mapping[str, str]) -> Iterator[KeyServer]:
    """A server of keys on loopback, while the block runs."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            served.requests += 1
            body = json.dumps(dict(served.keys)).encode()
            self.send_response(served.status)
            self.send_header("Cache-Control", served.cache_control)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            return

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        served = KeyServer(f"http://127.0.0.1:{server.server_port}/certs")
        served.keys = keys
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        try:
            yield served
        finally:
            server.shutdown()
