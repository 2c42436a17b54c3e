"""Running on own input over HTTP: admission, quota, repeating, result, and who sees it."""

from __future__ import annotations

import pytest

from algoitny.domain.run import RunResult
from algoitny.domain.verdict import Verdict
from tests.api.bodies import RUN
from tests.api.world import SECONDS_LEFT


def run(world, role="user", headers=None, **changes):
    return world.post("/api/execute/run/", role, json={**RUN, **changes}, headers=headers)


def finish(world, run_id, **result):
    claimed = world.store.runs.claim(run_id, lease_seconds=30)
    return world.store.runs.finish(claimed, RunResult(**{"verdict": Verdict.AC, **result}))


def test_the_answer(world):
    answer = run(world)
    assert answer.status_code == 202
    run_id = answer.json["id"]
    assert answer.json == {
        "id": run_id,
        "state": "QUEUED",
        "usage": {"current_count": 1, "limit": 200},
        "links": {"self": f"/api/execute/run/{run_id}/"},
    }
    assert answer.headers["Location"] == f"/api/execute/run/{run_id}/"
    assert answer.headers["RateLimit-Policy"] == '"runs";q=200;w=86400'
    assert answer.headers["RateLimit"] == f'"runs";r=199;t={SECONDS_LEFT}'
    assert world.queue.messages == [("run", run_id)]
    assert world.get("/api/history/").json["items"] == []
    usage = world.get("/api/account/plan-usage/").json
    assert usage["executions"]["current_count"] == 0
    assert usage["runs"] == {"current_count": 1, "limit": 200, "remaining": 199}


def test_without_input(world):
    answer = world.post("/api/execute/run/", json={"code": "print(1)", "language": "python"})
    stored = world.store.runs.get_run(answer.json["id"])
    assert (stored.input, stored.language) == ("", "python3")


@pytest.mark.parametrize(
    ("result", "outcome"),
    [
        ({"status": "exit code 0", "output": "1\n", "exit": 0}, "OK"),
        ({"verdict": Verdict.RTE, "status": "exit code 3", "error": "no", "exit": 3}, "RTE"),
        ({"verdict": Verdict.TLE, "status": "too slow"}, "TLE"),
        ({"verdict": Verdict.CE, "compile_message": "line 1"}, "CE"),
    ],
)
def test_what_came_of_it(world, result, outcome):
    path = run(world).headers["Location"]
    queued = world.get(path).json
    assert (queued["state"], queued["outcome"], queued["output"]) == ("QUEUED", None, "")
    finish(world, queued["id"], time_ms=12, memory_kb=900, **result)
    done = world.get(path).json
    assert (done["state"], done["outcome"]) == ("DONE", outcome)
    assert (done["time_ms"], done["memory_kb"]) == (12, 900)
    shown = {name: done[name] for name in result if name != "verdict"}
    assert shown == {name: value for name, value in result.items() if name != "verdict"}


def test_it_is_kept_for_ten_minutes_from_its_end(world):
    path = run(world).headers["Location"]
    world.clock.advance(1800)
    finish(world, path.split("/")[-2])
    world.tokens["user"] = world.sign_in("user")
    world.clock.advance(599)
    assert world.get(path).json["state"] == "DONE"
    world.clock.advance(2)
    assert world.get(path).status_code == 404


def test_the_judges_own_fault(world):
    path = run(world).headers["Location"]
    stored = world.store.runs.get_run(path.split("/")[-2])
    world.store.runs.fail(stored, reason="the runner died")
    failed = world.get(path).json
    assert (failed["state"], failed["outcome"], failed["status"]) == (
        "FAILED",
        None,
        "the runner died",
    )


def test_waiting(world):
    path = run(world).headers["Location"]
    assert world.get(f"{path}?wait=7").json["state"] == "QUEUED"
    assert sum(world.channel.waited) == 7
    world.channel.meanwhile = lambda: finish(world, path.split("/")[-2])
    assert world.get(f"{path}?wait=7").json["state"] == "DONE"
    assert world.get(f"{path}?wait=31").status_code == 422


def test_nobody_else_sees_it(world):
    path = run(world).headers["Location"]
    for role in ("other", "registrar", "admin"):
        assert world.get(path, role).status_code == 404
    assert world.get(path, "anonymous").status_code == 401


def test_over_the_limit(make_world):
    world = make_world(max_runs_per_day=1)
    assert run(world).status_code == 202
    before = world.stored()
    answer = run(world)
    assert answer.status_code == 429
    assert answer.json["action"] == "run"
    assert answer.headers["RateLimit"] == f'"runs";r=0;t={SECONDS_LEFT}'
    assert world.stored() == before
    assert world.submit().status_code == 202  # executions have a limit of their own


def test_the_same_key_gets_the_first_answer_again(world):
    key = {"Idempotency-Key": "k-1"}
    first = run(world, headers=key)
    before = world.stored()
    again = run(world, headers=key)
    assert (again.status_code, again.json) == (202, first.json)
    assert again.headers["Idempotent-Replayed"] == "true"
    refused = run(world, headers=key, input="2")
    assert refused.json["type"].endswith("#idempotency-key-reused")
    # A key is good for one request, whatever the route.
    assert world.submit(headers=key).status_code == 422
    assert world.stored() == before


def test_a_broker_that_is_down_does_not_lose_it(world):
    world.queue.is_down = True
    answer = run(world)
    assert answer.status_code == 202
    assert world.get(answer.headers["Location"]).json["state"] == "QUEUED"


def test_input_has_a_bound(world):
    assert run(world, input="1" * 262_144).status_code == 202
    refused = run(world, input="1" * 262_145)
    assert refused.status_code == 422
    assert refused.json["errors"][0]["pointer"] == "/input"
