"""What a worker's pool process works with: its container, its judge, and the services of both.

The Celery app and the tasks are in `worker`.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property

import structlog

from algoitny import metrics
from algoitny.domain.errors import Unavailable
from algoitny.judge import Judge, KeptFiles, TestFiles, open_judge
from algoitny.services.container import Container
from algoitny.services.erasure import ErasureService
from algoitny.services.judging import JudgingService, TestSource
from algoitny.services.rejudging import RejudgingService
from algoitny.services.running import RunningService
from algoitny.setting_values import SandboxKind
from algoitny.settings import Settings
from algoitny.tasks.beside import Beside

log = structlog.get_logger(__name__)

MIB = 1024 * 1024
TELLING_SECONDS = 5.0
"""How long a process that ends waits for receivers; those that did not answer are told again."""


def new_judge(settings: Settings) -> Judge:
    """A judge as the settings say. Raises JudgeFailure where nothing can be judged safely."""
    return open_judge(
        scratch_dir=settings.data_dir.absolute() / "judge",
        sandbox=settings.sandbox.value,
        cores=settings.judge_cores,
        cache_bytes=settings.compile_cache_mb * MIB,
        cgroups=settings.judge_cgroups.value,
    )


@dataclass
class Process:
    """What one pool process works with; the judge is opened when it is first needed."""

    container: Container
    settings: Settings
    judge: Judge | None = None

    def the_judge(self) -> Judge:
        if self.judge is None:
            self.judge = new_judge(self.settings)
        return self.judge

    @cached_property
    def judging(self) -> JudgingService:
        return JudgingService(
            histories=self.container.histories,
            problems=self.container.problems,
            queue=self.container.queue,
            channel=self.container.channel,
            judge=self.the_judge,
            tests=self._tests(),
            lease_seconds=self.settings.lease_seconds,
            max_running_per_user=self.settings.max_running_per_user,
            max_tries=self.settings.max_tries,
        )

    def _tests(self) -> TestSource | None:
        """None where the machine keeps no tests: for want of room, or because programs that no
        sandbox holds could read them."""
        room = self.settings.test_cache_mb * MIB
        if not room or self.settings.sandbox is SandboxKind.NONE:
            return None
        return TestFiles(
            KeptFiles(self.settings.data_dir.absolute() / "tests", room),
            self.container.problems.get_testcases,
            count=lambda outcome: metrics.TEST_READS.labels(outcome).inc(),
        ).of

    def running(self) -> RunningService:
        return RunningService(
            runs=self.container.runs,
            histories=self.container.histories,
            queue=self.container.queue,
            channel=self.container.channel,
            judge=self.the_judge,
            max_running_per_user=self.settings.max_running_per_user,
            max_tries=self.settings.max_tries,
        )

    def erasing(self) -> ErasureService:
        return ErasureService(erasures=self.container.erasures, clock=self.container.clock)

    def rejudging(self) -> RejudgingService:
        return RejudgingService(
            histories=self.container.histories,
            jobs=self.container.jobs,
            leases=self.container.repositories.leases,
            queue=self.container.queue,
            clock=self.container.clock,
            owner=worker_name(),
            in_flight=self.settings.rejudges_in_flight,
            sweep_seconds=self.settings.sweep_seconds,
        )

    @cached_property
    def webhooks(self) -> Beside:
        return Beside("webhooks", self._tell)

    def _tell(self) -> None:
        with interruptible("webhooks"):
            self.container.services.outbox.deliver()

    @cached_property
    def erasure(self) -> Beside:
        return Beside("erasure", self._erase)

    def _erase(self) -> None:
        with interruptible("erasure"):
            self.erasing().run()

    def close(self) -> None:
        self.webhooks.wait(TELLING_SECONDS)
        if self.judge is not None:
            self.judge.close()


def worker_name() -> str:
    """A name for this process: machine and process id."""
    return f"{socket.gethostname()}-{os.getpid()}"


@contextmanager
def interruptible(work: str) -> Iterator[None]:
    """Where the store or the broker fails, the work is left to whoever comes next."""
    try:
        yield
    except Unavailable as error:
        log.warning("interrupted", work=work, reason=error.detail)
