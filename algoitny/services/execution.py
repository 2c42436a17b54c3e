"""Submitting code, and following an execution. The judging itself is in `judging`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import cast

import structlog

from algoitny.domain.access import Caller, owns_history
from algoitny.domain.audit import AuditRepository
from algoitny.domain.clock import Clock
from algoitny.domain.errors import (
    Conflict,
    Forbidden,
    InvalidInput,
    NoTests,
    NotFound,
    QueueUnavailable,
    StaleAttempt,
)
from algoitny.domain.history import History, HistoryRepository, Submission
from algoitny.domain.ids import Ids
from algoitny.domain.ports import LAST_SEQUENCE, Event, EventChannel, Queue
from algoitny.domain.problem import ProblemKey, ProblemRepository, ProblemSummary
from algoitny.domain.text import CODE_LIMIT_BYTES, check_text
from algoitny.domain.user import pseudonym
from algoitny.domain.verdict import State
from algoitny.services.idempotency import Repeatable, once
from algoitny.services.language import LanguageService
from algoitny.services.oversight import note_oversight
from algoitny.services.places import Places
from algoitny.services.presence import Again, Presence
from algoitny.services.stream import READ_AGAIN_SECONDS, ExecutionStream, Position, is_over
from algoitny.services.visibility import seen, visible_history
from algoitny.services.webhook_secret import WebhookSecretService

log = structlog.get_logger(__name__)

ROUTE = "POST /api/execute/"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewExecution:
    """What a client submits. `problem` is a natural key or an older client's integer."""

    code: str
    language: str
    problem: ProblemKey | int
    is_code_public: bool = False
    webhook_url: str | None = None
    idempotency_key: str | None = None
    body_digest: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Admitted:
    """The answer to a submission; `current_count` counts it in."""

    history_id: str
    current_count: int
    limit: int
    replayed: bool = False

    def as_answer(self) -> Mapping[str, object]:
        return {
            "history_id": self.history_id,
            "current_count": self.current_count,
            "limit": self.limit,
        }

    @classmethod
    def replay(cls, answer: Mapping[str, object]) -> Admitted:
        return cls(
            history_id=str(answer["history_id"]),
            current_count=cast("int", answer["current_count"]),
            limit=cast("int", answer["limit"]),
            replayed=True,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ExecutionStatus:
    """An execution as seen now; `tests_done` of the current attempt, as far as news arrived."""

    history: History
    tests_done: int


class _Progress:
    """Counts the tests of the current attempt from the news of it."""

    def __init__(self, attempt: int) -> None:
        self.seen: str | None = None
        self._attempt = attempt
        self._tests = 0

    def follow(self, events: Sequence[Event]) -> None:
        for event in events:
            self.seen = event.id
            if event.attempt > self._attempt:
                self._attempt, self._tests = event.attempt, 0
            if event.attempt == self._attempt and event.kind == "test":
                self._tests += 1

    def status(self, history: History) -> ExecutionStatus:
        judged = history.passed_count + history.failed_count
        done = judged if history.state.ended else self._tests
        return ExecutionStatus(history=history, tests_done=done)


class ExecutionService:
    """Admission and status of executions."""

    def __init__(
        self,
        *,
        histories: HistoryRepository,
        problems: ProblemRepository,
        languages: LanguageService,
        webhooks: WebhookSecretService,
        queue: Queue,
        channel: EventChannel,
        clock: Clock,
        ids: Ids,
        places: Places,
        audit: AuditRepository,
    ) -> None:
        self._histories = histories
        self._problems = problems
        self._languages = languages
        self._webhooks = webhooks
        self._queue = queue
        self._channel = channel
        self._clock = clock
        self._ids = ids
        self._places = places
        self._audit = audit

    def submit(self, caller: Caller, new: NewExecution) -> Admitted:
        """Admit an execution and hand it to the workers.

        Nothing is stored or charged when this raises: InvalidInput (code, language, key reused,
        webhook's address, no secret to sign it with), NotFound (no such problem for this caller),
        NoTests, QuotaExceeded.
        """
        request = Repeatable.of(ROUTE, key=new.idempotency_key, body_digest=new.body_digest)
        return once(
            self._histories,
            caller.user.id,
            request,
            lambda: self._submit(caller, new, request),
            Admitted.replay,
        )

    def _submit(self, caller: Caller, new: NewExecution, request: Repeatable | None) -> Admitted:
        if not new.code.strip():
            raise InvalidInput.field("/code", "There is no code.")
        check_text("/code", new.code, max_bytes=CODE_LIMIT_BYTES)
        language = self._languages.require(new.language)
        if new.webhook_url is not None:
            self._webhooks.check_webhook(caller, new.webhook_url)
        problem, used = self._problem_and_usage(caller, new.problem)
        if problem.is_deleted:
            raise NotFound("No such problem.")
        if problem.test_case_count == 0:
            raise NoTests(f"{problem.key.platform} {problem.key.number} has no tests yet.")
        limit = caller.plan.max_executions_per_day
        admitted = Admitted(history_id=self._ids.new(), current_count=used + 1, limit=limit)
        self._histories.create_history(
            Submission(
                id=admitted.history_id,
                user_id=caller.user.id,
                user_identifier=pseudonym(caller.user.id),
                problem=problem,
                language=language,
                code=new.code,
                is_code_public=new.is_code_public,
                webhook_url=new.webhook_url,
                created_at=self._clock.now(),
            ),
            limit=limit,
            idempotency=request.with_answer(admitted.as_answer()) if request else None,
            used=used,
        )
        self._enqueue(admitted.history_id, caller.user.id)
        return admitted

    def status(self, caller: Caller | None, history_id: str) -> ExecutionStatus:
        """Raises NotFound, also for what this caller may not see."""
        history = visible_history(self._histories, caller, history_id)
        progress = _Progress(history.attempt)
        if history.state is State.RUNNING:
            progress.follow(self._channel.wait(history_id, after=None, timeout_seconds=0))
        return progress.status(history)

    def wait(
        self,
        caller: Caller | None,
        history_id: str,
        *,
        seconds: float,
        again: Again | None = None,
    ) -> ExecutionStatus:
        """The status once the execution has ended, or after `seconds`. Raises NotFound, and
        Overloaded when this process has as many waiting clients as it may; NotAuthenticated when
        the caller is signed out meanwhile, which `again` tells."""
        presence = Presence(caller, again, self._clock)
        history = visible_history(self._histories, caller, history_id)
        if history.state.ended:
            return _Progress(history.attempt).status(history)
        with self._places.taken():
            return self._wait(history, presence, self._clock.monotonic() + seconds)

    def stream(
        self,
        caller: Caller | None,
        history_id: str,
        *,
        after: Position | None,
        again: Again | None = None,
    ) -> ExecutionStream | None:
        """The events after a position; None when there will be none. Close it: it holds a place
        among the waiting clients. It ends within seconds when the caller, who is asked for
        `again`, may not see it any more. Raises NotFound, and Overloaded when all places are
        taken."""
        presence = Presence(caller, again, self._clock)
        history = visible_history(self._histories, caller, history_id)
        if is_over(history, after):
            return None
        self._places.take()
        return ExecutionStream(
            histories=self._histories,
            channel=self._channel,
            clock=self._clock,
            history=history,
            presence=presence,
            after=after,
            on_close=self._places.give_back,
        )

    def cancel(self, caller: Caller, history_id: str) -> ExecutionStatus:
        """End an execution that has not ended; once more is success. One that no worker had begun
        gives its unit back. Raises NotFound, Forbidden (somebody else's), Conflict (it ended)."""
        history = visible_history(self._histories, caller, history_id)
        if not (owns_history(caller, history) or caller.is_admin):
            raise Forbidden("Only the person who submitted it may cancel it.")
        while history.state is not State.CANCELLED:
            if history.state.ended:
                raise Conflict("The execution has ended already.")
            try:
                history = self._histories.cancel(history)
            except StaleAttempt:
                # Claimed or ended meanwhile: each of which happens a few times in its life.
                history = visible_history(self._histories, caller, history_id)
        self._channel.announce_cancellation(history_id)
        self._channel.publish(
            history_id,
            attempt=history.attempt,
            sequence=LAST_SEQUENCE,
            kind="done",
            data={"state": history.state, "verdict": None},
        )
        note_oversight(self._audit, caller, history, "execution.cancel")
        return _Progress(history.attempt).status(history)

    def _wait(self, history: History, presence: Presence, deadline: float) -> ExecutionStatus:
        progress = _Progress(history.attempt)
        read_at = self._clock.monotonic()
        while not history.state.ended and (now := self._clock.monotonic()) < deadline:
            until = min(deadline, read_at + READ_AGAIN_SECONDS)
            events = self._channel.wait(
                history.id, after=progress.seen, timeout_seconds=max(0.0, until - now)
            )
            progress.follow(events)
            ended = any(event.kind == "done" for event in events)
            if ended or not events or self._clock.monotonic() >= until:
                read_at = self._clock.monotonic()
                history = visible_history(self._histories, presence.caller(), history.id)
        return progress.status(history)

    def _problem_and_usage(
        self, caller: Caller, wanted: ProblemKey | int
    ) -> tuple[ProblemSummary, int]:
        key = self._problems.resolve_id(wanted) if isinstance(wanted, int) else wanted
        problem, used = (
            self._histories.get_problem_and_usage(caller.user.id, key) if key else (None, 0)
        )
        return seen(caller, problem), used

    def _enqueue(self, history_id: str, user_id: str) -> None:
        try:
            self._queue.enqueue_execution(history_id, user_id=user_id)
        except QueueUnavailable as error:
            # It is admitted and stays QUEUED: the sweeper publishes it once the broker is back.
            log.warning("execution not published", execution_id=history_id, reason=error.detail)
