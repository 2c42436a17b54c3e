"""Many users at once: every execution ends, each is counted once, and nobody waits for one user."""

from __future__ import annotations

import uuid
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from tests.stack.running import Answer, Client, Stack

pytestmark = pytest.mark.stack

USERS, EACH, BURST = 19, 4, 24
CLIENTS = 16


SUBMISSION = {
    "platform": "sample",
    "problem_identifier": "1000",
    "language": "python3",
    "code": "import sys\nprint(sum(map(int, sys.stdin.read().split())))\n",
}


def somebody(client: Client) -> Client:
    return client.signed_in(f"{uuid.uuid4().hex}@example.org")


def test_a_hundred_executions_of_twenty_users(stack: Stack, client: Client) -> None:
    greedy, others = somebody(client), [somebody(client) for _ in range(USERS)]
    with ThreadPoolExecutor(CLIENTS) as pool:
        # The burst comes first: who is behind it in the queue must not wait for all of it.
        first = list(pool.map(lambda _: greedy.post("/api/execute/", SUBMISSION), range(BURST)))
        later = list(pool.map(lambda user: user.post("/api/execute/", SUBMISSION), others * EACH))
        assert {answer.status for answer in first + later} == {202}
        ended = [
            list(pool.map(lambda item: item[0].finished(item[1].body["task_id"]), group))
            for group in (
                [(greedy, answer) for answer in first],
                list(zip(others * EACH, later, strict=True)),
            )
        ]
    of_greedy, of_others = ended
    assert len(of_greedy) + len(of_others) == 100
    assert {execution["verdict"] for execution in of_greedy + of_others} == {"AC"}

    for user, count in [(greedy, BURST), *((user, EACH) for user in others)]:
        usage = user.get("/api/account/plan-usage/").body["executions"]
        assert usage["current_count"] == count
        assert len(user.get("/api/history/?limit=100").body["items"]) == count

    histories = stack.container().histories
    order = sorted(
        (histories.get_history(execution["id"]).updated_at, group is of_greedy)
        for group in ended
        for execution in group
    )
    # In the order of arrival all of the burst would be in the first half.
    greedy_share = sum(is_greedy for _, is_greedy in order[:50])
    assert greedy_share <= BURST // 2


def test_sixteen_equal_requests_are_one_execution(client: Client) -> None:
    learner, together = somebody(client), Barrier(CLIENTS)
    key = {"Idempotency-Key": uuid.uuid4().hex}

    def submit(_: int) -> Answer:
        together.wait()
        return learner.post("/api/execute/", SUBMISSION, key)

    with ThreadPoolExecutor(CLIENTS) as pool:
        answers = list(pool.map(submit, range(CLIENTS)))
    assert {answer.status for answer in answers} == {202}
    assert len({answer.body["task_id"] for answer in answers}) == 1
    assert sum("idempotent-replayed" not in answer.headers for answer in answers) == 1
    assert len(learner.get("/api/history/").body["items"]) == 1
    assert learner.get("/api/account/plan-usage/").body["executions"]["current_count"] == 1


def test_of_equal_refreshes_at_once_one_succeeds(client: Client) -> None:
    tokens = client.post("/api/auth/dev/", {"email": f"{uuid.uuid4().hex}@example.org"}).body
    together = Barrier(CLIENTS)

    def refresh(_: int) -> Answer:
        together.wait()
        return client.post("/api/auth/refresh/", {"refresh": tokens["refresh"]})

    with ThreadPoolExecutor(CLIENTS) as pool:
        answers = list(pool.map(refresh, range(CLIENTS)))
    statuses = sorted(answer.status for answer in answers)
    assert statuses == [200] + [401] * (CLIENTS - 1)
    # Those were tabs of one browser: who got the new tokens goes on.
    new = next(answer.body for answer in answers if answer.status == 200)
    assert client.post("/api/auth/refresh/", {"refresh": new["refresh"]}).status == 200
