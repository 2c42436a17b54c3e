"""The day's counter as admission sees it: read before it is asked to count; what it counted goes
back when the work was not done."""

from __future__ import annotations

from datetime import UTC, date, datetime

from algoitny.domain.clock import next_reset
from algoitny.domain.errors import Conflict, QuotaExceeded
from algoitny.domain.plan import UNLIMITED
from algoitny.domain.usage import Action
from algoitny.models.kit.operations import get
from algoitny.models.kit.transaction import Transaction
from algoitny.models.usage import UsageCounterItem, counter_key


class NothingToReturn(Conflict):
    """The day's counter is gone, at zero, or has returned enough."""


def count_on(user_id: str, day: date, action: Action, *, consistent: bool = False) -> int:
    """Units used on a UTC day. One Get; 0.5 RCU, 1 when consistent."""
    item = get(UsageCounterItem, counter_key(user_id, day), consistent=consistent)
    return 0 if item is None else item.record().of(action)


def count_over(user_id: str, day: date, action: Action, limit: int) -> int | None:
    """The count, when it would surely refuse another unit: nobody shall pay for a transaction that
    is cancelled. None when there may be room.

    An eventual read may miss a unit that was just given back, so a refusal is read again; one that
    misses a unit just taken is corrected by the transaction's own condition.
    """
    if limit == UNLIMITED or 0 < limit > count_on(user_id, day, action):
        return None
    count = count_on(user_id, day, action, consistent=True)
    return count if count >= limit else None


def refusal(
    user_id: str, day: date, action: Action, limit: int, *, count: int | None = None
) -> QuotaExceeded:
    """The refusal, with the count as it is now unless it was just read."""
    if count is None:
        count = count_on(user_id, day, action, consistent=True)
    midnight = datetime.combine(day, datetime.min.time(), tzinfo=UTC)
    return QuotaExceeded(action.value, count, limit, next_reset(midnight))


def charge(transaction: Transaction, user_id: str, day: date, action: Action, limit: int) -> None:
    """Let the transaction count a unit; it raises QuotaExceeded where there is none left."""
    transaction.update(
        UsageCounterItem,
        counter_key(user_id, day),
        UsageCounterItem.adding(user_id, day, action),
        condition=UsageCounterItem.below(action, limit),
        refused=lambda: refusal(user_id, day, action, limit),
    )


def give_back(transaction: Transaction, user_id: str, day: date, action: Action) -> None:
    """Let the transaction return a unit to the day that paid for it; it raises NothingToReturn
    where that day returns none."""
    transaction.update(
        UsageCounterItem,
        counter_key(user_id, day),
        UsageCounterItem.giving_back(action),
        condition=UsageCounterItem.may_give_back(action),
        refused=NothingToReturn,
    )
