"""One's own statistics."""

from __future__ import annotations

from datetime import timedelta

from algoitny.domain.verdict import Verdict

STATS = "/api/account/stats/"


def judged(world, *verdicts, **changes):
    history_id = world.submit(**changes).json["history_id"]
    world.judge(history_id, verdicts)
    return history_id


def tomorrow(world):
    """A day later, signed in again."""
    world.clock.advance(days=1)
    for role in ("user", "other"):
        world.tokens[role] = world.sign_in(role)


def test_before_the_first_execution(world):
    assert world.get(STATS).json == {
        "executions": 0,
        "accepted": 0,
        "solved": 0,
        "streak_days": 0,
        "by_verdict": [],
        "by_language": [],
        "by_platform": [],
        "by_day": [],
    }


def test_totals_and_days(world):
    judged(world, Verdict.AC)
    tomorrow(world)
    last = judged(world, Verdict.AC, language="c")
    judged(world, Verdict.WA)
    judged(world, Verdict.TLE)
    world.submit()  # is not judged yet
    judged_by_another = world.submit("other").json["history_id"]
    world.judge(judged_by_another, (Verdict.AC,))
    first, today = (world.clock.now() - timedelta(days=days) for days in (1, 0))
    expected = {
        "executions": 4,
        "accepted": 2,
        "solved": 1,
        "streak_days": 2,
        "by_verdict": [
            {"verdict": "AC", "executions": 2},
            {"verdict": "TLE", "executions": 1},
            {"verdict": "WA", "executions": 1},
        ],
        "by_language": [
            {"language": "python3", "executions": 3},
            {"language": "c", "executions": 1},
        ],
        "by_platform": [{"platform": "sample", "executions": 4, "solved": 1}],
        "by_day": [
            {"day": first.date().isoformat(), "executions": 1, "hints": 0, "runs": 0},
            {"day": today.date().isoformat(), "executions": 4, "hints": 0, "runs": 0},
        ],
    }
    assert world.get(STATS).json == expected
    assert world.get(f"{STATS}?days=1").json == {**expected, "by_day": expected["by_day"][1:]}
    assert world.request("DELETE", f"/api/history/{last}/").status_code == 204
    assert world.get(STATS).json == expected


def test_a_streak_lives_until_a_whole_day_was_missed(world):
    judged(world, Verdict.WA)
    for length in (1, 1, 0):
        assert world.get(STATS).json["streak_days"] == length
        tomorrow(world)
