"""AWS's signature, version 4, of a request that reads or writes items.

As https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html says,
for the one kind of request that there is: a POST to `/` of a host, without a query, whose signed
headers are always the same.
"""

from __future__ import annotations

import hmac
from datetime import datetime
from functools import lru_cache
from hashlib import sha256
from typing import Protocol

CONTENT_TYPE = "application/x-amz-json-1.0"
_ALGORITHM = "AWS4-HMAC-SHA256"
_SERVICE = "dynamodb"


class Keys(Protocol):
    """An access key's two halves, and the token of one that lasts a while only."""

    access_key: str
    secret_key: str
    token: str | None


def signed_headers(
    *, target: str, body: bytes, host: str, region: str, keys: Keys, now: datetime
) -> dict[str, str]:
    """The headers that the request must have, its signature among them; `now` is UTC."""
    instant = now.strftime("%Y%m%dT%H%M%SZ")
    day = instant[:8]
    headers = {
        "Content-Type": CONTENT_TYPE,
        "Host": host,
        "X-Amz-Date": instant,
    }
    if keys.token:
        headers["X-Amz-Security-Token"] = keys.token
    headers["X-Amz-Target"] = target
    names = ";".join(headers).lower()
    lines = "".join(f"{name.lower()}:{value}\n" for name, value in headers.items())
    request = f"POST\n/\n\n{lines}\n{names}\n{sha256(body).hexdigest()}"
    scope = f"{day}/{region}/{_SERVICE}/aws4_request"
    to_sign = f"{_ALGORITHM}\n{instant}\n{scope}\n{sha256(request.encode()).hexdigest()}"
    signature = _digest(_signing_key(keys.secret_key, day, region), to_sign).hex()
    headers["Authorization"] = (
        f"{_ALGORITHM} Credential={keys.access_key}/{scope}, "
        f"SignedHeaders={names}, Signature={signature}"
    )
    return headers


@lru_cache(maxsize=4)
def _signing_key(secret: str, day: str, region: str) -> bytes:
    key = f"AWS4{secret}".encode()
    for part in (day, region, _SERVICE, "aws4_request"):
        key = _digest(key, part)
    return key


def _digest(key: bytes, message: str) -> bytes:
    return hmac.digest(key, message.encode(), "sha256")
