"""Tests that came as a zip, judged by the running stack: byte for byte what was packed."""

from __future__ import annotations

import concurrent.futures
import hashlib
import random
import uuid

import pytest

from tests.archives import zipped
from tests.stack.running import Answer, Client

pytestmark = pytest.mark.stack

DIGEST = """
import hashlib, sys
print(hashlib.sha256(sys.stdin.buffer.read()).hexdigest())
"""
INPUTS = {
    "data/sample/1": b"text\n",
    "data/secret/bytes": bytes(range(256)) * 3,
    "data/secret/empty": b"",
    "data/secret/large": random.Random(1).randbytes(600_000),
    "data/secret/not-utf-8": b"\xff\xfe\r\n\xe9",
}


def archive(answers: str = "") -> bytes:
    """Answers are the digests of the inputs; `answers` makes them of others."""
    files = {f"{name}.in": data for name, data in INPUTS.items()}
    for name, data in INPUTS.items():
        digest = hashlib.sha256(data + answers.encode()).hexdigest()
        files[f"{name}.ans"] = f"{digest}\n".encode()
    return zipped(files)


@pytest.fixture(scope="module")
def number(admin: Client) -> str:
    number = uuid.uuid4().hex[:8]
    key = {"platform": "test", "problem_number": number}
    assert admin.post("/api/register/problem/", key | {"title": "Digest"}).status == 201
    assert send(admin, number, archive()).status == 200
    done = admin.post("/api/register/toggle-completion/", key | {"is_completed": True})
    assert done.status == 200
    return number


def send(client: Client, number: str, body: bytes, method: str = "PUT") -> Answer:
    path = f"/api/problems/test/{number}/testcases/"
    return client.call(method, path, body, {"Content-Type": "application/zip"})


def verdicts(client: Client, number: str) -> list[str]:
    learner = client.signed_in(f"{uuid.uuid4().hex}@example.org")
    body = {"platform": "test", "problem_identifier": number, "language": "python3", "code": DIGEST}
    answer = learner.post("/api/execute/", body)
    assert answer.status == 202, answer
    finished = learner.finished(answer.body["task_id"])
    assert finished["state"] == "DONE", finished
    return [test["verdict"] for test in finished["tests"]]


def test_the_judge_gets_the_bytes_that_were_packed(client: Client, number: str) -> None:
    assert verdicts(client, number) == ["AC"] * len(INPUTS)


def test_of_replacements_at_once_each_is_whole(client: Client, admin: Client, number: str) -> None:
    """Also beside those that are refused, and whoever reads meanwhile."""
    damaged = archive("x")[:-40]
    sent = [archive("x"), damaged, archive("x"), damaged, archive("x")]
    path = f"/api/problems/test/{number}/testcases/"
    with concurrent.futures.ThreadPoolExecutor(len(sent) + 1) as pool:
        answers = [pool.submit(send, admin, number, body) for body in sent]
        reads = [pool.submit(admin.get, path) for _ in range(5)]
    found = [answer.result() for answer in answers]
    assert [answer.status for answer in found][1::2] == [400, 400]
    # Whoever loses against another that was as fast is told so.
    assert {answer.status for answer in found[::2]} <= {200, 409}
    assert 200 in {answer.status for answer in found}
    seen = [read.result().body["testcases"] for read in reads]
    now = admin.get(path).body["testcases"]
    assert len(now) == len(INPUTS)
    first = {test["output"] for tests in [*seen, now] for test in tests[:1]}
    assert len(first) <= 2
    for tests in seen:
        assert len({test["output"] for test in tests}) == len(INPUTS)
    assert verdicts(client, number) == ["WA"] * len(INPUTS)
    assert send(admin, number, archive()).status == 200
