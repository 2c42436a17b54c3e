"""Running code on one's own input, and asking for the result. The worker's side is in `running`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

import structlog

from algoitny.domain.access import Caller
from algoitny.domain.clock import Clock
from algoitny.domain.errors import InvalidInput, NotFound, QueueUnavailable
from algoitny.domain.history import HistoryRepository
from algoitny.domain.ids import Ids
from algoitny.domain.ports import EventChannel, Queue
from algoitny.domain.run import Run, RunRepository
from algoitny.domain.text import CODE_LIMIT_BYTES, check_text
from algoitny.domain.usage import Action, UsageRepository
from algoitny.services.idempotency import Repeatable, once
from algoitny.services.language import LanguageService
from algoitny.services.places import Places
from algoitny.services.presence import Again, Presence
from algoitny.services.stream import READ_AGAIN_SECONDS

log = structlog.get_logger(__name__)

ROUTE = "POST /api/execute/run/"

INPUT_LIMIT_BYTES = 256 * 1024
"""Longest input that is accepted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewRun:
    """What a client wants to be run."""

    code: str
    language: str
    input: str = ""
    idempotency_key: str | None = None
    body_digest: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AdmittedRun:
    """The answer to it; `current_count` counts it in."""

    run_id: str
    current_count: int
    limit: int
    replayed: bool = False

    def as_answer(self) -> Mapping[str, object]:
        return {
            "run_id": self.run_id,
            "current_count": self.current_count,
            "limit": self.limit,
        }

    @classmethod
    def replay(cls, answer: Mapping[str, object]) -> AdmittedRun:
        return cls(
            run_id=str(answer["run_id"]),
            current_count=cast("int", answer["current_count"]),
            limit=cast("int", answer["limit"]),
            replayed=True,
        )


class RunService:
    """Admission and status of runs. `max_runs_per_day` holds for everybody; -1: unlimited."""

    def __init__(
        self,
        *,
        runs: RunRepository,
        histories: HistoryRepository,
        usage: UsageRepository,
        languages: LanguageService,
        queue: Queue,
        channel: EventChannel,
        clock: Clock,
        ids: Ids,
        places: Places,
        max_runs_per_day: int,
    ) -> None:
        self.max_runs_per_day = max_runs_per_day
        self._runs = runs
        self._histories = histories
        self._usage = usage
        self._languages = languages
        self._queue = queue
        self._channel = channel
        self._clock = clock
        self._ids = ids
        self._places = places

    def submit(self, caller: Caller, new: NewRun) -> AdmittedRun:
        """Admit a run and hand it to the workers.

        Nothing is stored or charged when this raises: InvalidInput (code, input, language, key
        reused), QuotaExceeded.
        """
        request = Repeatable.of(ROUTE, key=new.idempotency_key, body_digest=new.body_digest)
        return once(
            self._histories,
            caller.user.id,
            request,
            lambda: self._submit(caller, new, request),
            AdmittedRun.replay,
        )

    def _submit(self, caller: Caller, new: NewRun, request: Repeatable | None) -> AdmittedRun:
        if not new.code.strip():
            raise InvalidInput.field("/code", "There is no code.")
        check_text("/code", new.code, max_bytes=CODE_LIMIT_BYTES)
        check_text("/input", new.input, max_bytes=INPUT_LIMIT_BYTES)
        language = self._languages.require(new.language)
        used = self._usage.get_daily_usage_count(caller.user.id, Action.RUN)
        admitted = AdmittedRun(
            run_id=self._ids.new(), current_count=used + 1, limit=self.max_runs_per_day
        )
        now = self._clock.now()
        run = Run(
            id=admitted.run_id,
            user_id=caller.user.id,
            language=language,
            code=new.code,
            input=new.input,
            created_at=now,
            updated_at=now,
        )
        self._runs.create_run(
            run,
            limit=admitted.limit,
            idempotency=request.with_answer(admitted.as_answer()) if request else None,
        )
        self._enqueue(run.id, caller.user.id)
        return admitted

    def status(self, caller: Caller, run_id: str) -> Run:
        """Raises NotFound: also for somebody else's, and ten minutes after its end."""
        # Read consistently, so that nobody sees their own 202 as a 404.
        run = self._runs.get_run(run_id, consistent=True)
        if run is None or run.user_id != caller.user.id:
            raise NotFound("There is no such run.")
        return run

    def wait(
        self, caller: Caller, run_id: str, *, seconds: float, again: Again | None = None
    ) -> Run:
        """The run once it has ended, or after `seconds`. Raises NotFound, and Overloaded when this
        process has as many waiting clients as it may; NotAuthenticated when the caller is signed
        out meanwhile, which `again` tells."""
        presence = Presence(caller, again, self._clock)
        run = self.status(caller, run_id)
        if run.state.ended:
            return run
        with self._places.taken():
            deadline, seen = self._clock.monotonic() + seconds, None
            while not run.state.ended and (now := self._clock.monotonic()) < deadline:
                # What is published of a run is its end; a worker may die before it says so.
                events = self._channel.wait(
                    run_id, after=seen, timeout_seconds=min(READ_AGAIN_SECONDS, deadline - now)
                )
                seen = events[-1].id if events else seen
                presence.caller()
                run = self.status(caller, run_id)
            return run

    def _enqueue(self, run_id: str, user_id: str) -> None:
        try:
            self._queue.enqueue_run(run_id, user_id=user_id)
        except QueueUnavailable as error:
            # It is admitted and stays QUEUED: the sweeper publishes it once the broker is back.
            log.warning("run not published", run_id=run_id, reason=error.detail)
