"""`flask stats rebuild`."""

from __future__ import annotations

import json

from algoitny.domain.plan import STANDARD_PLANS
from algoitny.domain.repositories import Repositories
from algoitny.models.kit.operations import update
from algoitny.models.stats import UserStatsItem, stats_key
from tests.builders import a_user, done
from tests.cli.commands import run_command
from tests.clock import FixedClock


def test_rebuilding(repositories: Repositories, clock: FixedClock) -> None:
    repositories.plans.create_missing(STANDARD_PLANS)
    user = repositories.users.create_user(a_user(clock))
    done(repositories, clock, user_id=user.id)
    update(UserStatsItem, stats_key(user.id), [UserStatsItem.executions.set(9)])
    repaired = run_command(repositories, "stats", "rebuild", user.email)
    counts = f"{user.id}: 1 executions, 1 accepted, 1 solved"
    assert (repaired.exit_code, repaired.stdout) == (0, f"{counts}; repaired.\n")
    again = run_command(repositories, "stats", "rebuild", user.id)
    assert again.stdout == f"{counts}; as before.\n"
    report = json.loads(run_command(repositories, "stats", "rebuild", user.id, "--json").stdout)
    assert report["before"] == report["after"]
    nobody = run_command(repositories, "stats", "rebuild", "ghost")
    assert (nobody.exit_code, nobody.stderr) == (1, "There is no user ghost.\n")
