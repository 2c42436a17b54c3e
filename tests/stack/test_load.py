"""Many at once: every execution ends, each is counted once, and nobody waits for one user.

The learners are Locust's (`learners.py`). The judge is stopped until all of them have sent all that
their plans allow, so that a hundred executions are in flight together, and what one of them sent
before the others came is ahead of everything else in the order of arrival.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import uuid
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from threading import Barrier
from typing import Any

import psutil
import pytest

from algoitny.domain.plan import Plan
from algoitny.domain.usage import Action
from algoitny.domain.verdict import State
from algoitny.services.container import Container
from bench.http import stop_judges
from tests.stack.running import ROOT, Answer, Client, Stack
from tests.waiting import wait_until

pytestmark = pytest.mark.stack

CLIENTS = 16

GREEDY = "greedy-1@example.org"
LIMITS = {GREEDY: 24} | {
    f"class-{number}@example.org": (3, 4, 5)[number % 3] for number in range(1, 20)
}
"""Executions a day, of twenty users."""

IN_FLIGHT = 100

REFUSALS = 2
"""Of each learner, who asks once more after the first."""

MOST_AHEAD = 6
"""Of executions that ended, while all users have some to come. Two web processes count turns, each
those that it sees: where one user's came to both, up to four. One that uses up its time meanwhile,
and one that another judge process has ended first."""

LONGEST_SECONDS = 300

SUBMISSION = {
    "platform": "sample",
    "problem_identifier": "1000",
    "language": "python3",
    "code": "import sys\nprint(sum(map(int, sys.stdin.read().split())))\n",
}


def somebody(client: Client) -> Client:
    return client.signed_in(f"{uuid.uuid4().hex}@example.org")


@pytest.fixture
def undisturbed(tmp_path: Path) -> Iterator[Stack]:
    """A stack whose sweeper leaves what waits alone: what it publishes again comes as a first."""
    with Stack(tmp_path / "data", SWEEP_SECONDS="3600").running() as running:
        yield running


def sign_up(stack: Stack, container: Container) -> dict[str, str]:
    """Everybody's id; everybody has a plan with the limit."""
    for limit in set(LIMITS.values()):
        container.plans.create_plan(
            Plan(
                name=f"{limit} a day",
                max_hints_per_day=1,
                max_executions_per_day=limit,
                max_problems=0,
                can_view_all_problems=False,
                can_register_problems=False,
            )
        )
    ids = {}
    for email, limit in LIMITS.items():
        ids[email] = stack.client().signed_in(email).get("/api/account/").body["id"]
        container.users.update_subscription_plan(ids[email], f"{limit} a day")
    return ids


@contextmanager
def nobody_judging(stack: Stack) -> Iterator[None]:
    stopped = stop_judges(str(stack.data_dir))
    assert stopped
    try:
        yield
    finally:
        for process_id in stopped:
            psutil.Process(process_id).resume()


@contextmanager
def learners(
    stack: Stack, crowd: str, number: int, journal: Path
) -> Iterator[subprocess.Popen[bytes]]:
    """So many, who submit until they are refused, follow all of it, look back and leave."""
    command = [
        *(sys.executable, "-m", "locust", "-f", "tests/stack/learners.py", "--host", stack.base),
        *("--headless", "--only-summary", "--users", str(number), "--spawn-rate", str(number)),
        *("--crowd", crowd, "--at-once", "100", "--visits", "1", "--pause", "0"),
        *("--journal", str(journal)),
    ]
    with journal.with_name("locust.log").open("ab") as log:
        process = subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=subprocess.STDOUT)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def greatest_lead(users: Iterable[str], all_of: Mapping[str, int]) -> int:
    """By how many executions somebody was ahead of somebody else while all had some to come;
    `users` are those whose executions ended, in this order."""
    ended, greatest = dict.fromkeys(all_of, 0), 0
    for user in users:
        ended[user] += 1
        if ended[user] == all_of[user]:
            break
        greatest = max(greatest, max(ended.values()) - min(ended.values()))
    return greatest


def test_a_hundred_executions_of_twenty_learners(undisturbed: Stack, tmp_path: Path) -> None:
    container, journal = undisturbed.container(), tmp_path / "journal"
    histories, ids = container.histories, sign_up(undisturbed, container)
    before = somebody(undisturbed.client())
    before.finished(before.post("/api/execute/", SUBMISSION).body["task_id"])

    def answers() -> list[dict[str, Any]]:
        """What the learners noted; of a line that is half written nothing."""
        lines = journal.read_text().splitlines(keepends=True) if journal.exists() else []
        return [json.loads(line) for line in lines if line.endswith("\n")]

    with ExitStack() as ended_with_the_test:
        with nobody_judging(undisturbed):
            runs = []
            for crowd, number in (("greedy", 1), ("class", len(LIMITS) - 1)):
                run = learners(undisturbed, crowd, number, journal)
                runs.append(ended_with_the_test.enter_context(run))
                expected = sum(
                    limit + REFUSALS for email, limit in LIMITS.items() if crowd in email
                )
                count = len(answers()) + expected
                wait_until(
                    lambda count=count: len(answers()) >= count, f"{count} answers", LONGEST_SECONDS
                )
            told = answers()
            accepted = {answer["task_id"]: answer for answer in told if answer["status"] == 202}
            assert len(accepted) == IN_FLIGHT
            assert {histories.get_history(id_).state for id_ in accepted} == {State.QUEUED}
        codes = [run.wait(timeout=LONGEST_SECONDS) for run in runs]
    assert codes == [0, 0], (tmp_path / "locust.log").read_text()[-5000:]
    assert answers() == told

    # Refused at the limit, neither before nor after it, and counted as often as accepted.
    for email, limit in LIMITS.items():
        statuses = [answer["status"] for answer in told if answer["learner"] == email]
        assert statuses == [202] * limit + [429] * REFUSALS, email
        stored = histories.list_user_history(ids[email], limit=100).items
        assert {entry.id for entry in stored} == {
            id_ for id_, answer in accepted.items() if answer["learner"] == email
        }
        assert container.usage.get_daily_usage_count(ids[email], Action.EXECUTION) == limit
        logged = container.usage.get_usage_logs(ids[email], start=stored[0].admitted_on, limit=100)
        assert [line.action for line in logged.items].count(Action.EXECUTION) == limit
        stats = container.stats.get_user_stats(ids[email], consistent=True)
        assert (stats.executions, stats.running) == (limit, frozenset())

    ended = [histories.get_history(id_, consistent=True) for id_ in accepted]
    assert {entry.state for entry in ended} == {State.DONE}
    assert {entry.id: entry.verdict for entry in ended} == {
        id_: answer["verdict"] for id_, answer in accepted.items()
    }
    ended.sort(key=lambda entry: entry.updated_at)
    order = [accepted[entry.id]["learner"] for entry in ended]
    lead = greatest_lead(order, LIMITS)
    assert lead <= MOST_AHEAD, f"{lead}: {' '.join(order)}"

    metrics = undisturbed.client().get("/metrics").body.decode()
    # A process that starts before the table is there says so when it asks itself.
    counted = r'^algoitny_http_request_seconds_count\{(?!.*"/readyz").*status="(\d+)"'
    statuses = set(re.findall(counted, metrics, re.MULTILINE))
    assert {"202", "429"} <= statuses
    assert not {status for status in statuses if status >= "500"}


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
