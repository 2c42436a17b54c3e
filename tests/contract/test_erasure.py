"""Deleted users: a queue of them, and steps that remove all they owned and nobody else's."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest
from ulid import ULID

from algoitny.domain.erasure import Erasure
from algoitny.domain.errors import StaleAttempt
from algoitny.domain.history import ANONYMOUS
from algoitny.domain.history_results import Results
from algoitny.domain.job import JobState, JobType
from algoitny.domain.pointer import Pointer, PointerKind
from algoitny.domain.problem import ProblemKey
from algoitny.domain.repositories import Repositories
from algoitny.domain.usage import Action
from algoitny.domain.user import User
from algoitny.domain.verdict import State
from tests.builders import a_job, a_problem, a_session, a_token, a_user, admitted, done, running
from tests.clock import FixedClock


def settled(repositories: Repositories, clock: FixedClock, user_id: str) -> None:
    """Something of everything, for a user."""
    done(repositories, clock, user_id=user_id, is_code_public=True)
    clock.advance(0.001)
    history = running(repositories, clock, user_id=user_id)
    repositories.histories.put_results(history, Results(tests=(), compile_message="warning"))
    clock.advance(0.001)
    admitted(repositories, clock, user_id=user_id)
    repositories.jobs.create_job(a_job(clock, user_id), {"page": user_id})
    repositories.tokens.create_token(a_token(clock, user_id=user_id))
    repositories.sessions.create_session(a_session(clock, user_id=user_id))
    repositories.webhook_secrets.set_webhook_secret(user_id, b"secret")


def kinds(repositories: Repositories, user_id: str) -> Counter[str]:
    return Counter(owned.kind for owned in repositories.erasures.owned_by(user_id))


@pytest.fixture
def ada(repositories: Repositories, clock: FixedClock) -> User:
    """A user with something of everything."""
    user = repositories.users.create_user(a_user(clock))
    settled(repositories, clock, user.id)
    return user


def buried(repositories: Repositories, user: User) -> Erasure:
    repositories.users.delete_user(user.id)
    return repositories.erasures.claim(user.id, lease_seconds=60)


@pytest.mark.slow
def test_everything_a_user_owns(repositories: Repositories, clock: FixedClock, ada: User) -> None:
    owned = list(repositories.erasures.owned_by(ada.id))
    assert {record.kind: record.fields for record in owned}["user"]["email"] == ada.email
    assert Counter(record.kind for record in owned) == {
        "user": 1,
        "session": 1,
        "token": 1,
        "day": 1,
        "usage_log": 3,
        "stats": 1,
        "solved": 1,
        "history": 3,
        "source": 3,
        "results": 1,
        "job": 1,
        "job_body": 1,
    }
    by_execution = Counter(record.part_of for record in owned if record.kind == "source")
    histories = repositories.histories.list_user_history(ada.id).items
    assert by_execution == {history.id: 1 for history in histories}
    (source, *_) = [record for record in owned if record.kind == "source"]
    assert source.fields == {"code": "print(1)"}
    assert not any("digest" in record.fields or "encrypted" in record.fields for record in owned)
    assert list(repositories.erasures.owned_by("ghost")) == []
    assert list(repositories.erasures.owned_by("")) == []


@pytest.mark.slow
def test_steps_remove_everything_and_nothing_of_others(
    repositories: Repositories, clock: FixedClock, ada: User
) -> None:
    bob = repositories.users.create_user(a_user(clock))
    settled(repositories, clock, bob.id)
    bobs = kinds(repositories, bob.id)
    unfinished = repositories.histories.list_user_history(ada.id).items[:2]
    erasure = buried(repositories, ada)
    steps = 0
    while repositories.erasures.remove_some(erasure):
        steps += 1
        assert steps < 20
    assert kinds(repositories, ada.id) == {}
    for history in unfinished:
        assert repositories.histories.get_history(history.id) is None
    assert repositories.usage.get_daily_usage_count(ada.id, Action.EXECUTION) == 0
    assert repositories.tokens.list_tokens(ada.id).items == ()
    assert repositories.sessions.list_sessions(ada.id) == ()
    assert repositories.webhook_secrets.get_webhook_secret(ada.id) is None
    public = repositories.histories.list_public_history().items
    assert [history.state for history in public] == [State.DONE]
    assert kinds(repositories, bob.id) == bobs
    assert repositories.webhook_secrets.get_webhook_secret(bob.id) is not None
    assert repositories.erasures.get_erasure(ada.id) is not None


def test_what_a_late_request_stored_is_found_later(
    repositories: Repositories, clock: FixedClock
) -> None:
    user = repositories.users.create_user(a_user(clock))
    erasure = buried(repositories, user)
    assert repositories.erasures.remove_some(erasure) == 0
    admitted(repositories, clock, user_id=user.id)
    assert repositories.erasures.remove_some(erasure) > 0
    while repositories.erasures.remove_some(erasure):
        pass
    assert kinds(repositories, user.id) == {}


@pytest.mark.slow
def test_problems_stay_without_their_owner(repositories: Repositories, clock: FixedClock) -> None:
    user = repositories.users.create_user(a_user(clock))
    problems = repositories.problems
    drafts = [ProblemKey(platform="baekjoon", number=str(number)) for number in range(12)]
    for key in drafts:
        after = problems.get_registrations(user.id)
        problems.create_problem(a_problem(clock, key, owner_id=user.id), after=after)
    assert kinds(repositories, user.id) == {"user": 1}
    others = ProblemKey(platform="baekjoon", number="bob's")
    problems.create_problem(a_problem(clock, others, owner_id="bob"))
    erasure = buried(repositories, user)
    while repositories.erasures.remove_some(erasure):
        pass
    assert problems.list_problems_by_owner(user.id).items == ()
    assert problems.get_registrations(user.id).version == 0
    for key in drafts:
        summary = problems.get_problem_summary(key)
        assert summary is not None
        assert summary.owner_id is None
    assert len(problems.list_problems_by_owner("bob").items) == 1


def test_many_executions_take_many_steps(repositories: Repositories, clock: FixedClock) -> None:
    user = repositories.users.create_user(a_user(clock))
    for _ in range(12):
        clock.advance(0.001)
        admitted(repositories, clock, user_id=user.id)
    erasure = buried(repositories, user)
    steps = []
    while found := repositories.erasures.remove_some(erasure):
        steps.append(found)
    assert steps[:2] == [10, 2]
    assert max(steps) <= 100
    assert kinds(repositories, user.id) == {}


def test_pointers_from_the_old_site_go_too(repositories: Repositories, clock: FixedClock) -> None:
    # As ids of moved rows are made: milliseconds, microseconds, old id, digest.
    made = str(ULID.from_int((1_577_836_800_000 << 80) | (999 << 70) | (4711 << 32) | 2**31))
    user = repositories.users.create_user(a_user(clock, id=made))
    for number in (4711, 1):
        pointer = Pointer(kind=PointerKind.USER, old_id=str(number), target=made)
        repositories.pointers.put(pointer)
    erasure = buried(repositories, user)
    assert repositories.erasures.remove_some(erasure) == 1
    assert repositories.erasures.remove_some(erasure) == 0
    assert repositories.pointers.resolve(PointerKind.USER, 4711) is None
    assert repositories.pointers.resolve(PointerKind.USER, 1) == made


def test_the_queue(repositories: Repositories, clock: FixedClock) -> None:
    erasures = repositories.erasures
    first, second, living = (repositories.users.create_user(a_user(clock)) for _ in range(3))
    repositories.users.delete_user(first.id)
    clock.advance(1)
    repositories.users.delete_user(second.id)
    assert erasures.list_due() == (first.id, second.id)
    assert erasures.list_due(limit=1) == (first.id,)
    claimed = erasures.claim(first.id, lease_seconds=60)
    assert claimed.deleted_at == clock.now() - timedelta(seconds=1)
    assert erasures.list_due() == (second.id,)
    for refused in (first.id, living.id, "ghost"):
        with pytest.raises(StaleAttempt):
            erasures.claim(refused, lease_seconds=60)
    assert erasures.get_erasure(living.id) is None
    clock.advance(60)
    assert erasures.list_due() == (second.id, first.id)
    again = erasures.claim(first.id, lease_seconds=60)
    with pytest.raises(StaleAttempt):
        erasures.postpone(claimed, until=clock.now())
    with pytest.raises(StaleAttempt):
        erasures.finish(claimed)
    later = erasures.postpone(again, until=clock.now() + timedelta(minutes=5))
    clock.advance(299)
    assert first.id not in erasures.list_due()
    clock.advance(1)
    assert first.id in erasures.list_due()
    erasures.finish(later)
    assert erasures.list_due() == (second.id,)
    finished = erasures.get_erasure(first.id)
    assert finished is not None
    assert (finished.due_at, finished.claim) == (None, None)
    with pytest.raises(StaleAttempt):
        erasures.claim(first.id, lease_seconds=60)


@pytest.mark.slow
def test_a_rejudge_goes_on_without_who_asked_for_it(
    repositories: Repositories, clock: FixedClock, ada: User
) -> None:
    jobs = repositories.jobs
    asked = replace(a_job(clock, ada.id), type=JobType.REJUDGE)
    jobs.create_job(asked, {"platform": "p"})
    working = jobs.claim(asked.id, lease_seconds=60)
    erasure = buried(repositories, ada)
    while repositories.erasures.remove_some(erasure):
        pass
    assert kinds(repositories, ada.id) == {}
    assert jobs.list_user_jobs(ada.id).items == ()
    left = jobs.list_jobs(JobType.REJUDGE, JobState.PROCESSING).items
    assert [(job.id, job.user_id) for job in left] == [(asked.id, ANONYMOUS)]
    jobs.add_progress(jobs.renew(working, lease_seconds=60), "AC to WA")
    assert jobs.finish(jobs.renew(working, lease_seconds=60), {}).state is JobState.COMPLETED
    jobs.disown_job("ghost")
    assert jobs.get_job("ghost") is None
