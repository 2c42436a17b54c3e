"""Encrypts what must be read again later: stored webhook secrets, and browsers' sign-in tickets.

Fernet (AES-128-CBC and HMAC-SHA256, by the cryptography package) under a key derived from
SECRET_KEY for this purpose alone, so that neither can be used in place of the other.
"""

from __future__ import annotations

import base64

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from algoitny.domain.errors import StoreRejected


class Seal:
    """Seals texts. `purpose` separates the uses of one secret key."""

    def __init__(self, secret_key: str, *, purpose: str) -> None:
        derive = HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose.encode())
        self._fernet = Fernet(base64.urlsafe_b64encode(derive.derive(secret_key.encode())))

    def close(self, text: str) -> bytes:
        """The sealed text; never the same twice."""
        return self._fernet.encrypt(text.encode())

    def open(self, sealed: bytes) -> str:
        """What was sealed. Raises StoreRejected: damaged, or sealed under another secret key."""
        try:
            return self._fernet.decrypt(sealed).decode()
        except InvalidToken:
            raise StoreRejected("A stored secret cannot be read with this SECRET_KEY.") from None
