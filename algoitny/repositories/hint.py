"""Hints: claimed and charged in one transaction, written by one attempt only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action as Change

from algoitny.domain.clock import Clock, utc_day
from algoitny.domain.errors import (
    AlreadyExists,
    DuplicateRequest,
    StaleAttempt,
    StoreUnavailable,
)
from algoitny.domain.hint import Hint, HintState
from algoitny.domain.idempotency import IdempotencyKey
from algoitny.domain.ids import Ids
from algoitny.domain.patience import Patience
from algoitny.domain.usage import Action, UsageLog
from algoitny.models.base import changed_at
from algoitny.models.hint import HINT_SORT, PENDING_HINTS, HintItem, hint_key
from algoitny.models.history import HISTORY_PARTITION
from algoitny.models.kit.keys import Key
from algoitny.models.kit.operations import get, query_all
from algoitny.models.kit.transaction import Transaction
from algoitny.models.usage import UsageLogItem
from algoitny.repositories.idempotency import find_request, keep_request, keep_request_alone
from algoitny.repositories.outcome import update_or_find
from algoitny.repositories.queue import queued
from algoitny.repositories.quota import NothingToReturn, charge, count_over, give_back, refusal

PENDING_LIMIT = 1000
_ROUNDS = 6


class DynamoHintRepository:
    """Implements `HintRepository`."""

    def __init__(self, *, clock: Clock, ids: Ids, patience: Patience) -> None:
        self._clock = clock
        self._ids = ids
        self._patience = patience

    def list_hints(self, history_id: str, *, consistent: bool = False) -> tuple[Hint, ...]:
        """One Query of the execution's partition."""
        items = query_all(
            HintItem,
            HISTORY_PARTITION(history=history_id),
            sort=HintItem.sk.startswith(HINT_SORT.prefix()),
            consistent=consistent,
        )
        return tuple(item.record() for item in items)

    def get_hint(self, history_id: str, level: int, prompt_version: int) -> Hint | None:
        """One consistent Get; 1 RCU."""
        item = get(HintItem, hint_key(history_id, level, prompt_version), consistent=True)
        return None if item is None else item.record()

    def claim_hint(
        self, hint: Hint, *, limit: int, idempotency: IdempotencyKey | None = None
    ) -> Hint:
        """Get, then one transaction of hint, counter, log and key."""
        old = self.get_hint(hint.history_id, hint.level, hint.prompt_version)
        if old is not None and old.state is not HintState.FAILED:
            raise AlreadyExists("This hint is there or on its way.")
        claim = self._ids.new()
        item = HintItem.of(
            replace(
                hint,
                state=HintState.PENDING,
                text="",
                attempt=hint.attempt if old is None else old.attempt + 1,
            ),
            claim,
        )
        day = utc_day(hint.created_at)
        count = count_over(hint.user_id, day, Action.HINT, limit)
        if count is not None:
            if idempotency and find_request(hint.user_id, idempotency.key, self._clock.now()):
                raise DuplicateRequest
            raise refusal(hint.user_id, day, Action.HINT, limit, count=count)
        transaction = Transaction(token=self._ids.new(), patience=self._patience)
        keep_request(
            transaction,
            hint.user_id,
            idempotency,
            created_at=hint.created_at,
            now=self._clock.now(),
        )
        transaction.put(
            item,
            condition=HintItem.absent() if old is None else _is(old),
            refused=lambda: AlreadyExists("This hint is there or on its way."),
        )
        charge(transaction, hint.user_id, day, Action.HINT, limit)
        transaction.put(UsageLogItem.of(_log(hint), claim))
        transaction.commit(written=lambda: self._holds(item.key, claim))
        return item.record()

    def keep_request(self, user_id: str, request: IdempotencyKey) -> None:
        """One conditional Put; 1 WCU. Raises DuplicateRequest."""
        keep_request_alone(user_id, request, now=self._clock.now())

    def renew_hint(self, hint: Hint, *, lease_seconds: float) -> Hint:
        """One Update; 1 WCU: its index holds nothing of it. Raises StaleAttempt."""
        _check_pending(hint)
        now = self._clock.now()
        claim = self._ids.new()
        return update_or_find(
            HintItem,
            _key(hint),
            [
                HintItem.lease.set(now + timedelta(seconds=lease_seconds)),
                HintItem.claim.set(claim),
                HintItem.updated.set(now),
                HintItem.attempt.add(1),
                HintItem.tries.add(1),
            ],
            condition=_is(hint) & (HintItem.lease.does_not_exist() | (HintItem.lease < now)),
            refused=StaleAttempt,
            own=lambda item: item.claim == claim,
        ).record()

    def finish_hint(self, hint: Hint, text: str) -> Hint:
        """One Update, which takes it off the list of pending ones."""
        _check_pending(hint)
        now = changed_at(self._clock.now(), hint.created_at)
        ready = replace(hint, state=HintState.READY, text=text, lease_until=None, updated_at=now)
        return update_or_find(
            HintItem,
            _key(hint),
            [*_ending(ready), HintItem.text.set(text)],
            condition=_is(hint),
            refused=StaleAttempt,
            own=lambda item: _same_end(item.record(), ready),
        ).record()

    def fail_hint(self, hint: Hint) -> Hint:
        """One transaction: FAILED, and the unit back to the day that paid for it."""
        _check_pending(hint)
        returning = True
        for _ in range(_ROUNDS):
            failed = replace(
                hint,
                state=HintState.FAILED,
                lease_until=None,
                updated_at=changed_at(self._clock.now(), hint.created_at),
            )
            transaction = Transaction(token=self._ids.new(), patience=self._patience)
            transaction.update(
                HintItem, _key(hint), _ending(failed), condition=_is(hint), refused=StaleAttempt
            )
            if returning:
                give_back(transaction, hint.user_id, utc_day(hint.created_at), Action.HINT)
            try:
                transaction.commit(written=partial(self._is_ended, failed))
            except NothingToReturn:
                returning = False
            else:
                return failed
        raise StoreUnavailable("The hint keeps changing.")

    def list_pending_hints(self, *, created_before: datetime) -> Sequence[Hint]:
        """Queries of GSI3, then BatchGets of the rows."""
        items = queued(HintItem, PENDING_HINTS, limit=PENDING_LIMIT, patience=self._patience)
        hints = (item.record() for item in items)
        return sorted(
            (
                hint
                for hint in hints
                if hint.state is HintState.PENDING and hint.created_at < created_before
            ),
            key=lambda hint: (hint.created_at, hint.history_id, hint.level),
        )

    def _holds(self, key: Key, claim: str) -> bool:
        item = get(HintItem, key, consistent=True)
        return item is not None and item.claim == claim

    def _is_ended(self, ended: Hint) -> bool:
        stored = self.get_hint(ended.history_id, ended.level, ended.prompt_version)
        return stored is not None and _same_end(stored, ended)


def _key(hint: Hint) -> Key:
    return hint_key(hint.history_id, hint.level, hint.prompt_version)


def _check_pending(hint: Hint) -> None:
    """Raises StaleAttempt: what has ended does not end again, and gives nothing back again."""
    if hint.state is not HintState.PENDING:
        raise StaleAttempt("The hint is not pending.")


def _is(hint: Hint) -> Condition:
    """The row is still in this state, under this attempt."""
    condition: Condition = (HintItem.state == hint.state.value) & (HintItem.attempt == hint.attempt)
    return condition


def _same_end(stored: Hint, ended: Hint) -> bool:
    return (stored.state, stored.attempt, stored.text) == (ended.state, ended.attempt, ended.text)


def _ending(hint: Hint) -> list[Change]:
    return [
        HintItem.state.set(hint.state.value),
        HintItem.updated.set(hint.updated_at),
        HintItem.lease.remove(),
        HintItem.gsi3_pk.remove(),
        HintItem.gsi3_sk.remove(),
    ]


def _log(hint: Hint) -> UsageLog:
    return UsageLog(
        user_id=hint.user_id,
        action=Action.HINT,
        at=hint.created_at,
        metadata={"history_id": hint.history_id, "level": str(hint.level)},
    )
