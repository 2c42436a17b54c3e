"""The header `Idempotency-Key`, and what tells a repeat of a request from another one."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

import marshmallow as ma
from marshmallow import fields, validate

REPLAYED_HEADER = "Idempotent-Replayed"


class IdempotencySchema(ma.Schema):
    """Repeating a request safely."""

    idempotency_key = fields.String(
        data_key="Idempotency-Key",
        load_default=lambda: None,
        allow_none=False,
        validate=validate.Regexp(r"[!-~]{1,128}\Z", error="1 to 128 visible ASCII characters."),
        metadata={
            "pattern": "^[!-~]{1,128}$",
            "description": "The same key and body again get the first answer again, within a "
            "day, and nothing is counted twice.",
        },
    )


def body_digest(body: Mapping[str, Any]) -> str:
    """Equal for two bodies that ask for the same."""
    return hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()
