"""The stack as `make run` starts it: each process killed in turn, stopped, started again."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from tests.embedded.supervised import alive
from tests.stack.running import ROOT, Client, Stack, free_port
from tests.waiting import wait_until

pytestmark = pytest.mark.stack

Pick = Callable[[Stack], int]


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    with Stack(tmp_path_factory.mktemp("embedded") / "data").running() as running:
        yield running


@pytest.fixture
def own_stack(tmp_path: Path) -> Iterator[Stack]:
    """For a test that stops or kills it."""
    with Stack(tmp_path / "data").running() as running:
        yield running


def supervisor(stack: Stack) -> psutil.Process:
    assert stack.process is not None
    return psutil.Process(stack.process.pid)


def main_of(name: str, part: str) -> Pick:
    """The process that the supervisor started, known by its variable and its command."""

    def pick(stack: Stack) -> int:
        def found() -> int | None:
            for child in supervisor(stack).children():
                try:
                    fits = child.environ().get("PROCESS") == name or name in ("store", "broker")
                    if fits and part in " ".join(child.cmdline()):
                        return child.pid
                except (psutil.NoSuchProcess, psutil.ZombieProcess):
                    continue
            return None

        return wait_until(found, f"{name} runs")

    return pick


def child_of(main: Pick) -> Pick:
    def pick(stack: Stack) -> int:
        def found() -> int | None:
            try:
                return next(child.pid for child in psutil.Process(main(stack)).children())
            except (psutil.NoSuchProcess, StopIteration):
                return None

        return int(wait_until(found, "it has a child"))

    return pick


WEB = main_of("web", "gunicorn")
JUDGE = main_of("judge", "celery")
WORKER = main_of("worker", "celery")
BEAT = main_of("beat", "celery")
BROKER = main_of("broker", "redis-server")
STORE = main_of("store", "algoitny.embedded.store")
ALL = {"web": WEB, "judge": JUDGE, "worker": WORKER, "beat": BEAT, "broker": BROKER, "store": STORE}


def start_again(stack: Stack) -> None:
    """With a log of its own, in which the first start's word does not count."""
    stack.log.unlink()
    stack.start()


def answers(stack: Stack) -> bool:
    try:
        return stack.client().get("/readyz").body == {
            "status": "ok",
            "checks": {"store": "ok", "broker": "ok"},
        }
    except OSError:
        return False


def verdict(stack: Stack, learner: Client, code: str) -> str:
    submission = {"platform": "sample", "problem_identifier": "1001", "language": "python3"}

    def accepted() -> str | None:
        try:
            answer = learner.post("/api/execute/", submission | {"code": code})
        except OSError:
            return None
        return answer.body["task_id"] if answer.status == 202 else None

    return str(learner.finished(wait_until(accepted, "a submission is accepted"))["verdict"])


@pytest.mark.parametrize(
    ("name", "victim"),
    [
        ("web", WEB),
        ("web worker", child_of(WEB)),
        ("judge", JUDGE),
        ("judge's child", child_of(JUDGE)),
        ("worker", WORKER),
        ("beat", BEAT),
        ("broker", BROKER),
    ],
)
def test_a_killed_process_comes_back_and_the_stack_serves(
    stack: Stack, name: str, victim: Pick
) -> None:
    learner = stack.client().signed_in(f"{name.replace(' ', '-').replace(chr(39), '')}@example.org")
    before = victim(stack)
    os.kill(before, signal.SIGKILL)
    wait_until(lambda: not alive(before), f"{name} is dead")
    wait_until(lambda: victim(stack) != before, f"{name} is back")
    wait_until(lambda: answers(stack), "all is well")
    assert verdict(stack, learner, "print(0)") == "WA"


def test_a_killed_store_comes_back_with_all_that_was_acknowledged(stack: Stack) -> None:
    learner = stack.client().signed_in("before-the-kill@example.org")
    assert verdict(stack, learner, "print(0)") == "WA"
    (execution,) = learner.get("/api/history/").body["items"]
    before = STORE(stack)
    os.kill(before, signal.SIGKILL)
    wait_until(lambda: not alive(before), "the store is dead")
    wait_until(lambda: STORE(stack) != before, "the store is back")
    wait_until(lambda: answers(stack), "all is well")
    assert learner.get("/api/history/").body["items"] == [execution]
    assert verdict(stack, learner, "print(0)") == "WA"


def test_a_second_start_in_the_same_folder_is_refused_in_a_sentence(stack: Stack) -> None:
    second = subprocess.run(
        [sys.executable, "-m", "algoitny.embedded"],
        cwd=ROOT,
        env=stack.environment | {"PORT": str(free_port())},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert second.returncode == 1
    (line,) = second.stdout.splitlines()
    assert "already runs" in line
    assert str(stack.data_dir) in line
    assert second.stderr == ""


def test_data_outlives_a_stop_and_nothing_else_does(own_stack: Stack) -> None:
    learner = own_stack.client().signed_in("ada@example.org")
    assert verdict(own_stack, learner, "print(0)") == "WA"
    (before,) = learner.get("/api/history/").body["items"]
    everyone = [child.pid for child in supervisor(own_stack).children(recursive=True)]
    assert len(everyone) >= len(ALL)

    assert own_stack.stop() == 0
    assert not any(map(alive, everyone))
    assert "stopped" in own_stack.log.read_text().splitlines()[-1]

    start_again(own_stack)
    assert len(own_stack.client().get("/api/problems/").body["items"]) >= 6
    (after,) = learner.get("/api/history/").body["items"]
    assert after == before


def test_a_killed_supervisor_leaves_nothing_running_and_its_data_behind(own_stack: Stack) -> None:
    learner = own_stack.client().signed_in("ada@example.org")
    assert verdict(own_stack, learner, "print(0)") == "WA"
    everyone = [child.pid for child in supervisor(own_stack).children(recursive=True)]

    assert own_stack.process is not None
    own_stack.process.kill()
    own_stack.process.wait()
    wait_until(lambda: not any(map(alive, everyone)), "every process has ended")

    start_again(own_stack)
    assert len(learner.get("/api/history/").body["items"]) == 1
