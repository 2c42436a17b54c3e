"""Daily limits in answers: the usage object, and the header fields of the IETF draft
(draft-ietf-httpapi-ratelimit-headers): `RateLimit-Policy` and `RateLimit`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

import marshmallow as ma
from marshmallow import fields

from algoitny.domain.clock import next_reset
from algoitny.domain.plan import UNLIMITED
from algoitny.domain.usage import Action
from algoitny.services.container import container

DAY_SECONDS = 86_400

QUOTA_HEADERS = {
    "RateLimit-Policy": 'The day\'s limit: `"executions";q=50;w=86400`; absent when unlimited.',
    "RateLimit": 'What is left, and seconds until it starts again: `"executions";r=49;t=3600`.',
}


class UsageSchema(ma.Schema):
    """Units used on this UTC day."""

    current_count = fields.Integer(required=True)
    limit = fields.Integer(required=True, metadata={"description": "-1: unlimited."})


def quota_headers(used: Mapping[Action, tuple[int, int]]) -> dict[str, str]:
    """`used` maps an action to (units used today, the day's limit). Unlimited ones are left out."""
    limited = {action: pair for action, pair in used.items() if pair[1] != UNLIMITED}
    if not limited:
        return {}
    now = container().clock.now()
    seconds = math.ceil((next_reset(now) - now).total_seconds())
    return {
        "RateLimit-Policy": ", ".join(
            f'"{action}s";q={limit};w={DAY_SECONDS}' for action, (_, limit) in limited.items()
        ),
        "RateLimit": ", ".join(
            f'"{action}s";r={max(0, limit - count)};t={seconds}'
            for action, (count, limit) in limited.items()
        ),
    }
