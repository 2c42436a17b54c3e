"""How a worker begins, and what it says of its tasks."""

from __future__ import annotations

import os
import threading
from contextlib import nullcontext
from dataclasses import dataclass, field
from importlib import import_module
from types import SimpleNamespace
from typing import Any

import pytest
import structlog
from structlog.testing import capture_logs

from algoitny.domain.errors import JudgeFailure, StoreUnavailable
from algoitny.services import rejudging


@dataclass
class Machine:
    """A judge that only pretends, and a store that takes announcements, or does not."""

    worker: Any
    announced: list[str] = field(default_factory=list)
    judge_fails: bool = False
    store_is_down: bool = False
    has_way_to_store: bool = True

    def open_judge(self, _: object) -> Any:
        if self.judge_fails:
            raise JudgeFailure("no namespaces")
        return nullcontext(SimpleNamespace(languages=SimpleNamespace(tools=dict)))

    def announce(self, name: str) -> None:
        if self.store_is_down:
            raise StoreUnavailable("down")
        self.announced.append(name)

    def container(self, *_: object, declared: object) -> Any:
        assert declared is self.worker._languages, (
            "what the judge looked for is not looked for again"
        )
        if not self.has_way_to_store:
            raise StoreUnavailable("no credentials")
        return SimpleNamespace(
            services=SimpleNamespace(languages=SimpleNamespace(announce=self.announce))
        )


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> Machine:
    monkeypatch.setenv("ENVIRONMENT", "embedded")
    worker = import_module("algoitny.tasks.worker")
    machine = Machine(worker)
    monkeypatch.setattr(worker, "_languages", None)
    monkeypatch.setattr(worker, "judges", lambda: True)
    monkeypatch.setattr(worker, "new_judge", machine.open_judge)
    monkeypatch.setattr(worker, "build_container", machine.container)
    return machine


def test_a_judge_says_what_it_can_run_before_its_processes_begin(machine: Machine) -> None:
    machine.worker._refuse_unsafe()
    (name,) = machine.announced
    assert name.endswith(f"-{os.getpid()}")


def test_without_a_store_it_begins_all_the_same(machine: Machine) -> None:
    machine.store_is_down = True
    machine.worker._refuse_unsafe()
    assert machine.announced == []


def test_without_credentials_it_begins_all_the_same(machine: Machine) -> None:
    machine.has_way_to_store = False
    machine.worker._refuse_unsafe()
    assert machine.announced == []


def test_a_machine_that_cannot_judge_announces_nothing(machine: Machine) -> None:
    machine.judge_fails = True
    with pytest.raises(SystemExit, match="This machine cannot judge: no namespaces"):
        machine.worker._refuse_unsafe()
    assert machine.announced == []


def test_who_judges_nothing_announces_nothing(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(machine.worker, "judges", lambda: False)
    machine.worker._refuse_unsafe()
    assert machine.announced == []


def test_a_pool_process_is_up_while_the_store_is_silent(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Celery kills one that is not, and so would kill each that it starts instead."""
    answered, given_up = threading.Event(), threading.Event()

    def check() -> None:
        answered.wait(10)
        given_up.set()
        raise StoreUnavailable("silent")

    plans = SimpleNamespace(check=check)
    process = SimpleNamespace(
        container=SimpleNamespace(services=SimpleNamespace(plans=plans)), the_judge=dict
    )
    monkeypatch.setattr(machine.worker, "process", lambda: process)
    monkeypatch.setattr(machine.worker, "WARMING_SECONDS", 0.01)
    monkeypatch.setattr(machine.worker.gc, "freeze", dict)
    machine.worker._open_process()
    assert not given_up.is_set()
    answered.set()
    assert given_up.wait(10)


def test_a_task_is_logged_with_the_request_that_it_comes_from(machine: Machine) -> None:
    task = SimpleNamespace(name="execute", request=SimpleNamespace(request_id="r-1"))
    with capture_logs(processors=[structlog.contextvars.merge_contextvars]) as logged:
        machine.worker._begin(task)
        with structlog.contextvars.bound_contextvars(execution_id="e-1"):
            machine.worker._end(task, state="SUCCESS", args=["e-1", 0])
    (line,) = logged
    assert line.pop("ms") >= 0
    assert line == {
        "event": "task",
        "log_level": "info",
        "task": "execute",
        "state": "SUCCESS",
        "request_id": "r-1",
        "execution_id": "e-1",
    }


def test_what_beat_sends_every_few_seconds_is_not_logged(machine: Machine) -> None:
    task = SimpleNamespace(name="sweep", request=SimpleNamespace())
    with capture_logs() as logged:
        machine.worker._begin(task)
        machine.worker._end(task, state="SUCCESS", args=[])
    assert logged == []


@pytest.mark.parametrize(
    ("task", "work"), [("deliver_webhooks_task", "webhooks"), ("erase_task", "erasure")]
)
def test_no_task_waits_for_what_takes_long(
    machine: Machine, monkeypatch: pytest.MonkeyPatch, task: str, work: str
) -> None:
    gone_on, passes = threading.Event(), []

    def takes_long() -> None:
        passes.append(threading.current_thread())
        gone_on.wait(10)
        raise StoreUnavailable("down")

    outbox = SimpleNamespace(deliver=takes_long)
    container: Any = SimpleNamespace(services=SimpleNamespace(outbox=outbox))
    process = machine.worker.Process(container, machine.worker.settings)
    monkeypatch.setattr(process, "erasing", lambda: SimpleNamespace(run=takes_long))
    monkeypatch.setattr(machine.worker, "_process", process)
    begin = getattr(machine.worker, task)
    with capture_logs() as logged:
        begin()
        begin()
        gone_on.set()
        getattr(process, work).wait(10)
    assert [(line["event"], line["work"]) for line in logged] == [("interrupted", work)]
    assert len(passes) == 1
    begin()
    process.close()
    assert len(passes) == 2


def test_nothing_expires_while_executions_are_judged_again(machine: Machine) -> None:
    schedule = machine.worker.celery.conf.beat_schedule
    for name in schedule.keys() - {"rejudge"}:
        assert schedule[name]["options"]["expires"] >= rejudging.LEASE_SECONDS, name
