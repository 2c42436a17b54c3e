"""Asking for hints over HTTP."""

from __future__ import annotations

from dataclasses import replace

from algoitny.domain.plan import Plan
from algoitny.domain.usage import Action
from algoitny.domain.verdict import Verdict
from tests.api.refusal import check
from tests.api.world import LEARNER


def hints_used(world, role=LEARNER):
    return world.store.usage.get_daily_usage_count(world.users[role], Action.HINT)


def test_a_hint_from_pending_to_ready(world):
    path = f"/api/history/{world.failed}/hints/"
    asked = world.post(path + "generate/", LEARNER)
    assert asked.status_code == 202
    assert asked.headers["Location"] == path
    hint = asked.json["hint"]
    assert (hint["level"], hint["state"], hint["text"]) == (1, "PENDING", "")
    assert asked.json["usage"] == {"current_count": 1, "limit": 5}
    assert asked.headers["RateLimit"].startswith('"hints";r=4;t=')
    assert asked.headers["RateLimit-Policy"] == '"hints";q=5;w=86400'
    assert world.queue.messages[-1] == ("hint", world.failed, 1, 1)
    # Asking again while it is written means that one, and costs nothing.
    again = world.post(path + "generate/", LEARNER, json={})
    assert (again.status_code, again.json["hint"]) == (202, hint)

    world.services.hints.generate(world.failed, 1, 1)
    ready = world.post(path + "generate/", LEARNER, json={"level": 1})
    assert ready.status_code == 200
    assert ready.json["hint"]["text"] == "Look at level 1."
    assert ready.json["usage"]["current_count"] == 1
    assert world.get(path, LEARNER).json["items"] == [ready.json["hint"]]
    assert hints_used(world) == 1

    following = world.post(path + "generate/", LEARNER)
    assert (following.status_code, following.json["hint"]["level"]) == (202, 2)


def test_a_repeat_of_a_request_is_not_a_request_for_the_next_hint(world):
    path = f"/api/history/{world.failed}/hints/generate/"
    key = {"Idempotency-Key": "k-1"}
    first = world.post(path, LEARNER, headers=key)
    world.services.hints.generate(world.failed, 1, 1)
    again = world.post(path, LEARNER, headers=key)
    assert (again.status_code, again.json) == (202, first.json)
    assert again.headers["Location"] == first.headers["Location"]
    assert again.headers["Idempotent-Replayed"] == "true"
    assert "Idempotent-Replayed" not in first.headers
    assert hints_used(world) == 1
    other = world.post(path, LEARNER, headers=key, json={"level": 1})
    check(other, 422, "/headers/Idempotency-Key")
    assert other.json["type"].endswith("#idempotency-key-reused")
    check(world.submit(LEARNER, headers=key), 422, "/headers/Idempotency-Key")


def test_a_repeat_means_the_hint_that_was_on_its_way(world):
    path = f"/api/history/{world.failed}/hints/generate/"
    key = {"Idempotency-Key": "k-1"}
    world.post(path, LEARNER)
    first = world.post(path, LEARNER, headers=key)
    world.services.hints.generate(world.failed, 1, 1)
    again = world.post(path, LEARNER, headers=key)
    assert (again.status_code, again.json) == (202, first.json)
    assert again.headers["Idempotent-Replayed"] == "true"
    assert hints_used(world) == 1


def test_a_repeat_means_the_hint_that_somebody_else_was_quicker_to_ask_for(world, monkeypatch):
    path = f"/api/history/{world.failed}/hints/generate/"
    key = {"Idempotency-Key": "k-1"}
    world.post(path, LEARNER)
    world.services.hints.generate(world.failed, 1, 1)
    with monkeypatch.context() as a_moment_before:
        a_moment_before.setattr(world.store.hints, "list_hints", lambda *_, **__: ())
        first = world.post(path, LEARNER, headers=key)
    assert (first.status_code, first.json["hint"]["level"]) == (200, 1)
    assert world.post(path, LEARNER, headers=key).json["hint"]["level"] == 1
    assert hints_used(world) == 1


def test_repeats_are_answered_when_nothing_fails_any_more(world, monkeypatch):
    path = f"/api/history/{world.failed}/hints/generate/"
    key = {"Idempotency-Key": "k-1"}
    first = world.post(path, LEARNER, headers=key)
    judged = world.store.histories.get_history(world.failed, consistent=True)
    monkeypatch.setattr(
        world.store.histories,
        "get_history",
        lambda *_, **__: replace(judged, verdict=Verdict.AC),
    )
    assert world.post(path, LEARNER, headers=key).json == first.json
    assert world.post(path, LEARNER).json["type"].endswith("#nothing-failed")


def test_repeats_are_answered_when_the_last_unit_went_with_the_first(world, monkeypatch):
    path = f"/api/history/{world.failed}/hints/generate/"
    key = {"Idempotency-Key": "k-1"}
    world.store.plans.update_plan(replace(world.store.plans.get_plan("Free"), max_hints_per_day=1))
    # The repeat looks for the first answer a moment too early.
    found, looked = world.store.histories.find_request, []
    monkeypatch.setattr(
        world.store.histories,
        "find_request",
        lambda *asked: looked.append(asked) or (found(*asked) if len(looked) != 2 else None),
    )
    first = world.post(path, LEARNER, headers=key)
    world.services.hints.generate(world.failed, 1, 1)
    again = world.post(path, LEARNER, headers=key)
    assert (again.status_code, again.json) == (202, first.json)
    assert len(looked) == 3
    assert hints_used(world) == 1


def test_levels_come_one_at_a_time(world):
    answer = world.post(f"/api/history/{world.failed}/hints/generate/", LEARNER, json={"level": 3})
    assert answer.status_code == 409
    assert hints_used(world) == 0


def test_nothing_failed(world):
    history_id = world.submit().json["history_id"]
    path = f"/api/history/{history_id}/hints/generate/"
    waiting = world.post(path)
    world.judge(history_id, (Verdict.AC, Verdict.AC))
    accepted = world.post(path)
    assert [a.status_code for a in (waiting, accepted)] == [409, 409]
    assert waiting.json["type"].endswith("#not-finished")
    assert accepted.json["type"].endswith("#nothing-failed")
    assert hints_used(world) == 0


def test_over_the_limit(world):
    world.store.plans.update_plan(
        Plan(
            name="Free",
            max_hints_per_day=0,
            max_executions_per_day=50,
            max_problems=0,
            can_view_all_problems=False,
            can_register_problems=False,
        )
    )
    answer = world.post(f"/api/history/{world.failed}/hints/generate/", LEARNER)
    assert answer.status_code == 429
    assert (answer.json["action"], answer.json["limit"]) == ("hint", 0)
    assert answer.headers["RateLimit"].startswith('"hints";r=0;t=')
    assert world.get(f"/api/history/{world.failed}/hints/", LEARNER).json["items"] == []


def test_of_somebody_else(world):
    public = world.submit(is_code_public=True).json["history_id"]
    private = world.submit().json["history_id"]
    for history_id in (public, private):
        world.judge(history_id)
    for history_id, status in ((public, 403), (private, 404)):
        path = f"/api/history/{history_id}/hints/"
        assert world.get(path, "other").status_code == status
        assert world.post(path + "generate/", "other").status_code == status
    assert hints_used(world, "other") == 0
