"""Finding a record on behalf of a caller: what they may not see is not there."""

from __future__ import annotations

from algoitny.domain.access import Caller, may_edit_problem, may_see_history, may_see_problem
from algoitny.domain.errors import Forbidden, NotFound
from algoitny.domain.history import History, HistoryRepository
from algoitny.domain.ids import is_ulid
from algoitny.domain.problem import ProblemKey, ProblemRepository, ProblemSummary


def visible_history(
    histories: HistoryRepository, caller: Caller | None, history_id: str
) -> History:
    """Raises NotFound. A consistent read: a client must never see its own 202 as 404."""
    history = histories.get_history(history_id, consistent=True) if is_ulid(history_id) else None
    if history is None or not may_see_history(caller, history):
        raise NotFound("No such execution.")
    return history


def visible_problem(
    problems: ProblemRepository, caller: Caller | None, wanted: ProblemKey | int
) -> ProblemSummary:
    """By natural key or by an older client's integer. Raises NotFound."""
    key = problems.resolve_id(wanted) if isinstance(wanted, int) else wanted
    return seen(caller, problems.get_problem_summary(key) if key else None)


def editable_problem(
    problems: ProblemRepository, caller: Caller, key: ProblemKey
) -> ProblemSummary:
    """Read consistently. Raises NotFound, and Forbidden for what the caller may only see."""
    problem = problems.get_problem_summary(key, consistent=True)
    if problem is None or problem.is_deleted:
        raise NotFound("No such problem.")
    if not may_edit_problem(caller, problem):
        # Also checks visibility: what the caller may not see is not there.
        visible_problem(problems, caller, key)
        raise Forbidden("Only the problem's owner and administrators may do this.")
    return problem


def seen(caller: Caller | None, problem: ProblemSummary | None) -> ProblemSummary:
    """The problem, when there is one that this caller may see. Raises NotFound."""
    if problem is None or not may_see_problem(caller, problem):
        raise NotFound("No such problem.")
    return problem
