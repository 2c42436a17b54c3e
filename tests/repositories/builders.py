"""Records to store, with everything that a test does not care about filled in."""

from __future__ import annotations

from typing import Any

from algoitny.domain.history import History, IdempotencyKey, Outcome, Submission
from algoitny.domain.ids import UlidIds
from algoitny.domain.problem import Problem, ProblemKey, ProblemSummary, TestCase
from algoitny.domain.user import User
from algoitny.domain.verdict import Verdict
from algoitny.repositories import Repositories
from tests.clock import FixedClock

KEY = ProblemKey(platform="baekjoon", number="1000")


def a_user(clock: FixedClock, **given: Any) -> User:
    new = UlidIds(clock).new()
    values: dict[str, Any] = {
        "id": new,
        "email": f"{new}@example.org",
        "name": "Ada",
        "plan": "Free",
        "created_at": clock.now(),
        "updated_at": clock.now(),
    }
    return User(**values | given)


def a_problem(clock: FixedClock, key: ProblemKey = KEY, **given: Any) -> Problem:
    body = {
        name: given.pop(name)
        for name in ("statement", "constraints", "url", "solution_code", "review_notes")
        if name in given
    }
    values: dict[str, Any] = {
        "id": 0,
        "key": key,
        "title": "A+B",
        "created_at": clock.now(),
        "updated_at": clock.now(),
    }
    return Problem(summary=ProblemSummary(**values | given), **body)


def some_tests(count: int = 3, *, samples: int = 1, mark: bytes = b"") -> tuple[TestCase, ...]:
    return tuple(
        TestCase(
            number=number,
            input=mark + b"%d\n" % number,
            output=b"%d\n" % (number * 2),
            is_sample=number <= samples,
        )
        for number in range(1, count + 1)
    )


def a_submission(clock: FixedClock, user_id: str = "ann", **given: Any) -> Submission:
    values: dict[str, Any] = {
        "id": UlidIds(clock).new(),
        "user_id": user_id,
        "user_identifier": "learner-1",
        "problem": a_problem(clock).summary,
        "language": "python3",
        "code": "print(1)",
        "is_code_public": False,
        "created_at": clock.now(),
    }
    return Submission(**values | given)


def a_key(key: str = "key-1", **given: Any) -> IdempotencyKey:
    values: dict[str, Any] = {"route": "POST /x", "body_digest": "d1", "answer": {"id": "1"}}
    return IdempotencyKey(key=key, **values | given)


def an_outcome(verdict: Verdict = Verdict.AC) -> Outcome:
    passed = 3 if verdict is Verdict.AC else 1
    return Outcome(
        verdict=verdict,
        result_summary=f"{passed} of 3 passed",
        passed_count=passed,
        failed_count=3 - passed,
        total_count=3,
        max_time_ms=12,
        max_memory_kb=3456,
    )


def admitted(repositories: Repositories, clock: FixedClock, **given: Any) -> History:
    """A QUEUED execution."""
    return repositories.histories.create_history(a_submission(clock, **given), limit=-1)


def running(repositories: Repositories, clock: FixedClock, **given: Any) -> History:
    """An execution claimed by its first attempt, holding a place of its user."""
    history = admitted(repositories, clock, **given)
    assert history.user_id is not None
    repositories.histories.enter_running_set(history.user_id, history.id, capacity=100)
    return repositories.histories.claim(history.id, lease_seconds=30)


def done(
    repositories: Repositories, clock: FixedClock, verdict: Verdict = Verdict.AC, **given: Any
) -> History:
    """A finished execution."""
    return repositories.histories.complete(
        running(repositories, clock, **given), an_outcome(verdict)
    )
