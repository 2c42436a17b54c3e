"""A worker killed at any moment of an execution: one verdict, one quota unit, one count."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import redis

from algoitny.app import build_container
from algoitny.domain.history import Submission
from algoitny.domain.problem import Problem, ProblemKey, ProblemSummary, TestCase
from algoitny.domain.stats import ProblemStats
from algoitny.domain.usage import Action
from algoitny.domain.verdict import State, Verdict
from algoitny.models.tables import create_tables
from algoitny.services.container import Container
from algoitny.services.sweeping import SweepingService
from algoitny.settings import Settings
from tests.stack.moments import Moment
from tests.stack.running import ROOT
from tests.waiting import PATIENCE_SECONDS, wait_until

pytestmark = pytest.mark.stack

LEASE_SECONDS = 1.0
UNHURRIED = {"LEASE_SECONDS": "60"}
"""For a worker that is not to die: a busy machine may let it come too late to renew a short one."""

KEY = ProblemKey(platform="test", number="1")


@pytest.fixture
def environment(store_endpoint: str, broker_url: str, tmp_path: Path) -> dict[str, str]:
    """Of a worker, with a table and a data folder of this test's own."""
    inherited = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    redis.Redis.from_url(broker_url).flushdb()
    return inherited | {
        "ENVIRONMENT": "embedded",
        "SECRET_KEY": "s" * 40,
        "DYNAMODB_ENDPOINT": store_endpoint,
        "TABLE_NAME": f"table-{uuid.uuid4().hex}",
        "BROKER_URL": broker_url,
        "DATA_DIR": str(tmp_path / "data"),
        "LEASE_SECONDS": str(LEASE_SECONDS),
        "SWEEP_SECONDS": str(LEASE_SECONDS),
        "LOG_FORMAT": "console",
    }


@pytest.fixture
def container(environment: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Container:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    wired = build_container(Settings())
    create_tables()
    return wired


@contextmanager
def worker(
    environment: dict[str, str], log: Path, **extra: str
) -> Iterator[subprocess.Popen[bytes]]:
    with log.open("ab") as output:
        process = subprocess.Popen(
            [
                *(sys.executable, "-m", "celery", "-A", "tests.stack.faulty_worker", "worker"),
                *("-Q", "execute", "--concurrency", "1", "--without-gossip", "--without-mingle"),
            ],
            cwd=ROOT,
            env=environment | extra,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.terminate()
            process.wait(timeout=PATIENCE_SECONDS)


def _submission(container: Container, user: str) -> Submission:
    now = container.clock.now()
    container.problems.create_problem(
        Problem(
            summary=ProblemSummary(
                id=0, key=KEY, title="Sum", is_completed=True, created_at=now, updated_at=now
            )
        )
    )
    problem = container.problems.replace_testcases(
        KEY,
        [
            TestCase(number=n, input=f"{n} {n}\n".encode(), output=f"{2 * n}\n".encode())
            for n in range(1, 6)
        ],
    )
    return Submission(
        id=container.ids.new(),
        user_id=user,
        user_identifier="learner-1",
        problem=problem,
        language="python3",
        code="print(sum(map(int, input().split())))",
        is_code_public=True,
        created_at=now,
    )


@pytest.mark.parametrize("moment", list(Moment))
def test_killed(
    moment: Moment, container: Container, environment: dict[str, str], tmp_path: Path
) -> None:
    user = container.ids.new()
    submission = _submission(container, user)
    container.histories.create_history(submission, limit=5)
    container.queue.enqueue_execution(submission.id)
    marker, log = tmp_path / "died", tmp_path / "worker.log"

    with worker(environment, log, DIE_AT=moment, DIE_MARKER=str(marker)) as first:
        first.wait(timeout=PATIENCE_SECONDS)
        assert first.returncode == -signal.SIGKILL, log.read_text()[-3000:]
        assert marker.exists()
    sweep = _sweeper(container)
    with worker(environment, log, **UNHURRIED):
        wait_until(
            lambda: sweep() or _ended(container, submission.id),
            f"the execution ends; {log.read_text()[-3000:]}",
        )
        history = container.histories.get_history(submission.id, consistent=True)
        assert history is not None
        assert (history.state, history.verdict) == (State.DONE, Verdict.AC)
        assert (history.passed_count, history.total_count) == (5, 5)
        assert len(container.histories.get_results(history).tests) == 5
        # Whatever is still in the broker changes nothing more.
        wait_until(lambda: container.queue.waiting_executions() == 0, "the queue is empty")
    assert container.usage.get_daily_usage_count(user, Action.EXECUTION) == 1
    assert len(container.usage.get_usage_logs(user, start=history.admitted_on).items) == 1
    stats = container.stats.get_user_stats(user, consistent=True)
    assert (stats.executions, stats.accepted, stats.solved) == (1, 1, 1)
    assert stats.running == frozenset()
    assert container.stats.get_problem_stats(KEY) == ProblemStats(executions=1, accepted=1)
    public = container.histories.list_public_history().items
    assert [entry.id for entry in public] == [submission.id]


def _ended(container: Container, history_id: str) -> bool:
    history = container.histories.get_history(history_id, consistent=True)
    return history is not None and history.state.ended


def _sweeper(container: Container) -> Callable[[], None]:
    service = SweepingService(
        histories=container.histories,
        runs=container.runs,
        hints=container.hints,
        queue=container.queue,
        clock=container.clock,
        sweep_seconds=LEASE_SECONDS,
        max_tries=3,
    )

    def sweep() -> None:
        service.sweep()

    return sweep


def test_an_emptied_broker_loses_nothing(
    container: Container, environment: dict[str, str], tmp_path: Path
) -> None:
    user = container.ids.new()
    submission = _submission(container, user)
    container.histories.create_history(submission, limit=5)
    # Admitted, and the message is gone: it was never published.
    sweep = _sweeper(container)
    with worker(environment, tmp_path / "worker.log", **UNHURRIED):
        wait_until(lambda: sweep() or _ended(container, submission.id), "the execution ends")
    history = container.histories.get_history(submission.id, consistent=True)
    assert history is not None
    assert (history.state, history.attempt) == (State.DONE, 1)
    assert container.usage.get_daily_usage_count(user, Action.EXECUTION) == 1
