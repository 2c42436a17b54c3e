"""Pointers from old ids."""

from __future__ import annotations

import pytest

from algoitny.domain.errors import Conflict
from algoitny.domain.pointer import Pointer, PointerKind, Target
from algoitny.domain.problem import ProblemKey
from algoitny.domain.repositories import Repositories
from tests.builders import KEY, a_problem
from tests.clock import FixedClock


def a_pointer(old_id: int | str = 7, target: Target = "01H", **given: PointerKind) -> Pointer:
    kind = given.get("kind", PointerKind.HISTORY)
    return Pointer(kind=kind, old_id=str(old_id), target=target)


@pytest.mark.parametrize("kind", PointerKind)
def test_an_old_id_of_every_kind(repositories: Repositories, kind: PointerKind) -> None:
    pointers = repositories.pointers
    target = KEY if kind is PointerKind.PROBLEM else f"{kind}-new"
    pointers.put(a_pointer(target=target, kind=kind))
    assert pointers.resolve(kind, 7) == target
    assert pointers.resolve(kind, "7") == target
    others = [other for other in PointerKind if other is not kind]
    assert [pointers.resolve(other, 7) for other in others] == [None] * len(others)
    pointers.delete(kind, 7)
    pointers.delete(kind, 7)
    assert pointers.resolve(kind, 7) is None


@pytest.mark.parametrize("unknown", [0, -1, 10**30, "", "x#y", "é"])
def test_what_was_never_given_out(repositories: Repositories, unknown: int | str) -> None:
    assert repositories.pointers.resolve(PointerKind.TASK, unknown) is None


def test_the_same_again_is_success_and_another_target_is_refused(
    repositories: Repositories,
) -> None:
    pointers = repositories.pointers
    problem = a_pointer(target=KEY, kind=PointerKind.PROBLEM)
    for _ in range(2):
        pointers.put(a_pointer())
        pointers.put(problem)
    for other in (
        a_pointer(target="01J"),
        a_pointer(target=ProblemKey(platform=KEY.platform, number="2"), kind=PointerKind.PROBLEM),
    ):
        with pytest.raises(Conflict):
            pointers.put(other)
    assert pointers.resolve(PointerKind.HISTORY, 7) == "01H"
    assert pointers.resolve(PointerKind.PROBLEM, 7) == KEY


def test_a_registered_problem_is_found_by_its_number(
    repositories: Repositories, clock: FixedClock
) -> None:
    problem = repositories.problems.create_problem(a_problem(clock)).summary
    assert repositories.pointers.resolve(PointerKind.PROBLEM, problem.id) == KEY


def test_a_batch_puts_what_is_free_and_names_the_rest(repositories: Repositories) -> None:
    pointers = repositories.pointers
    assert pointers.batch_put([]) == ()
    wanted = [a_pointer(number, f"h{number}") for number in range(120)]
    assert pointers.batch_put(wanted) == ()
    assert pointers.batch_put(wanted) == ()
    mixed = [
        a_pointer(5, "elsewhere"),
        a_pointer(200, "h200"),
        a_pointer(200, "h201"),
        a_pointer(201, "h201"),
        a_pointer(201, "h201"),
        a_pointer(6, "h6"),
    ]
    assert set(pointers.batch_put(mixed)) == {mixed[0], mixed[2]}
    assert pointers.resolve(PointerKind.HISTORY, 5) == "h5"
    assert pointers.resolve(PointerKind.HISTORY, 200) == "h200"
    assert pointers.resolve(PointerKind.HISTORY, 201) == "h201"
