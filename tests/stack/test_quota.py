"""The daily limit holds over HTTP, whoever asks at once."""

from __future__ import annotations

import multiprocessing
import uuid

import pytest

from algoitny.domain.plan import Plan
from tests.stack.running import Client, Stack

pytestmark = pytest.mark.stack

LIMIT, PROCESSES, EACH = 5, 4, 10


def _submit_many(base: str, authorization: str, barrier: object) -> list[int]:
    client = Client(base, {"Authorization": authorization})
    barrier.wait()  # type: ignore[attr-defined]
    return [
        client.post(
            "/api/execute/",
            {
                "platform": "sample",
                "problem_identifier": "1000",
                "language": "python3",
                "code": "print(1)",
            },
        ).status
        for _ in range(EACH)
    ]


def test_forty_at_once_at_a_limit_of_five(stack: Stack, client: Client) -> None:
    learner = client.signed_in(f"{uuid.uuid4().hex}@example.org")
    me = learner.get("/api/account/").body
    container = stack.container()
    container.plans.create_plan(
        Plan(
            name="Five",
            max_hints_per_day=1,
            max_executions_per_day=LIMIT,
            max_problems=0,
            can_view_all_problems=False,
            can_register_problems=False,
        )
    )
    container.users.update_subscription_plan(me["id"], "Five")

    context = multiprocessing.get_context("spawn")
    with context.Manager() as manager, context.Pool(PROCESSES) as pool:
        barrier = manager.Barrier(PROCESSES)
        calls = [(client.base, learner.headers["Authorization"], barrier)] * PROCESSES
        statuses = [status for answers in pool.starmap(_submit_many, calls) for status in answers]

    assert sorted(set(statuses)) == [202, 429]
    assert statuses.count(202) == LIMIT
    usage = learner.get("/api/account/plan-usage/").body["executions"]
    assert (usage["current_count"], usage["limit"]) == (LIMIT, LIMIT)
    entries = learner.get("/api/history/?limit=100").body["items"]
    assert len(entries) == LIMIT
    for entry in entries:
        assert learner.finished(entry["id"])["state"] == "DONE"

    refused = learner.post(
        "/api/execute/",
        {
            "platform": "sample",
            "problem_identifier": "1000",
            "language": "c",
            "code": "int main(){}",
        },
    )
    assert refused.status == 429
    assert refused.body["reset_time"].endswith("T00:00:00.000000Z")
    assert int(refused.headers["retry-after"]) > 0
