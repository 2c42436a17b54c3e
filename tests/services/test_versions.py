"""Changes that several people make at once: without a version each is made on top of the others."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import pytest

from algoitny.domain.access import Caller
from algoitny.domain.clock import SystemClock
from algoitny.domain.errors import Conflict, Forbidden, StaleVersion
from algoitny.domain.ids import UlidIds
from algoitny.domain.page import Page
from algoitny.domain.patience import Patience
from algoitny.domain.plan import STANDARD_PLANS
from algoitny.domain.problem import ProblemKey, TestCase
from algoitny.domain.repositories import Repositories
from algoitny.services.problem_change import ProblemFields
from algoitny.services.versions import on_top
from tests.clock import FixedClock
from tests.processes import at_once
from tests.services.world import KEY, World
from tests.waiting import PATIENCE_SECONDS

FREE = STANDARD_PLANS[0]
TEST = TestCase(number=1, input=b"1\n", output=b"1\n")

Edit = Callable[[World, Caller, int | None], object]

EDITS: dict[str, tuple[str, Edit]] = {
    "change": (
        "update_problem",
        lambda world, caller, version: world.registration.change(
            caller, KEY, ProblemFields(title="Mine"), expected_version=version
        ),
    ),
    "save": (
        "update_problem",
        lambda world, caller, version: world.registration.save(
            caller, KEY, {"title": "Mine"}, expected_version=version
        ),
    ),
    "complete": (
        "update_problem_completion",
        lambda world, caller, version: world.registration.complete(
            caller, KEY, is_completed=False, expected_version=version
        ),
    ),
    "add tests": (
        "replace_testcases",
        lambda world, caller, version: world.registration.add_tests(
            caller, KEY, (TEST,), expected_version=version
        ),
    ),
    "remove a test": (
        "replace_testcases",
        lambda world, caller, version: world.registration.remove_test(
            caller, KEY, 2, expected_version=version
        ),
    ),
    "delete": (
        "soft_delete_problem",
        lambda world, caller, version: world.registration.delete(
            caller, KEY, reason="A copy.", expected_version=version
        ),
    ),
    "verify": (
        "verify_problem",
        lambda world, caller, version: world.admin.verify(
            KEY, actor=caller.user.id, expected_version=version
        ),
    ),
    "send back": (
        "send_back",
        lambda world, caller, version: world.admin.send_back(
            KEY, actor=caller.user.id, notes="no", expected_version=version
        ),
    ),
}


def overtaken(monkeypatch: pytest.MonkeyPatch, of: object, name: str, by: Any) -> None:
    """The first call of this method comes too late: `by` is done just before it."""
    method, waiting = getattr(of, name), [by]

    def late(*args: Any, **kwargs: Any) -> Any:
        while waiting:
            waiting.pop()()
        return method(*args, **kwargs)

    monkeypatch.setattr(of, name, late)


def version_of(world: World) -> int:
    summary = world.store.problems.get_problem_summary(KEY, consistent=True)
    assert summary is not None
    return summary.version


@pytest.mark.parametrize(("method", "edit"), EDITS.values(), ids=EDITS)
def test_an_edit_that_another_overtakes_is_made_on_top(
    world: World, monkeypatch: pytest.MonkeyPatch, method: str, edit: Edit
) -> None:
    world.problem()
    admin, before, problems = world.caller(is_admin=True), version_of(world), world.store.problems

    def another() -> None:
        problems.request_review(KEY, notes="Look.", expected_version=before)

    overtaken(monkeypatch, problems, method, another)
    edit(world, admin, None)
    assert version_of(world) == before + 2
    lines = world.store.audit.list_month(world.clock.now().date(), limit=10).items
    assert len(lines) == 1


def test_the_audit_log_says_what_was_there(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    user_id, users = world.caller().user.id, world.store.users
    overtaken(
        monkeypatch,
        users,
        "update_user",
        partial(world.admin.change_user, user_id, actor="one", plan="Pro"),
    )
    world.admin.change_user(user_id, actor="other", plan="Unlimited")
    lines = world.store.audit.list_month(world.clock.now().date()).items
    changes = {line.actor: (line.details["old"], line.details["new"]) for line in lines}
    assert changes == {
        "one": ({"plan": "Free"}, {"plan": "Pro"}),
        "other": ({"plan": "Pro"}, {"plan": "Unlimited"}),
    }


def registrar(world: World, most: int) -> Caller:
    pro = next(plan for plan in STANDARD_PLANS if plan.name == "Pro")
    return world.caller(replace(pro, max_problems=most))


def register(world: World, caller: Caller, number: int) -> None:
    key = ProblemKey(platform="p", number=str(number))
    world.registration.register(caller, key, ProblemFields(title="New"))


def test_two_registrations_do_not_take_one_place(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    caller = registrar(world, 2)
    # The first time there is room for both of them, the second time for one.
    for number in (1, 3):
        with monkeypatch.context() as patch:
            overtaken(
                patch,
                world.store.problems,
                "create_problem",
                partial(register, world, caller, number),
            )
            if number == 1:
                register(world, caller, 2)
                world.registration.delete(
                    caller, ProblemKey(platform="p", number="2"), reason="x", expected_version=None
                )
            else:
                with pytest.raises(Forbidden):
                    register(world, caller, 4)
    found = world.store.problems.list_problems_by_owner(caller.user.id).items
    assert [line.key.number for line in found] == ["1", "3"]


def test_what_was_registered_just_now_counts_although_lists_lag(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    caller = registrar(world, 1)
    register(world, caller, 1)
    monkeypatch.setattr(
        world.store.problems, "list_problems_by_owner", lambda *_, **__: Page((), None)
    )
    with pytest.raises(Forbidden):
        register(world, caller, 2)
    gone = ProblemKey(platform="p", number="1")
    world.registration.delete(caller, gone, reason="A copy.", expected_version=None)
    register(world, caller, 2)


@pytest.mark.slow
@pytest.mark.parametrize(("method", "edit"), EDITS.values(), ids=EDITS)
def test_an_edit_of_one_version_is_refused_when_another_overtakes_it(
    world: World, monkeypatch: pytest.MonkeyPatch, method: str, edit: Edit
) -> None:
    world.problem()
    admin, before, problems = world.caller(is_admin=True), version_of(world), world.store.problems

    def another() -> None:
        problems.request_review(KEY, notes="Look.", expected_version=before)

    overtaken(monkeypatch, problems, method, another)
    with pytest.raises(StaleVersion):
        edit(world, admin, before)
    assert version_of(world) == before + 1


def test_what_others_changed_stays(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.problem()
    ours, theirs, problems = world.registration, world.caller(is_admin=True), world.store.problems

    def another() -> None:
        ours.save(theirs, KEY, {"statement": "Theirs."}, expected_version=None)

    overtaken(monkeypatch, problems, "update_problem", another)
    saved, _ = ours.save(theirs, KEY, {"title": "Ours"}, expected_version=None)
    assert (saved.summary.title, saved.statement) == ("Ours", "Theirs.")


def test_two_who_save_a_new_problem_at_once(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    caller = world.caller(is_admin=True)
    ours = world.registration

    def another() -> None:
        ours.save(caller, KEY, {"title": "Theirs", "statement": "Theirs."}, expected_version=None)

    overtaken(monkeypatch, world.store.problems, "create_problem", another)
    saved, is_new = ours.save(caller, KEY, {"title": "Ours"}, expected_version=None)
    assert (saved.summary.title, saved.statement, is_new) == ("Ours", "Theirs.", False)


def test_a_replaced_set_of_tests_is_replaced_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.problem()

    def another() -> None:
        raise StaleVersion("The tests were replaced by somebody else.")

    overtaken(monkeypatch, world.store.problems, "replace_testcases", another)
    caller = world.caller(is_admin=True)
    after = world.registration.replace_tests(caller, KEY, (TEST,), expected_version=None)
    assert after.test_case_count == 1


def test_one_test_that_two_remove_at_once_is_one_test_less(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.problem(tests=3)
    caller = world.caller(is_admin=True)

    def remove() -> None:
        world.registration.remove_test(caller, KEY, 2, expected_version=None)

    overtaken(monkeypatch, world.store.problems, "replace_testcases", remove)
    with pytest.raises(Conflict, match="number 2 is another test"):
        remove()
    summary = world.store.problems.get_problem_summary(KEY, consistent=True)
    assert summary is not None
    left = world.store.problems.get_testcases(summary)
    assert [test.input for test in left] == [b"1\n", b"3\n"]


def test_a_plan_keeps_what_others_changed(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def change(field: str, value: int) -> object:
        return world.plans.update(FREE.name, {field: value}, actor="x", expected_version=None)

    overtaken(monkeypatch, world.store.plans, "update_plan", lambda: change("max_problems", 7))
    change("max_hints_per_day", 9)
    plan = world.plans.read(FREE.name)
    assert (plan.max_hints_per_day, plan.max_problems) == (9, 7)


def test_it_ends_when_others_change_it_all_the_time() -> None:
    pauses: list[float] = []
    patience = Patience(clock=FixedClock(), sleep=pauses.append)

    def change() -> None:
        raise StaleVersion

    with pytest.raises(StaleVersion, match="keeps changing"):
        on_top(change, expected_version=None, patience=patience)
    assert len(pauses) == patience.tries - 1
    with pytest.raises(StaleVersion):
        on_top(change, expected_version=1, patience=patience)
    assert len(pauses) == patience.tries - 1


def edit_everything(repositories: Repositories, number: int, user_id: str) -> str:
    """As one of many at once: a problem, a plan and an account, one change each."""
    clock = SystemClock()
    world = World(store=repositories, clock=clock, ids=UlidIds(clock))  # type: ignore[arg-type]
    for service in (world.registration, world.plans, world.admin):
        service._patience = replace(service._patience, deadline=PATIENCE_SECONDS)
    user = repositories.users.get_user_by_id(user_id, consistent=True)
    assert user is not None
    caller = Caller(user=user, plan=FREE, is_admin=True)
    tag = {"tags": (f"tag{number}",)} if number % 2 else {"statement": f"{number}"}
    world.registration.save(caller, KEY, tag, expected_version=None)
    world.plans.update(FREE.name, {"max_problems": number}, actor="x", expected_version=None)
    world.admin.change_user(user_id, actor="x", plan=FREE.name)
    return "made"


@pytest.mark.service
def test_many_at_once(stored: Repositories, store_endpoint: str, store_table: str) -> None:
    clock = SystemClock()
    world = World(store=stored, clock=clock, ids=UlidIds(clock))  # type: ignore[arg-type]
    world.problem()
    user_id, before = world.caller().user.id, version_of(world)
    made = at_once(store_endpoint, store_table, edit_everything, user_id, processes=4, threads=2)
    assert made == ["made"] * 8
    assert version_of(world) == before + 8
    assert world.plans.read(FREE.name).version == 1 + 8
    edited = stored.problems.get_problem(KEY, consistent=True)
    assert edited is not None
    assert edited.statement
    assert edited.summary.tags
