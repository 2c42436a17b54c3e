"""`flask audit list`."""

from __future__ import annotations

import json

from algoitny.domain.clock import rfc3339
from algoitny.domain.repositories import Repositories
from tests.cli.commands import run_command
from tests.clock import FixedClock


def test_lines_of_a_month(repositories: Repositories, clock: FixedClock) -> None:
    repositories.audit.append(actor="ada", action="plan.update", subject="plan Free")
    shown = run_command(repositories, "audit", "list", "--json", clock=clock)
    (line,) = json.loads(shown.stdout)["items"]
    assert (line["actor"], line["action"], line["subject"]) == ("ada", "plan.update", "plan Free")
    assert line["at"] == rfc3339(clock.now())
    month = f"{clock.now():%Y-%m}"
    assert "plan Free" in run_command(repositories, "audit", "list", "--month", month).stdout
    before = run_command(repositories, "audit", "list", "--month", "2001-01", "--json")
    assert json.loads(before.stdout) == {"items": []}
    assert run_command(repositories, "audit", "list", "--month", "soon").exit_code == 2
