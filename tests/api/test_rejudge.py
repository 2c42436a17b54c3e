"""Judging executions again, over HTTP."""

from __future__ import annotations

import pytest

from tests.api.refusal import check
from tests.api.world import CREATED, EMPTY, LEARNER, SUM

REJUDGE = "/api/admin/rejudge/"
PROBLEM = {"platform": SUM.platform, "problem_number": SUM.number}


def ask(world, body=None, **headers):
    return world.post(REJUDGE, "admin", json=PROBLEM if body is None else body, headers=headers)


def test_a_problem_is_asked_for_followed_and_cancelled(world):
    answer = ask(world, {**PROBLEM, "verdict": "WA", "language": "python"})
    assert answer.status_code == 202
    job_id = answer.json["id"]
    assert answer.json["state"] == "PENDING"
    assert answer.headers["Location"] == answer.json["links"]["self"] == f"{REJUDGE}{job_id}/"
    job = world.get(answer.headers["Location"], "admin").json
    assert job == {
        "id": job_id,
        "state": "PENDING",
        "title": "problem sample#1#a, language python3, WA",
        "requested_by": world.users["admin"],
        "executions": {
            "selected": 0,
            "in_flight": 0,
            "changed": 0,
            "unchanged": 0,
            "failed": 0,
            "skipped": 0,
        },
        "error": "",
        "created_at": CREATED,
        "updated_at": CREATED,
        "links": answer.json["links"],
    }
    assert world.get(f"{REJUDGE}?state=PENDING", "admin").json["items"] == [job]
    assert world.get(REJUDGE, "admin").json["items"] == []
    assert world.get(answer.json["links"]["progress"], "admin").json == {"items": []}
    cancelled = world.request("DELETE", f"{REJUDGE}{job_id}/", "admin")
    assert cancelled.json == {**job, "state": "CANCELLED"}
    again = world.request("DELETE", f"{REJUDGE}{job_id}/", "admin")
    assert (again.status_code, again.json) == (200, cancelled.json)
    lines = world.get("/api/admin/audit/", "admin").json["items"]
    assert [(line["action"], line["subject"], line["details"]) for line in lines] == [
        ("rejudge.cancel", f"job {job_id}", {}),
        ("rejudge.request", f"job {job_id}", {**PROBLEM, "verdict": "WA", "language": "python3"}),
    ]


def test_a_repeat_gets_the_first_answer(world):
    key = {"Idempotency-Key": "k1"}
    first, again = ask(world, **key), ask(world, **key)
    assert (again.status_code, again.json) == (202, first.json)
    assert again.headers["Idempotent-Replayed"] == "true"
    assert "Idempotent-Replayed" not in first.headers
    check(ask(world, {**PROBLEM, "verdict": "WA"}, **key), 422, "/headers/Idempotency-Key")


@pytest.mark.parametrize(
    ("body", "status", "pointer"),
    [
        ({}, 422, "/execution_id"),
        ({"verdict": "WA"}, 422, "/execution_id"),
        ({"platform": "sample"}, 422, "/problem_number"),
        ({"problem_number": "1"}, 422, "/platform"),
        ({"execution_id": "0" * 26, "verdict": "WA"}, 422, "/execution_id"),
        ({"execution_id": "x"}, 422, "/execution_id"),
        ({"user_id": "../.."}, 422, "/user_id"),
        ({**PROBLEM, "verdict": "OK"}, 422, "/verdict"),
        ({**PROBLEM, "language": "cobol"}, 422, "/language"),
        ({**PROBLEM, "since": "yesterday"}, 422, "/since"),
        (
            {**PROBLEM, "since": "2025-01-02T00:00:00Z", "until": "2025-01-01T00:00:00Z"},
            422,
            "/until",
        ),
        ({**PROBLEM, "limit": 3}, 422, "/limit"),
        ({"platform": "nowhere", "problem_number": "1"}, 404, None),
        ({"execution_id": "0" * 26}, 404, None),
        ({"user_id": "0" * 26}, 404, None),
    ],
)
def test_what_cannot_be_asked_for(world, body, status, pointer):
    before = world.stored()
    check(ask(world, body), status, pointer)
    assert world.stored() == before


def test_a_problem_without_tests_and_an_execution_that_has_not_ended(world):
    body = {"platform": EMPTY.platform, "problem_number": EMPTY.number}
    assert ask(world, body).json["type"].endswith("#no-tests")
    history_id = world.submit().json["history_id"]
    check(ask(world, {"execution_id": history_id}), 409, None)


def test_who_looks_at_an_execution_is_told_that_it_is_judged_again(world):
    address = f"/api/execute/{world.failed}/"
    assert world.get(address, LEARNER).json["rejudge"] is None
    world.store.histories.begin_rejudge(world.failed, job_id="J1", publish_after=world.clock.now())
    for path in (address, f"/api/history/{world.failed}/"):
        shown = world.get(path, LEARNER).json
        assert (shown["state"], shown["verdict"], shown["rejudge"]) == ("DONE", "WA", "QUEUED")
    (line,) = world.get("/api/history/", LEARNER).json["items"]
    assert line["rejudge"] == "QUEUED"
    check(world.request("DELETE", address, LEARNER), 409, None)
