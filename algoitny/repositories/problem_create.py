"""New problems: summary, body, checker, pointer of the number and list rows, in one transaction."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace

from algoitny.domain.clock import Clock
from algoitny.domain.errors import (
    AlreadyExists,
    Conflict,
    InvalidInput,
    StaleVersion,
    StoreUnavailable,
)
from algoitny.domain.ids import Ids
from algoitny.domain.patience import Patience
from algoitny.domain.pointer import Pointer, PointerKind
from algoitny.domain.problem import Problem, ProblemKey, ProblemSummary, Registrations
from algoitny.models.kit.operations import get, update
from algoitny.models.kit.transaction import Transaction
from algoitny.models.pointer import PointerItem
from algoitny.models.problem import ProblemBodyItem, ProblemCheckerItem, ProblemItem
from algoitny.models.problem_list import list_rows
from algoitny.models.registration import RegistrationsItem, registrations_key
from algoitny.models.sequence import SequenceItem, sequence_key
from algoitny.repositories.problem_change import check_listed

ID_BOUND = 2**53
"""Above what an older client's JSON can hold exactly; such a number is never given out."""

_ROUNDS = 5


class _Passed(Conflict):
    """The sequence is past that number already."""


class _NumberTaken(Conflict):
    """Another problem has the number."""


class ProblemCreation:
    """Creates problems; `current` and `whole` read one consistently, without its body and with it,
    None when it is not there."""

    def __init__(
        self,
        *,
        clock: Clock,
        ids: Ids,
        patience: Patience,
        current: Callable[[ProblemKey], ProblemSummary | None],
        whole: Callable[[ProblemKey], Problem | None],
    ) -> None:
        self._clock = clock
        self._ids = ids
        self._patience = patience
        self._current = current
        self._whole = whole

    def registrations(self, owner_id: str) -> Registrations:
        item = get(RegistrationsItem, registrations_key(owner_id), consistent=True)
        if item is None:
            return Registrations(owner_id=owner_id, version=0, recent={})
        return item.record(now=self._clock.now())

    def create(self, problem: Problem, after: Registrations | None) -> Problem:
        """Under the number that it has, or the next one. Raises InvalidInput, AlreadyExists,
        StaleVersion."""
        key, given = problem.summary.key, problem.summary.id
        check_listed(problem.summary)
        if not 0 <= given < ID_BOUND:
            raise InvalidInput.field("/id", f"{given} cannot be a problem's number.")
        if self._current(key) is not None:
            raise _taken(key)
        if given:
            self._pass_id(given)
            return self._create(problem, given, after)
        for _ in range(_ROUNDS):
            with suppress(_NumberTaken):
                # A moved problem may have taken the number since the sequence gave it out.
                return self._create(problem, self._next_id(), after)
        raise StoreUnavailable("No number was found for the problem.")

    def _create(self, problem: Problem, problem_id: int, after: Registrations | None) -> Problem:
        key = problem.summary.key
        summary = replace(
            problem.summary,
            id=problem_id,
            test_case_count=0,
            tests_version=0,
            tests_digest="",
            checker_digest=problem.checker_program.digest if problem.checker_program else "",
            version=1,
        )
        item = ProblemItem.of(summary)
        created = replace(problem, summary=item.record())
        pointer = Pointer(kind=PointerKind.PROBLEM, old_id=str(problem_id), target=key)
        transaction = Transaction(token=self._ids.new(), patience=self._patience)
        transaction.put(item, condition=ProblemItem.absent(), refused=lambda: _taken(key))
        transaction.put(
            ProblemBodyItem.of(created),
            condition=ProblemBodyItem.absent(),
            refused=lambda: Conflict(
                "The problem that had this number before is still being deleted."
            ),
        )
        transaction.put(
            PointerItem.of(pointer),
            condition=PointerItem.absent(),
            refused=lambda: _NumberTaken("The problem's number is in use."),
        )
        for row in list_rows(created.summary).values():
            transaction.put(row)
        if problem.checker_program is not None:
            transaction.put(ProblemCheckerItem.of(key, problem.checker_program))
        if after is not None:
            transaction.update(
                RegistrationsItem,
                registrations_key(after.owner_id),
                RegistrationsItem.followed_by(after, key, self._clock.now()),
                condition=RegistrationsItem.unchanged(after),
                refused=StaleVersion,
            )
        transaction.commit(written=lambda: self._is_stored(created))
        return created

    def _next_id(self) -> int:
        # A repeat after a time-out skips a number, which harms nobody.
        item = update(
            SequenceItem,
            sequence_key("problem"),
            [SequenceItem.last.add(1), SequenceItem.typed()],
        )
        return item.last

    def _pass_id(self, problem_id: int) -> None:
        """Nobody is given this number from now on."""
        with suppress(_Passed):
            update(
                SequenceItem,
                sequence_key("problem"),
                [SequenceItem.last.set(problem_id), SequenceItem.typed()],
                condition=SequenceItem.last.does_not_exist() | (SequenceItem.last < problem_id),
                refused=_Passed,
            )

    def _is_stored(self, created: Problem) -> bool:
        """A number that was given tells nothing: somebody else may have registered the problem
        under it at the same moment."""
        stored = self._whole(created.summary.key)
        # JSON has fewer types than what was given.
        return stored is not None and created == replace(
            stored, metadata=created.metadata, checker_program=created.checker_program
        )


def _taken(key: ProblemKey) -> AlreadyExists:
    return AlreadyExists(f"{key.platform} {key.number} is registered already.")
