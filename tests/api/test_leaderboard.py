"""Leaderboards over HTTP."""

from __future__ import annotations

from algoitny.domain.leaderboard import LeaderboardLine
from algoitny.domain.user import pseudonym

BOARD = "/api/leaderboard/"


def publish(world, period, *roles):
    lines = [
        LeaderboardLine(
            rank=rank,
            user_id=world.users[role],
            user_identifier=pseudonym(world.users[role]),
            solved=10 - rank,
        )
        for rank, role in enumerate(roles, start=1)
    ]
    world.store.leaderboards.publish(period, world.container.ids.new(), lines)
    return lines


def shown(lines):
    return [
        {"rank": line.rank, "user_identifier": line.user_identifier, "solved": line.solved}
        for line in lines
    ]


def test_a_board(world):
    lines = publish(world, "all", "user", "other", "registrar")
    publish(world, "2025-W11", "other")
    answer = world.get(BOARD, "anonymous")
    assert answer.json == {
        "period": "all",
        "published_at": "2025-03-14T09:26:53.589000Z",
        "items": shown(lines),
        "next_cursor": None,
    }
    assert not any(user in answer.text for user in world.users.values())
    week = world.get(f"{BOARD}?period=2025-W11", "anonymous").json
    assert [line["user_identifier"] for line in week["items"]] == [lines[1].user_identifier]
    nothing = world.get(f"{BOARD}?period=2024", "anonymous").json
    assert nothing == {"period": "2024", "published_at": None, "items": [], "next_cursor": None}


def test_pages(world):
    lines = publish(world, "2025-03", "user", "other", "registrar")
    first = world.get(f"{BOARD}?period=2025-03&limit=2", "anonymous")
    link = first.headers["Link"]
    second = world.get(link[1 : link.index(">")], "anonymous")
    assert first.json["items"] + second.json["items"] == shown(lines)
    cursor = first.json["next_cursor"]
    refused = world.get(f"{BOARD}?period=2025&limit=2&cursor={cursor}")
    assert refused.status_code == 400


def test_who_is_deactivated_is_not_shown(world):
    publish(world, "all", "user", "deactivated")
    assert [line["rank"] for line in world.get(BOARD).json["items"]] == [1]
