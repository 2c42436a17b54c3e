"""Two hundred listeners on one web process, and everybody else is served as before."""

from __future__ import annotations

import http.client
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from algoitny.domain.history import Submission
from algoitny.domain.history_results import Outcome, Results
from algoitny.domain.ids import is_ulid
from algoitny.domain.ports import LAST_SEQUENCE
from algoitny.domain.problem import ProblemKey
from algoitny.domain.verdict import Verdict
from algoitny.services.container import Container
from tests.stack.running import Client, Stack, wait_until

pytestmark = pytest.mark.stack

LISTENERS = 200
SUBMISSION = {
    "platform": "sample",
    "problem_identifier": "1000",
    "language": "python3",
    "code": "print(1)",
}


@pytest.fixture(scope="module")
def single(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """A stack with one web process, whose sweeper leaves what it finds alone."""
    folder: Path = tmp_path_factory.mktemp("single")
    with Stack(folder / "data", WEB_WORKERS="1", SWEEP_SECONDS="3600").running() as running:
        yield running


@contextmanager
def listening(learner: Client, execution_id: str) -> Iterator[http.client.HTTPResponse]:
    connection = http.client.HTTPConnection(learner.base.removeprefix("http://"), timeout=60)
    connection.request("GET", f"/api/execute/{execution_id}/stream/", headers=learner.headers)
    try:
        yield connection.getresponse()
    finally:
        connection.close()


def waiting_execution(container: Container, user_id: str) -> str:
    """An execution that is admitted and that no worker hears of."""
    problem = container.problems.get_problem_summary(
        ProblemKey(platform="sample", number="1000"), consistent=True
    )
    assert problem is not None
    new = Submission(
        id=container.ids.new(),
        user_id=user_id,
        user_identifier="learner",
        problem=problem,
        language="python3",
        code="print(1)",
        is_code_public=False,
        created_at=container.clock.now(),
    )
    return container.histories.create_history(new, limit=-1).id


def next_event(stream: http.client.HTTPResponse) -> dict[str, str]:
    """The fields of the next event; comments and the client's orders are passed over."""
    fields: dict[str, str] = {}
    for raw in stream:
        line = raw.decode().rstrip("\n")
        name, _, value = line.partition(": ")
        if name:
            fields[name] = value
        elif not line and "event" in fields:
            return fields
        else:
            fields = {}
    raise AssertionError("the stream ended")


def test_two_hundred_listen_while_others_work(single: Stack) -> None:
    learner = single.client().signed_in(f"{uuid.uuid4().hex}@example.org")
    container = single.container()
    execution_id = waiting_execution(container, learner.get("/api/account/").body["id"])
    assert is_ulid(execution_id)
    with ExitStack() as opened:
        streams = [opened.enter_context(listening(learner, execution_id)) for _ in range(LISTENERS)]
        assert {stream.status for stream in streams} == {200}
        assert {next_event(stream)["id"] for stream in streams} == {"0-0"}

        with listening(learner, execution_id) as refused:
            assert refused.status == 503
            assert refused.headers["Retry-After"]
        # Everybody else is served: pages, and a whole submission with its verdict.
        for _ in range(20):
            assert learner.get("/api/problems/").status == 200
        answer = learner.post("/api/execute/", SUBMISSION)
        # Waiting for it would need a place among the listeners.
        address = f"/api/execute/{answer.body['task_id']}/"
        wait_until(lambda: learner.get(address).body["state"] == "DONE", "it is judged")

        claimed = container.histories.claim(execution_id, lease_seconds=60)
        container.histories.put_results(claimed, Results())
        container.histories.complete(claimed, an_outcome())
        for stream in streams:
            events = [next_event(stream)]
            while events[-1]["event"] != "done":
                events.append(next_event(stream))
            assert events[-1]["id"] == f"1-{LAST_SEQUENCE}"


def an_outcome() -> Outcome:
    return Outcome(
        verdict=Verdict.CE,
        result_summary="CE",
        passed_count=0,
        failed_count=0,
        total_count=0,
        max_time_ms=0,
        max_memory_kb=0,
    )


def test_every_test_is_told_once(stack: Stack, client: Client) -> None:
    learner = client.signed_in(f"{uuid.uuid4().hex}@example.org")
    answer = learner.post("/api/execute/", SUBMISSION)
    execution_id = answer.body["task_id"]
    with listening(learner, execution_id) as stream:
        events = [next_event(stream)]
        while events[-1]["event"] != "done":
            events.append(next_event(stream))
    kinds = [event["event"] for event in events]
    tests = learner.get(f"/api/execute/{execution_id}/").body["tests"]
    assert kinds.count("test") == len(tests) > 1
    assert [event["id"] for event in events if event["event"] == "test"] == [
        f"1-{number}" for number in range(1, len(tests) + 1)
    ]
