"""Changes of problems: the summary and every list row that shows it, in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from pynamodb.expressions.update import Action

from algoitny.domain.clock import Clock
from algoitny.domain.errors import InvalidInput, NotFound, StaleVersion
from algoitny.domain.ids import Ids
from algoitny.domain.patience import Patience
from algoitny.domain.problem import (
    LONGEST_TAG_BYTES,
    MOST_TAGS,
    MOST_TITLE_WORDS,
    CheckerProgram,
    Problem,
    ProblemKey,
    ProblemSummary,
)
from algoitny.domain.text import fold, search_words
from algoitny.models.base import changed_at
from algoitny.models.kit.attributes import whole_milliseconds
from algoitny.models.kit.operations import Refusal
from algoitny.models.kit.transaction import Transaction
from algoitny.models.kit.versions import unchanged_since
from algoitny.models.problem import (
    ProblemBodyItem,
    ProblemCheckerItem,
    ProblemItem,
    body_key,
    checker_key,
    summary_key,
)
from algoitny.models.problem_list import ProblemListItem, list_rows


class ProblemChanges:
    """Applies changes; `current` reads a problem consistently, None when it is not there."""

    def __init__(
        self,
        *,
        clock: Clock,
        ids: Ids,
        patience: Patience,
        current: Callable[[ProblemKey], ProblemSummary | None],
    ) -> None:
        self._clock = clock
        self._ids = ids
        self._patience = patience
        self._current = current

    def edit(self, before: Problem, given: Problem) -> Problem:
        """What can be edited as `given` has it. Raises InvalidInput, StaleVersion."""
        wanted = given.summary
        check_listed(wanted)
        summary = self._next(
            before.summary,
            title=wanted.title,
            tags=wanted.tags,
            language=wanted.language,
            time_limit_ms=wanted.time_limit_ms,
            memory_limit_mb=wanted.memory_limit_mb,
            checker=wanted.checker,
            checker_digest=_checker_digest(before.summary, given),
            stop_on_first_failure=wanted.stop_on_first_failure,
        )
        after = replace(given, summary=summary, deleted_reason=before.deleted_reason)
        self._commit(before.summary, summary, ProblemBodyItem.editing(after), given.checker_program)
        return after

    def apply(
        self,
        key: ProblemKey,
        expected_version: int,
        *,
        body: Sequence[Action] = (),
        **changes: Any,
    ) -> ProblemSummary:
        """Set these fields of the summary. Raises NotFound, StaleVersion."""
        before = self._current(key)
        check_version(before, expected_version)
        assert before is not None  # noqa: S101 - checked just above
        after = self._next(before, **changes)
        self._commit(before, after, body)
        return after

    def now(self) -> Any:
        """The instant, as the table keeps it."""
        return whole_milliseconds(self._clock.now())

    def _next(self, summary: ProblemSummary, **changes: Any) -> ProblemSummary:
        now = changed_at(self._clock.now(), summary.created_at)
        return replace(summary, version=summary.version + 1, updated_at=now, **changes)

    def _commit(
        self,
        before: ProblemSummary,
        after: ProblemSummary,
        body: Sequence[Action],
        program: CheckerProgram | None = None,
    ) -> None:
        transaction = Transaction(token=self._ids.new(), patience=self._patience)
        add_change(transaction, before, after, refused=StaleVersion)
        if body:
            transaction.update(ProblemBodyItem, body_key(after.key), body)
        if program is not None:
            transaction.put(ProblemCheckerItem.of(after.key, program))
        elif before.checker_digest and not after.checker_digest:
            transaction.delete(ProblemCheckerItem, checker_key(after.key))
        transaction.commit(written=lambda: self._current(after.key) == after)


def add_change(
    transaction: Transaction, before: ProblemSummary, after: ProblemSummary, *, refused: Refusal
) -> None:
    """Adds the writes that lead from one summary to the next, valid for that version only."""
    transaction.update(
        ProblemItem,
        summary_key(after.key),
        ProblemItem.becoming(before, after),
        condition=unchanged_since(ProblemItem.version, before.version),
        refused=refused,
    )
    old, new = list_rows(before), list_rows(after)
    for key in old.keys() - new.keys():
        transaction.delete(ProblemListItem, key)
    for key, row in new.items():
        if key not in old or row.attribute_values != old[key].attribute_values:
            transaction.put(row)


def check_version(summary: ProblemSummary | None, expected_version: int) -> None:
    """Raises NotFound, StaleVersion."""
    if summary is None:
        raise NotFound("No such problem.")
    if summary.version != expected_version:
        raise StaleVersion(
            f"The problem is at version {summary.version}, the change is based on "
            f"{expected_version}."
        )


def _checker_digest(before: ProblemSummary, given: Problem) -> str:
    """Of the checker that the problem will have. Raises InvalidInput."""
    if given.checker_program is not None:
        return given.checker_program.digest
    if given.summary.checker_digest not in ("", before.checker_digest):
        raise InvalidInput.field("/checker_digest", "There is no such checker.")
    return given.summary.checker_digest


def check_listed(summary: ProblemSummary) -> None:
    """Raises InvalidInput for what would need more list rows than one transaction takes."""
    words = len(search_words(summary.title))
    if not 0 < words <= MOST_TITLE_WORDS:
        raise InvalidInput.field(
            "/title",
            f"The title has {words} different words; 1 to {MOST_TITLE_WORDS} are accepted.",
        )
    if len(summary.tags) > MOST_TAGS:
        raise InvalidInput.field(
            "/tags", f"{len(summary.tags)} tags; at most {MOST_TAGS} are accepted."
        )
    for position, tag in enumerate(summary.tags):
        _check_short(f"/tags/{position}", tag)
    if summary.language is not None:
        _check_short("/language", summary.language)


def _check_short(pointer: str, text: str) -> None:
    size = len(fold(text).encode(errors="replace"))
    if not 0 < size <= LONGEST_TAG_BYTES:
        raise InvalidInput.field(pointer, f"{size} bytes; 1 to {LONGEST_TAG_BYTES} are accepted.")
