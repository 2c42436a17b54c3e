"""Hints: claimed once, charged exactly, written by one attempt."""

from __future__ import annotations

import pytest

from algoitny.domain.errors import AlreadyExists, DuplicateRequest, QuotaExceeded, StaleAttempt
from algoitny.domain.hint import HintState
from algoitny.domain.repositories import Repositories
from algoitny.domain.usage import Action
from tests.builders import a_hint, a_key
from tests.clock import FixedClock


def used(repositories: Repositories) -> int:
    return repositories.usage.get_daily_usage_count("ann", Action.HINT)


def test_the_life_of_a_hint(repositories: Repositories, clock: FixedClock) -> None:
    hints = repositories.hints
    claimed = hints.claim_hint(a_hint(clock), limit=5)
    assert claimed.state is HintState.PENDING
    assert hints.get_hint("h1", 1, 1) == claimed
    assert used(repositories) == 1
    taken = hints.renew_hint(claimed, lease_seconds=30)
    assert (taken.attempt, taken.tries) == (claimed.attempt + 1, claimed.tries + 1)
    ready = hints.finish_hint(taken, "Look at the loop.")
    assert (ready.state, ready.text, ready.lease_until) == (
        HintState.READY,
        "Look at the loop.",
        None,
    )
    assert hints.list_hints("h1") == (ready,)
    clock.advance(60)
    assert hints.list_pending_hints(created_before=clock.now()) == []


def test_a_hint_is_claimed_once(repositories: Repositories, clock: FixedClock) -> None:
    hints = repositories.hints
    claimed = hints.claim_hint(a_hint(clock), limit=5)
    for _ in range(2):
        with pytest.raises(AlreadyExists):
            hints.claim_hint(a_hint(clock), limit=5)
        hints.finish_hint(claimed, "x")
    assert used(repositories) == 1


def test_a_key_is_kept_once_where_nothing_began(
    repositories: Repositories, clock: FixedClock
) -> None:
    hints = repositories.hints
    hints.keep_request("ann", a_key())
    assert repositories.histories.find_request("ann", a_key().key) == a_key()
    with pytest.raises(DuplicateRequest):
        hints.keep_request("ann", a_key(answer={"second": 1}))
    with pytest.raises(DuplicateRequest):
        hints.claim_hint(a_hint(clock), limit=5, idempotency=a_key())
    assert used(repositories) == 0
    clock.advance(days=1, seconds=1)
    hints.keep_request("ann", a_key())


def test_the_quota_holds(repositories: Repositories, clock: FixedClock) -> None:
    repositories.hints.claim_hint(a_hint(clock), limit=1)
    with pytest.raises(QuotaExceeded) as caught:
        repositories.hints.claim_hint(a_hint(clock, 2), limit=1)
    assert (caught.value.action, caught.value.count) == ("hint", 1)
    assert repositories.hints.get_hint("h1", 2, 1) is None


def test_a_failed_hint_gives_its_unit_back_once_and_may_be_claimed_again(
    repositories: Repositories, clock: FixedClock
) -> None:
    hints = repositories.hints
    taken = hints.renew_hint(hints.claim_hint(a_hint(clock), limit=1), lease_seconds=30)
    failed = hints.fail_hint(taken)
    assert failed.state is HintState.FAILED
    assert hints.fail_hint(taken) == failed
    assert used(repositories) == 0
    again = hints.claim_hint(a_hint(clock), limit=1)
    assert again.attempt > taken.attempt
    assert used(repositories) == 1
    with pytest.raises(StaleAttempt):
        hints.finish_hint(taken, "late")
    with pytest.raises(StaleAttempt):
        hints.fail_hint(taken)
    assert used(repositories) == 1


def test_units_go_back_to_the_day_that_paid(repositories: Repositories, clock: FixedClock) -> None:
    claimed = repositories.hints.claim_hint(a_hint(clock), limit=1)
    day = clock.now().date()
    clock.advance(days=1)
    repositories.hints.claim_hint(a_hint(clock, 2), limit=1)
    repositories.hints.fail_hint(claimed)
    assert repositories.usage.get_daily_usage_count("ann", Action.HINT, day) == 0
    assert used(repositories) == 1


def test_five_units_a_day_go_back(repositories: Repositories, clock: FixedClock) -> None:
    for number in range(7):
        hint = repositories.hints.claim_hint(a_hint(clock, history_id=f"h{number}"), limit=-1)
        assert repositories.hints.fail_hint(hint).state is HintState.FAILED
    assert used(repositories) == 2


def test_a_lease_keeps_others_off_until_it_ends(
    repositories: Repositories, clock: FixedClock
) -> None:
    hints = repositories.hints
    taken = hints.renew_hint(hints.claim_hint(a_hint(clock), limit=5), lease_seconds=30)
    with pytest.raises(StaleAttempt):
        hints.renew_hint(taken, lease_seconds=30)
    clock.advance(31)
    second = hints.renew_hint(taken, lease_seconds=30)
    assert second.attempt == taken.attempt + 1
    with pytest.raises(StaleAttempt):
        hints.finish_hint(taken, "late")
    assert hints.finish_hint(second, "text").text == "text"


def test_pending_hints_are_listed_oldest_first(
    repositories: Repositories, clock: FixedClock
) -> None:
    claimed = []
    for number in (3, 1, 2):
        clock.advance(1)
        claimed.append(
            repositories.hints.claim_hint(a_hint(clock, history_id=f"h{number}"), limit=-1)
        )
    assert repositories.hints.list_pending_hints(created_before=clock.now()) == claimed[:2]


def test_hints_are_listed_by_level(repositories: Repositories, clock: FixedClock) -> None:
    for level in (2, 1, 3):
        repositories.hints.claim_hint(a_hint(clock, level), limit=-1)
    repositories.hints.claim_hint(a_hint(clock, history_id="h2"), limit=-1)
    assert [hint.level for hint in repositories.hints.list_hints("h1", consistent=True)] == [
        1,
        2,
        3,
    ]
