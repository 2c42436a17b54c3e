"""`/metrics` of a running stack: one sum over the web's and the workers' processes."""

from __future__ import annotations

import uuid

import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.stack.running import Client, wait_until

pytestmark = pytest.mark.stack

SUBMISSION = {
    "platform": "sample",
    "problem_identifier": "1000",
    "language": "python3",
    "code": "print(1)",
}


def total(client: Client, name: str) -> float:
    answer = client.get("/metrics")
    assert answer.status == 200, answer
    return sum(
        sample.value
        for family in text_string_to_metric_families(answer.body.decode())
        for sample in family.samples
        if sample.name == name
    )


def test_what_the_worker_counts_is_read_from_the_web(client: Client) -> None:
    learner = client.signed_in(f"{uuid.uuid4().hex}@example.org")
    counters = (
        "algoitny_executions_ended_total",
        "algoitny_execution_queue_seconds_count",
        "algoitny_task_seconds_count",
        "algoitny_http_request_seconds_count",
    )
    before = {name: total(client, name) for name in counters}
    learner.finished(learner.post("/api/execute/", SUBMISSION).body["task_id"])
    for name in counters:
        wait_until(lambda name=name: total(client, name) > before[name], f"{name} has grown")
    assert total(client, "algoitny_store_capacity_units_total") > 0
