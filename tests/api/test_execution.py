"""Submitting, the answer to it, and following the execution."""

from __future__ import annotations

import pytest

from algoitny.domain.plan import Plan
from algoitny.domain.usage import Action
from algoitny.domain.verdict import Verdict
from algoitny.services.execution import READ_AGAIN_SECONDS
from tests.api.world import EMPTY, SECONDS_LEFT, SUM


def test_both_ways_of_naming_the_problem(world):
    by_key = world.submit()
    by_id = world.post("/api/execute/", json={"code": "x", "language": "c", "problem_id": 1})
    for count, answer in enumerate((by_key, by_id), start=1):
        assert answer.status_code == 202
        body = answer.json
        assert body["message"]
        assert body["state"] == "QUEUED"
        assert body["task_id"] == body["history_id"]
        assert body["usage"] == {"current_count": count, "limit": 50}
        assert answer.headers["Location"] == f"/api/execute/{body['task_id']}/"
        assert body["links"] == {
            "self": f"/api/execute/{body['task_id']}/",
            "history": f"/api/history/{body['task_id']}/",
            "hints": f"/api/history/{body['task_id']}/hints/",
            "stream": f"/api/execute/{body['task_id']}/stream/",
        }
        history = world.store.histories.get_history(body["task_id"], consistent=True)
        assert history.problem == SUM
        assert history.user_id == world.users["user"]
        assert not history.is_code_public
        assert ("execute", history.id) in world.queue.messages
    assert by_key.json["history_id"] != by_id.json["history_id"]
    assert world.store.histories.get_source(by_key.json["history_id"]) == "print(3)"


def test_an_alias_is_stored_as_the_language(world):
    history_id = world.submit(language="python").json["history_id"]
    assert world.get(f"/api/history/{history_id}/").json["language"] == "python3"


def test_rate_limit_headers(world):
    answer = world.submit()
    assert answer.headers["RateLimit-Policy"] == '"executions";q=50;w=86400'
    assert answer.headers["RateLimit"] == f'"executions";r=49;t={SECONDS_LEFT}'


def test_no_rate_limit_headers_for_an_unlimited_plan(world):
    world.store.users.update_subscription_plan(world.users["user"], "Unlimited")
    answer = world.submit()
    assert answer.json["usage"] == {"current_count": 1, "limit": -1}
    assert "RateLimit" not in answer.headers
    assert "RateLimit-Policy" not in answer.headers


def test_over_the_limit(world):
    world.store.plans.update_plan(
        Plan(
            name="Free",
            max_hints_per_day=5,
            max_executions_per_day=1,
            max_problems=0,
            can_view_all_problems=False,
            can_register_problems=False,
        )
    )
    assert world.submit().status_code == 202
    before = world.stored()
    answer = world.submit()
    assert answer.status_code == 429
    assert answer.headers["Retry-After"] == str(SECONDS_LEFT)
    assert answer.headers["RateLimit"] == f'"executions";r=0;t={SECONDS_LEFT}'
    body = answer.json
    assert body["type"].endswith("#quota-exceeded")
    assert (body["action"], body["current_count"], body["limit"]) == ("execution", 1, 1)
    assert body["reset_time"] == "2025-03-15T00:00:00.000000Z"
    assert world.stored() == before
    world.clock.advance(SECONDS_LEFT)
    world.tokens["user"] = world.sign_in("user")
    assert world.submit().status_code == 202


def test_the_same_key_gets_the_first_answer_again(world):
    key = {"Idempotency-Key": "k-1"}
    first = world.submit(headers=key)
    before = world.stored()
    # The same request, said differently: a default spelled out, members in another order.
    body = {
        "is_code_public": False,
        "problem_identifier": SUM.number,
        "platform": SUM.platform,
        "language": "python",
        "code": "print(3)",
    }
    again = world.post("/api/execute/", json=body, headers=key)
    assert (first.status_code, again.status_code) == (202, 202)
    assert again.json == first.json
    assert again.headers["Location"] == first.headers["Location"]
    assert again.headers["Idempotent-Replayed"] == "true"
    assert "Idempotent-Replayed" not in first.headers
    assert world.stored() == before


def test_the_same_key_for_something_else(world):
    key = {"Idempotency-Key": "k-1"}
    world.submit(headers=key)
    before = world.stored()
    answer = world.submit(headers=key, code="print(4)")
    assert answer.status_code == 422
    assert answer.json["type"].endswith("#idempotency-key-reused")
    assert answer.json["errors"][0]["pointer"] == "/headers/Idempotency-Key"
    assert world.stored() == before
    assert world.submit("other", headers=key, code="print(4)").status_code == 202


def test_a_broker_that_is_down_does_not_lose_the_submission(world):
    world.queue.is_down = True
    answer = world.submit()
    assert answer.status_code == 202
    assert world.get(answer.headers["Location"]).json["state"] == "QUEUED"


def test_status_before_during_and_after(world):
    history_id = world.submit().json["history_id"]
    path = f"/api/execute/{history_id}/"
    queued = world.get(path).json
    assert (queued["state"], queued["verdict"], queued["tests"]) == ("QUEUED", None, [])
    assert queued["progress"] == {"done": 0, "total": 2}
    world.store.histories.claim(history_id, lease_seconds=30)
    world.channel.publish(history_id, attempt=1, sequence=1, kind="test", data={})
    running = world.get(path).json
    assert (running["state"], running["progress"]) == ("RUNNING", {"done": 1, "total": 2})


def test_tests_that_were_not_run_are_neither_passed_nor_failed(world):
    history_id = world.submit().json["history_id"]
    world.judge(history_id, not_run=3)
    counts = {"passed_count": 1, "failed_count": 1, "total_count": 5}
    ended = world.get(f"/api/execute/{history_id}/").json
    assert {name: ended[name] for name in counts} == counts
    assert ended["progress"] == {"done": 2, "total": 5}
    assert len(ended["tests"]) == 2
    shown = world.get(f"/api/history/{history_id}/").json
    assert {name: shown[name] for name in counts} == counts
    assert len(shown["test_results"]) == 2


def test_the_status_reads_neither_code_nor_hints(world, monkeypatch):
    history_id = world.submit().json["history_id"]
    world.judge(history_id)
    for repository, method in (
        (world.store.histories, "get_source"),
        (world.store.hints, "list_hints"),
    ):
        monkeypatch.setattr(repository, method, lambda *_, **__: pytest.fail("it is not shown"))
    assert len(world.get(f"/api/execute/{history_id}/").json["tests"]) == 2


def test_status_of_an_ended_execution(world):
    history_id = world.submit().json["history_id"]
    world.judge(history_id)
    done = world.get(f"/api/execute/{history_id}/").json
    assert (done["state"], done["verdict"]) == ("DONE", "WA")
    assert done["progress"] == {"done": 2, "total": 2}
    assert (done["passed_count"], done["failed_count"], done["total_count"]) == (1, 1, 2)
    assert (done["max_time_ms"], done["max_memory_kb"]) == (20, 2000)
    assert done["result_summary"] == "1 of 2 passed"
    assert done["tests"] == [
        {
            "test_case_id": "00001",
            "verdict": "AC",
            "passed": True,
            "time_ms": 10,
            "memory_kb": 1000,
        },
        {
            "test_case_id": "00002",
            "verdict": "WA",
            "passed": False,
            "time_ms": 20,
            "memory_kb": 2000,
        },
    ]
    assert done["links"]["history"] == f"/api/history/{history_id}/"


def test_a_compiler_message_is_told(world):
    history_id = world.submit().json["history_id"]
    world.judge(history_id, verdicts=(), compile_message="main.c:1: no")
    answer = world.get(f"/api/execute/{history_id}/").json
    assert (answer["verdict"], answer["compile_message"]) == ("CE", "main.c:1: no")
    assert answer["tests"] == []


def test_waiting_until_the_end(world):
    history_id = world.submit().json["history_id"]

    def finish():
        world.judge(history_id)
        world.channel.publish(history_id, attempt=1, sequence=1, kind="done", data={})

    world.channel.meanwhile = finish
    answer = world.get(f"/api/execute/{history_id}/?wait=20")
    assert answer.json["verdict"] == "WA"
    assert world.channel.waited == [READ_AGAIN_SECONDS]


def test_waiting_in_vain(world):
    history_id = world.submit().json["history_id"]
    started = world.clock.monotonic()
    answer = world.get(f"/api/execute/{history_id}/?wait=20")
    assert answer.json["state"] == "QUEUED"
    assert world.clock.monotonic() - started == pytest.approx(20)


def test_too_many_waiting_clients(make_world):
    world = make_world(max_waiting_clients=1)
    history_id = world.submit().json["history_id"]
    inner = []
    world.channel.meanwhile = lambda: inner.append(
        world.app.test_client().get(
            f"/api/execute/{history_id}/?wait=1",
            headers={"Authorization": f"Bearer {world.tokens['user']}"},
        )
    )
    assert world.get(f"/api/execute/{history_id}/?wait=20").status_code == 200
    assert inner[0].status_code == 503
    assert inner[0].json["type"].endswith("#overloaded")
    assert int(inner[0].headers["Retry-After"]) >= 1
    assert world.get(f"/api/execute/{history_id}/?wait=1").status_code == 200


def test_a_problem_without_tests(world):
    answer = world.submit("admin", problem_identifier=EMPTY.number)
    assert answer.status_code == 409
    assert world.store.usage.get_daily_usage_count(world.users["admin"], Action.EXECUTION) == 0


def test_one_verdict_of_many(world):
    history_id = world.submit().json["history_id"]
    world.judge(history_id, (Verdict.AC, Verdict.TLE, Verdict.MLE))
    assert world.get(f"/api/execute/{history_id}/").json["verdict"] == "TLE"


def test_cancelling(world):
    history_id = world.submit().json["history_id"]
    answer = world.request("DELETE", f"/api/execute/{history_id}/")
    assert (answer.status_code, answer.json["state"]) == (200, "CANCELLED")
    assert world.channel.cancelled == [history_id]
    assert world.get("/api/account/plan-usage/").json["executions"]["current_count"] == 0
    assert world.request("DELETE", f"/api/execute/{history_id}/").json["state"] == "CANCELLED"


def test_what_has_ended_cannot_be_cancelled(world):
    history_id = world.submit().json["history_id"]
    world.judge(history_id)
    answer = world.request("DELETE", f"/api/execute/{history_id}/")
    assert (answer.status_code, answer.json["type"]) == (409, "/api/docs/errors#conflict")
