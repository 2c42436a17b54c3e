"""Webhooks: told at least once, under one id, for a day; nobody's receiver holds up others."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from algoitny.domain.access import Caller
from algoitny.domain.errors import InvalidInput, StoreRejected
from algoitny.domain.outbox import Delivery
from algoitny.domain.verdict import Verdict
from algoitny.providers.webhook import NotDelivered
from algoitny.services import outbox
from algoitny.services.outbox import LEASE_SECONDS, OF_ONE_USER, PAUSES, STEP_BACK
from tests.builders import a_delivery
from tests.services.world import World

URL = "https://example.org/hook"
BUSY = NotDelivered("The receiver answered 500.")


@pytest.fixture
def caller(world: World) -> Caller:
    """With a secret."""
    world.problem()
    caller = world.caller()
    world.webhook_secrets.make(caller)
    return caller


def ended(world: World, caller: Caller) -> str:
    """The id of an execution whose end is to be told."""
    history_id = world.submit(caller, webhook_url=URL)
    world.judging.execute(history_id)
    return history_id


def stored(world: World, history_id: str) -> Delivery | None:
    return world.store.outbox.get(history_id, "0001")


def test_the_end_is_told_once(world: World, caller: Caller) -> None:
    world.judge.verdicts = [Verdict.AC, Verdict.WA]
    history_id = world.submit(caller, webhook_url=URL)
    assert world.outbox.deliver().delivered == 0  # it has not ended
    world.judging.execute(history_id)
    assert world.outbox.deliver().delivered == 1
    ((url, message_id, body),) = world.sender.sent
    assert (url, message_id) == (URL, f"{history_id}-0001")
    assert json.loads(body) == {
        "type": "execution.ended",
        "timestamp": "2025-03-14T09:26:53.589000Z",
        "data": {
            "id": history_id,
            "state": "DONE",
            "verdict": "WA",
            "platform": "sample",
            "problem_number": "1",
            "language": "python3",
            "result_summary": "WA on test 2: 2 of 3 tests passed",
            "passed_count": 2,
            "failed_count": 1,
            "total_count": 3,
            "max_time_ms": 3,
            "max_memory_kb": 1002,
        },
    }
    assert stored(world, history_id) is None
    assert world.outbox.deliver().delivered == 0


def test_a_cancelled_execution_is_told_too(world: World, caller: Caller) -> None:
    history_id = world.submit(caller, webhook_url=URL)
    world.executions.cancel(caller, history_id)
    world.outbox.deliver()
    data = json.loads(world.sender.sent[0][2])["data"]
    assert (data["state"], data["verdict"]) == ("CANCELLED", None)


def test_who_asked_for_nothing_is_told_nothing(world: World, caller: Caller) -> None:
    world.judging.execute(world.submit(caller))
    world.outbox.deliver()
    assert world.sender.sent == []


def test_a_receiver_that_fails_is_tried_again_after_growing_pauses(
    world: World, caller: Caller
) -> None:
    history_id = ended(world, caller)
    world.sender.answers = [BUSY] * 8
    for tried, pause in enumerate(PAUSES, start=1):
        assert world.outbox.deliver().postponed == 1
        delivery = stored(world, history_id)
        assert delivery is not None
        assert (delivery.attempt, delivery.error) == (tried, BUSY.detail)
        world.clock.advance((pause - timedelta(milliseconds=1)).total_seconds())
        assert world.outbox.deliver().postponed == 0
        world.clock.advance(0.001)
    assert world.outbox.deliver().given_up == 1
    assert len(world.sender.sent) == 8
    assert len(set(world.sender.sent)) == 1  # the same message under the same id
    world.clock.advance(days=2)
    assert world.outbox.deliver().given_up == 0
    kept = stored(world, history_id)
    assert kept is not None
    assert kept.error == BUSY.detail


def test_it_arrives_at_the_second_try(world: World, caller: Caller) -> None:
    history_id = ended(world, caller)
    world.sender.answers = [BUSY]
    world.outbox.deliver()
    world.clock.advance(10)
    assert world.outbox.deliver().delivered == 1
    assert stored(world, history_id) is None


def test_an_address_that_will_never_do_is_given_up_at_once(world: World, caller: Caller) -> None:
    history_id = ended(world, caller)
    world.sender.answers = [InvalidInput("The address leads into a private network.")]
    assert world.outbox.deliver().given_up == 1
    kept = stored(world, history_id)
    assert kept is not None
    assert kept.error == "The address leads into a private network."
    world.clock.advance(days=1)
    assert world.outbox.deliver().given_up == 0


def test_a_worker_that_dies_after_sending_leaves_it_to_be_told_again(
    world: World, caller: Caller
) -> None:
    history_id = ended(world, caller)
    world.sender.answers = [SystemExit("killed")]
    with pytest.raises(SystemExit):
        world.outbox.deliver()
    world.clock.advance(LEASE_SECONDS - 1)
    assert world.outbox.deliver().delivered == 0
    world.clock.advance(1)
    assert world.outbox.deliver().delivered == 1
    assert [message_id for _, message_id, _ in world.sender.sent] == [f"{history_id}-0001"] * 2


def test_two_passes_at_once_tell_it_once(world: World, caller: Caller) -> None:
    ended(world, caller)
    (due,) = world.store.outbox.list_due()
    claimed = world.store.outbox.claim(due, lease_seconds=LEASE_SECONDS)
    assert world.outbox.deliver().delivered == 0
    world.store.outbox.done(claimed)
    assert world.sender.sent == []


def test_it_disappears_with_its_execution(world: World, caller: Caller) -> None:
    history_id = ended(world, caller)
    world.store.histories.delete_history(history_id)
    assert stored(world, history_id) is None
    world.clock.advance(days=1)
    world.outbox.deliver()
    assert world.sender.sent == []


def test_what_is_judged_again_is_told_at_its_new_end(world: World, caller: Caller) -> None:
    history_id = world.submit(caller, webhook_url=URL)
    world.store.outbox.put(a_delivery(world.clock, history_id=history_id, user_id=caller.user.id))
    world.outbox.deliver()
    assert world.sender.sent == []
    assert world.store.outbox.list_due() == []


def test_without_a_secret_nothing_is_sent(world: World, caller: Caller) -> None:
    history_id = ended(world, caller)
    world.webhook_secrets.delete(caller)
    assert world.outbox.deliver().given_up == 1
    kept = stored(world, history_id)
    assert kept is not None
    assert kept.error == "There is no secret to sign with."
    assert world.sender.sent == []


def test_a_secret_of_another_secret_key_gives_up(world: World, caller: Caller) -> None:
    ended(world, caller)
    world.store.webhook_secrets.set_webhook_secret(caller.user.id, b"sealed under another key")
    with pytest.raises(StoreRejected):
        world.webhook_secrets.open(caller.user.id)
    assert world.outbox.deliver().given_up == 1


def test_one_users_slow_receiver_does_not_hold_up_others(world: World, caller: Caller) -> None:
    for _ in range(OF_ONE_USER + 1):
        ended(world, caller)
    other = world.caller()
    world.webhook_secrets.make(other)
    last = ended(world, other)
    assert world.outbox.deliver().delivered == OF_ONE_USER + 1
    assert f"{last}-0001" in {message_id for _, message_id, _ in world.sender.sent}
    assert world.outbox.deliver().delivered == 1


def test_not_even_one_with_more_than_a_pass_looks_at(
    world: World, caller: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox, "LOOKED_AT", OF_ONE_USER + 2)
    many = [ended(world, caller) for _ in range(2 * OF_ONE_USER + 2)]
    other = world.caller()
    world.webhook_secrets.make(other)
    last = ended(world, other)
    assert world.outbox.deliver().delivered == OF_ONE_USER
    assert world.outbox.deliver().delivered == OF_ONE_USER + 1
    assert f"{last}-0001" in {message_id for _, message_id, _ in world.sender.sent}
    world.clock.advance(STEP_BACK.total_seconds())
    assert world.outbox.deliver().delivered == 2
    assert len(world.sender.sent) == len(set(world.sender.sent)) == len(many) + 1


def test_a_secret_is_shown_once_stored_sealed_and_replaced(world: World) -> None:
    caller = world.caller()
    assert world.webhook_secrets.made_at(caller) is None
    first = world.webhook_secrets.make(caller)
    kept = world.store.webhook_secrets.get_webhook_secret(caller.user.id)
    assert kept is not None
    assert first.secret.encode() not in kept.encrypted
    assert world.webhook_secrets.open(caller.user.id) == first.secret
    world.clock.advance(5)
    second = world.webhook_secrets.make(caller)
    assert second.secret != first.secret
    assert world.webhook_secrets.open(caller.user.id) == second.secret
    assert world.webhook_secrets.made_at(caller) == second.updated_at
    world.webhook_secrets.delete(caller)
    assert world.webhook_secrets.open(caller.user.id) is None
