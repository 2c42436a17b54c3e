"""The audit log: who changed what, a line for each change that an administrator makes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Protocol

from algoitny.domain.page import Page
from algoitny.domain.secret import REDACTED, names_secret


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditLine:
    """`actor` did `action` to `subject`, e.g. `01J…`, `user.update`, `user 01H…`; `details` is a
    small JSON value, such as old and new values of what changed."""

    id: str
    at: datetime
    actor: str
    action: str
    subject: str
    details: Mapping[str, Any] = field(default_factory=dict)


class AuditRepository(Protocol):
    """Access to the audit log, to which lines are only added."""

    def append(
        self,
        *,
        actor: str,
        action: str,
        subject: str,
        details: Mapping[str, Any] | None = None,
    ) -> AuditLine:
        """Add a line, of now. Values whose names stand for secrets are hidden. Raises TooLarge
        past 16 KB of details, compressed."""
        ...

    def list_month(
        self, month: date, *, limit: int = 20, cursor: str | None = None
    ) -> Page[AuditLine]:
        """Lines of the UTC month that this day is in, newest first."""
        ...


def without_secrets(value: Any) -> Any:
    """A JSON value with everything hidden, at any depth, whose name stands for a secret."""
    if isinstance(value, Mapping):
        return {
            str(name): REDACTED if names_secret(str(name)) else without_secrets(inner)
            for name, inner in value.items()
        }
    if isinstance(value, list | tuple):
        return [without_secrets(inner) for inner in value]
    return value
