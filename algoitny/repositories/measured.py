"""Counts and times every call of the repositories, whatever is behind them."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import fields
from functools import cache, partial, wraps
from typing import Any

from algoitny import metrics
from algoitny.domain.errors import AlgoItnyError, Unavailable
from algoitny.domain.repositories import Repositories
from algoitny.models.kit.capacity import Consumption, collect_capacity

Call = Callable[..., Any]


def measured(repositories: Repositories) -> Repositories:
    """The same repositories; each public method of theirs reports to `algoitny.metrics`."""
    for field in fields(repositories):
        repository = getattr(repositories, field.name)
        for name in dir(type(repository)):
            method = getattr(repository, name)
            if not name.startswith("_") and callable(method):
                setattr(repository, name, _measured(field.name, name, method))
    return repositories


class _Counters:
    """Of one method. Made once: finding a metric by its labels takes longer than adding to it."""

    def __init__(self, repository: str, name: str) -> None:
        self.seconds = partial(metrics.STORE_SECONDS.labels, repository, name)
        self.good = self.seconds("ok")
        self._reads = metrics.STORE_UNITS.labels(repository, name, "read")
        self._writes = metrics.STORE_UNITS.labels(repository, name, "write")
        self._retries = metrics.STORE_RETRIES.labels(repository, name)

    def report(self, used: Consumption) -> None:
        if used.rcu:
            self._reads.inc(used.rcu)
        if used.wcu:
            self._writes.inc(used.wcu)
        again = used.requests - len(used.operations)
        if again:
            self._retries.inc(again)


_counters = cache(_Counters)


def _measured(repository: str, name: str, method: Call) -> Call:
    counters = _counters(repository, name)

    @wraps(method)
    def call(*args: Any, **kwargs: Any) -> Any:
        started = time.perf_counter()
        with collect_capacity() as used:
            try:
                answer = method(*args, **kwargs)
            except Exception as error:
                counters.seconds(_outcome(error)).observe(time.perf_counter() - started)
                counters.report(used)
                raise
        counters.good.observe(time.perf_counter() - started)
        counters.report(used)
        return answer

    return call


def _outcome(error: Exception) -> str:
    if isinstance(error, Unavailable):
        return "unavailable"
    return "refused" if isinstance(error, AlgoItnyError) else "error"
