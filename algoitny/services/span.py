"""The rule for every span of time that is asked for: from `since` to before `until`."""

from __future__ import annotations

from datetime import datetime

from algoitny.domain.errors import InvalidInput


def check_span(since: datetime | None, until: datetime | None, *, pointer: str) -> None:
    """Raises InvalidInput, naming the end (`pointer`), when nothing can be in it."""
    if since is not None and until is not None and since >= until:
        raise InvalidInput.field(pointer, "This must be later than `since`.")
