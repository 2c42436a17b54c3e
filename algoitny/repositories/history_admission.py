"""Admission of executions: one transaction that charges, logs and stores, or none of it."""

from __future__ import annotations

import json

from algoitny.domain.clock import Clock, utc_day
from algoitny.domain.errors import DuplicateRequest, TooLarge
from algoitny.domain.history import (
    ADDRESS_LIMIT_BYTES,
    METADATA_LIMIT_BYTES,
    History,
    Submission,
)
from algoitny.domain.idempotency import IdempotencyKey
from algoitny.domain.ids import Ids
from algoitny.domain.patience import Patience
from algoitny.domain.problem import ProblemKey, ProblemSummary
from algoitny.domain.usage import Action, UsageLog
from algoitny.models.history import HistoryItem, SourceItem, history_key
from algoitny.models.kit.operations import get
from algoitny.models.kit.transaction import Transaction
from algoitny.models.problem import ProblemItem, summary_key
from algoitny.models.usage import UsageCounterItem, UsageLogItem, counter_key
from algoitny.repositories.idempotency import find_request, keep_request
from algoitny.repositories.pair import get_two
from algoitny.repositories.quota import charge, count_over, refusal


class Admission:
    """Lets executions in, one unit of the day's quota each."""

    def __init__(self, *, clock: Clock, ids: Ids, patience: Patience, queue_shards: int) -> None:
        self._clock = clock
        self._ids = ids
        self._patience = patience
        self._queue_shards = queue_shards

    def admit(
        self,
        submission: Submission,
        *,
        limit: int,
        idempotency: IdempotencyKey | None,
        used: int | None,
    ) -> History:
        """Raises DuplicateRequest, QuotaExceeded, TooLarge; then nothing was stored."""
        _check_sizes(submission)
        user_id, now = submission.user_id, submission.created_at
        day = utc_day(now)
        # Only for a better refusal than the transaction's, which decides.
        is_far = used is not None and used < limit
        count = None if is_far else count_over(user_id, day, Action.EXECUTION, limit)
        if count is not None and not self._is_admitted(submission):
            if idempotency and self.find_request(user_id, idempotency.key) is not None:
                raise DuplicateRequest
            raise refusal(user_id, day, Action.EXECUTION, limit, count=count)
        item = HistoryItem.admitted(submission, queue_shards=self._queue_shards)
        transaction = Transaction(token=self._ids.new(), patience=self._patience)
        keep_request(transaction, user_id, idempotency, created_at=now, now=self._clock.now())
        charge(transaction, user_id, day, Action.EXECUTION, limit)
        transaction.put(item, condition=HistoryItem.absent(), refused=DuplicateRequest)
        transaction.put(SourceItem.of(submission))
        transaction.put(UsageLogItem.of(_log(submission), submission.id))
        transaction.commit(written=lambda: self._is_admitted(submission))
        return item.record()

    def get_problem_and_usage(
        self, user_id: str, key: ProblemKey
    ) -> tuple[ProblemSummary | None, int]:
        """The problem, and the day's executions."""
        if not (user_id and key.platform and key.number):
            return None, 0
        problem, counter = get_two(
            (ProblemItem, summary_key(key)),
            (UsageCounterItem, counter_key(user_id, utc_day(self._clock.now()))),
            patience=self._patience,
        )
        used = 0 if counter is None else counter.record().of(Action.EXECUTION)
        return None if problem is None else problem.record(), used

    def find_request(self, user_id: str, key: str) -> IdempotencyKey | None:
        """The first request that used the key, as the store has it this moment."""
        return find_request(user_id, key, self._clock.now())

    def _is_admitted(self, submission: Submission) -> bool:
        # The id is this submission's own: its row was written by an earlier try of ours.
        stored = get(HistoryItem, history_key(submission.id), consistent=True)
        return stored is not None and stored.user_id == submission.user_id


def _check_sizes(submission: Submission) -> None:
    size = len(json.dumps(submission.metadata).encode())
    if submission.metadata is not None and size > METADATA_LIMIT_BYTES:
        raise TooLarge(f"{size} bytes of metadata; at most {METADATA_LIMIT_BYTES} are kept.")
    address = len((submission.webhook_url or "").encode())
    if address > ADDRESS_LIMIT_BYTES:
        raise TooLarge(f"An address of {address} bytes; at most {ADDRESS_LIMIT_BYTES} are kept.")


def _log(submission: Submission) -> UsageLog:
    return UsageLog(
        user_id=submission.user_id,
        action=Action.EXECUTION,
        at=submission.created_at,
        problem=submission.problem.key,
    )
