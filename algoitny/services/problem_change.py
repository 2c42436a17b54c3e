"""One try of each change of a problem, and what may be said about one.

Only `registration` calls this: it tries again on top of others' changes, and notes what
administrators do.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace

from algoitny.domain.access import Caller
from algoitny.domain.clock import Clock
from algoitny.domain.errors import (
    Forbidden,
    InvalidInput,
    NoTests,
    NotFound,
    StaleVersion,
    TooLarge,
)
from algoitny.domain.plan import UNLIMITED
from algoitny.domain.problem import (
    CheckerProgram,
    Problem,
    ProblemKey,
    ProblemRepository,
    ProblemSummary,
    Registrations,
    TestCase,
)
from algoitny.judge import custom_flags
from algoitny.services.language import LanguageService
from algoitny.services.visibility import editable_problem

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


class ProblemChanges:
    """Changes problems. `check_checker` raises InvalidInput for what is no checker."""

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
        summary = editable_problem(self._problems, caller, key)
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
        problem = editable_problem(self._problems, caller, key)
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
        problem = editable_problem(self._problems, caller, key)
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
