"""The catalogue as readers see it. Changes are asked for in `registration` and made in
`problem_change`."""

from __future__ import annotations

from dataclasses import dataclass, replace

from algoitny.domain.access import Caller, may_edit_problem
from algoitny.domain.errors import Forbidden, NotFound
from algoitny.domain.page import Page
from algoitny.domain.problem import (
    Problem,
    ProblemKey,
    ProblemLine,
    ProblemRepository,
    ProblemSummary,
    TestCase,
)
from algoitny.services.language import LanguageService
from algoitny.services.visibility import editable_problem, visible_problem


@dataclass(frozen=True, slots=True, kw_only=True)
class ProblemDetail:
    """A problem as this caller may see it: samples for all, the solution and the problem's own
    checker for its editors."""

    problem: Problem
    samples: tuple[TestCase, ...]
    is_editor: bool


class ProblemService:
    """Lists and reads problems."""

    def __init__(self, *, problems: ProblemRepository, languages: LanguageService) -> None:
        self._problems = problems
        self._languages = languages

    def list_completed(
        self,
        *,
        platform: str | None = None,
        language: str | None = None,
        tag: str | None = None,
        title: str | None = None,
        limit: int,
        cursor: str | None,
    ) -> Page[ProblemLine]:
        """Published problems that all of the filters let pass. Raises InvalidInput."""
        if language is not None:
            language = self._languages.known(language, pointer="/query/language")
        return self._problems.list_completed_problems(
            platform=platform, language=language, tag=tag, title=title, limit=limit, cursor=cursor
        )

    def list_drafts(
        self, caller: Caller, *, everybodys: bool, limit: int, cursor: str | None
    ) -> Page[ProblemLine]:
        """One's own that are not published, by title; or everybody's drafts, newest first. Raises
        Forbidden for whom the plan does not show these."""
        if not everybodys:
            return self._problems.list_problems_by_owner(
                caller.user.id, only_drafts=True, limit=limit, cursor=cursor
            )
        if not (caller.is_admin or caller.plan.can_view_all_problems):
            raise Forbidden("Your plan does not show others' drafts.")
        return self._problems.list_draft_problems(limit=limit, cursor=cursor)

    def list_registered(
        self, caller: Caller, *, limit: int, cursor: str | None
    ) -> Page[ProblemLine]:
        """All problems that the caller owns, by title."""
        return self._problems.list_problems_by_owner(caller.user.id, limit=limit, cursor=cursor)

    def detail(self, caller: Caller | None, wanted: ProblemKey | int) -> ProblemDetail:
        """Raises NotFound, also for what this caller may not see."""
        summary = visible_problem(self._problems, caller, wanted)
        problem = self._problems.get_problem(summary.key)
        if problem is None:
            raise NotFound("No such problem.")
        is_editor = may_edit_problem(caller, problem.summary)
        if not is_editor:
            problem = replace(problem, solution_code=None, review_notes=None)
        elif problem.summary.checker_digest:
            program = self._problems.get_checker_program(problem.summary)
            problem = replace(problem, checker_program=program)
        return ProblemDetail(
            problem=problem,
            samples=self._problems.get_sample_testcases(problem.summary),
            is_editor=is_editor,
        )

    def edited(self, problem: Problem) -> ProblemDetail:
        """What whoever has just changed a problem sees: that very version of it."""
        samples = self._problems.get_sample_testcases(problem.summary)
        return ProblemDetail(problem=problem, samples=samples, is_editor=True)

    def tests(self, caller: Caller, key: ProblemKey) -> tuple[ProblemSummary, tuple[TestCase, ...]]:
        """All tests, for the problem's editors, and the problem that they were read for. Raises
        NotFound, Forbidden."""
        summary = editable_problem(self._problems, caller, key)
        return summary, self._problems.get_testcases(summary)
