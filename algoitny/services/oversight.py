"""What administrators do to somebody else's executions is a line of the audit log: after the
change, which can be repeated when the line could not be written, or before one that cannot."""

from __future__ import annotations

from algoitny.domain.access import Caller, owns_history
from algoitny.domain.audit import AuditRepository
from algoitny.domain.history import History


def note_oversight(
    audit: AuditRepository, caller: Caller, history: History, action: str, **details: object
) -> None:
    """A line that names the execution and whose it was; none for one's own."""
    if owns_history(caller, history):
        return
    audit.append(
        actor=caller.user.id,
        action=action,
        subject=f"execution {history.id}",
        details={"user_id": history.user_id, **details},
    )
