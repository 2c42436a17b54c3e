"""Registering problems: by whom, and what is refused."""

from __future__ import annotations

from dataclasses import replace

import pytest

from algoitny.domain.errors import (
    AlreadyExists,
    Forbidden,
    InvalidInput,
    LanguageUnavailable,
    NoTests,
    NotFound,
    StaleVersion,
    TooLarge,
)
from algoitny.domain.patience import Patience
from algoitny.domain.plan import STANDARD_PLANS
from algoitny.domain.problem import CheckerProgram, ProblemKey, TestCase
from algoitny.judge import check_checker
from algoitny.services.problem import ProblemService
from algoitny.services.problem_change import ProblemChanges, ProblemFields
from algoitny.services.registration import RegistrationService
from tests.services.world import KEY, World

PRO = next(plan for plan in STANDARD_PLANS if plan.name == "Pro")
TESTS = (
    TestCase(number=1, input=b"1\n", output=b"2\n", is_sample=True),
    TestCase(number=2, input=b"2\n", output=b"4\n"),
)


@pytest.fixture
def problems(world: World) -> ProblemService:
    return ProblemService(problems=world.store.problems, languages=world.languages)


@pytest.fixture
def changes(world: World) -> ProblemChanges:
    return ProblemChanges(
        problems=world.store.problems,
        clock=world.clock,
        languages=world.languages,
        check_checker=check_checker,
    )


def test_from_a_draft_to_a_published_problem(
    world: World, problems: ProblemService, changes: ProblemChanges
) -> None:
    owner = world.caller(PRO)
    fields = ProblemFields(title="Twice", solution_code="print(2)", language="python")
    created = changes.register(owner, KEY, fields)
    assert created.summary.id > 0
    assert created.summary.language == "python3"
    with pytest.raises(NoTests):
        changes.set_completion(owner, KEY, is_completed=True)
    with pytest.raises(NotFound):
        problems.detail(None, KEY)
    changes.replace_tests(owner, KEY, TESTS)
    changes.set_completion(owner, KEY, is_completed=True)
    assert changes.set_completion(owner, KEY, is_completed=True).is_completed

    seen = problems.detail(None, KEY)
    assert seen.problem.solution_code is None
    assert [test.input for test in seen.samples] == [b"1\n"]
    assert problems.detail(owner, created.summary.id).problem.solution_code == "print(2)"
    listed = problems.list_completed(platform=None, limit=10, cursor=None)
    assert [problem.key for problem in listed.items] == [KEY]
    changes.set_completion(owner, KEY, is_completed=False)
    assert problems.list_completed(platform=None, limit=10, cursor=None).items == ()


def test_only_registrars_register(world: World, changes: ProblemChanges) -> None:
    with pytest.raises(Forbidden):
        changes.register(world.caller(), KEY, ProblemFields(title="Twice"))
    assert changes.register(world.caller(is_admin=True), KEY, ProblemFields(title="Twice"))
    with pytest.raises(AlreadyExists):
        changes.register(world.caller(PRO), KEY, ProblemFields(title="Again"))


def test_others_problems_are_not_changed(
    world: World, problems: ProblemService, changes: ProblemChanges
) -> None:
    changes.register(world.caller(PRO), KEY, ProblemFields(title="Twice"))
    with pytest.raises(Forbidden):
        changes.replace_tests(world.caller(PRO), KEY, TESTS)
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
        ProblemFields(title="x", checker="custom"),
        ProblemFields(title="x", checker="custom", checker_code="x"),
        ProblemFields(title="x", checker="custom", checker_language="c"),
        ProblemFields(title="x", checker="custom", checker_code="x", checker_language="cobol"),
        ProblemFields(title="x", checker="tokens", checker_code="x", checker_language="c"),
        ProblemFields(title="x", checker="tokens", checker_language="c"),
    ],
)
def test_bad_fields(world: World, changes: ProblemChanges, fields: ProblemFields) -> None:
    with pytest.raises(InvalidInput):
        changes.register(world.caller(PRO), KEY, fields)
    assert world.store.problems.get_problem_summary(KEY, consistent=True) is None


def test_sets_of_tests_that_are_refused(world: World, changes: ProblemChanges) -> None:
    owner = world.caller(PRO)
    changes.register(owner, KEY, ProblemFields(title="Twice", time_limit_ms=20_000))
    for tests in ((), TESTS * 251, TESTS * 16):
        with pytest.raises(InvalidInput):
            changes.replace_tests(owner, KEY, tests)


def test_all_tests_together_have_a_limit(
    world: World, problems: ProblemService, changes: ProblemChanges, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("algoitny.services.problem_change.MOST_BYTES", 8)
    owner = world.caller(PRO)
    changes.register(owner, KEY, ProblemFields(title="Twice"))
    registration = RegistrationService(
        problems=world.store.problems,
        changes=changes,
        audit=world.store.audit,
        patience=Patience(clock=world.clock),
    )
    registration.replace_tests(owner, KEY, TESTS, expected_version=None)
    with pytest.raises(TooLarge):
        registration.add_tests(owner, KEY, TESTS[:1], expected_version=None)
    assert len(problems.tests(owner, KEY)[1]) == len(TESTS)


def test_changing_a_problem(
    world: World, problems: ProblemService, changes: ProblemChanges
) -> None:
    owner = world.caller(PRO)
    own = ProblemFields(
        title="Twice", checker="custom 0.5 Name", checker_language="py", checker_code="exit(42)"
    )
    own = replace(own, stop_on_first_failure=True)
    changes.register(owner, KEY, own)
    changes.replace_tests(owner, KEY, TESTS)
    seen = problems.detail(owner, KEY).problem
    assert seen.checker_program == CheckerProgram(language="python3", code="exit(42)")
    assert seen.summary.checker == "custom 0.5 Name"
    assert seen.summary.stop_on_first_failure

    changes.set_completion(owner, KEY, is_completed=True)
    assert problems.detail(None, KEY).problem.checker_program is None

    changed = changes.update(owner, KEY, ProblemFields(title="Thrice", checker="lines"))
    assert (changed.summary.title, changed.summary.checker) == ("Thrice", "lines")
    assert not changed.summary.stop_on_first_failure
    assert (changed.summary.is_completed, changed.summary.test_case_count) == (True, 2)
    assert problems.detail(owner, KEY).problem.checker_program is None
    with pytest.raises(StaleVersion):
        changes.update(owner, KEY, own, expected_version=1)
    with pytest.raises(Forbidden):
        changes.update(world.caller(PRO), KEY, own)
    with pytest.raises(NotFound):
        changes.update(owner, ProblemKey(platform="no", number="1"), own)
    many = tuple(replace(TESTS[0], number=number) for number in range(1, 32))
    changes.replace_tests(owner, KEY, many)
    with pytest.raises(InvalidInput):
        changes.update(owner, KEY, replace(own, time_limit_ms=20_000))
    assert problems.detail(owner, KEY).problem.summary.title == "Thrice"


def test_a_checker_that_no_machine_can_run_is_not_published(
    world: World, problems: ProblemService, changes: ProblemChanges
) -> None:
    owner = world.caller(PRO)
    mute = ProblemFields(
        title="Twice", checker="custom", checker_language="rust", checker_code="fn main() {}"
    )
    changes.register(owner, KEY, mute)
    changes.replace_tests(owner, KEY, TESTS)
    world.store.languages.announce("judge@1", {"python3": "3.13.5"})
    with pytest.raises(LanguageUnavailable) as refused:
        changes.set_completion(owner, KEY, is_completed=True)
    assert refused.value.errors[0].pointer == "/is_completed"

    spoken = replace(mute, checker_language="python3", checker_code="exit(42)")
    changes.update(owner, KEY, spoken)
    changes.set_completion(owner, KEY, is_completed=True)
    with pytest.raises(LanguageUnavailable) as refused:
        changes.update(owner, KEY, mute)
    assert refused.value.errors[0].pointer == "/checker_language"
    assert problems.detail(owner, KEY).problem.checker_program == CheckerProgram(
        language="python3", code="exit(42)"
    )

    changes.set_completion(owner, KEY, is_completed=False)
    changes.update(owner, KEY, mute)
    with pytest.raises(LanguageUnavailable):
        changes.set_completion(owner, KEY, is_completed=True)


def test_what_else_is_changed_does_not_ask_for_the_language_of_the_checker(
    world: World, changes: ProblemChanges
) -> None:
    owner = world.caller(PRO)
    own = ProblemFields(
        title="Twice", checker="custom", checker_language="rust", checker_code="fn main() {}"
    )
    changes.register(owner, KEY, own)
    changes.replace_tests(owner, KEY, TESTS)
    # No machine has said what it can run: that is taken for no answer, not for a no.
    assert changes.set_completion(owner, KEY, is_completed=True).is_completed
    world.clock.advance(60)
    world.store.languages.announce("judge@1", {"python3": "3.13.5"})
    assert changes.update(owner, KEY, replace(own, title="Thrice")).summary.title == "Thrice"
