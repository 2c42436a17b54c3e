"""Reading history: one's own and the public one, and what of a record a reader may see."""

from __future__ import annotations

from dataclasses import dataclass, replace

from algoitny.domain.access import Caller, may_edit_problem, owns_history
from algoitny.domain.audit import AuditRepository
from algoitny.domain.errors import Forbidden
from algoitny.domain.hint import Hint, HintRepository, HintState
from algoitny.domain.history import History, HistoryRepository
from algoitny.domain.history_filter import NO_FILTER, HistoryFilter
from algoitny.domain.history_results import Results, TestResult
from algoitny.domain.page import Page
from algoitny.domain.problem import ProblemRepository
from algoitny.services.oversight import note_oversight
from algoitny.services.span import check_span
from algoitny.services.visibility import visible_history


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryDetail:
    """A history entry with its bodies, as far as the reader may see them."""

    history: History
    code: str
    results: Results
    hints: tuple[Hint, ...]


class HistoryService:
    """Lists and details."""

    def __init__(
        self,
        *,
        histories: HistoryRepository,
        hints: HintRepository,
        problems: ProblemRepository,
        audit: AuditRepository,
    ) -> None:
        self._histories = histories
        self._hints = hints
        self._problems = problems
        self._audit = audit

    def list_own(
        self, caller: Caller, only: HistoryFilter = NO_FILTER, *, limit: int, cursor: str | None
    ) -> Page[History]:
        """The caller's own, newest first. Raises InvalidInput for an empty span of time."""
        check_span(only.since, only.until, pointer="/query/until")
        return self._histories.list_user_history(caller.user.id, only, limit=limit, cursor=cursor)

    def list_public(
        self, only: HistoryFilter = NO_FILTER, *, limit: int, cursor: str | None
    ) -> Page[History]:
        """Everybody's public ones, newest first. Raises as `list_own`."""
        check_span(only.since, only.until, pointer="/query/until")
        return self._histories.list_public_history(only, limit=limit, cursor=cursor)

    def detail(self, caller: Caller | None, history_id: str) -> HistoryDetail:
        """Raises NotFound, also for what this caller may not see."""
        history = visible_history(self._histories, caller, history_id)
        return HistoryDetail(
            history=history,
            code=self._histories.get_source(history_id),
            results=self.results(caller, history),
            hints=self._hints_for(caller, history),
        )

    def results(self, caller: Caller | None, history: History) -> Results:
        """The results of an execution that this caller may see, as far as they may see them."""
        results = self._histories.get_results(history)
        if self._sees_hidden_tests(caller, history):
            return results
        return replace(results, tests=tuple(map(without_data, results.tests)))

    def publish(self, caller: Caller, history_id: str, *, is_code_public: bool) -> History:
        """Show an entry to everybody, or no longer. Raises NotFound, and Forbidden for what is
        somebody else's; an administrator may withdraw, but not publish."""
        history = visible_history(self._histories, caller, history_id)
        withdrawing = caller.is_admin and not is_code_public
        if not (owns_history(caller, history) or withdrawing):
            raise Forbidden("Only the person who wrote the code may publish it.")
        after = self._histories.update_public_status(history_id, is_code_public=is_code_public)
        note_oversight(
            self._audit, caller, history, "history.publish", is_code_public=is_code_public
        )
        return after

    def delete(self, caller: Caller, history_id: str) -> None:
        """Remove an entry with all that belongs to it. Raises NotFound, Forbidden."""
        history = visible_history(self._histories, caller, history_id)
        if not (owns_history(caller, history) or caller.is_admin):
            raise Forbidden("Only the person who wrote the code may delete it.")
        note_oversight(self._audit, caller, history, "history.delete")
        self._histories.delete_history(history_id)

    def _sees_hidden_tests(self, caller: Caller | None, history: History) -> bool:
        if caller is None:
            return False
        if caller.is_admin:
            return True
        problem = self._problems.get_problem_summary(history.problem)
        return problem is not None and may_edit_problem(caller, problem)

    def _hints_for(self, caller: Caller | None, history: History) -> tuple[Hint, ...]:
        if caller is None or not (owns_history(caller, history) or caller.is_admin):
            return ()
        return tuple(
            hint
            for hint in self._hints.list_hints(history.id)
            if hint.state is not HintState.FAILED
        )


def without_data(result: TestResult) -> TestResult:
    """A hidden test shows verdict, time, memory and nothing of its data; a program could print
    its input or exit with a part of it, so neither output, error text nor status is shown."""
    if result.is_sample:
        return result
    return replace(result, output="", error="", status=result.verdict.words)
