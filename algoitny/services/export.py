"""Everything that is stored about a person, one record after the other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, replace
from typing import Any

from algoitny.domain.access import Caller, may_edit_problem
from algoitny.domain.erasure import ErasureRepository, OwnedRecord
from algoitny.domain.history_results import TestResult
from algoitny.domain.problem import ProblemKey, ProblemRepository
from algoitny.services.history import without_data


class ExportService:
    """Reads everything that belongs to a user."""

    def __init__(self, *, erasures: ErasureRepository, problems: ProblemRepository) -> None:
        self._erasures = erasures
        self._problems = problems

    def records(self, caller: Caller) -> Iterator[OwnedRecord]:
        """Every record, without secrets; of hidden tests only what the history shows."""
        problems: dict[str, ProblemKey] = {}
        edited: dict[ProblemKey, bool] = {}
        for record in self._erasures.owned_by(caller.user.id):
            if record.kind == "history":
                # The execution that the records after it are part of.
                problems = {str(record.part_of): _problem(record.fields)}
            if record.kind != "results" or caller.is_admin:
                yield record
                continue
            problem = problems.get(str(record.part_of))
            if problem is not None and problem not in edited:
                edited[problem] = self._edits(caller, problem)
            if problem is None or not edited[problem]:
                record = replace(record, fields=_without_data(record.fields))  # noqa: PLW2901
            yield record

    def _edits(self, caller: Caller, key: ProblemKey) -> bool:
        problem = self._problems.get_problem_summary(key)
        return problem is not None and may_edit_problem(caller, problem)


def _problem(fields: Mapping[str, Any]) -> ProblemKey:
    return ProblemKey(**fields["problem"])


def _without_data(fields: Mapping[str, Any]) -> dict[str, object]:
    tests = [asdict(without_data(TestResult(**test))) for test in fields["tests"]]
    return {**fields, "tests": tests}
