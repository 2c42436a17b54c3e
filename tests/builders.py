"""Records to store, with everything that a test does not care about filled in."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import timedelta
from typing import Any

from algoitny.domain.hint import Hint, HintState
from algoitny.domain.history import History, Submission
from algoitny.domain.history_results import Outcome
from algoitny.domain.idempotency import IdempotencyKey
from algoitny.domain.ids import UlidIds
from algoitny.domain.job import Job, JobType
from algoitny.domain.outbox import Delivery
from algoitny.domain.plan import STANDARD_PLANS, Plan
from algoitny.domain.problem import Problem, ProblemKey, ProblemSummary, TestCase
from algoitny.domain.repositories import Repositories
from algoitny.domain.run import Run
from algoitny.domain.session import SignInSession
from algoitny.domain.token import ApiToken, Scope, digest_of
from algoitny.domain.user import User
from algoitny.domain.verdict import Verdict
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


def a_plan(name: str = "Free", **given: Any) -> Plan:
    return replace(STANDARD_PLANS[0], name=name, **given)


def a_token(clock: FixedClock, *, secret: str = "", **given: Any) -> ApiToken:
    new = UlidIds(clock).new()
    values: dict[str, Any] = {
        "id": new,
        "user_id": "ann",
        "name": "laptop",
        "digest": digest_of(secret or new),
        "scopes": frozenset({Scope.READ}),
        "created_at": clock.now(),
    }
    return ApiToken(**values | given)


def a_session(clock: FixedClock, **given: Any) -> SignInSession:
    values: dict[str, Any] = {
        "user_id": "ann",
        "family": "F1",
        "digest": "d1",
        "created_at": clock.now(),
        "rotated_at": clock.now(),
        "expires_at": clock.now().replace(microsecond=0) + timedelta(days=30),
    }
    return SignInSession(**values | given)


def a_problem(clock: FixedClock, key: ProblemKey = KEY, **given: Any) -> Problem:
    names = {field.name for field in fields(Problem)}
    body = {name: given.pop(name) for name in names & given.keys()}
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


def a_job(clock: FixedClock, user_id: str = "ann", **given: Any) -> Job:
    values: dict[str, Any] = {
        "id": UlidIds(clock).new(),
        "type": JobType.IMPORT,
        "user_id": user_id,
        "title": "sum.zip",
        "created_at": clock.now(),
        "updated_at": clock.now(),
    }
    return Job(**values | given)


def a_run(clock: FixedClock, user_id: str = "ann", **given: Any) -> Run:
    values: dict[str, Any] = {
        "id": UlidIds(clock).new(),
        "user_id": user_id,
        "language": "python3",
        "code": "print(input())",
        "input": "1 2",
        "created_at": clock.now(),
        "updated_at": clock.now(),
    }
    return Run(**values | given)


def a_hint(clock: FixedClock, level: int = 1, history_id: str = "h1", **given: Any) -> Hint:
    values: dict[str, Any] = {
        "history_id": history_id,
        "user_id": "ann",
        "level": level,
        "prompt_version": 1,
        "state": HintState.PENDING,
        "created_at": clock.now(),
        "updated_at": clock.now(),
    }
    return Hint(**values | given)


def a_finished_hint(history: History, level: int = 1, **given: Any) -> Hint:
    values: dict[str, Any] = {
        "history_id": history.id,
        "user_id": "ann",
        "level": level,
        "prompt_version": 1,
        "state": HintState.READY,
        "text": "Look at the loop.",
        "created_at": history.created_at,
        "updated_at": history.created_at,
    }
    return Hint(**values | given)


def a_delivery(clock: FixedClock, **given: Any) -> Delivery:
    values: dict[str, Any] = {
        "id": UlidIds(clock).new(),
        "history_id": UlidIds(clock).new(),
        "user_id": "ann",
        "url": "https://example.org/hook",
        "event": "execution.done",
        "due_at": clock.now(),
        "created_at": clock.now(),
    }
    return Delivery(**values | given)


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
