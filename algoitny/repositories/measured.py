"""Counts and times every call of the repositories, whatever is behind them."""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable
from dataclasses import fields
from functools import cache, partial, wraps
from typing import Any, cast

from algoitny import metrics
from algoitny.domain.errors import AlgoItnyError, Unavailable
from algoitny.domain.repositories import Repositories
from algoitny.models.kit.capacity import Consumption, collect_capacity

Call = Callable[..., Any]


def measured(repositories: Repositories) -> Repositories:
    """The same repositories; each public method of theirs reports to `algoitny.metrics`."""
    for field in fields(repositories):
        repository = getattr(repositories, field.name)
        repository.__class__ = _measured_class(field.name, cast("Hashable", type(repository)))
    return repositories


@cache
def _measured_class(repository: str, base: type[Any]) -> type[Any]:
    """Made once: to wrap three hundred methods takes longer than to make all the repositories."""
    methods = {
        name: _measured(repository, name, getattr(base, name))
        for name in dir(base)
        if not name.startswith("_") and callable(getattr(base, name))
    }
    return type(base.__name__, (base,), methods)


class _Counters:
    """Of one method. Kept: finding a metric by its labels takes longer than adding to it."""

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


def _measured(repository: str, name: str, method: Call) -> Call:
    counters = _Counters(repository, name)

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
