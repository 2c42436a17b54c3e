"""The Celery app: `celery -A algoitny.tasks.worker worker -Q execute`, and its thin tasks.

Each pool process builds a container of its own after the fork, because neither the store's
client nor a judge may be shared over one.
"""

from __future__ import annotations

import gc
import os
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import cache
from typing import Any

import structlog
from celery import Task
from celery.signals import (
    setup_logging,
    task_postrun,
    task_prerun,
    worker_init,
    worker_process_init,
    worker_process_shutdown,
    worker_ready,
)

from algoitny import metrics
from algoitny.app import build_container
from algoitny.domain.errors import AlgoItnyError, JudgeFailure, StoreUnavailable
from algoitny.judge import Languages
from algoitny.logs import configure_logging
from algoitny.providers.queue import (
    ERASE_TASK,
    EXECUTE,
    EXECUTE_TASK,
    HINT_TASK,
    JOBS,
    RANK_TASK,
    REJUDGE_TASK,
    RUN_TASK,
    SWEEP,
    SWEEP_TASK,
    WEBHOOK_TASK,
    WEBHOOKS,
    make_celery,
)
from algoitny.services.container import Container
from algoitny.settings import settings_or_exit
from algoitny.tasks.process import Process, interruptible, new_judge, worker_name

log = structlog.get_logger(__name__)

ANNOUNCE_SECONDS = 60.0
ANNOUNCE_AGAIN_SECONDS = 2.0
"""Where the store did not take it."""
WARMING_SECONDS = 2.0
"""What a pool process waits for the store before it is up: Celery kills one that is not in four."""
ERASE_SECONDS = 60.0
REJUDGE_SECONDS = 5.0
WEBHOOK_SECONDS = 5.0
TAKEN_SECONDS = 60.0
"""What is due every few seconds waits at least so long for a worker that is busy: while that judges
again for some seconds after the other, messages that expire sooner may all be too late."""
HARD_LIMIT_SECONDS = 1800
"""Below the broker's visibility time of an hour, above what any problem's tests may take."""

CONSUMER_TIMEOUT_SECONDS = 10.0
"""A consumer waits for messages; only a publisher is in a hurry."""

settings = settings_or_exit()
celery = make_celery(
    settings.broker_url, region=settings.aws_region, socket_timeout=CONSUMER_TIMEOUT_SECONDS
)
celery.conf.update(
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    task_time_limit=HARD_LIMIT_SECONDS,
    worker_prefetch_multiplier=1,
    worker_hijack_root_logger=False,
    beat_schedule={
        "sweep": {
            "task": SWEEP_TASK,
            "schedule": settings.sweep_seconds,
            "options": {"queue": SWEEP, "expires": max(settings.sweep_seconds, TAKEN_SECONDS)},
        },
        "erase": {
            "task": ERASE_TASK,
            "schedule": ERASE_SECONDS,
            "options": {"queue": SWEEP, "expires": ERASE_SECONDS},
        },
        "rank": {
            "task": RANK_TASK,
            "schedule": settings.leaderboard_seconds,
            "options": {"queue": SWEEP, "expires": settings.leaderboard_seconds},
        },
        "rejudge": {
            "task": REJUDGE_TASK,
            "schedule": REJUDGE_SECONDS,
            "options": {"queue": JOBS, "expires": REJUDGE_SECONDS},
        },
        "webhooks": {
            "task": WEBHOOK_TASK,
            "schedule": WEBHOOK_SECONDS,
            "options": {"queue": WEBHOOKS, "expires": TAKEN_SECONDS},
        },
    },
)


_process: Process | None = None
_languages: Languages | None = None
"""With the tools that were found here; None where nothing is judged."""


def process() -> Process:
    """What this pool process works with, made at the first call."""
    global _process  # noqa: PLW0603 - one per process, made after the fork
    if _process is None:
        _process = Process(build_container(settings), settings)
    return _process


@celery.task(name=EXECUTE_TASK)
def execute_code_task(history_id: str, postponed: int = 0) -> None:
    """Judge one execution. Where the store or the broker fails, the sweeper comes back to it."""
    structlog.contextvars.bind_contextvars(execution_id=history_id)
    with interruptible("execution"):
        process().judging.execute(history_id, postponed=postponed)


@celery.task(name=RUN_TASK)
def run_code_task(run_id: str, postponed: int = 0) -> None:
    """Run one program on its user's own input. Where something fails, the sweeper comes back."""
    structlog.contextvars.bind_contextvars(run_id=run_id)
    with interruptible("run"):
        process().running().execute(run_id, postponed=postponed)


@celery.task(name=HINT_TASK)
def generate_hints_task(history_id: str, level: int, prompt_version: int) -> None:
    """Write one claimed hint."""
    structlog.contextvars.bind_contextvars(execution_id=history_id)
    with interruptible("hint"):
        process().container.services.hints.generate(history_id, level, prompt_version)


@celery.task(name=SWEEP_TASK)
def sweep_task() -> None:
    """One pass over unfinished work."""
    with interruptible("sweep"):
        process().container.services.sweeping.sweep()


@celery.task(name=ERASE_TASK)
def erase_task() -> None:
    """Do some steps of erasing deleted users, beside the tasks: those of somebody who has submitted
    much take a minute."""
    process().erasure.begin()


@celery.task(name=RANK_TASK)
def rank_task() -> None:
    """Count and publish the leaderboards that are due."""
    with interruptible("leaderboards"):
        process().container.services.ranking.run(worker_name())


@celery.task(name=REJUDGE_TASK)
def rejudge_task() -> None:
    """Some seconds of judging executions again."""
    with interruptible("rejudge"):
        process().rejudging().run()


@celery.task(name=WEBHOOK_TASK)
def deliver_webhooks_task() -> None:
    """Tell receivers of executions that ended, beside the tasks: hints and sweeps do not wait for
    a receiver that is slow."""
    process().webhooks.begin()


def judges() -> bool:
    """Whether this worker takes executions."""
    return EXECUTE in celery.amqp.queues.consume_from


@setup_logging.connect
def _configure_logging(**_: Any) -> None:
    configure_logging(
        settings.log_format, settings.log_level, process=os.environ.get("PROCESS", "worker")
    )


@worker_init.connect
def _refuse_unsafe(**_: Any) -> None:
    """A worker that cannot sandbox does not start: it would only fail every execution. One that
    can says what it can run before its processes have begun, which takes longer."""
    global _languages  # noqa: PLW0603 - looked for once, before the fork
    if not judges():
        return
    try:
        with new_judge(settings) as judge:
            _languages = judge.languages
            _languages.tools()
    except JudgeFailure as error:
        raise SystemExit(f"This machine cannot judge: {error.detail}") from error
    _announce(_container_of_its_own)


@worker_process_init.connect
def _open_process(**_: Any) -> None:
    global _process  # noqa: PLW0603 - what the parent had is not this process's
    _process = None
    if judges():
        with suppress(StoreUnavailable):  # there may be no way to it yet
            process().the_judge()
            # The first request to the store takes as long as ten; let no execution wait for it.
            container = process().container
            warming = threading.Thread(target=_warm, args=(container,), name="warm", daemon=True)
            warming.start()
            warming.join(WARMING_SECONDS)
    # What is loaded stays; no task shall wait while it is looked through for garbage.
    gc.freeze()


def _warm(container: Container) -> None:
    with suppress(AlgoItnyError):
        container.services.plans.check()


@worker_process_shutdown.connect
def _close_process(**_: Any) -> None:
    if _process is not None:
        _process.close()
    metrics.forget_process(os.getpid())


@worker_ready.connect
def _keep_announcing(**_: Any) -> None:
    """Say again and again, from the worker's main process, what it can run."""
    if not judges():
        return

    def announce() -> None:
        container = cache(_container_of_its_own)
        pause = threading.Event()
        while True:
            pause.wait(ANNOUNCE_SECONDS if _announce(container) else ANNOUNCE_AGAIN_SECONDS)

    threading.Thread(target=announce, name="announce-languages", daemon=True).start()


def _container_of_its_own() -> Container:
    return build_container(settings, declared=_languages)


def _announce(container: Callable[[], Container]) -> bool:
    """Whether the store took it; there may be no way to it yet."""
    try:
        container().services.languages.announce(worker_name())
    except AlgoItnyError as error:
        log.warning("languages not announced", reason=error.detail)
        return False
    return True


@task_prerun.connect
def _begin(task: Task[Any, Any], **_: Any) -> None:
    request: Any = task.request
    request.started = time.perf_counter()
    structlog.contextvars.clear_contextvars()
    request_id = getattr(task.request, "request_id", None)
    if request_id:
        structlog.contextvars.bind_contextvars(request_id=request_id)


@task_postrun.connect
def _end(
    task: Task[Any, Any], state: str | None = None, args: Sequence[object] = (), **_: Any
) -> None:
    request: Any = task.request
    seconds = time.perf_counter() - request.started
    metrics.TASK_SECONDS.labels(task.name, state or "UNKNOWN").observe(seconds)
    if args:  # somebody's work; what beat sends has none, and comes every few seconds
        log.info("task", task=task.name, state=state, ms=round(seconds * 1000, 1))
    structlog.contextvars.clear_contextvars()
