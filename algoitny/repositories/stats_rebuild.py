"""Counting a user's statistics again, from what they were derived of.

Done executions as they are, those that were deleted, and the markers of solved problems. What is
written holds only if nothing was counted meanwhile: both counting rows carry a version.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from pynamodb.expressions.update import Action

from algoitny.domain.errors import Conflict, StoreUnavailable
from algoitny.domain.history import History
from algoitny.domain.ids import Ids
from algoitny.domain.patience import Patience
from algoitny.domain.stats import MOST_PLATFORMS, UserTotals
from algoitny.domain.verdict import State, Verdict
from algoitny.models.base import Gsi1, TableItem
from algoitny.models.history import LISTED, HistoryItem, user_list
from algoitny.models.kit.batch import batch_get
from algoitny.models.kit.cursor import Position
from algoitny.models.kit.families import CounterFamily
from algoitny.models.kit.operations import get, query, query_all
from algoitny.models.kit.transaction import Transaction
from algoitny.models.stats import (
    OTHERS,
    SOLVED_SORT,
    STATS_PARTITION,
    DeletedStatsItem,
    SolvedItem,
    UserStatsItem,
    deleted_stats_key,
    stats_key,
)

INDEX_LAG_SECONDS = 5.0
"""Until the list of a user's executions has all that were counted before the versions were read."""

_PAGE = 100
_ROUNDS = 5


class _Moved(Conflict):
    """Something was counted meanwhile."""


@dataclass(slots=True)
class _Sums:
    verdicts: Counter[str] = field(default_factory=Counter)
    languages: Counter[str] = field(default_factory=Counter)
    platforms: Counter[str] = field(default_factory=Counter)
    solved: Counter[str] = field(default_factory=Counter)

    def add(self, history: History) -> None:
        if history.state is State.DONE and history.verdict is not None:
            self.verdicts[history.verdict.value] += 1
            self.languages[history.language] += 1
            self.platforms[history.problem.platform] += 1

    def add_deleted(self, item: DeletedStatsItem) -> None:
        self.verdicts.update(DeletedStatsItem.verdict_counts.of(item))
        self.languages.update(DeletedStatsItem.language_counts.of(item))
        self.platforms.update(DeletedStatsItem.platform_counts.of(item))


class StatsRebuilding:
    """Resumable by doing it again: it writes once, at its end."""

    def __init__(self, *, ids: Ids, patience: Patience) -> None:
        self._ids = ids
        self._patience = patience

    def rebuild(self, user_id: str) -> tuple[UserTotals, UserTotals]:
        """Statistics before and after. Raises StoreUnavailable when they change all the time."""
        for _ in range(_ROUNDS):
            stats = get(UserStatsItem, stats_key(user_id), consistent=True)
            deleted = get(DeletedStatsItem, deleted_stats_key(user_id), consistent=True)
            self._patience.sleep(INDEX_LAG_SECONDS)
            sums = self._count(user_id)
            if deleted is not None:
                sums.add_deleted(deleted)
            if stats is None and not sums.verdicts and not sums.solved:
                return UserTotals(), UserTotals()
            try:
                self._write(user_id, stats, deleted, sums)
            except _Moved:
                continue
            after = get(UserStatsItem, stats_key(user_id), consistent=True)
            return _totals(stats), _totals(after)
        raise StoreUnavailable("The user's executions are ending all the time.")

    def _count(self, user_id: str) -> _Sums:
        """The index, which lags, tells only which executions there are."""
        sums = _Sums()
        start: Position | None = None
        while True:
            part = query(
                HistoryItem,
                user_list(user_id),
                index=Gsi1,
                sort=HistoryItem.gsi1_sk.startswith(LISTED.prefix()),
                limit=_PAGE,
                start=start,
            )
            keys = [item.key for item in part.items]
            found = batch_get(HistoryItem, keys, patience=self._patience, consistent=True)
            for item in found.values():
                sums.add(item.record())
            start = part.position
            if start is None:
                break
        markers = query_all(
            SolvedItem,
            STATS_PARTITION(user=user_id),
            sort=SolvedItem.sk.startswith(SOLVED_SORT.prefix()),
            consistent=True,
        )
        sums.solved.update(marker.record().problem.platform for marker in markers)
        return sums

    def _write(
        self,
        user_id: str,
        stats: UserStatsItem | None,
        deleted: DeletedStatsItem | None,
        sums: _Sums,
    ) -> None:
        token = self._ids.new()
        transaction = Transaction(token=token, patience=self._patience)
        version = 0 if stats is None else stats.version or 0
        transaction.update(
            UserStatsItem,
            stats_key(user_id),
            _changes(stats, sums, version + 1),
            condition=_unchanged(UserStatsItem, version),
            refused=_Moved,
        )
        transaction.check(
            DeletedStatsItem,
            deleted_stats_key(user_id),
            _unchanged(DeletedStatsItem, 0 if deleted is None else deleted.version or 0),
            refused=_Moved,
        )
        transaction.commit()


def _changes(stats: UserStatsItem | None, sums: _Sums, version: int) -> list[Action]:
    item = UserStatsItem
    counted = {name for name in sums.platforms if name != OTHERS}
    # Those that are counted by name go on being so: endings rely on it.
    named = set(stats.platforms or () if stats is not None else ())
    named.update(sorted(counted - named)[: max(0, MOST_PLATFORMS - len(named))])
    actions: list[Action] = [
        item.typed(),
        item.version.set(version),
        item.executions.set(sum(sums.verdicts.values())),
        item.accepted.set(sums.verdicts[Verdict.AC.value]),
        item.solved.set(sum(sums.solved.values())),
    ]
    if named:
        actions.append(item.platforms.set(named))
    families: list[tuple[CounterFamily, Counter[str]]] = [
        (item.verdict_counts, sums.verdicts),
        (item.language_counts, sums.languages),
        (item.platform_counts, _by_name(sums.platforms, named)),
        (item.platform_solved, _by_name(sums.solved, named)),
    ]
    for family, counts in families:
        old: set[str] = set() if stats is None else family.names_in(stats)
        actions += [family[name].set(number) for name, number in counts.items()]
        actions += [family[name].remove() for name in sorted(old - counts.keys())]
    return actions


def _by_name(counts: Counter[str], named: set[str]) -> Counter[str]:
    sums: Counter[str] = Counter()
    for name, number in counts.items():
        sums[name if name in named else OTHERS] += number
    return sums


def _unchanged(model: type[TableItem], version: int) -> Any:
    return model.version == version if version else model.version.does_not_exist()


def _totals(item: UserStatsItem | None) -> UserTotals:
    return UserTotals() if item is None else item.totals()
