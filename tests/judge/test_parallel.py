"""Tests of one submission in several boxes at once, for real."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from algoitny.domain.verdict import Verdict
from algoitny.judge import Cancelled, Case, Judge, Limits, open_judge
from algoitny.judge.cores import Cores
from tests.judge.test_box import busy_runners_of
from tests.waiting import wait_until

pytestmark = pytest.mark.service

BUSY = """import time
n = int(input())
until = time.process_time() + 0.06
while time.process_time() < until: pass
print(hash('the same in all copies of an interpreter'), n)
"""


@pytest.fixture(autouse=True)
def idle(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Cores, "are_idle", lambda _: True)


@pytest.fixture(scope="module")
def judge(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Judge]:
    with open_judge(
        scratch_dir=tmp_path_factory.mktemp("judge"), sandbox="bubblewrap", cores=2
    ) as opened:
        yield opened


def numbered(count: int) -> list[Case]:
    return [Case(name=str(n), input=f"{n}\n".encode(), answer=None) for n in range(count)]


def test_two_boxes_share_the_tests(judge: Judge) -> None:
    heard: list[tuple[int, bytes]] = []
    judgement = judge.judge(
        "python3",
        BUSY,
        numbered(24),
        limits=Limits(),
        on_test=lambda index, result: heard.append((index, result.output)),
    )
    assert judgement.verdict is Verdict.AC
    said = [test.output.split() for test in judgement.tests]
    assert [int(number) for _, number in said] == list(range(24))
    assert len({seed for seed, _ in said}) == 2
    assert heard == [(index, test.output) for index, test in enumerate(judgement.tests)]


def test_two_boxes_stop_where_one_would(judge: Judge) -> None:
    heard: list[int] = []
    judgement = judge.judge(
        "python3",
        f"{BUSY}assert n not in (7, 9)",
        numbered(24),
        limits=Limits(),
        on_test=lambda index, _: heard.append(index),
        stop_on_first_failure=True,
    )
    assert judgement.verdict is Verdict.RTE
    assert [test.verdict for test in judgement.tests] == [*[Verdict.AC] * 7, Verdict.RTE]
    assert heard == list(range(8))


def test_one_processor_is_one_box(tmp_path: Path) -> None:
    with open_judge(scratch_dir=tmp_path, sandbox="bubblewrap", cores=1) as alone:
        judgement = alone.judge("python3", BUSY, numbered(6), limits=Limits())
    assert len({test.output.split()[0] for test in judgement.tests}) == 1


def test_cancelling_ends_all_of_them(judge: Judge) -> None:
    def programs() -> list[psutil.Process]:
        return busy_runners_of(os.getpid())

    cancelled = threading.Event()
    watcher = threading.Thread(
        target=lambda: (
            wait_until(lambda: len(programs()) >= 2, "two programs run at once"),
            cancelled.set(),
        )
    )
    watcher.start()
    with pytest.raises(Cancelled):
        judge.judge(
            "python3",
            "while True: pass",
            numbered(4),
            limits=Limits(time_ms=60_000),
            cancelled=cancelled.is_set,
        )
    watcher.join()
    wait_until(lambda: not programs(), "nothing of them is left")


def test_a_little_too_slow_is_tried_again_with_the_limit_itself(judge: Judge) -> None:
    """A little over its limit a program is not ended at first, so that it can be told why."""
    source = (
        "import time\nwhile time.process_time() < 0.42: pass\nprint('held')\n"
        "if input() == 'on':\n    while True: pass\n"
    )
    ran = []
    line_of = judge._cores.all

    def count(*arguments: object) -> object:
        ran.append(arguments)
        return line_of(*arguments)  # type: ignore[arg-type]

    judge._cores.all = count  # type: ignore[method-assign, assignment]
    try:
        for given, again in ((b"off", 1), (b"on", 0)):
            ran.clear()
            case = Case(name="1", input=given, answer=b"held")
            judgement = judge.judge("python3", source, [case], limits=Limits(time_ms=400))
            (found,) = judgement.tests
            assert found.verdict is Verdict.TLE
            assert found.time_ms > 400
            assert len(ran) == again
    finally:
        del judge._cores.all
