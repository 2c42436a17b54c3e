"""What lists of executions are filtered by, from the API down to the rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from algoitny.domain.verdict import Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryFilter:
    """Which executions a list holds: all that is given must be so. Submitted from `since` to before
    `until`, in whole milliseconds."""

    platform: str | None = None
    language: str | None = None
    verdict: Verdict | None = None
    since: datetime | None = None
    until: datetime | None = None


NO_FILTER = HistoryFilter()
