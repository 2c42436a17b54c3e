"""Values of records as JSON has them, for whoever shows records whole."""

from __future__ import annotations

import base64
from datetime import date, datetime
from decimal import Decimal

from algoitny.domain.clock import rfc3339


def plain(value: object) -> object:
    """What `json.dumps` takes for a value that it does not know. Raises TypeError."""
    match value:
        case datetime():
            return rfc3339(value)
        case date():
            return value.isoformat()
        case Decimal():
            return float(value)
        case set() | frozenset():
            return sorted(value)
        case bytes():
            return base64.b64encode(value).decode()
    raise TypeError(f"{type(value).__name__} is not JSON.")
