"""Many processes at once: no name with two owners, no owner without a name, one rotation a token,
and an erasure that two workers and a kill do not disturb."""

from __future__ import annotations

import multiprocessing
import os
import random
import signal
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest

from algoitny.domain.clock import SystemClock
from algoitny.domain.erasure import Erasure
from algoitny.domain.errors import AlreadyExists, StaleVersion
from algoitny.domain.ids import UlidIds
from algoitny.domain.repositories import Repositories
from algoitny.domain.user import User
from algoitny.models import bind_models
from algoitny.models.kit.operations import get
from algoitny.models.layout import single
from algoitny.models.user import UniqueLockItem, email_lock_key
from algoitny.repositories import build_repositories
from tests.builders import a_plan, a_session, a_token, a_user, admitted, done
from tests.processes import at_once

pytestmark = pytest.mark.service

CLOCK: Any = SystemClock()


def holder(email: str) -> str | None:
    lock = get(UniqueLockItem, email_lock_key(email), consistent=True)
    return None if lock is None else lock.user_id


def new(repositories: Repositories, **given: Any) -> User:
    return repositories.users.create_user(a_user(CLOCK, **given))


def sign_up(repositories: Repositories, number: int, email: str) -> str:
    user: User = a_user(CLOCK, email=email if number % 2 else email.upper())
    return f"created {repositories.users.create_user(user).id}"


def test_an_email_belongs_to_one(
    stored: Repositories, store_endpoint: str, store_table: str
) -> None:
    outcomes = at_once(
        store_endpoint, store_table, sign_up, "ada@example.org", processes=4, threads=4
    )
    (winner,) = [outcome for outcome in outcomes if outcome.startswith("created")]
    assert Counter(outcomes)["AlreadyExists"] == 15
    found = stored.users.get_user_by_email("ada@example.org")
    assert found is not None
    assert winner == f"created {found.id}"
    assert stored.users.list_users(plan="Free", limit=100).items == (found,)


def take(repositories: Repositories, number: int, ids: list[str], email: str) -> str:
    return repositories.users.update_user(ids[number], email=email).id


def test_of_sixteen_who_want_an_email_one_gets_it(
    stored: Repositories, store_endpoint: str, store_table: str
) -> None:
    users = [new(stored) for _ in range(16)]
    ids = [user.id for user in users]
    outcomes = at_once(
        store_endpoint, store_table, take, ids, "ada@example.org", processes=4, threads=4
    )
    assert Counter(outcomes)["AlreadyExists"] == 15
    (winner,) = set(outcomes) - {"AlreadyExists"}
    assert holder("ada@example.org") == winner
    for user in users:
        now = stored.users.get_user_by_id(user.id, consistent=True)
        assert now is not None
        assert holder(now.email) == user.id
        assert now == user or (user.id == winner and holder(user.email) is None)


def rename(repositories: Repositories, number: int, user_id: str) -> str:
    email = f"ada{number}@example.org"
    return repositories.users.update_user(user_id, email=email, expected_version=1).email


def test_of_sixteen_changes_of_one_version_one_holds_and_leaves_no_lock_behind(
    stored: Repositories, store_endpoint: str, store_table: str
) -> None:
    user = new(stored, email="ada@example.org")
    outcomes = at_once(store_endpoint, store_table, rename, user.id, processes=4, threads=4)
    assert Counter(outcomes)["StaleVersion"] == 15
    now = stored.users.get_user_by_id(user.id, consistent=True)
    assert now is not None
    assert now.email in outcomes
    assert now.version == 2
    owned = [email for email in ["ada@example.org", *map(_ada, range(16))] if holder(email)]
    assert owned == [now.email]


def _ada(number: int) -> str:
    return f"ada{number}@example.org"


def swap(repositories: Repositories, number: int, ids: list[str], emails: list[str]) -> int:
    """Many changes in any order; how many were made."""
    order, made = random.Random(number), 0
    for _ in range(12):
        try:
            repositories.users.update_user(order.choice(ids), email=order.choice(emails))
            made += 1
        except (AlreadyExists, StaleVersion):
            continue
    return made


def test_exchanging_emails_leaves_each_with_one_owner(
    stored: Repositories, store_endpoint: str, store_table: str
) -> None:
    emails = [_ada(number) for number in range(4)]
    ids = [new(stored, email=email).id for email in emails[:3]]
    outcomes = at_once(store_endpoint, store_table, swap, ids, emails, processes=4, threads=2)
    assert sum(outcomes) > 0
    owners = {email: holder(email) for email in emails}
    assert Counter(owners.values()) == {None: 1, **dict.fromkeys(ids, 1)}
    for email, owner in owners.items():
        found = stored.users.get_user_by_email(email)
        assert (found and found.id) == owner
        assert found is None or found.email == email


def change_or_delete(repositories: Repositories, number: int, user_id: str) -> str:
    if number % 2:
        return repositories.users.update_user(user_id, email=_ada(number)).email
    repositories.users.delete_user(user_id)
    return "deleted"


def test_a_deletion_among_changes_of_the_email_frees_every_address(
    stored: Repositories, store_endpoint: str, store_table: str
) -> None:
    user = new(stored, email="ada@example.org", google_id="g-1")
    outcomes = at_once(
        store_endpoint, store_table, change_or_delete, user.id, processes=4, threads=2
    )
    assert Counter(outcomes)["deleted"] == 1
    assert Counter(outcomes)["NotFound"] >= 3
    assert stored.users.get_user_by_id(user.id, consistent=True) is None
    assert [holder(email) for email in ["ada@example.org", *map(_ada, range(8))]] == [None] * 9
    assert stored.users.get_user_by_google_id("g-1") is None


def rotate(repositories: Repositories, number: int) -> str:
    later = CLOCK.now() + timedelta(days=1)
    return repositories.sessions.rotate_session(
        "ann", "F1", presented="d1", new=f"new-{number}", expires_at=later
    ).digest


def test_of_sixteen_rotations_one_wins_and_the_session_lives(
    stored: Repositories, store_endpoint: str, store_table: str
) -> None:
    stored.sessions.create_session(a_session(CLOCK, digest="d1"))
    outcomes = at_once(store_endpoint, store_table, rotate, processes=4, threads=4)
    assert Counter(outcomes)["StaleVersion"] == 15
    session = stored.sessions.get_session("ann", "F1", consistent=True)
    assert session is not None
    assert session.digest in outcomes
    assert session.previous_digest == "d1"


def reprice(repositories: Repositories, number: int) -> int:
    changed = a_plan("Free", max_problems=number)
    return repositories.plans.update_plan(changed, expected_version=1).max_problems


def test_one_change_of_a_plans_version_wins(
    stored: Repositories, store_endpoint: str, store_table: str
) -> None:
    stored.plans.create_plan(a_plan("Free"))
    outcomes = at_once(store_endpoint, store_table, reprice, processes=4, threads=2)
    assert Counter(outcomes)["StaleVersion"] == 7
    plan = stored.plans.get_plan("Free")
    assert plan is not None
    assert plan.version == 2
    assert plan.max_problems in outcomes


def erase(repositories: Repositories, number: int, user_id: str) -> str:
    """Without a claim: the lease only saves work."""
    erasure = repositories.erasures.get_erasure(user_id)
    assert erasure is not None
    while repositories.erasures.remove_some(erasure):
        pass
    return "nothing left"


def erase_and_die(endpoint: str, table: str, erasure: Erasure) -> None:
    """Killed in the middle of a step."""
    bind_models(layout=single(table), region="us-east-1", endpoint=endpoint)
    repositories = build_repositories(clock=CLOCK, ids=UlidIds(CLOCK), secret_key="s" * 40)
    histories: Any = repositories.erasures._histories  # type: ignore[attr-defined]
    real = histories.delete_history

    def delete(history_id: str) -> None:
        real(history_id)
        os.kill(os.getpid(), signal.SIGKILL)

    histories.delete_history = delete
    repositories.erasures.remove_some(erasure)


def test_an_erasure_survives_a_kill_and_two_workers_at_once(
    stored: Repositories, store_endpoint: str, store_table: str
) -> None:
    ada, bob = new(stored), new(stored)
    for user in (ada, bob):
        for _ in range(6):
            done(stored, CLOCK, user_id=user.id, is_code_public=True)
            admitted(stored, CLOCK, user_id=user.id)
            stored.tokens.create_token(a_token(CLOCK, user_id=user.id))
        stored.sessions.create_session(a_session(CLOCK, user_id=user.id))
    bobs = list(stored.erasures.owned_by(bob.id))
    stored.users.delete_user(ada.id)
    before = len(list(stored.erasures.owned_by(ada.id)))
    erasure = stored.erasures.claim(ada.id, lease_seconds=0)
    doomed = multiprocessing.get_context("spawn").Process(
        target=erase_and_die, args=(store_endpoint, store_table, erasure)
    )
    doomed.start()
    doomed.join(timeout=120)
    assert doomed.exitcode == -signal.SIGKILL
    assert 0 < len(list(stored.erasures.owned_by(ada.id))) < before
    outcomes = at_once(store_endpoint, store_table, erase, ada.id, processes=4)
    assert outcomes == ["nothing left"] * 4
    assert list(stored.erasures.owned_by(ada.id)) == []
    assert list(stored.erasures.owned_by(bob.id)) == bobs
    again = stored.erasures.claim(ada.id, lease_seconds=60)
    stored.erasures.finish(again)
    assert stored.erasures.list_due() == ()
