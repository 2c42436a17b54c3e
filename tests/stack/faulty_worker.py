"""A judge worker that is killed, once, at a chosen moment of an execution.

`celery -A tests.stack.faulty_worker worker`, with `DIE_AT` (a Moment) and `DIE_MARKER` (a
file that is made just before dying, so that it happens once). SIGKILL goes to the whole worker:
nothing of it can clean up.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

from algoitny.providers.channel import RedisChannel
from algoitny.repositories.history import DynamoHistoryRepository
from algoitny.tasks.worker import celery
from tests.stack.moments import Moment

__all__ = ["celery"]


def _die() -> None:
    try:
        Path(os.environ["DIE_MARKER"]).touch(exist_ok=False)
    except FileExistsError:
        return
    # The pool's processes are children of the worker's main process, this one among them.
    main = os.getppid()
    os.kill(main, signal.SIGSTOP)  # it must not see a child die and react
    os.kill(main, signal.SIGKILL)
    os.kill(os.getpid(), signal.SIGKILL)


def _before(owner: type, name: str) -> None:
    _wrap(owner, name, before=lambda *_, **__: _die())


def _after(owner: type, name: str) -> None:
    _wrap(owner, name, after=_die)


def _wrap(
    owner: type,
    name: str,
    *,
    before: Callable[..., None] | None = None,
    after: Callable[[], None] | None = None,
) -> None:
    real = getattr(owner, name)

    def wrapped(*args: Any, **kwargs: Any) -> Any:
        if before is not None:
            before(*args, **kwargs)
        answer = real(*args, **kwargs)
        if after is not None:
            after()
        return answer

    setattr(owner, name, wrapped)


def _between_tests() -> None:
    def before(*_: Any, kind: str, sequence: int, **__: Any) -> None:
        if kind == "test" and sequence == 2:
            _die()

    _wrap(RedisChannel, "publish", before=before)


_MOMENTS: dict[Moment, Callable[[], None]] = {
    Moment.TAKEN: lambda: _before(DynamoHistoryRepository, "claim"),
    Moment.CLAIMED: lambda: _after(DynamoHistoryRepository, "claim"),
    Moment.BETWEEN_TESTS: _between_tests,
    Moment.JUDGED: lambda: _before(DynamoHistoryRepository, "put_results"),
    Moment.STORED: lambda: _after(DynamoHistoryRepository, "put_results"),
    Moment.COMPLETED: lambda: _after(DynamoHistoryRepository, "complete"),
}

if "DIE_AT" in os.environ:
    _MOMENTS[Moment(os.environ["DIE_AT"])]()
