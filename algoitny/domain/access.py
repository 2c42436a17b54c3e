"""Who may see and do what: pure rules over a caller and a record."""

from __future__ import annotations

from dataclasses import dataclass

from algoitny.domain.history import History
from algoitny.domain.plan import Plan
from algoitny.domain.problem import ProblemSummary
from algoitny.domain.user import User


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """A signed-in user with what their plan and role allow."""

    user: User
    plan: Plan
    is_admin: bool

    @property
    def can_register(self) -> bool:
        return self.is_admin or self.plan.can_register_problems


def may_edit_problem(caller: Caller | None, problem: ProblemSummary) -> bool:
    """Change it, and see its solution and hidden tests."""
    if caller is None:
        return False
    return caller.is_admin or (caller.can_register and problem.owner_id == caller.user.id)


def may_see_problem(caller: Caller | None, problem: ProblemSummary) -> bool:
    """Read its statement and samples, and submit against it."""
    if problem.is_deleted:
        return caller is not None and caller.is_admin
    if problem.is_completed or may_edit_problem(caller, problem):
        return True
    return caller is not None and caller.plan.can_view_all_problems


def owns_history(caller: Caller | None, history: History) -> bool:
    return caller is not None and history.user_id == caller.user.id


def may_see_history(caller: Caller | None, history: History) -> bool:
    """One's own and, when it has ended, what is public; admins see all."""
    if owns_history(caller, history) or (caller is not None and caller.is_admin):
        return True
    return history.is_code_public and history.state.ended
