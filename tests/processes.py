"""Runs something in several real processes at the same moment."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from queue import Empty
from typing import Any

from algoitny.domain.clock import SystemClock
from algoitny.domain.errors import AlgoItnyError
from algoitny.domain.ids import UlidIds
from algoitny.domain.patience import Patience
from algoitny.domain.repositories import Repositories
from algoitny.models import bind_models
from algoitny.models.layout import Layout, single
from algoitny.repositories import build_repositories

Job = Callable[..., Any]

_PATIENCE_SECONDS = 300

_PRELOADED = ("pytest", "tests.processes", "tests.builders", "tests.store")
"""What jobs import, once for all processes: that would take each of them longer than its job."""


def at_once(
    endpoint: str,
    table: str | Layout,
    job: Job,
    *arguments: Any,
    processes: int = 4,
    threads: int = 1,
) -> list[Any]:
    """Calls `job(repositories, number, *arguments)` for the numbers from 0, each in a thread of one
    of the processes, all begun together; `table` is one's name, or a layout of several. What the
    calls returned, or the name of the product's error that they raised; any other error fails the
    test.
    """
    layout = single(table) if isinstance(table, str) else table
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(list(_PRELOADED))
    barrier = context.Barrier(processes)
    results: Any = context.Queue()
    workers = [
        context.Process(
            target=_work,
            args=(endpoint, layout, job, arguments, number * threads, threads, barrier, results),
        )
        for number in range(processes)
    ]
    for worker in workers:
        worker.start()
    collected = [_next(results, workers) for _ in range(processes * threads)]
    for worker in workers:
        worker.join(timeout=_PATIENCE_SECONDS)
        assert worker.exitcode == 0
    return collected


def _next(results: Any, workers: Sequence[Any]) -> Any:
    for _ in range(_PATIENCE_SECONDS):
        try:
            return results.get(timeout=1)
        except Empty:
            dead = [worker for worker in workers if worker.exitcode not in {None, 0}]
            assert not dead, f"{len(dead)} processes ended early; see what they printed"
    raise AssertionError("the processes did not answer in time")


def _work(
    endpoint: str,
    layout: Layout,
    job: Job,
    arguments: tuple[Any, ...],
    first: int,
    threads: int,
    barrier: Any,
    results: Any,
) -> None:
    bind_models(layout=layout, region="us-east-1", endpoint=endpoint, read_timeout=30, attempts=4)
    clock = SystemClock()
    # All come at once: on a slow machine the last may get through later than a client would wait.
    patience = Patience(clock=clock, tries=1000, deadline=_PATIENCE_SECONDS)
    repositories = build_repositories(
        clock=clock, ids=UlidIds(clock), secret_key="s" * 40, patience=patience
    )
    barrier.wait(timeout=_PATIENCE_SECONDS)

    def run(number: int) -> None:
        try:
            results.put(job(repositories, number, *arguments))
        except AlgoItnyError as error:
            results.put(type(error).__name__)
        except BaseException as error:
            results.put(f"unexpected: {error!r}")
            raise

    with ThreadPoolExecutor(threads) as pool:
        for future in [pool.submit(run, first + number) for number in range(threads)]:
            future.result()


__all__ = ["Repositories", "at_once"]
