"""Registering problems: by whom, and what is refused."""

from __future__ import annotations

import pytest

from algoitny.domain.errors import (
    AlreadyExists,
    Forbidden,
    InvalidInput,
    NoTests,
    NotFound,
)
from algoitny.domain.plan import STANDARD_PLANS
from algoitny.domain.problem import TestCase
from algoitny.judge import check_checker, load_languages
from algoitny.services.problem import ProblemFields, ProblemService
from tests.services.world import KEY, World

PRO = next(plan for plan in STANDARD_PLANS if plan.name == "Pro")
TESTS = (
    TestCase(number=1, input=b"1\n", output=b"2\n", is_sample=True),
    TestCase(number=2, input=b"2\n", output=b"4\n"),
)


@pytest.fixture
def problems(world: World) -> ProblemService:
    return ProblemService(
        problems=world.store.problems,
        clock=world.clock,
        normalise_language=load_languages().normalise,
        check_checker=check_checker,
    )


def test_from_a_draft_to_a_published_problem(world: World, problems: ProblemService) -> None:
    owner = world.caller(PRO)
    fields = ProblemFields(title="Twice", solution_code="print(2)", language="python")
    created = problems.register(owner, KEY, fields)
    assert created.summary.id > 0
    assert created.summary.language == "python3"
    with pytest.raises(NoTests):
        problems.set_completion(owner, KEY, is_completed=True)
    with pytest.raises(NotFound):
        problems.detail(None, KEY)
    problems.replace_tests(owner, KEY, TESTS)
    problems.set_completion(owner, KEY, is_completed=True)
    assert problems.set_completion(owner, KEY, is_completed=True).is_completed

    seen = problems.detail(None, KEY)
    assert seen.problem.solution_code is None
    assert [test.input for test in seen.samples] == [b"1\n"]
    assert problems.detail(owner, created.summary.id).problem.solution_code == "print(2)"
    listed = problems.list_completed(platform=None, limit=10, cursor=None)
    assert [problem.key for problem in listed.items] == [KEY]
    problems.set_completion(owner, KEY, is_completed=False)
    assert problems.list_completed(platform=None, limit=10, cursor=None).items == ()


def test_only_registrars_register(world: World, problems: ProblemService) -> None:
    with pytest.raises(Forbidden):
        problems.register(world.caller(), KEY, ProblemFields(title="Twice"))
    assert problems.register(world.caller(is_admin=True), KEY, ProblemFields(title="Twice"))
    with pytest.raises(AlreadyExists):
        problems.register(world.caller(PRO), KEY, ProblemFields(title="Again"))


def test_others_problems_are_not_changed(world: World, problems: ProblemService) -> None:
    problems.register(world.caller(PRO), KEY, ProblemFields(title="Twice"))
    with pytest.raises(Forbidden):
        problems.replace_tests(world.caller(PRO), KEY, TESTS)
    with pytest.raises(NotFound):
        problems.tests(world.caller(), KEY)
    summary = world.store.problems.get_problem_summary(KEY, consistent=True)
    assert summary is not None
    assert summary.test_case_count == 0


@pytest.mark.parametrize(
    "fields",
    [
        ProblemFields(title="x", checker="no such checker"),
        ProblemFields(title="x", language="cobol"),
        ProblemFields(title="x", solution_code="print(2)"),
    ],
)
def test_bad_fields(world: World, problems: ProblemService, fields: ProblemFields) -> None:
    with pytest.raises(InvalidInput):
        problems.register(world.caller(PRO), KEY, fields)
    assert world.store.problems.get_problem_summary(KEY, consistent=True) is None


def test_sets_of_tests_that_are_refused(world: World, problems: ProblemService) -> None:
    owner = world.caller(PRO)
    problems.register(owner, KEY, ProblemFields(title="Twice", time_limit_ms=20_000))
    for tests in ((), TESTS * 251, TESTS * 16):
        with pytest.raises(InvalidInput):
            problems.replace_tests(owner, KEY, tests)
