"""Judging again after tests were mended, by the real workers of the running stack."""

from __future__ import annotations

import uuid

import pytest

from tests.stack.running import Client
from tests.waiting import wait_until

pytestmark = pytest.mark.stack

TWICE = "print(int(input()) * 2)"
SQUARE = "print(int(input()) ** 2)"


def body_of(*pairs: tuple[str, str]) -> dict[str, object]:
    return {
        "testcases": [
            {"input": given, "output": wanted, "is_sample": number == 0}
            for number, (given, wanted) in enumerate(pairs)
        ]
    }


def test_a_problem_whose_tests_were_mended_is_judged_again(client: Client, admin: Client) -> None:
    number = uuid.uuid4().hex[:8]
    key = {"platform": "mine", "problem_number": number}
    created = admin.post("/api/register/problem/", {**key, "title": "Twice", "language": "python3"})
    assert created.status == 201, created
    tests = f"/api/problems/mine/{number}/testcases/"
    assert admin.put(tests, body_of(("2", "4"), ("3", "9"))).status == 200  # wrong
    assert (
        admin.post("/api/register/toggle-completion/", {**key, "is_completed": True}).status == 200
    )
    learner = client.signed_in(f"{number}@example.org")
    verdicts = {}
    for code in (TWICE, SQUARE):
        body = {"code": code, "language": "python3", "is_code_public": True}
        accepted = learner.post(
            "/api/execute/", {**body, "platform": "mine", "problem_identifier": number}
        )
        done = learner.finished(accepted.body["history_id"])
        verdicts[done["id"]] = done["verdict"]
    assert list(verdicts.values()) == ["WA", "AC"]
    before = learner.get("/api/account/plan-usage/").body

    assert admin.put(tests, body_of(("2", "4"), ("3", "6"))).status == 200
    asked = admin.post("/api/admin/rejudge/", key)
    assert asked.status == 202, asked

    def ended() -> dict[str, object] | None:
        job = admin.get(asked.headers["location"]).body
        return None if job["state"] in ("PENDING", "PROCESSING") else dict(job)

    job = wait_until(ended, "the rejudge ends")
    assert (job["state"], job["error"]) == ("COMPLETED", "")
    assert job["executions"] == {
        "selected": 2,
        "in_flight": 0,
        "changed": 2,
        "unchanged": 0,
        "failed": 0,
        "skipped": 0,
    }
    now = {each: learner.get(f"/api/execute/{each}/").body for each in verdicts}
    assert [shown["verdict"] for shown in now.values()] == ["AC", "WA"]
    assert {shown["rejudge"] for shown in now.values()} == {None}
    public = client.get("/api/history/?scope=public&platform=mine&limit=100").body["items"]
    mine = {line["id"]: line["verdict"] for line in public if line["problem_number"] == number}
    assert mine == {each: shown["verdict"] for each, shown in now.items()}
    assert learner.get("/api/account/plan-usage/").body == before
    lines = admin.get(f"{asked.headers['location']}progress/").body["items"]
    assert {f"{each}: WA to AC" for each in verdicts} & set(
        "; ".join(line["message"] for line in lines).split("; ")
    )
