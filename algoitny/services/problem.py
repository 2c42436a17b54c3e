"""The catalogue: reading problems, and registering them with their tests."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from algoitny.domain.access import Caller, may_edit_problem
from algoitny.domain.clock import Clock
from algoitny.domain.errors import Forbidden, InvalidInput, NoTests, NotFound
from algoitny.domain.page import Page
from algoitny.domain.problem import (
    Problem,
    ProblemKey,
    ProblemRepository,
    ProblemSummary,
    TestCase,
)
from algoitny.services.visibility import visible_problem

MOST_TESTS = 500
"""Tests of one problem; the judge runs all of them for each submission."""

MOST_SECONDS = 600
"""CPU time that one submission's tests may take together, or workers would be held for hours."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProblemFields:
    """What a registrar says about a problem."""

    title: str
    statement: str = ""
    constraints: str = ""
    url: str | None = None
    tags: tuple[str, ...] = ()
    solution_code: str | None = None
    language: str | None = None
    time_limit_ms: int = 1000
    memory_limit_mb: int = 256
    checker: str = "tokens"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProblemDetail:
    """A problem as this caller may see it: samples for all, the solution for its editors."""

    problem: Problem
    samples: tuple[TestCase, ...]
    is_editor: bool


class ProblemService:
    """Reads and registers problems."""

    def __init__(
        self,
        *,
        problems: ProblemRepository,
        clock: Clock,
        normalise_language: Callable[[str], str | None],
        check_checker: Callable[[str], None],
    ) -> None:
        self._problems = problems
        self._clock = clock
        self._normalise_language = normalise_language
        self._check_checker = check_checker

    def list_completed(
        self, *, platform: str | None, limit: int, cursor: str | None
    ) -> Page[ProblemSummary]:
        """Published problems."""
        return self._problems.list_completed_problems(platform=platform, limit=limit, cursor=cursor)

    def detail(self, caller: Caller | None, wanted: ProblemKey | int) -> ProblemDetail:
        """Raises NotFound, also for what this caller may not see."""
        summary = visible_problem(self._problems, caller, wanted)
        problem = self._problems.get_problem(summary.key)
        if problem is None:
            raise NotFound("No such problem.")
        is_editor = may_edit_problem(caller, problem.summary)
        if not is_editor:
            problem = replace(problem, solution_code=None, review_notes=None)
        return ProblemDetail(
            problem=problem,
            samples=self._problems.get_sample_testcases(problem.summary),
            is_editor=is_editor,
        )

    def register(self, caller: Caller, key: ProblemKey, fields: ProblemFields) -> Problem:
        """A new draft owned by the caller. Raises Forbidden, InvalidInput, AlreadyExists."""
        if not caller.can_register:
            raise Forbidden("Your plan does not allow registering problems.")
        language = self._check(fields)
        now = self._clock.now()
        return self._problems.create_problem(
            Problem(
                summary=ProblemSummary(
                    id=0,  # the repository allocates it
                    key=key,
                    title=fields.title,
                    tags=fields.tags,
                    language=language,
                    owner_id=caller.user.id,
                    time_limit_ms=fields.time_limit_ms,
                    memory_limit_mb=fields.memory_limit_mb,
                    checker=fields.checker,
                    created_at=now,
                    updated_at=now,
                ),
                statement=fields.statement,
                constraints=fields.constraints,
                url=fields.url,
                solution_code=fields.solution_code,
            )
        )

    def tests(self, caller: Caller, key: ProblemKey) -> tuple[TestCase, ...]:
        """All tests, for the problem's editors. Raises NotFound, Forbidden."""
        return self._problems.get_testcases(self._editable(caller, key))

    def replace_tests(
        self, caller: Caller, key: ProblemKey, tests: Sequence[TestCase]
    ) -> ProblemSummary:
        """Replace the whole set at once. Raises NotFound, Forbidden, InvalidInput, TooLarge."""
        problem = self._editable(caller, key)
        if not tests:
            raise InvalidInput.field("/testcases", "At least one test is needed.")
        if len(tests) > MOST_TESTS:
            raise InvalidInput.field(
                "/testcases", f"{len(tests)} tests; at most {MOST_TESTS} are accepted."
            )
        seconds = len(tests) * problem.time_limit_ms / 1000
        if seconds > MOST_SECONDS:
            raise InvalidInput.field(
                "/testcases",
                f"{len(tests)} tests of {problem.time_limit_ms} ms may take {seconds:.0f} s; "
                f"at most {MOST_SECONDS} s are accepted.",
            )
        return self._problems.replace_testcases(key, tests)

    def set_completion(
        self, caller: Caller, key: ProblemKey, *, is_completed: bool
    ) -> ProblemSummary:
        """Publish or withdraw. Raises NotFound, Forbidden, NoTests, StaleVersion."""
        problem = self._editable(caller, key)
        if is_completed and problem.test_case_count == 0:
            raise NoTests("A problem needs at least one test before it can be completed.")
        if problem.is_completed == is_completed:
            return problem
        return self._problems.update_problem_completion(
            key, is_completed=is_completed, expected_version=problem.version
        )

    def _editable(self, caller: Caller, key: ProblemKey) -> ProblemSummary:
        problem = self._problems.get_problem_summary(key, consistent=True)
        if problem is None or problem.is_deleted:
            raise NotFound("No such problem.")
        if not may_edit_problem(caller, problem):
            # Also checks visibility: what the caller may not see is not there.
            visible_problem(self._problems, caller, key)
            raise Forbidden("Only the problem's owner and administrators may do this.")
        return problem

    def _check(self, fields: ProblemFields) -> str | None:
        self._check_checker(fields.checker)
        if fields.language is None:
            if fields.solution_code is not None:
                raise InvalidInput.field("/language", "Name the language of the solution.")
            return None
        language = self._normalise_language(fields.language)
        if language is None:
            raise InvalidInput.field("/language", "Unknown language.")
        return language
