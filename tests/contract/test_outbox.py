"""The outbox of webhooks: each delivery is tried by one at a time until it arrived."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from algoitny.domain.errors import AlreadyExists, StaleAttempt, TooLarge
from algoitny.domain.outbox import Delivery
from algoitny.domain.repositories import Repositories
from tests.builders import a_delivery, admitted, done, running
from tests.clock import FixedClock


def put(repositories: Repositories, clock: FixedClock, **given: object) -> Delivery:
    delivery = a_delivery(clock, **given)
    repositories.outbox.put(delivery)
    return delivery


def test_the_life_of_a_delivery(repositories: Repositories, clock: FixedClock) -> None:
    outbox = repositories.outbox
    delivery = put(repositories, clock)
    assert outbox.list_due() == [delivery]
    claimed = outbox.claim(delivery, lease_seconds=30)
    assert (claimed.attempt, claimed.due_at) == (1, clock.now() + timedelta(seconds=30))
    assert outbox.list_due() == []
    later = clock.now() + timedelta(minutes=5)
    waiting = outbox.reschedule(claimed, due_at=later, error="503 Service Unavailable" + "." * 500)
    assert (waiting.attempt, waiting.due_at, len(waiting.error)) == (1, later, 200)
    assert outbox.get(delivery.history_id, delivery.id) == waiting
    clock.advance(299)
    assert outbox.list_due() == []
    clock.advance(1)
    assert outbox.list_due() == [waiting]
    again = outbox.claim(waiting, lease_seconds=30)
    assert again.attempt == 2
    for _ in range(2):
        outbox.done(again)
    assert outbox.get(delivery.history_id, delivery.id) is None
    clock.advance(days=1)
    assert outbox.list_due() == []


def test_the_same_again_is_success_and_another_is_not(
    repositories: Repositories, clock: FixedClock
) -> None:
    delivery = put(repositories, clock)
    repositories.outbox.put(delivery)
    with pytest.raises(AlreadyExists):
        repositories.outbox.put(replace(delivery, url="https://elsewhere.example"))
    assert repositories.outbox.list_due() == [delivery]


def test_only_what_is_due_can_be_claimed_and_only_once(
    repositories: Repositories, clock: FixedClock
) -> None:
    outbox = repositories.outbox
    early = put(repositories, clock, due_at=clock.now() + timedelta(seconds=5))
    with pytest.raises(StaleAttempt):
        outbox.claim(early, lease_seconds=30)
    clock.advance(5)
    first = outbox.claim(early, lease_seconds=30)
    for known in (early, first):
        with pytest.raises(StaleAttempt):
            outbox.claim(known, lease_seconds=30)
    clock.advance(30)
    assert outbox.list_due() == [first]
    second = outbox.claim(first, lease_seconds=30)
    assert second.attempt == 2
    with pytest.raises(StaleAttempt):
        outbox.reschedule(first, due_at=clock.now(), error="late")
    with pytest.raises(StaleAttempt):
        outbox.give_up(first, error="late")
    outbox.done(first)
    assert outbox.get(early.history_id, early.id) == second


def test_what_was_given_up_is_kept_for_its_user_and_never_tried(
    repositories: Repositories, clock: FixedClock
) -> None:
    outbox = repositories.outbox
    claimed = outbox.claim(put(repositories, clock), lease_seconds=30)
    given_up = outbox.give_up(claimed, error="410 Gone")
    assert given_up.error == "410 Gone"
    assert outbox.give_up(claimed, error="410 Gone") == given_up
    clock.advance(days=29)
    assert outbox.list_due() == []
    assert outbox.get(claimed.history_id, claimed.id) == given_up
    for act in (
        lambda: outbox.claim(given_up, lease_seconds=30),
        lambda: outbox.reschedule(given_up, due_at=clock.now(), error="x"),
    ):
        with pytest.raises(StaleAttempt):
            act()
    outbox.done(given_up)
    assert outbox.get(claimed.history_id, claimed.id) == given_up
    clock.advance(days=2)
    assert outbox.get(claimed.history_id, claimed.id) is None


def test_the_longest_due_come_first(repositories: Repositories, clock: FixedClock) -> None:
    now = clock.now()
    wanted = [
        put(repositories, clock, due_at=now - timedelta(seconds=seconds), history_id=f"h{seconds}")
        for seconds in (3, 0, 7)
    ]
    put(repositories, clock, due_at=now + timedelta(milliseconds=1))
    due = repositories.outbox.list_due()
    assert due == [wanted[2], wanted[0], wanted[1]]
    assert repositories.outbox.list_due(limit=2) == due[:2]


def test_one_execution_may_have_several(repositories: Repositories, clock: FixedClock) -> None:
    first = put(repositories, clock, history_id="h")
    second = put(repositories, clock, history_id="h")
    assert sorted(repositories.outbox.list_due(), key=str) == sorted([first, second], key=str)
    repositories.outbox.done(first)
    assert repositories.outbox.list_due() == [second]


def ended(repositories: Repositories, clock: FixedClock, how: str, **given: Any) -> str:
    if how == "done":
        return done(repositories, clock, **given).id
    if how == "failed":
        history = running(repositories, clock, **given)
        return repositories.histories.fail(history, reason="x").id
    return repositories.histories.cancel(admitted(repositories, clock, **given)).id


@pytest.mark.parametrize(
    ("how", "delivery_id"), [("done", "0001"), ("failed", "0001"), ("cancelled", "0000")]
)
def test_every_ending_tells_who_asked(
    repositories: Repositories, clock: FixedClock, how: str, delivery_id: str
) -> None:
    url = "https://example.org/hook"
    history_id = ended(repositories, clock, how, webhook_url=url)
    stored = repositories.histories.get_history(history_id)
    assert stored is not None
    assert stored.webhook_url == url
    assert repositories.outbox.list_due() == [
        Delivery(
            id=delivery_id,
            history_id=history_id,
            user_id="ann",
            url=url,
            event=f"execution.{how}",
            due_at=clock.now(),
            created_at=clock.now(),
        )
    ]
    ended(repositories, clock, how)
    admitted(repositories, clock, webhook_url=url)
    assert len(repositories.outbox.list_due()) == 1


def test_a_deleted_execution_tells_nothing(repositories: Repositories, clock: FixedClock) -> None:
    history_id = ended(repositories, clock, "done", webhook_url="https://example.org")
    repositories.histories.delete_history(history_id)
    assert repositories.outbox.list_due() == []


def test_an_address_has_a_bound(repositories: Repositories, clock: FixedClock) -> None:
    with pytest.raises(TooLarge):
        admitted(repositories, clock, webhook_url="https://" + "x" * 500)
