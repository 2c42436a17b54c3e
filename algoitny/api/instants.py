"""How the API writes an instant; nothing else."""

from __future__ import annotations

from datetime import UTC, datetime


def rfc3339(instant: datetime) -> str:
    """RFC 3339 in UTC with microseconds: `2026-01-02T03:04:05.000006Z`."""
    return instant.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
