"""Asking for rejudging: what may be asked for, and once for each request."""

from __future__ import annotations

import pytest

from algoitny.domain.errors import (
    Conflict,
    InvalidInput,
    KeyReused,
    NoTests,
    NotFound,
)
from algoitny.domain.job import JobState
from algoitny.domain.rejudge import Selection
from algoitny.services.idempotency import Repeatable
from tests.services.world import KEY, World

PROBLEM = Selection(problem=KEY)


def test_what_is_refused(world: World) -> None:
    world.problem()
    caller = world.caller()
    waiting = world.submit(caller)
    cancelled = world.submit(caller)
    world.executions.cancel(caller, cancelled)
    now = world.clock.now()
    for selection, error in (
        (Selection(), InvalidInput),
        (Selection(execution_id=waiting, problem=KEY), InvalidInput),
        (Selection(problem=KEY, language="cobol"), InvalidInput),
        (Selection(problem=KEY, since=now, until=now), InvalidInput),
        (Selection(execution_id=world.ids.new()), NotFound),
        (Selection(user_id=world.ids.new()), NotFound),
        (Selection(execution_id=waiting), Conflict),
        (Selection(execution_id=cancelled), Conflict),
    ):
        with pytest.raises(error):
            world.rejudges.request(selection, actor="root")
    world.store.problems.replace_testcases(KEY, [])
    with pytest.raises(NoTests):
        world.rejudges.request(PROBLEM, actor="root")
    assert world.rejudges.list(JobState.PENDING, limit=20, cursor=None).items == ()


def test_a_repeat_gets_the_first_job(world: World) -> None:
    world.problem()
    repeatable = Repeatable(key="k", route="r", body_digest="d")
    first, repeated = world.rejudges.request(PROBLEM, actor="root", repeatable=repeatable)
    assert not repeated
    again = world.rejudges.request(PROBLEM, actor="root", repeatable=repeatable)
    assert again == (first, True)
    other = Repeatable(key="k", route="r", body_digest="e")
    with pytest.raises(KeyReused):
        world.rejudges.request(PROBLEM, actor="root", repeatable=other)
    (line,) = world.store.audit.list_month(world.clock.now().date()).items
    assert (line.actor, line.action, line.subject) == ("root", "rejudge.request", f"job {first}")
    assert line.details == {"platform": KEY.platform, "problem_number": KEY.number}
