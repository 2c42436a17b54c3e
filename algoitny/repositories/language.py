"""What workers announce of themselves; a silent one is forgotten."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from algoitny.domain.clock import Clock
from algoitny.models.kit.operations import put, query_all
from algoitny.models.language import LANGUAGES_SORT, WorkerLanguagesItem, languages_key
from algoitny.models.sequence import SYSTEM

SILENCE = timedelta(minutes=10)
"""After this a worker that announces nothing is taken for dead."""


class DynamoLanguageRepository:
    """Implements `LanguageRepository`."""

    def __init__(self, *, clock: Clock) -> None:
        self._clock = clock

    def announce(self, worker: str, versions: dict[str, str]) -> None:
        """One Put; 1 WCU."""
        key = languages_key(worker)
        now = self._clock.now()
        item = WorkerLanguagesItem(
            key.partition,
            key.sort,
            versions=dict(versions),
            created=now,
            expires=int((now + SILENCE).timestamp()),
        )
        put(item)

    def announced(self) -> Sequence[dict[str, str]]:
        """One Query."""
        prefix = WorkerLanguagesItem.sk.startswith(LANGUAGES_SORT.prefix())
        now = self._clock.now()
        return [
            item.versions
            for item in query_all(WorkerLanguagesItem, SYSTEM, sort=prefix)
            if not item.is_expired(now)
        ]
