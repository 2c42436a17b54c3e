"""Tokens for processors. Two objects on one folder are two processes to each other."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from algoitny.judge import Cancelled, cores
from algoitny.judge.cores import Cores
from tests.waiting import wait_until


def never() -> bool:
    return False


@pytest.fixture
def two(tmp_path: Path) -> tuple[Cores, Cores]:
    return Cores(tmp_path / "cores", 2), Cores(tmp_path / "cores", 2)


def waits(judge: Cores) -> Callable[[], bool]:
    return lambda: judge._waiting > 0


def test_no_more_than_there_are(two: tuple[Cores, Cores]) -> None:
    mine, others = two
    with mine.one(never), others.one_to_spare() as spare:
        assert spare
        for judge in two:
            with judge.one_to_spare() as more:
                assert not more
    with ExitStack() as held:
        assert [held.enter_context(others.one_to_spare()) for _ in range(3)] == [True, True, False]


def test_who_must_run_a_test_waits_and_comes_before_spare_ones(two: tuple[Cores, Cores]) -> None:
    mine, others = two
    went_on = threading.Event()
    release = threading.Event()

    def run() -> None:
        with others.one(never):
            went_on.set()
            release.wait()

    with ExitStack() as first:
        with mine.one(never), mine.one(never):
            thread = threading.Thread(target=run)
            thread.start()
            wait_until(waits(others), "the other stands in line")
            assert not went_on.is_set()
            with mine.one_to_spare() as spare:
                assert not spare
        wait_until(went_on.is_set, "it is the other's turn")
        assert first.enter_context(mine.one_to_spare())
    release.set()
    thread.join()


def test_alone_nobody_else_runs(two: tuple[Cores, Cores]) -> None:
    mine, others = two
    went_on = threading.Event()
    with mine.all(never):
        with others.one_to_spare() as spare:
            assert not spare

        def run() -> None:
            with others.one(never):
                went_on.set()

        thread = threading.Thread(target=run)
        thread.start()
        wait_until(waits(others), "the other stands in line")
        assert not went_on.is_set()
    thread.join()
    assert went_on.is_set()


def test_nobody_begins_what_can_wait_while_somebody_wants_to_be_alone(
    two: tuple[Cores, Cores], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cores, "ALONE_SECONDS", 3600.0)
    mine, others = two
    is_alone = threading.Event()

    def run() -> None:
        with others.all(never):
            is_alone.set()

    with mine.one(never):
        thread = threading.Thread(target=run)
        thread.start()
        wait_until(waits(others), "the other stands in line")
        with mine.one_to_spare() as spare:
            assert not spare
        assert not is_alone.is_set()
    thread.join()
    assert is_alone.is_set()


def test_a_long_test_of_another_is_not_waited_for(
    two: tuple[Cores, Cores], monkeypatch: pytest.MonkeyPatch
) -> None:
    mine, others = two
    monkeypatch.setattr(cores, "ALONE_SECONDS", 0.0)
    with mine.one(never):
        with others.all(never), mine.one_to_spare() as spare:
            assert not spare
        with mine.one_to_spare() as spare:
            assert spare


@pytest.mark.parametrize("wanted", ["one", "all"])
def test_waiting_ends_with_the_submission(two: tuple[Cores, Cores], wanted: str) -> None:
    mine, others = two
    with mine.one(never), mine.one(never):
        with pytest.raises(Cancelled), getattr(others, wanted)(lambda: True):
            pytest.fail("there was none")
        assert not others._waiting
    with others.all(never):
        assert others._held == {0, 1}


@pytest.mark.service
def test_a_killed_worker_gives_its_processors_back(tmp_path: Path) -> None:
    script = (
        "import sys, pathlib, time\nfrom algoitny.judge.cores import Cores\n"
        "with Cores(pathlib.Path(sys.argv[1]), 1).one(lambda: False):\n"
        "    print('held', flush=True)\n    time.sleep(60)\n"
    )
    with closing(Cores(tmp_path / "cores", 1)) as mine:
        worker = subprocess.Popen(
            [sys.executable, "-c", script, str(tmp_path / "cores")], stdout=subprocess.PIPE
        )
        assert worker.stdout is not None
        worker.stdout.readline()
        with mine.one_to_spare() as spare:
            assert not spare
        worker.kill()
        worker.communicate()
        with mine.one_to_spare() as spare:
            assert spare


def test_as_many_as_this_process_may_use(tmp_path: Path) -> None:
    usable = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(usable)})
    try:
        with closing(Cores(tmp_path / "one", 0)) as mine:
            assert mine.count == 1
    finally:
        os.sched_setaffinity(0, usable)
    with closing(Cores(tmp_path / "all", 0)) as mine:
        assert mine.count == len(usable)


@pytest.mark.parametrize(("running", "idle"), [(2, True), (3, False), (9, False)])
def test_a_processor_with_nothing_to_do(
    two: tuple[Cores, Cores],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    running: int,
    idle: bool,
) -> None:
    """One of those that run is who asks."""
    assert two[0].are_idle() in (True, False)
    load = tmp_path / "loadavg"
    load.write_text(f"0.50 0.40 0.30 {running}/345 6789\n")
    monkeypatch.setattr(cores, "LOAD", load)
    monkeypatch.setattr("os.cpu_count", lambda: 2)
    assert two[0].are_idle() is idle
