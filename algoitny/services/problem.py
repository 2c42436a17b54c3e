"""The catalogue: reading problems, and registering them with their tests."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace

from algoitny.domain.access import Caller, may_edit_problem
from algoitny.domain.clock import Clock
from algoitny.domain.errors import (
    Forbidden,
    InvalidInput,
    NoTests,
    NotFound,
    StaleVersion,
    TooLarge,
)
from algoitny.domain.page import Page
from algoitny.domain.plan import UNLIMITED
from algoitny.domain.problem import (
    CheckerProgram,
    Problem,
    ProblemKey,
    ProblemLine,
    ProblemRepository,
    ProblemSummary,
    Registrations,
    TestCase,
)
from algoitny.judge import custom_flags
from algoitny.services.language import LanguageService
from algoitny.services.visibility import visible_problem

MOST_TESTS = 500
"""Tests of one problem; the judge may run all of them for each submission."""

MOST_BYTES = 64 * 1024 * 1024
"""Input and output of one problem's tests together, also when they are added one by one: changing
them reads all of them."""

MOST_SECONDS = 600
"""CPU time that one submission's tests may take together, or workers would be held for hours."""


PAGE = 100
"""Problems that are counted with one request."""


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
    checker_language: str | None = None
    checker_code: str | None = None
    stop_on_first_failure: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ProblemDetail:
    """A problem as this caller may see it: samples for all, the solution and the problem's own
    checker for its editors."""

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
        languages: LanguageService,
        check_checker: Callable[[str], None],
    ) -> None:
        self._problems = problems
        self._clock = clock
        self._languages = languages
        self._check_checker = check_checker

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
        """All of one's own, by title."""
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

    def register(self, caller: Caller, key: ProblemKey, fields: ProblemFields) -> Problem:
        """A new draft owned by the caller. Raises Forbidden, InvalidInput, AlreadyExists, and
        StaleVersion when they register another one meanwhile."""
        if not caller.can_register:
            raise Forbidden("Your plan does not allow registering problems.")
        language, program = self._check(fields)
        registrations = self._room(caller)
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
                    stop_on_first_failure=fields.stop_on_first_failure,
                    created_at=now,
                    updated_at=now,
                ),
                statement=fields.statement,
                constraints=fields.constraints,
                url=fields.url,
                solution_code=fields.solution_code,
                checker_program=program,
            ),
            after=registrations,
        )

    def update(
        self,
        caller: Caller,
        key: ProblemKey,
        fields: ProblemFields,
        *,
        expected_version: int | None = None,
    ) -> Problem:
        """Replace all that a registrar says about a problem. Raises NotFound, Forbidden,
        InvalidInput, StaleVersion; LanguageUnavailable for a new checker of a published problem
        that no judge machine can run."""
        summary = self.editable(caller, key)
        language, program = self._check(fields)
        current = self._problems.get_problem(key, consistent=True)
        if current is None:
            raise NotFound("No such problem.")
        self._check_seconds(summary.test_case_count, fields.time_limit_ms, "/time_limit_ms")
        if summary.is_completed and program and program.digest != summary.checker_digest:
            self._languages.require(program.language, pointer="/checker_language")
        wanted = replace(
            current,
            summary=replace(
                summary,
                title=fields.title,
                tags=fields.tags,
                language=language,
                time_limit_ms=fields.time_limit_ms,
                memory_limit_mb=fields.memory_limit_mb,
                checker=fields.checker,
                checker_digest="",
                stop_on_first_failure=fields.stop_on_first_failure,
            ),
            statement=fields.statement,
            constraints=fields.constraints,
            url=fields.url,
            solution_code=fields.solution_code,
            checker_program=program,
        )
        version = summary.version if expected_version is None else expected_version
        return self._problems.update_problem(wanted, expected_version=version)

    def tests(self, caller: Caller, key: ProblemKey) -> tuple[ProblemSummary, tuple[TestCase, ...]]:
        """All tests, for the problem's editors, and the problem that they were read for. Raises
        NotFound, Forbidden."""
        summary = self.editable(caller, key)
        return summary, self._problems.get_testcases(summary)

    def replace_tests(
        self,
        caller: Caller,
        key: ProblemKey,
        tests: Collection[TestCase],
        *,
        expected_version: int | None = None,
    ) -> ProblemSummary:
        """Replace the whole set at once; `tests` that are read as they are asked for are never in
        memory together. Raises NotFound, Forbidden, InvalidInput, TooLarge, StaleVersion."""
        problem = self.editable(caller, key)
        if not tests:
            raise InvalidInput.field("/testcases", "At least one test is needed.")
        if len(tests) > MOST_TESTS:
            raise InvalidInput.field(
                "/testcases", f"{len(tests)} tests; at most {MOST_TESTS} are accepted."
            )
        size = sum(len(test.input) + len(test.output) for test in tests)
        if size > MOST_BYTES:
            raise TooLarge.field(
                "/testcases", f"{size} bytes together; at most {MOST_BYTES} are accepted."
            )
        self._check_seconds(len(tests), problem.time_limit_ms, "/testcases")
        return self._problems.replace_testcases(key, tests, expected_version=expected_version)

    def set_completion(
        self,
        caller: Caller,
        key: ProblemKey,
        *,
        is_completed: bool,
        expected_version: int | None = None,
    ) -> ProblemSummary:
        """Publish or withdraw. Raises NotFound, Forbidden, NoTests, StaleVersion;
        LanguageUnavailable for a checker that no judge machine can run."""
        problem = self.editable(caller, key)
        if expected_version not in (None, problem.version):
            raise StaleVersion("The problem has changed.")
        if is_completed and problem.test_case_count == 0:
            raise NoTests("A problem needs at least one test before it can be completed.")
        if problem.is_completed == is_completed:
            return problem
        if is_completed and problem.checker_digest:
            # Else every submission would end as the judge's failure.
            program = self._problems.get_checker_program(problem)
            self._languages.require(program.language, pointer="/is_completed")
        return self._problems.update_problem_completion(
            key, is_completed=is_completed, expected_version=problem.version
        )

    def editable(self, caller: Caller, key: ProblemKey) -> ProblemSummary:
        """Read consistently. Raises NotFound, Forbidden."""
        problem = self._problems.get_problem_summary(key, consistent=True)
        if problem is None or problem.is_deleted:
            raise NotFound("No such problem.")
        if not may_edit_problem(caller, problem):
            # Also checks visibility: what the caller may not see is not there.
            visible_problem(self._problems, caller, key)
            raise Forbidden("Only the problem's owner and administrators may do this.")
        return problem

    def _room(self, caller: Caller) -> Registrations | None:
        """The caller's registrations when there is room for one more after them; None where there
        is no limit. Raises Forbidden."""
        most = caller.plan.max_problems
        if caller.is_admin or most == UNLIMITED:
            return None
        registrations = self._problems.get_registrations(caller.user.id)
        owned = self._owned(caller, most)
        unlisted = (key for key in registrations.recent if key not in owned)
        room = most - len(owned)
        if room and sum(self._owns(caller, key) for key in unlisted) < room:
            return registrations
        raise Forbidden(f"Your plan allows {most} problems, and you have that many already.")

    def _owned(self, caller: Caller, most: int) -> set[ProblemKey]:
        """Those that are listed, `most` of them at most."""
        owned: set[ProblemKey] = set()
        cursor: str | None = None
        while len(owned) < most:
            page = self._problems.list_problems_by_owner(
                caller.user.id, limit=min(most - len(owned), PAGE), cursor=cursor
            )
            owned.update(line.key for line in page.items)
            cursor = page.next_cursor
            if cursor is None:
                break
        return owned

    def _owns(self, caller: Caller, key: ProblemKey) -> bool:
        problem = self._problems.get_problem_summary(key, consistent=True)
        return problem is not None and not problem.is_deleted and problem.owner_id == caller.user.id

    @staticmethod
    def _check_seconds(count: int, time_limit_ms: int, pointer: str) -> None:
        seconds = count * time_limit_ms / 1000
        if seconds > MOST_SECONDS:
            raise InvalidInput.field(
                pointer,
                f"{count} tests of {time_limit_ms} ms may take {seconds:.0f} s; "
                f"at most {MOST_SECONDS} s are accepted.",
            )

    def _check(self, fields: ProblemFields) -> tuple[str | None, CheckerProgram | None]:
        """The normal name of the solution's language, and the problem's own checker."""
        self._check_checker(fields.checker)
        program = self._check_program(fields)
        if fields.language is None:
            if fields.solution_code is not None:
                raise InvalidInput.field("/language", "Name the language of the solution.")
            return None, program
        return self._languages.known(fields.language), program

    def _check_program(self, fields: ProblemFields) -> CheckerProgram | None:
        if custom_flags(fields.checker) is None:
            for name in ("checker_code", "checker_language"):
                if getattr(fields, name) is not None:
                    raise InvalidInput.field(f"/{name}", "Only for the checker `custom`.")
            return None
        if fields.checker_code is None:
            raise InvalidInput.field("/checker_code", "The checker `custom` needs a program.")
        if fields.checker_language is None:
            raise InvalidInput.field("/checker_language", "Name the language of the checker.")
        language = self._languages.known(fields.checker_language, pointer="/checker_language")
        return CheckerProgram(language=language, code=fields.checker_code)
