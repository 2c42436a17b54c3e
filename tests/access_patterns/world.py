"""What access patterns are called on: repositories, a clock, life-like records to start from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from algoitny.domain.history import History
from algoitny.domain.ids import Ids
from algoitny.domain.problem import ProblemSummary
from algoitny.domain.repositories import Repositories
from algoitny.domain.user import User
from algoitny.domain.verdict import Verdict
from tests import realistic
from tests.clock import FixedClock
from tests.copies import copy_executions


@dataclass(frozen=True, slots=True)
class World:
    """An empty table, and ways to fill it."""

    repositories: Repositories
    clock: FixedClock
    ids: Ids

    def user(self, **given: Any) -> User:
        """Grace, signed up."""
        return self.repositories.users.create_user(realistic.grace(self.clock, **given))

    def problem(self, **given: Any) -> ProblemSummary:
        """The problem, registered."""
        problem = realistic.a_problem(self.clock, **given)
        return self.repositories.problems.create_problem(problem).summary

    def tested_problem(self, **given: Any) -> ProblemSummary:
        """The problem with its twenty tests."""
        key = self.problem(**given).key
        return self.repositories.problems.replace_testcases(key, realistic.some_tests())

    def admitted(self, **given: Any) -> History:
        """An execution that waits."""
        submission = realistic.a_submission(self.clock, **given)
        return self.repositories.histories.create_history(submission, limit=realistic.NEVER_OVER)

    def running(self, **given: Any) -> History:
        """One that a worker has claimed."""
        return realistic.running(self.repositories, self.clock, **given)

    def done(self, verdict: Verdict = Verdict.AC, **given: Any) -> History:
        """One that has ended, accepted if nothing else is said."""
        return realistic.done(self.repositories, self.clock, verdict, **given)

    def many_done(self, count: int = 40, **given: Any) -> History:
        """One that has ended, and `count` like it."""
        history = self.done(**given)
        copy_executions(history, count)
        return history
