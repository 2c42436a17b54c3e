"""Lists of executions: a user's, the public ones, a problem's; and how many there are."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any, NamedTuple, Self, TypeVar

from pynamodb.attributes import UnicodeAttribute
from pynamodb.expressions.condition import Condition
from pynamodb.indexes import Index

from algoitny.domain.clock import Clock
from algoitny.domain.errors import InvalidInput
from algoitny.domain.history import RECENT_HOURS, History, ProblemExecution
from algoitny.domain.history_filter import NO_FILTER, HistoryFilter
from algoitny.domain.page import Page
from algoitny.domain.problem import ProblemKey
from algoitny.domain.verdict import State
from algoitny.models.base import Gsi1, Gsi2, Gsi3
from algoitny.models.history import LISTED, PUBLIC, HistoryItem, listed_before, user_list
from algoitny.models.history_public import PUBLIC_LANGUAGE, PUBLIC_PLATFORM, PublicRowItem
from algoitny.models.kit.cursor import Cursors, Position
from algoitny.models.kit.operations import count
from algoitny.models.problem import problem_partition
from algoitny.models.usage import problem_id_text
from algoitny.repositories.listing import every, filtered

COUNT_KEPT_SECONDS = 60.0

_END = LISTED.prefix().removesuffix("#") + "$"
"""Above the sort keys of all executions: `$` follows `#`."""


_OF_ALL = ("verdict",)
_OF_PLATFORM = ("language", *_OF_ALL)
_OF_USER = ("platform", *_OF_PLATFORM)
"""What a list's rows are compared with: fields of the filter, and attributes of that name. The rest
of the filter is a range of sort keys, or what the list's partition holds alone."""

_Line = TypeVar("_Line", HistoryItem, PublicRowItem)


class _Span(NamedTuple):
    """A range of sort keys, both ends included; no execution has the upper one."""

    lowest: str
    highest: str

    @classmethod
    def of(cls, only: HistoryFilter) -> Self:
        return cls(
            LISTED.prefix() if only.since is None else listed_before(only.since),
            _END if only.until is None else listed_before(only.until),
        )

    @property
    def is_empty(self) -> bool:
        return self.lowest >= self.highest

    def below(self, key: str) -> Self:
        """What of it is below this key: all ids are of one length, so whatever begins like the key
        but for a smaller last character is below it."""
        return self._replace(highest=f"{key[:-1]}{chr(ord(key[-1]) - 1)}~")

    def above(self, history_id: str | None) -> Self:
        """What of it comes after an execution."""
        if history_id is None:
            return self
        return self._replace(lowest=max(self.lowest, f"{LISTED(history=history_id)}!"))

    def within(self, sort: UnicodeAttribute) -> Condition | None:
        """The condition for it; None, no condition, for all executions."""
        if self == _Span.of(NO_FILTER):
            return None
        return sort.between(*self)


class Listings:
    """Reads pages; changes nothing."""

    def __init__(self, *, clock: Clock, cursors: Cursors, public_shards: int) -> None:
        self._clock = clock
        self._cursors = cursors
        self._public_shards = public_shards
        self._counted: dict[int, tuple[float, int]] = {}

    def of_user(
        self, user_id: str, only: HistoryFilter, *, limit: int, cursor: str | None
    ) -> Page[History]:
        """Newest first."""
        return self._listed(
            ("list_user_history", user_id),
            HistoryItem,
            user_list(user_id),
            Gsi1,
            # The index holds more of a user than executions.
            within=lambda span: HistoryItem.gsi1_sk.between(*span),
            only=only,
            compared=_OF_USER,
            limit=limit,
            cursor=cursor,
        )

    def public(self, only: HistoryFilter, *, limit: int, cursor: str | None) -> Page[History]:
        """Newest first, from the shortest list that has them all."""
        if only.platform is not None:
            return self._listed(
                ("search_by_platform", only.platform),
                PublicRowItem,
                PUBLIC_PLATFORM(platform=only.platform),
                Gsi2,
                within=lambda span: span.within(PublicRowItem.gsi2_sk),
                only=only,
                compared=_OF_PLATFORM,
                limit=limit,
                cursor=cursor,
            )
        if only.language is not None:
            return self._listed(
                ("search_by_language", only.language),
                PublicRowItem,
                PUBLIC_LANGUAGE(language=only.language),
                Gsi1,
                within=lambda span: span.within(PublicRowItem.gsi1_sk),
                only=only,
                compared=_OF_ALL,
                limit=limit,
                cursor=cursor,
            )
        return self._timeline(only, limit=limit, cursor=cursor)

    def _timeline(self, only: HistoryFilter, *, limit: int, cursor: str | None) -> Page[History]:
        """Merged over the shards."""
        span = _Span.of(only)
        scope = ("list_public_history", *_values(only, _OF_ALL), *span)
        position = self._cursors.open(scope, cursor)
        if position is not None:
            span = span.below(position["GSI2SK"])
        if span.is_empty:
            return Page((), None)
        parts = [
            filtered(
                HistoryItem,
                PUBLIC(shard=shard),
                index=Gsi2,
                sort=span.within(HistoryItem.gsi2_sk),
                only=_only(HistoryItem, only, _OF_ALL),
                forward=False,
                limit=limit,
                start=None,
            )
            for shard in range(self._public_shards)
        ]
        # Below where a shard was left there may be more of it: those lines belong to a later page.
        floor = max((stopped["GSI2SK"] for _, stopped in parts if stopped), default="")
        lines = sorted(
            (item for items, _ in parts for item in items if item.gsi2_sk >= floor),
            key=lambda item: item.gsi2_sk,
            reverse=True,
        )
        if len(lines) > limit:
            floor = lines[limit - 1].gsi2_sk
        following: Position | None = {"GSI2SK": floor} if floor else None
        return Page(
            tuple(item.record() for item in lines[:limit]), self._cursors.issue(scope, following)
        )

    def _listed(
        self,
        name: tuple[str, str],
        model: type[_Line],
        partition: str,
        index: type[Index[Any]],
        *,
        within: Callable[[_Span], Condition | None],
        only: HistoryFilter,
        compared: Sequence[str],
        limit: int,
        cursor: str | None,
    ) -> Page[History]:
        """Newest first, of one partition: rows whose sort key is `within` the filter's time, and
        whose attributes that are `compared` are what it asks for."""
        span: _Span = _Span.of(only)
        if span.is_empty:
            return Page((), None)
        scope = (*name, *_values(only, compared), *span)
        items, position = filtered(
            model,
            partition,
            index=index,
            sort=within(span),
            only=_only(model, only, compared),
            forward=False,
            limit=limit,
            start=self._cursors.open(scope, cursor),
        )
        return Page(tuple(item.record() for item in items), self._cursors.issue(scope, position))

    def of_problem(
        self, problem: ProblemKey, only: HistoryFilter, *, limit: int, after: str | None
    ) -> Page[ProblemExecution]:
        """Oldest first."""
        return _walked(
            problem_partition(problem),
            Gsi3,
            HistoryItem.gsi3_sk,
            span=_Span.of(only).above(after),
            only=_only(HistoryItem, only, _OF_PLATFORM),
            limit=limit,
        )

    def ended_of_user(
        self,
        user_id: str,
        only: HistoryFilter,
        *,
        problem: ProblemKey | None,
        limit: int,
        after: str | None,
    ) -> Page[ProblemExecution]:
        """Oldest first."""
        wanted = HistoryItem.state.is_in(*(state.value for state in State if state.ended))
        if problem is not None:
            wanted &= HistoryItem.problem == problem_id_text(problem)
        if (rest := _only(HistoryItem, only, _OF_USER)) is not None:
            wanted &= rest
        return _walked(
            user_list(user_id),
            Gsi1,
            HistoryItem.gsi1_sk,
            span=_Span.of(only).above(after),
            only=wanted,
            limit=limit,
        )

    def count_recent(self, hours: int) -> int:
        """Raises InvalidInput."""
        if not 1 <= hours <= RECENT_HOURS:
            raise InvalidInput.field("/hours", f"This must be 1 to {RECENT_HOURS} hours.")
        now = self._clock.monotonic()
        counted_at, known = self._counted.get(hours, (now - COUNT_KEPT_SECONDS, 0))
        if now - counted_at < COUNT_KEPT_SECONDS:
            return known
        since = listed_before(self._clock.now() - timedelta(hours=hours))
        total = sum(
            count(HistoryItem, PUBLIC(shard=shard), index=Gsi2, sort=HistoryItem.gsi2_sk >= since)
            for shard in range(self._public_shards)
        )
        self._counted[hours] = (now, total)
        return total


def _walked(
    partition: str,
    index: type[Index[Any]],
    sort: UnicodeAttribute,
    *,
    span: _Span,
    only: Condition | None,
    limit: int,
) -> Page[ProblemExecution]:
    """Oldest first. The cursor is the id that was looked at last: it goes to no client, and what
    walks with it may take longer than a client's cursor lives."""
    if span.is_empty:
        return Page((), None)
    items, position = filtered(
        HistoryItem,
        partition,
        index=index,
        sort=sort.between(*span),
        only=only,
        limit=limit,
        start=None,
    )
    last = None if position is None else position[f"{index.Meta.index_name}SK"]
    return Page(
        tuple(item.problem_execution() for item in items),
        None if last is None else str(LISTED.parse(last)["history"]),
    )


def _values(only: HistoryFilter, names: Sequence[str]) -> tuple[str, ...]:
    """What a cursor is bound to; empty for what is not asked for."""
    return tuple(getattr(only, name) or "" for name in names)


def _only(
    model: type[HistoryItem | PublicRowItem], only: HistoryFilter, names: Sequence[str]
) -> Condition | None:
    """The store's filter; None when nothing is asked for."""
    values = zip(names, _values(only, names), strict=True)
    return every([getattr(model, name) == str(value) for name, value in values if value])
