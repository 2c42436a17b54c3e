"""Lists of problems."""

from __future__ import annotations

from tests.access_patterns.declaration import Call, pattern
from tests.access_patterns.world import World
from tests.copies import copy_problems
from tests.realistic import GRACE, KEY


@pattern(
    "P5",
    "problems.list_completed_problems",
    "Query GSI1: GSI1PK = PROBS#completed; backwards; at most 20",
    reads=1,
)
def _(world: World) -> Call:
    copy_problems(world.problem(), 40)
    return lambda: world.repositories.problems.list_completed_problems(limit=20)


@pattern(
    "P5b",
    "problems.list_completed_problems",
    "Query GSI2: GSI2PK = PROBS#baekjoon; at most 20",
    reads=1,
    way="of a platform",
)
def _(world: World) -> Call:
    copy_problems(world.problem(), 40)
    return lambda: world.repositories.problems.list_completed_problems(
        platform=KEY.platform, limit=20
    )


@pattern(
    "P5c",
    "problems.list_draft_problems",
    "Query GSI1: GSI1PK = PROBS#draft; backwards; at most 20",
    reads=1,
)
def _(world: World) -> Call:
    copy_problems(world.problem(is_completed=False), 40)
    return lambda: world.repositories.problems.list_draft_problems(limit=20)


@pattern(
    "P5d",
    "problems.list_problems_needing_review",
    "Query GSI1: GSI1PK = PROBS#review; backwards; at most 20",
    reads=1,
)
def _(world: World) -> Call:
    copy_problems(world.problem(is_completed=False, needs_review=True), 40)
    return lambda: world.repositories.problems.list_problems_needing_review(limit=20)


@pattern(
    "P5e",
    "problems.list_problems_by_platform",
    "Query GSI2: GSI2PK = PROBS#baekjoon; at most 20",
    reads=1,
    writes=0,
)
def _(world: World) -> Call:
    copy_problems(world.problem(), 40)
    return lambda: world.repositories.problems.list_problems_by_platform(KEY.platform, limit=20)


@pattern(
    "P5f",
    "problems.list_problems_by_platform",
    "Query GSI1: GSI1PK = PROBS#platform#baekjoon; backwards; at most 20",
    reads=1,
    writes=0,
    way="with drafts",
)
def _(world: World) -> Call:
    copy_problems(world.problem(), 40)
    return lambda: world.repositories.problems.list_problems_by_platform(
        KEY.platform, with_drafts=True, limit=20
    )


@pattern(
    "P5g",
    "problems.list_problems_by_owner",
    "Query GSI1: GSI1PK = PROBS#owner#<grace>; at most 20",
    reads=1,
    writes=0,
)
def _(world: World) -> Call:
    copy_problems(world.problem(), 40)
    return lambda: world.repositories.problems.list_problems_by_owner(GRACE, limit=20)


@pattern(
    "P5h",
    "problems.list_problems_by_language",
    "Query GSI1: GSI1PK = PROBS#language#python3; at most 20",
    reads=1,
    writes=0,
)
def _(world: World) -> Call:
    copy_problems(world.problem(), 40)
    return lambda: world.repositories.problems.list_problems_by_language("python3", limit=20)


@pattern(
    "P5i",
    "problems.list_problems_by_tag",
    "Query GSI1: GSI1PK = PROBS#tag#graphs; at most 20",
    reads=1,
    writes=0,
)
def _(world: World) -> Call:
    copy_problems(world.problem(), 40)
    return lambda: world.repositories.problems.list_problems_by_tag("graphs", limit=20)


@pattern(
    "P5j",
    "problems.list_problems_by_title",
    "Query GSI1: (GSI1PK = PROBS#T#ab AND begins_with(GSI1SK, abs)); at most 20",
    reads=1,
    writes=0,
)
def _(world: World) -> Call:
    copy_problems(world.problem(), 40)
    return lambda: world.repositories.problems.list_problems_by_title("abs", limit=20)
