"""Running on own input over HTTP, against the running stack."""

from __future__ import annotations

import uuid
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.stack.running import Client
from tests.waiting import wait_until

pytestmark = pytest.mark.stack


@pytest.fixture
def learner(client: Client) -> Client:
    return client.signed_in(f"{uuid.uuid4().hex}@example.org")


def run(client: Client, code: str, language: str = "python3", given: str = "") -> dict[str, Any]:
    """What came of it."""
    accepted = client.post(
        "/api/execute/run/", {"code": code, "language": language, "input": given}
    )
    assert accepted.status == 202, accepted

    def ended() -> dict[str, Any] | None:
        answer = client.get(f"{accepted.headers['location']}?wait=20")
        assert answer.status == 200, answer
        return answer.body if answer.body["state"] not in ("QUEUED", "RUNNING") else None

    return wait_until(ended, "the run ends")


def test_what_the_program_does_is_what_its_user_sees(learner: Client) -> None:
    echo = "import sys\nprint(sys.stdin.read().upper(), end='')\nprint('so', file=sys.stderr)"
    done = run(learner, echo, given="é 1\n2\n")
    assert (done["state"], done["outcome"], done["exit"]) == ("DONE", "OK", 0)
    assert (done["output"], done["error"]) == ("É 1\n2\n", "so\n")
    assert done["memory_kb"] > 0

    assert run(learner, "raise SystemExit(3)")["exit"] == 3
    long = run(learner, "print('x' * 1_000_000)")
    assert long["outcome"] == "OK"
    assert 64_000 < len(long["output"]) <= 64 * 1024
    assert "bytes cut" in long["output"]
    broken = run(learner, "int main(", language="c")
    assert broken["outcome"] == "CE"
    assert "main.c" in broken["compile_message"]

    assert learner.get("/api/history/").body["items"] == []
    usage = learner.get("/api/account/plan-usage/").body
    assert (usage["runs"]["current_count"], usage["executions"]["current_count"]) == (4, 0)


def test_sixteen_equal_requests_at_once_are_one_run(learner: Client) -> None:
    body = {"code": "print(1)", "language": "python3"}
    key = {"Idempotency-Key": uuid.uuid4().hex}
    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(lambda _: learner.post("/api/execute/run/", body, key), range(16)))
    assert {answer.status for answer in answers} == {202}
    assert len({answer.body["id"] for answer in answers}) == 1
    assert sum("idempotent-replayed" not in answer.headers for answer in answers) == 1
    assert learner.get("/api/account/plan-usage/").body["runs"]["current_count"] == 1
