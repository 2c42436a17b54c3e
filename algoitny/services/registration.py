"""Changing problems on behalf of a caller: their own, or as an administrator anybody's.

What an administrator does to somebody else's problem is a line of the audit log, written after the
change: one that could not be written is an error, and repeating the request writes it. That of a
deletion, which is not repeated, is written before.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import replace
from functools import partial
from itertools import chain
from typing import Any

from algoitny.domain.access import Caller
from algoitny.domain.audit import AuditRepository
from algoitny.domain.errors import (
    AlreadyExists,
    Conflict,
    InvalidInput,
    NoTests,
    NotFound,
    StaleVersion,
)
from algoitny.domain.patience import Patience
from algoitny.domain.problem import (
    Problem,
    ProblemKey,
    ProblemRepository,
    ProblemSummary,
    TestCase,
)
from algoitny.judge import custom_flags
from algoitny.services.problem_change import ProblemChanges, ProblemFields
from algoitny.services.versions import Changed, on_top
from algoitny.services.visibility import editable_problem

_TEST = re.compile(r"/testcases/([0-9]+)")


class RegistrationService:
    """Raises NotFound, Forbidden, InvalidInput everywhere; StaleVersion when the problem is not of
    `expected_version` any more. Without one a change is made on top of what others did."""

    def __init__(
        self,
        *,
        problems: ProblemRepository,
        changes: ProblemChanges,
        audit: AuditRepository,
        patience: Patience,
    ) -> None:
        self._problems = problems
        self._changes = changes
        self._audit = audit
        self._patience = patience

    def register(self, caller: Caller, key: ProblemKey, fields: ProblemFields) -> Problem:
        """A new draft, which the caller owns. Raises AlreadyExists."""
        return self._on_top(lambda: self._changes.register(caller, key, fields), None)

    def change(
        self,
        caller: Caller,
        key: ProblemKey,
        fields: ProblemFields,
        *,
        expected_version: int | None,
    ) -> Problem:
        """Replace all that a registrar says about a problem."""
        changed = self._on_top(
            lambda: self._changes.update(caller, key, fields, expected_version=expected_version),
            expected_version,
        )
        self._note(caller, changed.summary, "problem.update")
        return changed

    def save(
        self,
        caller: Caller,
        key: ProblemKey,
        given: Mapping[str, Any],
        *,
        expected_version: int | None,
    ) -> tuple[Problem, bool]:
        """Change the fields that are `given`, of a problem that need not be there yet; and whether
        it is new. Raises AlreadyExists for one that was deleted."""
        saved, is_new = self._on_top(
            lambda: self._save(caller, key, given, expected_version), expected_version
        )
        if not is_new:
            self._note(caller, saved.summary, "problem.update")
        return saved, is_new

    def _save(
        self,
        caller: Caller,
        key: ProblemKey,
        given: Mapping[str, Any],
        expected_version: int | None,
    ) -> tuple[Problem, bool]:
        summary = self._problems.get_problem_summary(key, consistent=True)
        if summary is None or summary.is_deleted:
            if expected_version is not None:
                raise StaleVersion("The problem is not there.")
            if "title" not in given:
                raise InvalidInput.field("/title", "A new problem needs a title.")
            try:
                return self._changes.register(caller, key, ProblemFields(**given)), True
            except AlreadyExists as error:
                if summary is not None:
                    raise
                raise StaleVersion("Somebody else has just created it.") from error
        summary = editable_problem(self._problems, caller, key)
        fields = replace(self._fields_of(key), **given)
        if custom_flags(fields.checker) is None:
            # The program of a checker that is given up goes with it.
            fields = replace(
                fields,
                checker_code=given.get("checker_code"),
                checker_language=given.get("checker_language"),
            )
        version = summary.version if expected_version is None else expected_version
        return self._changes.update(caller, key, fields, expected_version=version), False

    def delete(
        self, caller: Caller, key: ProblemKey, *, reason: str, expected_version: int | None
    ) -> None:
        """Take it out of every list. The record stays, with the reason, and so does history."""

        def made() -> ProblemSummary:
            summary = editable_problem(self._problems, caller, key)
            version = summary.version if expected_version is None else expected_version
            return self._problems.soft_delete_problem(key, reason=reason, expected_version=version)

        summary = editable_problem(self._problems, caller, key)
        if expected_version not in (None, summary.version):
            raise StaleVersion("The problem has changed.")
        self._note(caller, summary, "problem.delete", reason=reason)
        self._on_top(made, expected_version)

    def complete(
        self, caller: Caller, key: ProblemKey, *, is_completed: bool, expected_version: int | None
    ) -> ProblemSummary:
        """Publish or withdraw. Raises NoTests."""
        summary = self._on_top(
            lambda: self._changes.set_completion(
                caller, key, is_completed=is_completed, expected_version=expected_version
            ),
            expected_version,
        )
        self._note(caller, summary, "problem.complete", is_completed=is_completed)
        return summary

    def replace_tests(
        self,
        caller: Caller,
        key: ProblemKey,
        tests: Collection[TestCase],
        *,
        expected_version: int | None,
    ) -> ProblemSummary:
        """The whole set at once."""
        summary = self._on_top(
            lambda: self._changes.replace_tests(
                caller, key, tests, expected_version=expected_version
            ),
            expected_version,
        )
        return self._note_tests(caller, summary)

    def add_tests(
        self,
        caller: Caller,
        key: ProblemKey,
        more: Collection[TestCase],
        *,
        expected_version: int | None,
    ) -> ProblemSummary:
        """After the last one; their numbers are given here."""

        def made() -> ProblemSummary:
            summary = editable_problem(self._problems, caller, key)
            stored = self._problems.get_testcases(summary)
            tests = _Numbered(stored, more)
            version = summary.version if expected_version is None else expected_version
            try:
                return self._changes.replace_tests(caller, key, tests, expected_version=version)
            except InvalidInput as error:
                error.relocate(partial(_place_in_more, len(stored)))
                raise

        return self._note_tests(caller, self._on_top(made, expected_version))

    def remove_test(
        self, caller: Caller, key: ProblemKey, number: int, *, expected_version: int | None
    ) -> ProblemSummary:
        """Those after it move up. Raises NoTests for the last one of a published problem; Conflict
        when the number has become another test's meanwhile."""
        meant: TestCase | None = None

        def made() -> ProblemSummary:
            nonlocal meant
            summary = editable_problem(self._problems, caller, key)
            tests = self._problems.get_testcases(summary)
            rest = _Numbered([test for test in tests if test.number != number])
            found = next((test for test in tests if test.number == number), None)
            if found is None:
                raise NotFound("No such test.")
            meant = meant or found
            if found != meant:
                raise Conflict(f"The tests have just changed: number {number} is another test now.")
            if not rest and summary.is_completed:
                raise NoTests("A published problem needs at least one test: withdraw it first.")
            version = summary.version if expected_version is None else expected_version
            return self._problems.replace_testcases(key, rest, expected_version=version)

        return self._note_tests(caller, self._on_top(made, expected_version))

    def _on_top(self, change: Callable[[], Changed], expected_version: int | None) -> Changed:
        return on_top(change, expected_version=expected_version, patience=self._patience)

    def _fields_of(self, key: ProblemKey) -> ProblemFields:
        problem = self._problems.get_problem(key, consistent=True)
        if problem is None:
            raise NotFound("No such problem.")
        summary = problem.summary
        try:
            program = (
                self._problems.get_checker_program(summary) if summary.checker_digest else None
            )
        except NotFound as error:
            raise StaleVersion("The checker has just been removed.") from error
        return ProblemFields(
            title=summary.title,
            statement=problem.statement,
            constraints=problem.constraints,
            url=problem.url,
            tags=summary.tags,
            solution_code=problem.solution_code,
            language=summary.language,
            time_limit_ms=summary.time_limit_ms,
            memory_limit_mb=summary.memory_limit_mb,
            checker=summary.checker,
            checker_language=program.language if program else None,
            checker_code=program.code if program else None,
            stop_on_first_failure=summary.stop_on_first_failure,
        )

    def _note_tests(self, caller: Caller, summary: ProblemSummary) -> ProblemSummary:
        self._note(caller, summary, "problem.tests", test_case_count=summary.test_case_count)
        return summary

    def _note(
        self, caller: Caller, problem: ProblemSummary, action: str, **details: object
    ) -> None:
        if problem.owner_id != caller.user.id:
            self._audit.append(
                actor=caller.user.id,
                action=action,
                subject=f"problem {problem.key}",
                details=details or None,
            )


def _place_in_more(stored: int, pointer: str) -> str:
    """Among the tests that were given, when it is one of these: they are after those stored."""
    found = _TEST.fullmatch(pointer)
    if found is None or int(found[1]) < stored:
        return pointer
    return f"/testcases/{int(found[1]) - stored}"


class _Numbered(Collection[TestCase]):
    """Tests one after the other, numbered from 1, and in memory only where they were before."""

    def __init__(self, *parts: Collection[TestCase]) -> None:
        self._parts = parts

    def __len__(self) -> int:
        return sum(map(len, self._parts))

    def __iter__(self) -> Iterator[TestCase]:
        for number, test in enumerate(chain(*self._parts), start=1):
            yield replace(test, number=number)

    def __contains__(self, test: object) -> bool:
        return any(test == one for one in self)
