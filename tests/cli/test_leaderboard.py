"""`flask leaderboard count`."""

from __future__ import annotations

import json

from algoitny.domain.plan import STANDARD_PLANS
from algoitny.domain.repositories import Repositories
from algoitny.services.ranking import LEASE
from tests.builders import a_user, done
from tests.cli.commands import run_command
from tests.clock import FixedClock


def test_counting_by_hand(repositories: Repositories, clock: FixedClock) -> None:
    repositories.plans.create_missing(STANDARD_PLANS)
    user = repositories.users.create_user(a_user(clock))
    done(repositories, clock, user_id=user.id)
    result = run_command(repositories, "leaderboard", "count", clock=clock)
    assert (result.exit_code, result.stdout) == (0, "4 published, 0 unchanged\n")
    (line,) = repositories.leaderboards.list_lines("all").items
    assert (line.user_id, line.solved) == (user.id, 1)
    clock.advance(60)
    repositories.leases.acquire(LEASE, owner="w1", seconds=60)
    result = run_command(repositories, "leaderboard", "count", clock=clock)
    assert (result.exit_code, result.stdout) == (0, "A worker is already counting.\n")
    report = run_command(repositories, "leaderboard", "count", "--json", clock=clock).stdout
    assert json.loads(report) == {"published": 0, "unchanged": 0, "busy": True}
