"""Who may see and do what: every role against every state."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from algoitny.domain.access import (
    Caller,
    may_edit_problem,
    may_see_history,
    may_see_problem,
)
from algoitny.domain.history import History
from algoitny.domain.plan import STANDARD_PLANS, Plan
from algoitny.domain.problem import ProblemKey, ProblemSummary
from algoitny.domain.user import User
from algoitny.domain.verdict import State

NOW = datetime(2026, 1, 1, tzinfo=UTC)
FREE, PRO, _ = STANDARD_PLANS
KEY = ProblemKey(platform="sample", number="1")


def caller(user_id: str, plan: Plan = FREE, *, is_admin: bool = False) -> Caller:
    user = User(
        id=user_id,
        email=f"{user_id}@example.org",
        name=user_id,
        plan=plan.name,
        created_at=NOW,
        updated_at=NOW,
    )
    return Caller(user=user, plan=plan, is_admin=is_admin)


CALLERS = {
    "nobody": None,
    "learner": caller("learner"),
    "owner": caller("owner", PRO),
    "owner who left the plan": caller("owner", FREE),
    "other registrar": caller("other", PRO),
    "admin": caller("admin", is_admin=True),
}


def problem(*, completed: bool = False, deleted: bool = False) -> ProblemSummary:
    return ProblemSummary(
        id=1,
        key=KEY,
        title="One",
        owner_id="owner",
        is_completed=completed,
        is_deleted=deleted,
        created_at=NOW,
        updated_at=NOW,
    )


def history(state: State, *, public: bool) -> History:
    return History(
        id="h",
        user_id="learner",
        user_identifier="learner-1",
        problem=KEY,
        problem_title="One",
        language="c",
        is_code_public=public,
        state=state,
        created_at=NOW,
        updated_at=NOW,
    )


@pytest.mark.parametrize(
    ("record", "who"),
    [
        (problem(completed=True), set(CALLERS)),
        (problem(), {"owner", "other registrar", "admin"}),
        (problem(deleted=True), {"admin"}),
        (problem(completed=True, deleted=True), {"admin"}),
    ],
)
def test_who_sees_a_problem(record: ProblemSummary, who: set[str]) -> None:
    assert {name for name, one in CALLERS.items() if may_see_problem(one, record)} == who


def test_who_edits_a_problem() -> None:
    allowed = {name for name, one in CALLERS.items() if may_edit_problem(one, problem())}
    assert allowed == {"owner", "admin"}


@pytest.mark.parametrize(
    ("record", "who"),
    [
        (history(State.DONE, public=True), set(CALLERS)),
        (history(State.DONE, public=False), {"learner", "admin"}),
        (history(State.RUNNING, public=True), {"learner", "admin"}),
    ],
)
def test_who_sees_a_history_entry(record: History, who: set[str]) -> None:
    assert {name for name, one in CALLERS.items() if may_see_history(one, record)} == who


def test_an_anonymous_record_belongs_to_nobody() -> None:
    record = History(
        id="h",
        user_id=None,
        user_identifier="anonymous",
        problem=KEY,
        problem_title="One",
        language="c",
        is_code_public=False,
        state=State.DONE,
        created_at=NOW,
        updated_at=NOW,
    )
    assert not may_see_history(None, record)
    assert not may_see_history(caller("learner"), record)
