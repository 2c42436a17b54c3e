"""Hints: asking for one, and writing it in a worker. Charged once for each one that comes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import cast

import structlog

from algoitny import metrics
from algoitny.domain.access import Caller, owns_history
from algoitny.domain.clock import Clock
from algoitny.domain.errors import (
    AlreadyExists,
    Conflict,
    Forbidden,
    InvalidInput,
    NotFinished,
    NothingFailed,
    QueueUnavailable,
    StaleAttempt,
    Unavailable,
)
from algoitny.domain.hint import LEVELS, Hint, HintRepository, HintState
from algoitny.domain.history import History, HistoryRepository
from algoitny.domain.ports import HintProvider, HintRequest, Queue
from algoitny.domain.problem import ProblemRepository
from algoitny.domain.usage import Action, UsageRepository
from algoitny.domain.verdict import State, Verdict
from algoitny.services.idempotency import Repeatable, once
from algoitny.services.visibility import visible_history

log = structlog.get_logger(__name__)

ROUTE = "POST /api/history/{history_id}/hints/generate/"

LEASE_SECONDS = 120.0
"""Longer than any provider may take."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HintAnswer:
    """`hint` may still be PENDING; `is_new` tells whether this request was charged."""

    hint: Hint
    is_new: bool
    current_count: int
    limit: int
    replayed: bool = False

    def as_answer(self) -> Mapping[str, object]:
        """What is stored of a new answer, for repeats of the request."""
        return {
            "level": self.hint.level,
            "prompt_version": self.hint.prompt_version,
            "created_at": self.hint.created_at.isoformat(),
            "current_count": self.current_count,
            "limit": self.limit,
        }

    @classmethod
    def replay(cls, caller: Caller, history_id: str, answer: Mapping[str, object]) -> HintAnswer:
        begun = datetime.fromisoformat(str(answer["created_at"]))
        hint = Hint(
            history_id=history_id,
            user_id=caller.user.id,
            level=cast("int", answer["level"]),
            prompt_version=cast("int", answer["prompt_version"]),
            state=HintState.PENDING,
            created_at=begun,
            updated_at=begun,
        )
        return cls(
            hint=hint,
            is_new=False,
            current_count=cast("int", answer["current_count"]),
            limit=cast("int", answer["limit"]),
            replayed=True,
        )


class HintService:
    """Claims, writes and lists hints."""

    def __init__(
        self,
        *,
        hints: HintRepository,
        histories: HistoryRepository,
        problems: ProblemRepository,
        usage: UsageRepository,
        provider: HintProvider,
        queue: Queue,
        clock: Clock,
    ) -> None:
        self._hints = hints
        self._histories = histories
        self._problems = problems
        self._usage = usage
        self._provider = provider
        self._queue = queue
        self._clock = clock

    def request(
        self,
        caller: Caller,
        history_id: str,
        level: int | None,
        *,
        key: str | None = None,
        body_digest: str = "",
    ) -> HintAnswer:
        """The hint of `level` (None: the next one): stored already, on its way, or claimed now.

        Raises NotFound, Forbidden (somebody else's execution), NotFinished, NothingFailed,
        Conflict (the level before was not read yet), KeyReused, QuotaExceeded.
        """
        route = ROUTE.format(history_id=history_id)
        request = Repeatable.of(route, key=key, body_digest=body_digest)
        history = self._own(caller, history_id)
        return once(
            self._histories,
            caller.user.id,
            request,
            lambda: self._answer(caller, history, level, request),
            partial(HintAnswer.replay, caller, history_id),
        )

    def _answer(
        self, caller: Caller, history: History, level: int | None, request: Repeatable | None
    ) -> HintAnswer:
        _check_failed(history)
        known = {
            hint.level: hint
            for hint in self._hints.list_hints(history.id, consistent=True)
            if hint.prompt_version == self._provider.prompt_version
            and hint.state is not HintState.FAILED
        }
        wanted = self._level(level, known)
        if wanted in known:
            # A repeat of one that is there finds it again.
            is_pending = known[wanted].state is HintState.PENDING
            return self._known(caller, known[wanted], request if is_pending else None)
        now = self._clock.now()
        hint = Hint(
            history_id=history.id,
            user_id=caller.user.id,
            level=wanted,
            prompt_version=self._provider.prompt_version,
            state=HintState.PENDING,
            created_at=now,
            updated_at=now,
        )
        new = HintAnswer(
            hint=hint,
            is_new=True,
            current_count=self._used(caller) + 1,
            limit=caller.plan.max_hints_per_day,
        )
        try:
            self._hints.claim_hint(
                hint,
                limit=new.limit,
                idempotency=request.with_answer(new.as_answer()) if request else None,
            )
        except AlreadyExists:
            other = self._hints.get_hint(history.id, wanted, hint.prompt_version)
            if other is None:
                raise
            # Also when it is there by now: of a repeat nobody would know that it means this one.
            return self._known(caller, other, request)
        try:
            self._queue.enqueue_hint(hint.history_id, hint.level, hint.prompt_version)
        except QueueUnavailable as error:
            # It is claimed: the sweeper publishes it once the broker is back.
            log.warning("hint not published", execution_id=history.id, reason=error.detail)
        return new

    def list(self, caller: Caller, history_id: str) -> tuple[Hint, ...]:
        """The execution's hints so far, by level. Raises NotFound, Forbidden."""
        self._own(caller, history_id)
        return tuple(
            hint
            for hint in self._hints.list_hints(history_id, consistent=True)
            if hint.state is not HintState.FAILED
        )

    def generate(self, history_id: str, level: int, prompt_version: int) -> None:
        """Write a claimed hint; a message that comes twice or late does nothing."""
        hint = self._hints.get_hint(history_id, level, prompt_version)
        if hint is None or hint.state is not HintState.PENDING:
            return
        try:
            hint = self._hints.renew_hint(hint, lease_seconds=LEASE_SECONDS)
            text = self._write(hint)
            if text is None:
                hint = self._hints.fail_hint(hint)
            else:
                hint = self._hints.finish_hint(hint, text)
            metrics.HINTS.labels(hint.state, level).inc()
        except StaleAttempt:
            log.info("hint taken by another attempt", execution_id=history_id, level=level)

    def _write(self, hint: Hint) -> str | None:
        history = self._histories.get_history(hint.history_id, consistent=True)
        problem = self._problems.get_problem(history.problem) if history else None
        if history is None or problem is None:
            return None
        results = self._histories.get_results(history)
        request = HintRequest(
            level=hint.level,
            problem=problem,
            language=history.language,
            code=self._histories.get_source(history.id),
            history=history,
            compile_message=results.compile_message,
            results=results.tests,
            samples=self._problems.get_sample_testcases(problem.summary),
        )
        try:
            return self._provider.write(request)
        except Unavailable as error:
            log.warning("hint not written", execution_id=history.id, reason=error.detail)
            return None

    def _own(self, caller: Caller, history_id: str) -> History:
        history = visible_history(self._histories, caller, history_id)
        if not owns_history(caller, history) and not caller.is_admin:
            raise Forbidden("Hints are for the person who wrote the code.")
        return history

    @staticmethod
    def _level(level: int | None, known: dict[int, Hint]) -> int:
        following = next((step for step in LEVELS if step not in known), LEVELS[-1])
        if level is None:
            # While one is on its way, asking again means that one.
            pending = [hint.level for hint in known.values() if hint.state is HintState.PENDING]
            return pending[0] if pending else following
        if level not in LEVELS:
            raise InvalidInput.field("/level", "A level is 1, 2, 3 or 4.")
        if level > following:
            raise Conflict(f"Hints come one at a time: level {following} is next.")
        return level

    def _known(self, caller: Caller, hint: Hint, request: Repeatable | None) -> HintAnswer:
        answer = HintAnswer(
            hint=hint,
            is_new=False,
            current_count=self._used(caller),
            limit=caller.plan.max_hints_per_day,
        )
        if request:
            # A repeat, once this one is there, would ask for the one after it.
            self._hints.keep_request(caller.user.id, request.with_answer(answer.as_answer()))
        return answer

    def _used(self, caller: Caller) -> int:
        return self._usage.get_daily_usage_count(caller.user.id, Action.HINT)


def _check_failed(history: History) -> None:
    """Raises NotFinished, NothingFailed."""
    if not history.state.ended:
        raise NotFinished("The execution has not ended yet.")
    if history.state is not State.DONE or history.verdict in (None, Verdict.AC, Verdict.SE):
        raise NothingFailed("Nothing failed in this execution, so there is nothing to explain.")
