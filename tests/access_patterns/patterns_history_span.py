"""Public executions of a span of time."""

from __future__ import annotations

from datetime import UTC, datetime

from algoitny.domain.history_filter import HistoryFilter
from tests.access_patterns.declaration import Call, pattern
from tests.access_patterns.world import World

SPAN = HistoryFilter(
    since=datetime(2025, 3, 14, tzinfo=UTC), until=datetime(2025, 3, 15, tzinfo=UTC)
)


@pattern(
    "H4b",
    "histories.list_public_history",
    "Query GSI2: (GSI2PK = PUBLIC#00 AND GSI2SK BETWEEN HIST#<ulid> AND HIST#<ulid>); "
    "backwards; at most 20",
    reads=1,
    way="of a time",
)
def _(world: World) -> Call:
    world.many_done(is_code_public=True)
    return lambda: world.repositories.histories.list_public_history(SPAN, limit=20)


@pattern(
    "H5c",
    "histories.search_by_language",
    "Query GSI1: (GSI1PK = PUBLIC#L#python3 AND GSI1SK BETWEEN HIST#<ulid> AND HIST#<ulid>); "
    "backwards; at most 20",
    reads=1,
    way="of a time",
)
def _(world: World) -> Call:
    world.many_done(is_code_public=True)
    histories = world.repositories.histories
    return lambda: histories.search_by_language("python3", SPAN, limit=20)


@pattern(
    "H5d",
    "histories.search_by_platform",
    "Query GSI2: (GSI2PK = PUBLIC#P#baekjoon AND GSI2SK BETWEEN HIST#<ulid> AND HIST#<ulid>); "
    "backwards; at most 20",
    reads=1,
    way="of a time",
)
def _(world: World) -> Call:
    world.many_done(is_code_public=True)
    histories = world.repositories.histories
    return lambda: histories.search_by_platform("baekjoon", SPAN, limit=20)
